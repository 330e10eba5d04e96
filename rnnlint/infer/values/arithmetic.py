"""What do operators, indexes and slices give? Over integer ranges, sequences and static shapes."""

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
    Table,
    Tensor,
    Undefined,
    Unknown,
    as_int,
    exactly,
    join,
)

if TYPE_CHECKING:
    from rnnlint.infer.values.frames import Frame
    from rnnlint.infer.values.interface import Evaluator
    from rnnlint.resolve.values import Module

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


def binary(op: ast.operator, left: Abstract, right: Abstract) -> Abstract:
    """``left op right``."""
    if isinstance(left, Constant) and isinstance(right, Constant) and isinstance(op, ast.Add):
        if isinstance(left.value, str) and isinstance(right.value, str):
            # What is doubled forty times would fill the memory.
            if len(left.value) + len(right.value) > LONGEST:
                return UNKNOWN
            return Constant(left.value + right.value, left.sure and right.sure)
    if isinstance(op, ast.Mult) and isinstance(left, Int) and isinstance(right, Sequence):
        left, right = right, left
    if isinstance(left, Sequence):
        return _sequence(op, left, right)
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return _elementwise(left, right)
    if isinstance(op, ast.Div):
        return _divided(left, right)
    if isinstance(left, Constant):
        left = _whole(left)
    if isinstance(right, Constant):
        right = _whole(right)
    if isinstance(left, Int) and isinstance(right, Int):
        return _integers(op, left, right)
    return UNKNOWN


def _whole(value: Constant) -> Abstract:
    number = as_int(value)
    return UNKNOWN if number is ANY else number


def _divided(left: Abstract, right: Abstract) -> Abstract:
    """True division: known only where it comes out even, as in ``2 * rate / hop`` of old code."""
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
    """The result, or None where it is no whole number or too large to be a length."""
    if isinstance(op, (ast.Pow, ast.LShift)) and (b < 0 or b > 64 or abs(a) > LARGEST):
        return None
    if isinstance(op, (ast.FloorDiv, ast.Mod)) and b == 0 or isinstance(op, ast.RShift) and b < 0:
        return None
    result = apply(a, b)
    return result if abs(result) <= LARGEST**2 else None


def _sequence(op: ast.operator, left: Sequence, right: Abstract) -> Abstract:
    if isinstance(op, ast.Mult) and isinstance(right, Int):
        # What is repeated tells nothing of the length: where the number comes from does.
        length = right if left.length.exact == 1 and right.low >= 0 else _integers(op, left.length, right)
        # One element repeated is one object many times; of several only the order repeats.
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
    """Broadcasting, where it is plain: with a scalar, or with the same rank."""
    if not isinstance(left, Tensor) or not isinstance(right, Tensor):
        tensor, other = (left, right) if isinstance(left, Tensor) else (right, left)
        return tensor if isinstance(other, (Int, Constant)) else Tensor(None)
    if left.shape is None or right.shape is None or len(left.shape) != len(right.shape):
        return Tensor(None)
    axes: list[Axis] = []
    for a, b in zip(left.shape, right.shape):
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


def item(value: Abstract, position: int) -> Abstract:
    """One element by its number."""
    if isinstance(value, Sequence):
        if value.items is not None:
            return value.items[position] if -len(value.items) <= position < len(value.items) else UNKNOWN
        return value.item
    if isinstance(value, Tensor) and value.shape:
        return Tensor(value.shape[1:])
    return UNKNOWN


def index(evaluator: Evaluator, base: Abstract, key: ast.expr, module: Module, frame: Frame | None) -> Abstract:
    """``base[key]``."""
    if isinstance(base, Table):
        wanted = evaluator.value(key, module, frame)
        if isinstance(wanted, Constant):
            return base.entries.get(wanted.value, UNKNOWN)
        if isinstance(wanted, Int) and wanted.exact is not None:
            return base.entries.get(wanted.exact, UNKNOWN)
        return UNKNOWN if base.open else join(base.entries.values())
    if isinstance(base, Sequence):
        if isinstance(key, ast.Slice):
            return _slice_sequence(evaluator, base, key, module, frame)
        wanted = evaluator.value(key, module, frame)
        if isinstance(wanted, Int) and wanted.exact is not None:
            return item(base, wanted.exact)
        return base.item
    if isinstance(base, Tensor):
        return _index_tensor(evaluator, base, key, module, frame)
    return UNKNOWN


