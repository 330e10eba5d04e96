"""How many iterations does a loop have? Also ``while t < T`` with a constant increment of the counter."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.values import iteration, loop_passes
from rnnlint.infer.values.domain import ANY, Int
from rnnlint.infer.values.frames import Frame
from rnnlint.resolve.values import Module

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.NotEq: ast.NotEq}


def passes(evaluator: Evaluator, loop: ast.For | ast.While, module: Module, frame: Frame | None) -> Int:
    """The number of iterations of a loop without an early exit."""
    if isinstance(loop, ast.While):
        return passes_of_while(evaluator, loop, module, frame)
    return iteration.length(evaluator.value(loop.iter, module, frame))


def passes_of_while(evaluator: Evaluator, loop: ast.While, module: Module, frame: Frame | None = None) -> Int:
    """The number of iterations, from the counter's value before the loop to its final value."""
    parts = _counter_and_end(loop)
    if parts is None or any(isinstance(n, (ast.Break, ast.Continue)) for n in loop_passes.own_statements(loop.body)):
        return ANY
    counter, op, end = parts
    step = _step(loop, counter.id)
    start, last = evaluator.value(counter, module, frame), evaluator.value(end, module, frame)
    if step is None or not isinstance(start, Int) or start.exact is None or not isinstance(last, Int):
        return ANY
    if issubclass(op, ast.NotEq) and step != 1:
        return ANY
    first = start.exact - (1 if issubclass(op, ast.LtE) else 0)

    def passes_to(value: int) -> int:
        return max(0, -((first - value) // step))

    return Int(
        passes_to(last.low),
        None if last.high is None else passes_to(last.high),
        None if last.default is None else passes_to(last.default),
        last.origin,
    )


def _counter_and_end(loop: ast.While) -> tuple[ast.Name, type[ast.cmpop], ast.expr] | None:
    test = loop.test
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return None
    written = {name for step in loop_passes.steps(loop.body) for name in step.writes}
    for left, right, op in (
        (test.left, test.comparators[0], type(test.ops[0])),
        (test.comparators[0], test.left, _MIRRORED.get(type(test.ops[0]))),
    ):
        if op in (ast.Lt, ast.LtE, ast.NotEq) and isinstance(left, ast.Name) and left.id in written:
            return (left, op, right) if written.isdisjoint(loop_passes.reads(right)) else None
    return None


def _step(loop: ast.While, counter: str) -> int | None:
    """The constant that every iteration adds to the counter, at the top level of the body and nowhere else."""
    writers = [step for step in loop_passes.steps(loop.body) if counter in step.writes]
    if len(writers) != 1 or writers[0].node not in loop.body:
        return None
    match writers[0].node:
        case ast.AugAssign(op=ast.Add(), value=ast.Constant(value=int(size))):
            return size if size > 0 else None
        case ast.Assign(value=ast.BinOp(left=ast.Name(id=name), op=ast.Add(), right=ast.Constant(value=int(size)))):
            return size if name == counter and size > 0 else None
        case ast.Assign(value=ast.BinOp(left=ast.Constant(value=int(size)), op=ast.Add(), right=ast.Name(id=name))):
            return size if name == counter and size > 0 else None
    return None
