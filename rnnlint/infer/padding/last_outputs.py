"""Where is the last output of a padded batch used, which is zero for each shorter sequence?

With ``sequence_length`` a runner returns zeros past the end of a sequence, so ``outputs[:, -1]`` is the last output of
the longest sequences only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rnnlint.infer.padding.differing_lengths import may_differ
from rnnlint.infer.padding.results import Results
from rnnlint.infer.padding.runs import Run
from rnnlint.infer.tensorflow.feeds import Feeds
from rnnlint.infer.values.domain import Int, Tensor
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.values import Module


class LastOutput(NamedTuple):
    """An expression that takes the last step of the outputs of a run with ``sequence_length``."""

    node: ast.expr
    run: Run


def find(evaluator: Evaluator, module: Module, runs: Sequence[Run], feeds: Feeds, target: str) -> Iterator[LastOutput]:
    """All such expressions of a module."""
    for run in runs:
        if run.lengths is None:
            continue
        found = [
            taken.node for taken in Results.of(run, module, evaluator, target).last.values() if taken.module is module
        ]
        if not found or not may_differ(run.lengths, module, feeds):
            continue
        if not _is_batch_of_one(run, module, evaluator, target):
            yield from (LastOutput(node, run) for node in found)


def _is_batch_of_one(run: Run, module: Module, evaluator: Evaluator, target: str) -> bool:
    """Whether the batch has only one sequence."""
    given = run.inputs(target)
    shape = evaluator.query(given, module) if given is not None else None
    axes = shape.shape if isinstance(shape, Tensor) else None
    major = run.argument("time_major", target)
    batch = axes[0 if major is None else 1] if axes and len(axes) > 1 and not run.is_static else None
    if isinstance(batch, Int) and batch.exact == 1:
        return True
    return given is not None and major is None and _expands_batch(given, module)


def _expands_batch(given: ast.expr, module: Module) -> bool:
    """``tf.expand_dims(x, 0)``, ``x[None]``, ``x[tf.newaxis, ...]`` of an unknown tensor."""
    if isinstance(given, ast.Name):
        bindings = module.bindings(given)
        if len(bindings) != 1 or bindings[0].kind != "assign" or bindings[0].path or bindings[0].value is None:
            return False
        given = bindings[0].value
    match given:
        case ast.Call(func=function) if leaf(function) == "expand_dims":
            axis = next((k.value for k in given.keywords if k.arg in ("axis", "dim")), None)
            axis = given.args[1] if axis is None and len(given.args) > 1 else axis
            return isinstance(axis, ast.Constant) and axis.value == 0
        case ast.Subscript(slice=ast.Slice(lower=None, upper=ast.Constant(value=1), step=None)):
            return True
        case ast.Subscript(slice=index):
            first = index.elts[0] if isinstance(index, ast.Tuple) and index.elts else index
            return isinstance(first, ast.Constant) and first.value is None or leaf(first) == "newaxis"
    return False