def _slice_bounds(
    evaluator: Evaluator, key: ast.Slice, length: int, module: Module, frame: Frame | None
) -> tuple[tuple[int, int, int], bool] | None:
    """Start, stop and step of a slice of this many elements in the default run, and whether no other run differs."""
    parts: list[int | None] = []
    exact = True
    for part in (key.lower, key.upper, key.step):
        if part is None or isinstance(part, ast.Constant) and part.value is None:
            parts.append(None)
            continue
        value = evaluator.value(part, module, frame)
        if not isinstance(value, Int) or value.default is None:
            return None
        exact = exact and value.exact is not None
        parts.append(value.default)
    if parts[2] == 0:
        return None
    return slice(*parts).indices(length), exact


def sliced(evaluator: Evaluator, length: Int, key: ast.Slice, module: Module, frame: Frame | None) -> Int:
    """How many elements a slice takes from this many."""
    if key.lower is None and key.upper is None and key.step is None:
        return length
    if length.default is None or abs(length.default) > LARGEST:
        return ANY
    found = _slice_bounds(evaluator, key, length.default, module, frame)
    if found is None:
        return ANY
    bounds, exact = found
    count = len(range(*bounds))
    if exact and length.exact is not None:
        return exactly(count, length.origin)
    return Int(0, None, count, length.origin)


def _slice_sequence(
    evaluator: Evaluator, base: Sequence, key: ast.Slice, module: Module, frame: Frame | None
) -> Abstract:
    length = sliced(evaluator, base.length, key, module, frame)
    items = None
    if base.items is not None:
        found = _slice_bounds(evaluator, key, len(base.items), module, frame)
        if found is not None and found[1]:
            items = base.items[slice(*_for_slice(found[0]))]
            length = exactly(len(items), length.origin)
    return Sequence(length, items, base.item)


def _for_slice(bounds: tuple[int, int, int]) -> tuple[int, int | None, int]:
    start, stop, step = bounds
    return start, None if stop < 0 else stop, step


def _index_tensor(evaluator: Evaluator, base: Tensor, key: ast.expr, module: Module, frame: Frame | None) -> Abstract:
    """Axes that an integer takes away, a slice shortens, None adds and ``...`` skips."""
    if base.shape is None:
        return Tensor(None)
    parts = list(key.elts) if isinstance(key, ast.Tuple) else [key]
    axes = list(base.shape)
    taken = sum(1 for p in parts if not _is_none(p) and not _is_ellipsis(p))
    if taken > len(axes):
        return Tensor(None)
    result: list[Axis] = []
    at = 0
    for part in parts:
        if _is_none(part):
            result.append(exactly(1))
        elif _is_ellipsis(part):
            skipped = len(axes) - taken
            result += axes[at : at + skipped]
            at += skipped
        elif isinstance(part, ast.Slice):
            axis = axes[at]
            whole = part.lower is None and part.upper is None and part.step is None
            result.append(axis if whole else sliced(evaluator, as_int(axis), part, module, frame))
            at += 1
        else:
            at += 1
    known = tuple(UNKNOWN if axis == ANY else axis for axis in (*result, *axes[at:]))
    return Tensor(known)


def _is_none(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "newaxis"
    return isinstance(node, ast.Constant) and node.value is None


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def tensor_attribute(tensor: Tensor, name: str) -> Abstract:
    """``tensor.shape`` and its like."""
    if name == "shape":
        return shape_of(tensor)
    if name in ("ndim", "rank") and tensor.shape is not None:
        return exactly(len(tensor.shape))
    if name == "T" and tensor.shape is not None:
        return Tensor(tensor.shape[::-1])
    return UNKNOWN


def shape_of(tensor: Tensor) -> Abstract:
    """The shape as a sequence of its axes; an open axis is None there, as in TensorFlow 2."""
    if tensor.shape is None:
        return UNKNOWN
    return Sequence(exactly(len(tensor.shape)), tuple(tensor.shape), UNKNOWN)
