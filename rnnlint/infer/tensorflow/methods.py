"""Which shape does a method of a tensor or array return? ``x.reshape(…)``, ``x.sum(axis=1)``, ``x.swapaxes(0, 1)``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.tensorflow import tensors
from rnnlint.infer.tensorflow.arguments import Arguments
from rnnlint.infer.tensorflow.operations import reduced
from rnnlint.infer.values.domain import Abstract, Constant, Sequence, Tensor, as_int, exactly, truth
from rnnlint.infer.values.frames import Frame
from rnnlint.resolve.values import Module

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

_REDUCING = frozenset(("sum", "mean", "max", "min", "prod", "any", "all", "std", "var", "argmax", "argmin"))


def result(
    evaluator: Evaluator, base: Tensor, name: str, call: ast.Call, module: Module, frame: Frame | None
) -> Tensor:
    """The result of ``array.name(…)``."""
    arguments = Arguments(evaluator, call, module, frame)
    if name == "reshape":
        return tensors.reshaped(evaluator, base, call.args, module, frame)
    if name in _REDUCING:
        axis, keeps = arguments.value(0, "axis"), arguments.value(None, "keepdims")
        axis = None if isinstance(axis, Constant) and axis.value is None else axis
        return reduced(base, axis, False if keeps is None else truth(keeps))
    if base.shape is None:
        return Tensor(None)
    if name == "transpose":
        return _transposed(arguments, base)
    if name == "swapaxes":
        pair = [arguments.integer(0, number, "axis1" if number == 0 else "axis2") for number in (0, 1)]
        if None in pair or any(not -len(base.shape) <= (one or 0) < len(base.shape) for one in pair):
            return Tensor(None)
        axes = list(base.shape)
        one, other = pair[0] or 0, pair[1] or 0
        axes[one], axes[other] = axes[other], axes[one]
        return Tensor(tuple(axes))
    return Tensor(None)


def _transposed(arguments: Arguments, base: Tensor) -> Tensor:
    assert base.shape is not None
    values = [arguments.evaluator.value(one, arguments.module, arguments.frame) for one in arguments.call.args]
    if not values:
        return Tensor(base.shape[::-1])
    order = values[0] if len(values) == 1 else Sequence(exactly(len(values)), tuple(values))
    parts: tuple[Abstract, ...] = order.items or () if isinstance(order, Sequence) else ()
    numbers = [as_int(part).exact for part in parts]
    if sorted(n for n in numbers if n is not None) != list(range(len(base.shape))):
        return Tensor(None)
    return Tensor(tuple(base.shape[n] for n in numbers if n is not None))
