"""What do operators return for numbers, integer ranges, sequences and static shapes?"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING

from rnnlint.infer.values.domain import (
    ANY,
    LARGEST,
    LONGEST,
    UNKNOWN,
    Abstract,
    Constant,
    Int,
    Sequence,
    Tensor,
    Undefined,
    Unknown,
    as_int,
    exactly,
    join,
)

if TYPE_CHECKING:
    pass

Axis = Int | Undefined | Unknown

_OPERATORS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
}
_MONOTONE = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv)


def binary(op: ast.operator, left: Abstract, right: Abstract, whole: bool = False) -> Abstract:
    """``left op right``; with ``whole``, division is Python 2's integer division."""
    if whole and isinstance(op, ast.Div) and isinstance(left, Int) and isinstance(right, Int):
        op = ast.FloorDiv()
    if isinstance(left, Constant) and isinstance(right, Constant) and isinstance(op, ast.Add):
        if isinstance(left.value, str) and isinstance(right.value, str):
            # Repeated doubling would fill the memory.
            if len(left.value) + len(right.value) > LONGEST:
                return UNKNOWN
            return Constant(left.value + right.value, left.sure and right.sure)
    if isinstance(op, ast.Mult) and isinstance(left, Int) and isinstance(right, Sequence):
        left, right = right, left
    if isinstance(left, Sequence):
        return _sequence(op, left, right)
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return _elementwise(left, right)
    fraction = _fraction(op, left, right)
    if fraction is not None:
        return fraction
    if isinstance(op, ast.Div):
        return _divided(left, right)
    if isinstance(left, Constant):
        left = _whole(left)
    if isinstance(right, Constant):
        right = _whole(right)
    if isinstance(left, Int) and isinstance(right, Int):
        return _integers(op, left, right)
    return UNKNOWN


_REAL: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}


def _fraction(op: ast.operator, left: Abstract, right: Abstract) -> Abstract | None:
    """The result if one side is a known float; a float with an integer value counts as an integer. None otherwise."""
    apply = _REAL.get(type(op))
    a, b = _real(left), _real(right)
    if apply is None or a is None or b is None or not (isinstance(left, Constant) or isinstance(right, Constant)):
        return None
    try:
        result = float(apply(a, b))
    except (ZeroDivisionError, OverflowError):
        return UNKNOWN
    if abs(result) > LARGEST**2 or result != result:
        return UNKNOWN
    origin = next((value.origin for value in (left, right) if isinstance(value, Int)), ())
    sure = all(value.sure for value in (left, right) if isinstance(value, Constant))
    return exactly(int(result), origin) if result == int(result) and sure else Constant(result, sure)


def _real(value: Abstract) -> float | None:
    if isinstance(value, Int) and value.exact is not None and abs(value.exact) <= LARGEST**2:
        return float(value.exact)
    if isinstance(value, Constant) and isinstance(value.value, float) and abs(value.value) <= LARGEST**2:
        return value.value
    return None


def _whole(value: Constant) -> Abstract:
    number = as_int(value)
    return UNKNOWN if number is ANY else number


