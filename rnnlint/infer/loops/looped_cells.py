"""Which cells does an inner loop call in sequence? ``for cell in cells``, also with ``enumerate`` and ``zip``."""

from __future__ import annotations

import ast

from rnnlint.infer.values.domain import Abstract, RnnCell, Sequence
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.values import Module

_MOST = 64


def cells(evaluator: Evaluator, function: ast.expr, module: Module) -> tuple[RnnCell, ...]:
    """The cells that a loop variable stands for, one per iteration; empty if they are not known individually."""
    if not isinstance(function, ast.Name):
        return ()
    bindings = module.bindings(function)
    if len(bindings) != 1 or bindings[0].kind != "loop" or bindings[0].value is None:
        return ()
    source, path = _source(bindings[0].value, bindings[0].path)
    gone_over = evaluator.query(source, module)
    if not isinstance(gone_over, Sequence):
        return ()
    count = gone_over.length.exact
    if gone_over.items is not None:
        rows: tuple[Abstract, ...] = gone_over.items
    elif count is not None and count <= _MOST:
        rows = (gone_over.item,) * count
    else:
        return ()
    found = [_part(row, path) for row in rows]
    known = tuple(one for one in found if isinstance(one, RnnCell))
    return known if len(known) == len(found) else ()


def _source(over: ast.expr, path: tuple[int | str, ...]) -> tuple[ast.expr, tuple[int | str, ...]]:
    """The argument of ``zip`` or ``enumerate`` that a variable comes from: the others may be shorter or unknown."""
    if isinstance(over, ast.Call) and isinstance(over.func, ast.Name) and path and isinstance(path[0], int):
        if over.func.id == "zip" and 0 <= path[0] < len(over.args):
            return over.args[path[0]], path[1:]
        if over.func.id == "enumerate" and path[0] == 1 and over.args:
            return over.args[0], path[1:]
    return over, path


def _part(row: Abstract, path: tuple[int | str, ...]) -> Abstract | None:
    for step in path:
        if not isinstance(row, Sequence) or row.items is None or not isinstance(step, int):
            return None
        if not -len(row.items) <= step < len(row.items):
            return None
        row = row.items[step]
    return row
