"""Which shape do reductions, products, paddings and functions of two tensors return?"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeAlias

from rnnlint.infer.tensorflow.arguments import Arguments, as_tensor
from rnnlint.infer.values import arithmetic, project_functions, python_functions
from rnnlint.infer.values.domain import (
    ANY,
    UNKNOWN,
    Abstract,
    Int,
    Sequence,
    Tensor,
    as_int,
    exactly,
    join,
    truth,
)
from rnnlint.resolve.values import ProjectFunction

Handler: TypeAlias = Callable[[Arguments], Abstract]

_TWO = """
    add subtract sub multiply mul divide div truediv floordiv floor_div realdiv maximum minimum pow mod floormod
    squared_difference bias_add add_v2 scalar_mul div_no_nan multiply_no_nan
""".split()  # noqa: SIM905 - as a list it would be three times as long
_REDUCING = """
    reduce_sum reduce_mean reduce_max reduce_min reduce_prod reduce_any reduce_all reduce_logsumexp reduce_std
    reduce_variance sum mean max min prod any all std var argmax argmin amax amin median
""".split()  # noqa: SIM905 - as a list it would be three times as long


def _elementwise(arguments: Arguments) -> Abstract:
    left, right = arguments.value(0, "x", "value", "a", "scalar"), arguments.value(1, "y", "bias", "b")
    if left is None or right is None:
        return Tensor(None)
    sides = [as_tensor(side) if isinstance(side, Sequence) else side for side in (left, right)]
    made = arithmetic.binary(ast.Add(), sides[0], sides[1])
    return made if isinstance(made, (Tensor, Int)) else Tensor(None)


def _sum_of_list(arguments: Arguments) -> Abstract:
    given = arguments.value(0, "inputs")
    if not isinstance(given, Sequence):
        return Tensor(None)
    return join([as_tensor(one) for one in given.items or (given.item,)])


def _either(arguments: Arguments) -> Abstract:
    """``where(condition, x, y)``; with only a condition the number of places is unknown."""
    found = [arguments.value(1, "x"), arguments.value(2, "y")]
    if found[0] is None or found[1] is None:
        return Tensor(None)
    made = arithmetic.binary(ast.Add(), as_tensor(found[0]), as_tensor(found[1]))
    return made if isinstance(made, Tensor) else Tensor(None)


def _branches(arguments: Arguments) -> Abstract:
    """``cond(pred, true_fn, false_fn)``: the common result of both functions."""
    found = []
    for position, names in ((1, ("true_fn", "fn1")), (2, ("false_fn", "fn2"))):
        node = arguments.node(position, *names)
        values = arguments.module.values(node) if node is not None else ()
        functions = [value for value in values if isinstance(value, ProjectFunction)]
        if len(functions) != 1 or node is None:
            return UNKNOWN
        if isinstance(functions[0].node, ast.Lambda):
            found.append(arguments.evaluator.value(functions[0].node.body, arguments.module, arguments.frame))
            continue
        call = ast.Call(node, [], [])
        found.append(
            project_functions.called(arguments.evaluator, functions[0], call, arguments.module, arguments.frame, None)
        )
    return join(found)


def reduced(base: Tensor, axis: Abstract | None, keeps: bool | None) -> Tensor:
    """A tensor without the reduced axes; without an axis argument all are reduced."""
    if base.shape is None or keeps is None:
        return Tensor(None)
    if axis is None:
        return Tensor(tuple(exactly(1) for _ in base.shape) if keeps else ())
    parts = axis.items if isinstance(axis, Sequence) else (axis,)
    numbers = [as_int(part).exact for part in parts or ()]
    if not numbers or None in numbers:
        return Tensor(None)
    gone = {number % len(base.shape) for number in numbers if number is not None} if base.shape else set()
    if keeps:
        return Tensor(tuple(exactly(1) if at in gone else size for at, size in enumerate(base.shape)))
    return Tensor(tuple(size for at, size in enumerate(base.shape) if at not in gone))


def _reduced(arguments: Arguments) -> Abstract:
    base = arguments.tensor(0, "input_tensor", "input", "a")
    axis = arguments.value(1, "axis", "reduction_indices", "dimension")
    if axis is not None and not isinstance(axis, (Int, Sequence)):
        axis = None if getattr(axis, "value", 0) is None else UNKNOWN
    keeps = arguments.value(None, "keepdims", "keep_dims")
    return reduced(base, axis, False if keeps is None else truth(keeps))


def _product(arguments: Arguments) -> Abstract:
    left, right = arguments.tensor(0, "a", "x"), arguments.tensor(1, "b", "y")
    turned = [arguments.value(None, name) for name in ("transpose_a", "transpose_b")]
    if left.shape is None or len(left.shape) < 2 or turned[0] is not None and truth(turned[0]) is not False:
        return Tensor(None)
    last = UNKNOWN
    if right.shape is not None and len(right.shape) > 1 and (turned[1] is None or truth(turned[1]) is not None):
        last = right.shape[-2 if turned[1] is not None and truth(turned[1]) else -1]  # type: ignore[assignment]
    return Tensor((*left.shape[:-1], last))


def _contracted(arguments: Arguments) -> Abstract:
    """``tensordot(a, b, axes)`` over the last axis of one and the first of the other."""
    left, right = arguments.tensor(0, "a"), arguments.tensor(1, "b")
    axes = arguments.value(2, "axes")
    numbers = [axes] if isinstance(axes, Int) else list(axes.items or ()) if isinstance(axes, Sequence) else []
    plain = [as_int(one.items[0] if isinstance(one, Sequence) and one.items else one).exact for one in numbers]
    if left.shape is None or right.shape is None:
        return Tensor(None)
    if plain == [1] or plain in ([len(left.shape) - 1, 0], [-1, 0]):
        return Tensor((*left.shape[:-1], *right.shape[1:]))
    return Tensor(None)


def _padded(arguments: Arguments) -> Abstract:
    base, widths = arguments.tensor(0, "tensor", "array"), arguments.value(1, "paddings", "pad_width")
    if base.shape is None or not isinstance(widths, Sequence) or widths.items is None:
        return Tensor(None)
    if len(widths.items) != len(base.shape):
        return Tensor(None)
    axes: list[arithmetic.Axis] = []
    for axis, ends in zip(base.shape, widths.items):
        total: Abstract = axis
        for end in ends.items or () if isinstance(ends, Sequence) else (UNKNOWN,):
            total = total if as_int(end).exact == 0 else arithmetic.binary(ast.Add(), total, end)
        axes.append(axis if total is axis else total if isinstance(total, Int) else UNKNOWN)
    return Tensor(tuple(axes))


def _pieces_along(arguments: Arguments) -> Abstract:
    """``learn.ops.split_squeeze(dimension, number, tensor)``."""
    axis, number = arguments.integer(0, 0, "dim"), as_int(arguments.value(1, "num_split") or UNKNOWN)
    base = arguments.tensor(2, "tensor_in")
    rest = Tensor(None)
    if base.shape is not None and axis is not None and -len(base.shape) <= axis < len(base.shape):
        at = axis % len(base.shape)
        rest = Tensor(base.shape[:at] + base.shape[at + 1 :])
        number = as_int(base.shape[at]) if number == ANY else number
    return Sequence(number, None, rest)


def _counted(arguments: Arguments) -> Abstract:
    """``numpy.arange``: as many elements as ``range``."""
    values = [arguments.evaluator.value(one, arguments.module, arguments.frame) for one in arguments.call.args]
    if not values or not all(isinstance(value, Int) for value in values):
        return Tensor((UNKNOWN,))
    made = python_functions.counted(values)
    length = made.length if isinstance(made, Sequence) else ANY
    return Tensor((length if length != ANY else UNKNOWN,))


def _spaced(arguments: Arguments) -> Abstract:
    """``numpy.linspace(start, stop, num=50)``."""
    number = as_int(arguments.value(2, "num") or exactly(50))
    return Tensor((number if number != ANY else UNKNOWN,))


def _over_first_axis(arguments: Arguments) -> Abstract:
    """``map_fn(fn, elems)``: the function's result for each part along the first axis, stacked."""
    base = arguments.tensor(1, "elems")
    if not base.shape:
        return Tensor(None)
    made = arguments.applied(arguments.node(0, "fn"), (Tensor(base.shape[1:]),))
    return Tensor((base.shape[0], *made.shape) if isinstance(made, Tensor) and made.shape is not None else None)


def _static_shape(arguments: Arguments) -> Abstract:
    return arithmetic.shape_of(arguments.tensor(0, "x"))


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(_TWO, _elementwise),
    **dict.fromkeys(_REDUCING, _reduced),
    "add_n": _sum_of_list,
    "accumulate_n": _sum_of_list,
    "where": _either,
    "cond": _branches,
    "matmul": _product,
    "batch_matmul": _product,
    "dot": _product,
    "tensordot": _contracted,
    "pad": _padded,
    "split_squeeze": _pieces_along,
    "arange": _counted,
    "linspace": _spaced,
    "int_shape": _static_shape,
    "map_fn": _over_first_axis,
    "vectorized_map": _over_first_axis,
    **dict.fromkeys(("load", "loadtxt", "genfromtxt", "fromfile", "memmap"), lambda arguments: Tensor(None)),
}
