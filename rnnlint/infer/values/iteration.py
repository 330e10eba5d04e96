"""What does iterating over a value return: how many elements, and what is each like?"""

from __future__ import annotations

from rnnlint.infer.values.domain import (
    ANY,
    UNKNOWN,
    Abstract,
    Constant,
    Dataset,
    Int,
    Sequence,
    Table,
    Tensor,
    as_int,
    exactly,
    join,
)


def length(value: Abstract) -> Int:
    """The number of elements of an iteration over a value."""
    if isinstance(value, Sequence):
        return value.length
    if isinstance(value, Tensor) and value.shape:
        return as_int(value.shape[0])
    if isinstance(value, Constant) and isinstance(value.value, (str, bytes)):
        return exactly(len(value.value))
    if isinstance(value, Table) and not value.open:
        return exactly(len(value.entries))
    return ANY


def each(value: Abstract) -> Abstract:
    """A value that stands for every element of an iteration."""
    if isinstance(value, Sequence):
        return value.item if value.items is None else join([*value.items])
    if isinstance(value, Tensor) and value.shape:
        return Tensor(value.shape[1:])
    if isinstance(value, Dataset):
        return value.element
    return UNKNOWN
