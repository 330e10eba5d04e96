"""What can be known of a value without running the code? The abstract values that inference computes with.

An integer is a range, plus its value in the default run: the run with the defaults of flags, configurations and
arguments. Unknown is the range from zero to infinity without a default, so every comparison with a limit is false and
the linter stays quiet.
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
"""Longer lengths are not computed: no graph has that many steps."""

LONGEST = 4096
"""The limit on characters of a string and elements of a literal sequence that are kept; beyond it, only the number
is."""

DEEPEST = 8
"""The nesting limit of sequences; anything deeper is unknown."""


@dataclass(frozen=True, slots=True)
class Int:
    """An integer between ``low`` and ``high`` (None: no upper end).

    ``default`` is its value in the default run, with flags, configurations and arguments as written. It may be known
    although the range is wide, and is None if the code does not determine it.
    """

    low: int
    high: int | None
    default: int | None
    origin: tuple[Where, ...] = field(default=(), compare=False)

    @property
    def exact(self) -> int | None:
        """The only value, if there is exactly one."""
        return self.low if self.low == self.high else None

    @property
    def is_anything(self) -> bool:
        """Whether nothing is known about it."""
        return self.low == 0 and self.high is None and self.default is None


@dataclass(frozen=True, slots=True)
class Constant:
    """A string, bool, float or None; ``sure`` is false for a default that the user may change."""

    value: object
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Unknown:
    """An unknown value."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """The state of a name before the iteration of a loop that first assigns it: not a possible value."""


@dataclass(frozen=True, slots=True)
class Undefined:
    """An axis that is undefined on purpose (None in a placeholder's or an Input's shape)."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, tuple, range or other ordered value. Either all ``items`` are known, or ``item`` stands for each."""

    length: Int
    items: tuple[Abstract, ...] | None = None
    item: Abstract = Unknown()
    repeated: bool | None = None
    """Whether all elements are the same object (``[cell] * 3``) or separate ones; None if unknown."""
    depth: int = field(default=1, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        ends = (self.length.low, self.length.high, self.length.default)
        if any(end is not None and end < 0 for end in ends):
            # As in Python, `[x] * -3` has no elements.
            low, high, default = (end and max(0, end) for end in ends)
            object.__setattr__(self, "length", Int(low or 0, high, default, self.length.origin))
        # Values are compared and hashed recursively: `b = [a, a]`, repeated forty times, would never end.
        parts = (*self.items, self.item) if self.items else (self.item,)
        depth = 1 + max(one.depth if isinstance(one, Sequence) else 0 for one in parts)
        if depth > DEEPEST:
            object.__setattr__(self, "items", None)
            object.__setattr__(self, "item", UNKNOWN)
            depth = 1
        object.__setattr__(self, "depth", depth)


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor or array with its static shape: one entry per axis, or None if the rank is unknown.

    ``mask`` is None if nothing is known about a mask. ``last_of`` is the recurrent layer whose last output alone this
    is.
    """

    shape: tuple[Int | Undefined | Unknown, ...] | None
    mask: Mask | None = None
    last_of: Where | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A dict, namespace, set of flags or named tuple: values by key."""

    entries: Mapping[object, Abstract] = field(hash=False)
    open: bool = False
    """Whether there may be other keys."""
    made: ast.AST | None = field(default=None, compare=False)
    """The expression that made it, which identifies the table in stores elsewhere."""
    settled: frozenset[Scope] = field(default=frozenset(), compare=False)
    """The scopes whose stores are already in ``entries``."""


@dataclass(frozen=True, slots=True)
class Object:
    """An instance of a class of the project, with the frame of the ``__init__`` that made it."""

    of: ProjectClass
    frame: Frame | None
    stored: Table | None = field(default=None, hash=False)
    """What was stored on it outside its methods."""
    method: ast.AST | None = field(default=None, compare=False)
    """The method whose ``self`` it is, if nothing else is known about it."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """An input pipeline, or an iterator over it, with the element of each iteration."""

    element: Abstract


@dataclass(frozen=True, slots=True)
class Other:
    """Something that resolution can name but inference has no other value for: a function, a class, a module."""

    named: Named
    frame: Frame | None = field(default=None, compare=False)


Abstract: TypeAlias = (
    Int | Constant | Unknown | Nothing | Undefined | Sequence | Tensor | Table | Object | Dataset | RnnCell | Other
)

UNKNOWN = Unknown()
NOTHING = Nothing()
UNDEFINED = Undefined()
ANY = Int(0, None, None)
"""An integer about which nothing is known except that it counts something."""


def exactly(value: int, origin: tuple[Where, ...] = ()) -> Int:
    """One known integer."""
    return Int(value, value, value, origin)


def as_int(value: Abstract) -> Int:
    """A value as an integer; ANY if it is not one."""
    if isinstance(value, Int):
        return value
    if isinstance(value, Constant) and isinstance(value.value, (bool, float)) and abs(value.value) <= LARGEST**2:
        # Infinity is larger, and NaN does not compare.
        if value.value == int(value.value):
            return exactly(int(value.value))
    return ANY


def truth(value: Abstract) -> bool | None:
    """Whether a condition is true in the default run; None if unknown."""
    if isinstance(value, Constant):
        return bool(value.value)
    if isinstance(value, Int) and value.default is not None:
        return bool(value.default)
    if isinstance(value, Sequence) and value.length.default is not None:
        return bool(value.length.default)
    return None


def join(values: Iterable[Abstract]) -> Abstract:
    """The merge of possible values: what is true of all of them."""
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
        # The result is a range, so only its ends need an origin.
        ends = [value for value in values if value.low == low] + [value for value in values if value.high == high]
    else:
        ends = values
    return Int(low, high, default, tuple(dict.fromkeys(where for value in ends for where in value.origin))[:6])


def _join_sequences(values: list[Sequence]) -> Sequence:
    length = _join_ints([value.length for value in values])
    rows = [value.items for value in values if value.items is not None]
    items = None
    if len(rows) == len(values) and length.exact is not None:
        # Tuples of equal length are merged position by position.
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
    """``default`` of the default run, with the range widened by the values in other runs."""
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
