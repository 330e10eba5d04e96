"""Does the code around a name foresee that it is missing? Then it does not fail where it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from rnnlint.resolve.walking import children

if TYPE_CHECKING:
    from rnnlint.resolve.scopes import Block
    from rnnlint.resolve.values import Module

_CAUGHT = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"})
_ASKING = re.compile(r"version|hasattr|getattr|tf_?[12](?!\d)|(?:^|_)v[12](?:_|$)", re.IGNORECASE)
"""Names that ask which release there is, or whether it has something."""


def is_foreseen(statement: ast.stmt, node: ast.AST, module: Module) -> bool:
    """Whether an error is caught where the name is missing, or a condition before it asks for the release."""
    if any(_asks(test) for test in _tests_beside(statement, node)):
        return True
    same_scope = True
    for owner, block in _around(statement, module):
        if isinstance(owner, (ast.If, ast.While)) and _asks(owner.test):
            return True
        if isinstance(owner, ast.Match) and _asks(owner.subject):
            return True
        # What a function does is not caught where the function is defined.
        if same_scope and block.role in ("body", "handler") and _catches(owner):
            return True
        same_scope = same_scope and owner is block.owner
    return False


def _around(statement: ast.stmt, module: Module) -> Iterator[tuple[ast.stmt, Block]]:
    """The statements that one stands in, of functions and classes too, each with the block of it that leads there."""
    at: ast.stmt | None = statement
    while at is not None:
        block = module.tree.positions[at][0]
        at = block.owner if block.owner is not None else block.scope.statement
        if at is not None:
            yield at, block


def _tests_beside(statement: ast.stmt, node: ast.AST) -> Iterator[ast.expr]:
    """The conditions in the statement itself that are asked before the node: ``a if test else b``, ``test and b``."""
    for inner in _choices(statement):
        if isinstance(inner, ast.IfExp) and not _holds(inner.test, node) and _holds(inner, node):
            yield inner.test
        elif isinstance(inner, ast.BoolOp):
            for position, value in enumerate(inner.values[1:], 1):
                if _holds(value, node):
                    yield from inner.values[:position]


@lru_cache(maxsize=4)
def _choices(statement: ast.stmt) -> tuple[ast.IfExp | ast.BoolOp, ...]:
    """What of a statement itself, without the blocks in it, may leave a part of an expression unasked.

    Kept for a few statements, since one may name a thousand symbols.
    """
    found: list[ast.IfExp | ast.BoolOp] = []
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.IfExp, ast.BoolOp)):
            found.append(node)
        todo += [child for child in children(node) if not isinstance(child, ast.stmt)]
    return tuple(found)


def _holds(outer: ast.AST, node: ast.AST) -> bool:
    return any(one is node for one in ast.walk(outer))


@lru_cache(maxsize=1024)
def _asks(test: ast.expr) -> bool:
    names = (one.id if isinstance(one, ast.Name) else getattr(one, "attr", "") for one in ast.walk(test))
    return any(_ASKING.search(name) for name in names)


def _catches(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        called = [item.context_expr for item in statement.items if isinstance(item.context_expr, ast.Call)]
        return any(_is_caught(argument) for call in called for argument in call.args)
    handlers = getattr(statement, "handlers", ())
    return any(one.type is None or _is_caught(one.type) for one in handlers)


def _is_caught(kinds: ast.expr) -> bool:
    each = kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]
    return any((one.id if isinstance(one, ast.Name) else getattr(one, "attr", "")) in _CAUGHT for one in each)
