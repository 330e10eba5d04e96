"""Where is an object constructed, and which expressions refer to that object?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from rnnlint.infer.keras.layers import MODELS
from rnnlint.resolve.scopes import Scope
from rnnlint.resolve.values import Literal, Made, Module


class TooLong(Exception):
    """The budget is used up."""


def home_of(expression: ast.expr, module: Module) -> tuple[Scope, ast.stmt]:
    """The scope and the statement of a call or of a literal list."""
    home = module.tree.home(expression)
    if home is None:
        raise TooLong
    return home


def scope_of(call: ast.Call, module: Module) -> Scope:
    return module.tree.positions[module.tree.home_of(call)[1]][0].scope


def growing(word: str, of: object, module: Module) -> list[ast.Call]:
    """The calls of a method of this name on the object that ``of`` refers to; see `_meant`."""
    indexes: dict[str, dict[object, list[ast.Call]]] = module.memo.setdefault("calls that grow", {})
    if word not in indexes:
        calls = [(call, call.func.value) for call in module.calls_of(word) if isinstance(call.func, ast.Attribute)]
        indexes[word] = by_what_is_meant(((call, [receiver]) for call, receiver in calls), module)
    return indexes[word].get(of, [])


def by_what_is_meant(
    calls: Iterable[tuple[ast.Call, Iterable[ast.expr]]], module: Module
) -> dict[object, list[ast.Call]]:
    """The method calls of a scope, by the objects that their receivers may refer to."""
    found: dict[object, list[ast.Call]] = {}
    for call, expressions in calls:
        for key in dict.fromkeys(key for expression in expressions for key in _meant(expression, module)):
            found.setdefault(key, []).append(call)
    return found


def _meant(node: ast.expr, module: Module) -> Iterator[object]:
    """What an expression may refer to: the result of a call, a literal list, a bound name, or a parameter."""
    for value in module.values(node):
        if isinstance(value, Made):
            yield value.call
        elif isinstance(value, Literal):
            yield value.node
    if isinstance(node, ast.Name):
        yield from module.bindings(node)


def may_be_model(argument: ast.expr, module: Module) -> bool:
    return isinstance(argument, (ast.Name, ast.Attribute)) and not any(
        isinstance(value, Made) and value.path.rsplit(".", 1)[-1] not in MODELS for value in module.values(argument)
    )
