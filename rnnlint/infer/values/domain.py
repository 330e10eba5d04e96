"""What can be known of a value without running the code? The values that inference computes with.

An integer is a range with the value that the code takes when nobody chooses otherwise. Unknown is the range
from zero to infinity without a default, so every comparison with a limit is false and the linter stays quiet.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from rnnlint.infer.values.cell_objects import RnnCell as RnnCell
from rnnlint.infer.values.marks import Mask as Mask
from rnnlint.infer.values.marks import Where as Where
from rnnlint.infer.values.marks import join_masks
from rnnlint.resolve.values import ProjectClass
from rnnlint.resolve.values import Value as Named

if TYPE_CHECKING:
    from rnnlint.infer.values.frames import Frame
    from rnnlint.resolve.scopes import Scope

LARGEST = 10**9
"""Lengths above this are not computed with: no graph has that many steps."""

LONGEST = 4096
"""Characters of a text and elements of a written-out sequence that are kept; of more, only the number is."""

DEEPEST = 8
"""How deep sequences may lie in each other; what lies deeper is not known."""


@dataclass(frozen=True, slots=True)
class Int:
    """An integer between ``low`` and ``high`` (None: no upper end).

    ``default`` is the value of a run in which flags, configurations and arguments are as written; it may be
    known where the range is wide, and is None where the code does not settle it.
    """

    low: int
    high: int | None
    default: int | None
    origin: tuple[Where, ...] = field(default=(), compare=False)

    @property
    def exact(self) -> int | None:
        """The one value, where there is only one."""
        return self.low if self.low == self.high else None

    @property
    def is_anything(self) -> bool:
        """Whether nothing is known of it."""
        return self.low == 0 and self.high is None and self.default is None


@dataclass(frozen=True, slots=True)
class Constant:
    """A string, bool, float or None; ``sure`` is false for the default of something that may be chosen."""

    value: object
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """What a name is before the pass of a loop that first gives it a value: no value that it may have."""


@dataclass(frozen=True, slots=True)
class Undefined:
    """An axis that the code leaves open on purpose (None in a placeholder's or an Input's shape)."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, tuple, range or other ordered thing. ``items`` are known one by one, or ``item`` stands for each."""

    length: Int
    items: tuple[Abstract, ...] | None = None
    item: Abstract = Unknown()
    repeated: bool | None = None
    """Whether all elements are one and the same object (``[cell] * 3``) or made anew; None where not known."""
    depth: int = field(default=1, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        ends = (self.length.low, self.length.high, self.length.default)
        if any(end is not None and end < 0 for end in ends):
            # As in Python, `[x] * -3` has no elements.
            low, high, default = (end and max(0, end) for end in ends)
            object.__setattr__(self, "length", Int(low or 0, high, default, self.length.origin))
        # Values are compared and hashed part by part: `b = [a, a]`, forty times over, would never end.
        parts = (*self.items, self.item) if self.items else (self.item,)
        depth = 1 + max(one.depth if isinstance(one, Sequence) else 0 for one in parts)
        if depth > DEEPEST:
            object.__setattr__(self, "items", None)
            object.__setattr__(self, "item", UNKNOWN)
            depth = 1
        object.__setattr__(self, "depth", depth)


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor or array with its static shape: one entry an axis, or None where the rank is unknown.

    ``mask`` is None where nothing is known of one. ``last_of`` is the recurrent layer that gave its last output alone.
    """

    shape: tuple[Int | Undefined | Unknown, ...] | None
    mask: Mask | None = None
    last_of: Where | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A dict, namespace, set of flags or named tuple: values by key."""

    entries: Mapping[object, Abstract] = field(hash=False)
    open: bool = False
    """Whether there may be more keys than these."""
    made: ast.AST | None = field(default=None, compare=False)
    """The expression that made it: what is stored in it elsewhere is stored in the table that was made there."""
    settled: frozenset[Scope] = field(default=frozenset(), compare=False)
    """The scopes whose stores are in ``entries`` already."""


@dataclass(frozen=True, slots=True)
class Object:
    """An instance of a class of the project, with the frame of the ``__init__`` that made it."""

    of: ProjectClass
    frame: Frame | None
    stored: Table | None = field(default=None, hash=False)
    """What was stored on it from outside of its methods."""
    method: ast.AST | None = field(default=None, compare=False)
    """The method that it is the ``self`` of, where no more is known of it."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """An input pipeline, or an iterator over it: what each pass over it gives."""

    element: Abstract


@dataclass(frozen=True, slots=True)
class Other:
    """Something that resolution can name and inference has no better word for: a function, a class, a module."""

    named: Named
    frame: Frame | None = field(default=None, compare=False)


Abstract: TypeAlias = (
    Int | Constant | Unknown | Nothing | Undefined | Sequence | Tensor | Table | Object | Dataset | RnnCell | Other
)

UNKNOWN = Unknown()
NOTHING = Nothing()
UNDEFINED = Undefined()
ANY = Int(0, None, None)
"""An integer of which nothing is known but that it counts something."""


def exactly(value: int, origin: tuple[Where, ...] = ()) -> Int:
    """One known integer."""
    return Int(value, value, value, origin)


def as_int(value: Abstract) -> Int:
    """A value as an integer; ANY where it is none."""
    if isinstance(value, Int):
        return value
    if isinstance(value, Constant) and isinstance(value.value, (bool, float)) and abs(value.value) <= LARGEST**2:
        # Infinity is larger, and NaN no number that compares.
        if value.value == int(value.value):
            return exactly(int(value.value))
    return ANY


def truth(value: Abstract) -> bool | None:
    """Whether a condition holds in the default run; None where that is not known."""
    if isinstance(value, Constant):
        return bool(value.value)
    if isinstance(value, Int) and value.default is not None:
        return bool(value.default)
    if isinstance(value, Sequence) and value.length.default is not None:
        return bool(value.length.default)
    return None


def join(values: Iterable[Abstract]) -> Abstract:
    """What holds of a value that is one of these, where nothing says which."""
    found = [value for value in dict.fromkeys(values) if value != NOTHING]
    if not found:
        return UNKNOWN
    if len(found) == 1:
        return found[0]
    if all(isinstance(value, Int) for value in found):
        return _join_ints([value for value in found if isinstance(value, Int)])
    if all(isinstance(value, Sequence) for value in found):
        return _join_sequences([value for value in found if isinstance(value, Sequence)])
    if all(isinstance(value, Tensor) for value in found):
        return _join_tensors([value for value in found if isinstance(value, Tensor)])
    if all(isinstance(value, Table) for value in found):
        return _join_tables([value for value in found if isinstance(value, Table)])
    if isinstance(found[0], Object) and all(isinstance(v, Object) and v.of == found[0].of for v in found):
        return Object(found[0].of, None)
    return UNKNOWN


def _join_ints(values: list[Int]) -> Int:
    defaults = {value.default for value in values}
    highs = [value.high for value in values]
    low = min(value.low for value in values)
    high = None if None in highs else max(high for high in highs if high is not None)
    default = defaults.pop() if len(defaults) == 1 else None
    if default is None:
        # What is said is from where to where: only the ends have to be explained.
        ends = [value for value in values if value.low == low] + [value for value in values if value.high == high]
    else:
        ends = values
    return Int(low, high, default, tuple(dict.fromkeys(where for value in ends for where in value.origin))[:6])


def _join_sequences(values: list[Sequence]) -> Sequence:
    length = _join_ints([value.length for value in values])
    rows = [value.items for value in values if value.items is not None]
    items = None
    if len(rows) == len(values) and length.exact is not None:
        # Tuples of one length agree position by position.
        items = tuple(join(parts) for parts in zip(*rows))
    return Sequence(length, items, join(value.item for value in values))


def _join_tables(values: list[Table]) -> Table:
    keys = dict.fromkeys(key for value in values for key in value.entries)
    entries = {key: join([value.entries.get(key, UNKNOWN) for value in values]) for key in keys}
    made = {value.made for value in values}
    return Table(entries, True, made.pop() if len(made) == 1 else None)


def _join_tensors(values: list[Tensor]) -> Tensor:
    mask = join_masks({value.mask for value in values})
    lasts = {value.last_of for value in values}
    last = lasts.pop() if len(lasts) == 1 else None
    shapes = [value.shape for value in values if value.shape is not None]
    if len(shapes) < len(values) or len({len(shape) for shape in shapes}) != 1:
        return Tensor(None, mask, last)
    axes: list[Int | Undefined | Unknown] = []
    for axis in zip(*shapes):
        joined = join(axis)
        axes.append(joined if isinstance(joined, (Int, Undefined)) else UNKNOWN)
    return Tensor(tuple(axes), mask, last)


def chosen(default: Abstract, others: Iterable[Abstract]) -> Abstract:
    """``default``, which the default run takes, with the range widened by what other runs take."""
    if default == NOTHING:
        return join(others)
    rest = [other for other in others if other not in (default, NOTHING)]
    if not rest:
        return default
    if isinstance(default, Int):
        ints = [other if isinstance(other, Int) else ANY for other in rest]
        return replace(_join_ints([default, *ints]), default=default.default, origin=default.origin)
    if isinstance(default, Constant):
        return replace(default, sure=False)
    if isinstance(default, Sequence):
        lengths = [other.length if isinstance(other, Sequence) else ANY for other in rest]
        length = chosen(default.length, lengths)
        return replace(default, length=as_int(length))
    return default
