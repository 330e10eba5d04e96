"""Does the code around a name handle that the name may be missing? Then it does not fail there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.read.remembered import remembered
from rnnlint.resolve.walking import below, children

if TYPE_CHECKING:
    from rnnlint.resolve.scopes import Block
    from rnnlint.resolve.values import Module

_CAUGHT = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"})
_ASKING = re.compile(r"version|hasattr|getattr|tf_?[12](?!\d)|(?:^|_)v[12](?:_|$)", re.IGNORECASE)
"""Names that suggest a check of the release, or of what it has."""


def is_foreseen(statement: ast.stmt, node: ast.AST, module: Module) -> bool:
    """Whether the code catches the error of a missing name, or checks the release first."""
    if node in asked_beside(statement):
        return True
    same_scope = True
    for owner, block in around(statement, module):
        if isinstance(owner, (ast.If, ast.While)) and asks(owner.test):
            return True
        if isinstance(owner, ast.Match) and asks(owner.subject):
            return True
        # A handler around a function definition does not catch what the function raises when it is called.
        if same_scope and block.role in ("body", "handler") and catches(owner):
            return True
        same_scope = same_scope and owner is block.owner
    return False


def around(statement: ast.stmt, module: Module) -> Iterator[tuple[ast.stmt, Block]]:
    """The statements around one, out through functions and classes, each with the block that contains it."""
    at: ast.stmt | None = statement
    while at is not None:
        block = module.tree.positions[at][0]
        at = block.owner if block.owner is not None else block.scope.statement
        if at is not None:
            yield at, block


@remembered(4)
def asked_beside(statement: ast.stmt) -> frozenset[ast.AST]:
    """The nodes of a statement that a condition within it guards: ``a if test else b``, ``test and b``.

    Cached for a few statements, since one may name a thousand symbols.
    """
    found: set[ast.AST] = set()
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.IfExp) and asks(node.test):
            found.update(below(node.body), below(node.orelse))
        elif isinstance(node, ast.BoolOp):
            first = next((number for number, value in enumerate(node.values) if asks(value)), len(node.values))
            found.update(*map(below, node.values[first + 1 :]))
        todo += [child for child in children(node) if not isinstance(child, ast.stmt)]
    return frozenset(found)


@remembered(1024)
def asks(test: ast.expr) -> bool:
    """Whether a condition seems to check the release, or what it has."""
    names = (one.id if isinstance(one, ast.Name) else getattr(one, "attr", "") for one in ast.walk(test))
    return any(_ASKING.search(name) for name in names)


@remembered(1024)
def catches(statement: ast.stmt) -> bool:
    """Whether a statement catches the errors that missing names raise."""
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        called = [item.context_expr for item in statement.items if isinstance(item.context_expr, ast.Call)]
        return any(is_caught(argument) for call in called for argument in call.args)
    handlers = getattr(statement, "handlers", ())
    return any(one.type is None or is_caught(one.type) for one in handlers)


def is_caught(kinds: ast.expr, by: frozenset[str] = _CAUGHT) -> bool:
    """Whether the classes after an ``except`` include one of these errors."""
    each = kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]
    return any((one.id if isinstance(one, ast.Name) else getattr(one, "attr", "")) in by for one in each)