def _divided(left: Abstract, right: Abstract) -> Abstract:
    """True division: known only if it has no remainder, as in ``2 * rate / hop`` of old code."""
    if isinstance(left, Int) and isinstance(right, Int) and left.exact is not None and right.exact:
        if left.exact % right.exact == 0:
            return exactly(left.exact // right.exact, left.origin + right.origin)
        return Constant(left.exact / right.exact)
    return UNKNOWN


def _integers(op: ast.operator, left: Int, right: Int) -> Abstract:
    apply = _OPERATORS.get(type(op))
    if apply is None:
        return UNKNOWN
    origin = tuple(dict.fromkeys((*left.origin, *right.origin)))[:6]
    default = None
    if left.default is not None and right.default is not None:
        default = _bounded(apply, op, left.default, right.default)
    if left.exact is not None and right.exact is not None:
        return ANY if default is None else exactly(default, origin)
    if not isinstance(op, _MONOTONE) or isinstance(op, ast.FloorDiv) and right.low < 1:
        return Int(0, None, default, origin)
    ends = [
        _bounded(apply, op, a, b) if a is not None and b is not None else None
        for a in (left.low, left.high)
        for b in (right.low, right.high)
    ]
    known = [end for end in ends if end is not None]
    if isinstance(op, ast.Sub) and right.high is None or not known or min(known) < 0:
        return Int(0, None if None in ends else max(known), default, origin)
    return Int(min(known), None if None in ends else max(known), default, origin)


def _bounded(apply: Callable[[int, int], int], op: ast.operator, a: int, b: int) -> int | None:
    """The result, or None if it is not an integer or too large for a length."""
    if isinstance(op, (ast.Pow, ast.LShift)) and (b < 0 or b > 64 or abs(a) > LARGEST):
        return None
    if isinstance(op, (ast.FloorDiv, ast.Mod)) and b == 0 or isinstance(op, ast.RShift) and b < 0:
        return None
    result = apply(a, b)
    return result if abs(result) <= LARGEST**2 else None


def _sequence(op: ast.operator, left: Sequence, right: Abstract) -> Abstract:
    if isinstance(op, ast.Mult) and isinstance(right, Int):
        # The origin of the length is that of the number, not of the repeated list.
        length = right if left.length.exact == 1 and right.low >= 0 else _integers(op, left.length, right)
        # One repeated element is the same object many times; several repeated elements only repeat in order.
        once = left.items is not None and len(left.items) == 1
        return Sequence(length if isinstance(length, Int) else ANY, None, left.item, True if once else None)
    if isinstance(op, ast.Add) and isinstance(right, Sequence):
        length = _integers(op, left.length, right.length)
        items = None
        if left.items is not None and right.items is not None and len(left.items) + len(right.items) <= LONGEST:
            items = left.items + right.items
        return Sequence(length if isinstance(length, Int) else ANY, items, join([left.item, right.item]))
    return UNKNOWN


def _elementwise(left: Abstract, right: Abstract) -> Abstract:
    """Broadcasting in simple cases: with a scalar, or with equal rank."""
    if not isinstance(left, Tensor) or not isinstance(right, Tensor):
        tensor, other = (left, right) if isinstance(left, Tensor) else (right, left)
        return tensor if isinstance(other, (Int, Constant)) else Tensor(None)
    if left.shape is None or right.shape is None:
        return Tensor(None)
    rank = max(len(left.shape), len(right.shape))
    sides = [(exactly(1),) * (rank - len(side)) + side for side in (left.shape, right.shape)]
    axes: list[Axis] = []
    for a, b in zip(*sides):
        ones = [isinstance(axis, Int) and axis.exact == 1 for axis in (a, b)]
        axes.append(b if ones[0] else a if ones[1] or isinstance(a, Int) else b)
    return Tensor(tuple(axes))


def unary(op: ast.unaryop, value: Abstract) -> Abstract:
    """``op value``."""
    if isinstance(op, ast.Not):
        from rnnlint.infer.values.domain import truth

        holds = truth(value)
        return UNKNOWN if holds is None else Constant(not holds, sure=False)
    if isinstance(op, ast.USub) and isinstance(value, Int) and value.exact is not None:
        return exactly(-value.exact, value.origin)
    if isinstance(op, ast.USub) and isinstance(value, Constant) and isinstance(value.value, float):
        return Constant(-value.value)
    return value if isinstance(op, (ast.UAdd, ast.USub)) and isinstance(value, Tensor) else UNKNOWN


def tensor_attribute(tensor: Tensor, name: str) -> Abstract:
    """``tensor.shape`` and similar attributes."""
    if name == "shape":
        return shape_of(tensor)
    if name in ("ndim", "rank") and tensor.shape is not None:
        return exactly(len(tensor.shape))
    if name == "T" and tensor.shape is not None:
        return Tensor(tensor.shape[::-1])
    return UNKNOWN


def shape_of(tensor: Tensor) -> Abstract:
    """The shape as a sequence of its axes; an undefined axis is None there, as in TensorFlow 2."""
    if tensor.shape is None:
        return UNKNOWN
    return Sequence(exactly(len(tensor.shape)), tuple(tensor.shape), UNKNOWN)
