"""How long are the buckets of a legacy sequence-to-sequence model?

``model_with_buckets`` builds one graph for each bucket and calls the model's function with lists cut to its size. The
largest bucket gives the largest graph, so its sizes are used as the lengths.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.facts import symbols
from rnnlint.infer.values.domain import Abstract, Int, Sequence, Tensor
from rnnlint.resolve.values import External, ProjectFunction

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator
    from rnnlint.resolve.values import Module

_BUCKETS = 4
_FUNCTION = 5


def largest(buckets: Abstract, side: int) -> Int | None:
    """The largest encoder (side 0) or decoder (side 1) length; None if one of them is unknown."""
    if not isinstance(buckets, Sequence) or not buckets.items:
        return None
    sizes = []
    for pair in buckets.items:
        if not isinstance(pair, Sequence) or pair.items is None or len(pair.items) != 2:
            return None
        size = pair.items[side]
        if not isinstance(size, Int) or size.default is None:
            return None
        sizes.append(size)
    return max(sizes, key=lambda size: size.default or 0)


def given(evaluator: Evaluator, function: ast.AST, module: Module, position: int) -> Abstract | None:
    """The argument that ``model_with_buckets`` passes for this parameter of its function, if it calls that function."""
    if position > 1:
        return None
    for call in module.calls_of("model_with_buckets"):
        passed = argument(call, _FUNCTION, "seq2seq")
        if passed is None or not _is_legacy(module, call):
            continue
        if passed is function or any(
            isinstance(value, ProjectFunction) and value.node is function for value in module.values(passed)
        ):
            buckets = argument(call, _BUCKETS, "buckets")
            size = largest(evaluator.value(buckets, module, None), position) if buckets is not None else None
            return Sequence(size, None, Tensor(None)) if size is not None else None
    return None


def _is_legacy(module: Module, call: ast.Call) -> bool:
    return any(isinstance(v, External) and symbols.find(v.path) is not None for v in module.values(call.func))


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """An argument of a call by position or name."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[position] if len(call.args) > position else None
