"""Which statements never run, because the condition around them is constant?"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator
from typing import Any

from rnnlint.resolve.scope_tree import ScopeTree

COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
"""The function of each comparison operator."""


def constant_truth(test: ast.expr) -> bool | None:
    """The value of a condition of literals, such as ``0`` or ``"manual" == 0``; None for any other."""
    match test:
        case ast.Constant(value=value):
            return bool(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            found = constant_truth(operand)
            return None if found is None else not found
        case ast.BoolOp(op=op, values=values):
            all_found = [constant_truth(value) for value in values]
            decides = isinstance(op, ast.Or)
            if decides in all_found:
                return decides
            return None if None in all_found else not decides
        case ast.Compare(left=ast.Constant(value=left), ops=[op], comparators=[ast.Constant(value=right)]):
            compare = COMPARISONS.get(type(op))
            try:
                return None if compare is None else bool(compare(left, right))
            except TypeError:
                return None
    return None


def dead_rows(tree: ScopeTree) -> tuple[tuple[int, int], ...]:
    """The first and the last line of each block that never runs."""
    return tuple(_dead_rows(tree))


def _dead_rows(tree: ScopeTree) -> Iterator[tuple[int, int]]:
    for owner, blocks in tree.blocks.items():
        if not isinstance(owner, (ast.If, ast.While)):
            continue
        holds = constant_truth(owner.test)
        for block in blocks if holds is not None else ():
            is_first = block.role != "orelse"
            # The ``else`` of a loop runs after it, whatever the condition was.
            if block.statements and holds is not is_first and (is_first or isinstance(owner, ast.If)):
                last = block.statements[-1]
                yield block.statements[0].lineno, last.end_lineno or last.lineno
