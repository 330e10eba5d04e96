"""Where does an object that the code makes stand, and which expressions are that object?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TypeAlias

from rnnlint.infer.keras.layers import MODELS
from rnnlint.resolve.scopes import Scope
from rnnlint.resolve.values import Literal, Made, Module

Is: TypeAlias = Callable[[ast.expr], bool]


class TooLong(Exception):
    """Code that takes too much following."""


def home_of(expression: ast.expr, module: Module) -> tuple[Scope, ast.stmt]:
    """The scope and the statement of a call or of a written-out list."""
    home = module.tree.home(expression)
    if home is None:
        raise TooLong
    return home


def scope_of(call: ast.Call, module: Module) -> Scope:
    return module.tree.positions[module.tree.home_of(call)[1]][0].scope


def around(statement: ast.stmt, module: Module) -> Iterator[ast.stmt]:
    at: ast.stmt | None = statement
    while at is not None and at in module.tree.positions:
        yield at
        at = module.tree.positions[at][0].owner


def made_by(model: ast.Call, module: Module) -> Is:
    """Whether an expression of the module may be the object that this call made."""
    return lambda node: any(isinstance(v, Made) and v.call is model for v in module.values(node))


def is_literal(written: ast.expr, module: Module) -> Is:
    return lambda node: any(isinstance(v, Literal) and v.node is written for v in module.values(node))


def is_parameter(name: str, scope: Scope, module: Module) -> Is:
    """Whether an expression is this parameter."""
    given = scope.given.get(name)
    return lambda node: isinstance(node, ast.Name) and node.id == name and given in module.bindings(node)


def may_be_model(argument: ast.expr, module: Module) -> bool:
    return isinstance(argument, (ast.Name, ast.Attribute)) and not any(
        isinstance(value, Made) and value.path.rsplit(".", 1)[-1] not in MODELS for value in module.values(argument)
    )
