"""What does an index or a slice return?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.values.arithmetic import Axis
from rnnlint.infer.values.domain import (
    ANY,
    LARGEST,
    UNKNOWN,
    Abstract,
    Constant,
    Int,
    Sequence,
    Table,
    Tensor,
    as_int,
    exactly,
    join,
)

if TYPE_CHECKING:
    from rnnlint.infer.values.frames import Frame
    from rnnlint.infer.values.interface import Evaluator
    from rnnlint.resolve.values import Module


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
    """Start, stop and step of a slice of this many elements in the default run, and whether other runs may differ."""
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
    """How many elements a slice takes of this many."""
    if key.lower is None and key.upper is None and key.step is None:
        return length
    largest = _largest(evaluator, length, key, module, frame)
    if largest is not None:
        return largest
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


def _largest(evaluator: Evaluator, length: Int, key: ast.Slice, module: Module, frame: Frame | None) -> Int | None:
    """``xs[:size]`` for each of several sizes: the largest gives the largest graph. None for any other slice."""
    upper = key.upper
    if key.lower is not None or key.step is not None or not isinstance(upper, ast.Name):
        return None
    bindings = module.bindings(upper)
    size = evaluator.value(upper, module, frame)
    if not bindings or any(binding.kind != "loop" for binding in bindings) or not isinstance(size, Int):
        return None
    if size.default is not None or size.high is None or size.low < 1:
        return None
    high = size.high if length.default is None else min(size.high, length.default)
    return Int(size.low, high, high, size.origin) if size.low <= high else None


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
    """The axes after indexing: an integer removes one, a slice shortens one, None adds one and ``...`` skips some."""
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
