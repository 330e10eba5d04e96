"""Which branch does the default run take? Conditions are evaluated with the default values."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.infer.values.domain import UNKNOWN, Abstract, Constant, Int, Sequence, Table, truth

if TYPE_CHECKING:
    from rnnlint.infer.values.frames import Frame
    from rnnlint.infer.values.interface import Evaluator
    from rnnlint.resolve.scopes import Block
    from rnnlint.resolve.values import Module


def taken(
    evaluator: Evaluator, statement: ast.stmt | None, use: ast.stmt | None, module: Module, frame: Frame | None
) -> bool | None:
    """Whether the default run executes a statement on its way to a use; None if unknown."""
    if _is_in_another_branch(statement, use, module):
        return False
    state: bool | None = True
    for test, wanted in _tests(statement, use, module):
        holds = truth_of(evaluator, test, module, frame)
        if holds is None:
            state = None
        elif holds != wanted:
            return False
    return state


def is_guarded(statement: ast.stmt | None, use: ast.stmt | None, module: Module) -> bool:
    """Whether a statement is under a condition that its use is not under."""
    return any(True for _ in _tests(statement, use, module))


def _tests(statement: ast.stmt | None, use: ast.stmt | None, module: Module) -> Iterator[tuple[ast.expr, bool]]:
    for at in owners(statement, module):
        block, _ = module.tree.positions[at]
        if isinstance(block.owner, ast.If) and block_of(block.owner, use, module) is not block:
            yield block.owner.test, block.role == "body"


def _is_in_another_branch(statement: ast.stmt | None, use: ast.stmt | None, module: Module) -> bool:
    """Whether an ``if`` runs either the statement or its use; in a loop one pass may run this and the next one that."""
    around_use = set(owners(use, module))
    for at in owners(statement, module):
        block = module.tree.positions[at][0]
        owner = block.owner
        if isinstance(owner, ast.If) and owner in around_use and block_of(owner, use, module) is not block:
            return next(loops_around(owner, module), None) is None
    return False


def owners(statement: ast.stmt | None, module: Module) -> Iterator[ast.stmt]:
    """A statement and those around it, innermost first, within its scope."""
    at = statement
    while at in module.tree.positions:
        yield at
        at = module.tree.positions[at][0].owner


def block_of(owner: ast.stmt, use: ast.stmt | None, module: Module) -> Block | None:
    """The block of a statement that contains another one; None if none does."""
    blocks = (module.tree.positions[at][0] for at in owners(use, module))
    return next((block for block in blocks if block.owner is owner), None)


def in_loop_without(statement: ast.stmt, other: ast.stmt | None, module: Module) -> bool:
    """Whether a statement is in a loop that does not contain the other one."""
    outside = set(owners(other, module))
    return any(
        isinstance(owner, (ast.For, ast.AsyncFor, ast.While)) and owner not in outside
        for owner in owners(statement, module)
    )


def loops_around(statement: ast.stmt | None, module: Module) -> Iterator[ast.stmt]:
    """The loops around a statement, innermost first, within its scope."""
    return (o for o in owners(statement, module) if isinstance(o, (ast.For, ast.AsyncFor, ast.While)))


def truth_of(evaluator: Evaluator, test: ast.expr, module: Module, frame: Frame | None) -> bool | None:
    """Whether a condition is true in the default run."""
    return truth(evaluator.value(test, module, frame))


def condition(evaluator: Evaluator, node: ast.Compare | ast.BoolOp, module: Module, frame: Frame | None) -> Abstract:
    """The value of a comparison, ``and`` or ``or``."""
    if isinstance(node, ast.Compare):
        if len(node.ops) != 1:
            return UNKNOWN
        left = evaluator.value(node.left, module, frame)
        right = evaluator.value(node.comparators[0], module, frame)
        return _compare(node.ops[0], left, right)
    stops = isinstance(node.op, ast.Or)
    last: Abstract = UNKNOWN
    open_before = False
    for operand in node.values:
        last = evaluator.value(operand, module, frame)
        holds = truth(last)
        if holds == stops:
            return Constant(stops, sure=False) if open_before else last
        open_before = open_before or holds is None
    return UNKNOWN if open_before else last


def _compare(op: ast.cmpop, left: Abstract, right: Abstract) -> Abstract:
    if isinstance(op, (ast.Is, ast.IsNot)) and isinstance(right, Constant) and right.value is None:
        if isinstance(left, (Int, Sequence, Table)) or isinstance(left, Constant) and left.value is not None:
            return Constant(isinstance(op, ast.IsNot), sure=False)
        if isinstance(left, Constant):
            return Constant(isinstance(op, ast.Is), sure=left.sure)
        return UNKNOWN
    if isinstance(op, (ast.In, ast.NotIn)) and isinstance(right, Sequence) and right.items is not None:
        parts = [_plain(item) for item in right.items]
        wanted = _plain(left)
        if wanted is not None and None not in parts:
            return Constant((wanted in parts) == isinstance(op, ast.In), sure=False)
        return UNKNOWN
    if isinstance(op, (ast.In, ast.NotIn)) and isinstance(right, Table):
        key = _plain(left)
        is_there = key is not None and key[0] in right.entries
        if key is None or right.open and not is_there:
            return UNKNOWN
        return Constant(is_there == isinstance(op, ast.In), sure=False)
    if isinstance(op, (ast.Gt, ast.GtE, ast.Lt, ast.LtE)):
        return _switched(op, left, right)
    a, b = _plain(left), _plain(right)
    if a is None or b is None or not isinstance(op, (ast.Eq, ast.Is, ast.NotEq, ast.IsNot)):
        return UNKNOWN
    return Constant((a == b) == isinstance(op, (ast.Eq, ast.Is)), sure=False)


def _switched(op: ast.Gt | ast.GtE | ast.Lt | ast.LtE, left: Abstract, right: Abstract) -> Abstract:
    """Whether a comparison only asks if something is wanted at all, like ``depth > 0`` and ``keep < 1.0``.

    Another threshold (``if steps > 5``) shows that the number is meant to change: both branches count.
    """
    a, b = _plain(left), _plain(right)
    if a is None or b is None or not isinstance(a[0], (int, float)) or not isinstance(b[0], (int, float)):
        return UNKNOWN
    if a[0] not in (0, 1) and b[0] not in (0, 1):
        return UNKNOWN
    higher = a[0] > b[0] if isinstance(op, (ast.Gt, ast.LtE)) else a[0] >= b[0]
    return Constant(higher == isinstance(op, (ast.Gt, ast.GtE)), sure=False)


def _plain(value: Abstract) -> tuple[object] | None:
    """A value as one that Python can compare, in a tuple so that None differs from unknown."""
    if isinstance(value, Constant):
        return (value.value,)
    if isinstance(value, Int) and value.default is not None:
        return (value.default,)
    return None
