"""Does the code around a name tell releases apart? Then it means what it says, for each of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnnlint.resolve.values import Module

_SWITCH = re.compile(r"version|hasattr|getattr|compat|contrib|legacy|tf_?[12]|\bv[12]\b|\bdir\(", re.IGNORECASE)
"""What a condition says that tells releases apart."""

_CATCHING = re.compile(r"ImportError|ModuleNotFoundError|AttributeError|\b(?:Base)?Exception\b")


def tells_releases_apart(statement: ast.stmt, node: ast.expr | ast.alias, module: Module) -> bool:
    """Whether a condition or an error that is caught around a node says that names come and go."""
    if any(_SWITCH.search(ast.unparse(test)) for one in _around(statement, module) for test in _tests(one)):
        return True
    return any(_catches(one) for one in _around(statement, module)) or _may_be_another(statement, node)


def _around(statement: ast.stmt, module: Module) -> Iterator[ast.stmt]:
    """The statement and all that it stands in, of functions and classes too."""
    at: ast.stmt | None = statement
    while at is not None:
        yield at
        block = module.tree.positions[at][0]
        at = block.owner if block.owner is not None else block.scope.statement


def _tests(statement: ast.stmt) -> Iterator[ast.expr]:
    if isinstance(statement, (ast.If, ast.While)):
        yield statement.test
    elif isinstance(statement, ast.Match):
        yield statement.subject


def _catches(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        return any(_CATCHING.search(ast.unparse(item.context_expr)) for item in statement.items)
    if not isinstance(statement, ast.Try):
        return False
    return any(one.type is None or _CATCHING.search(ast.unparse(one.type)) for one in statement.handlers)


def _may_be_another(statement: ast.stmt, node: ast.expr | ast.alias) -> bool:
    """Whether the node is one of several in an expression, or what a condition asks for, or part of a text."""
    asked: list[ast.AST] = [*_tests(statement)]
    for inner in ast.walk(statement):
        # Before 3.12 Python may misplace what stands in an f-string, and take its text for the expression.
        is_switch = isinstance(inner, ast.IfExp) and _SWITCH.search(ast.unparse(inner.test))
        if is_switch or isinstance(inner, (ast.BoolOp, ast.Compare, ast.JoinedStr)):
            asked.append(inner)
    return any(one is node for outer in asked for one in ast.walk(outer))
