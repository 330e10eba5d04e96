"""What does an input pipeline return? ``tf.data`` from its source to the iterator, parsed records, queues of
batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from rnnlint.infer.tensorflow.arguments import Arguments, shape_from
from rnnlint.infer.values.arithmetic import Axis
from rnnlint.infer.values.domain import (
    UNKNOWN,
    Abstract,
    Dataset,
    Other,
    Sequence,
    Table,
    Tensor,
    as_int,
    exactly,
    join,
    truth,
)
from rnnlint.infer.values.iteration import each
from rnnlint.resolve.values import Made

Source: TypeAlias = Callable[[Arguments], Abstract]

_PLACES = ("tf.data.", "tf.io.", "tf.train.", "tf.parse_")
_SAME = frozenset(
    """
    shuffle repeat prefetch cache take skip filter shard with_options take_while snapshot
    make_one_shot_iterator make_initializable_iterator as_numpy_iterator
    """.split()  # noqa: SIM905 - as a list it would be three times as long
)
"""Methods that keep each element unchanged."""


def result(arguments: Arguments, path: str) -> Abstract | None:
    """The result of a function or class of ``tf.data`` or ``tf.io``; None for any other."""
    source = _SOURCES.get(path.rpartition(".")[2])
    return (
        source(arguments) if source is not None and path.replace("tf.compat.v1.", "tf.").startswith(_PLACES) else None
    )


def method(arguments: Arguments, base: Dataset, name: str) -> Abstract:
    """The result of a method of a dataset, or of its iterator."""
    if name in _SAME:
        return base
    if name in ("get_next", "next"):
        return base.element
    if name == "map":
        return Dataset(_mapped(arguments, base.element))
    if name == "unbatch":
        return Dataset(_on_tensors(base.element, lambda one: Tensor(one.shape[1:] if one.shape else None)))
    if name == "batch":
        size = as_int(arguments.value(0, "batch_size") or UNKNOWN)
        drops = arguments.value(1, "drop_remainder")
        # Without drop_remainder the last batch may be smaller.
        axis = size if drops is not None and truth(drops) else UNKNOWN
        return Dataset(_on_tensors(base.element, lambda one: _batched(one, axis)))
    if name == "padded_batch":
        shapes = arguments.value(1, "padded_shapes")
        return Dataset(_padded(base.element, shapes))
    return Dataset(UNKNOWN)


def _on_tensors(element: Abstract, change: Callable[[Tensor], Tensor]) -> Abstract:
    """An element of a dataset with each of its tensors changed."""
    if isinstance(element, Tensor):
        return change(element)
    if isinstance(element, Sequence) and element.items is not None:
        items = tuple(_on_tensors(item, change) for item in element.items)
        return Sequence(element.length, items, join(items))
    if isinstance(element, Table):
        return Table({key: _on_tensors(value, change) for key, value in element.entries.items()}, element.open)
    return UNKNOWN


def _batched(one: Tensor, axis: Axis = UNKNOWN) -> Tensor:
    return Tensor(None if one.shape is None else (axis, *one.shape))


def _padded(element: Abstract, shapes: Abstract | None) -> Abstract:
    """``padded_batch``: an axis of None becomes as long as the longest row of the batch."""
    if shapes is None:
        # A tensor with a known shape keeps it, except for undefined axes.
        return _on_tensors(element, lambda one: _batched(one))
    if isinstance(shapes, Sequence) and isinstance(element, Sequence) and element.items and shapes.items:
        pairs = zip(element.items, shapes.items)
        items = tuple(_padded(one, shape) for one, shape in pairs)
        return Sequence(exactly(len(items)), items, join(items))
    if isinstance(shapes, Table) and isinstance(element, Table):
        return Table({key: _padded(element.entries.get(key, UNKNOWN), s) for key, s in shapes.entries.items()})
    return _batched(shape_from(shapes, UNKNOWN))


def _mapped(arguments: Arguments, element: Abstract) -> Abstract:
    """The result of a function for an element; a tuple is passed as several arguments."""
    parts = element.items if isinstance(element, Sequence) and element.items is not None else (element,)
    return arguments.applied(arguments.node(0, "map_func"), parts)


def _slices(arguments: Arguments) -> Abstract:
    whole = arguments.value(0, "tensors") or UNKNOWN
    if isinstance(whole, Sequence) and whole.items is None:
        return Dataset(each(whole))
    return Dataset(_on_tensors(whole, lambda one: Tensor(one.shape[1:] if one.shape else None)))


def _generated(arguments: Arguments) -> Abstract:
    shapes = arguments.value(2, "output_shapes")
    return Dataset(UNKNOWN if shapes is None else _of_shapes(shapes))


def _of_shapes(shapes: Abstract) -> Abstract:
    """The element of these shapes: one shape, or a tuple or dict of them."""
    if isinstance(shapes, Table):
        return Table({key: _of_shapes(one) for key, one in shapes.entries.items()}, shapes.open)
    if isinstance(shapes, Sequence) and shapes.items and all(isinstance(one, Sequence) for one in shapes.items):
        items = tuple(_of_shapes(one) for one in shapes.items)
        return Sequence(shapes.length, items, join(items))
    return shape_from(shapes, UNKNOWN)


def _zipped(arguments: Arguments) -> Abstract:
    whole = arguments.value(0, "datasets")
    parts = whole.items if isinstance(whole, Sequence) and whole.items is not None else ()
    if not parts or not all(isinstance(part, Dataset) for part in parts):
        return Dataset(UNKNOWN)
    elements = tuple(part.element for part in parts if isinstance(part, Dataset))
    return Dataset(Sequence(exactly(len(elements)), elements, join(elements)))


def _record(arguments: Arguments) -> Abstract:
    return _tensors_of(arguments, arguments.value(1, "features"), ())


def _records(arguments: Arguments) -> Abstract:
    return _tensors_of(arguments, arguments.value(1, "features"), (UNKNOWN,))


def _sequence_record(arguments: Arguments) -> Abstract:
    context = _tensors_of(arguments, arguments.value(1, "context_features"), ())
    steps = _tensors_of(arguments, arguments.value(2, "sequence_features"), (UNKNOWN,))
    return Sequence(exactly(2), (context, steps))


def _tensors_of(arguments: Arguments, features: Abstract | None, axes: tuple[Axis, ...]) -> Abstract:
    """The tensors of a record, or of records, by feature name."""
    if not isinstance(features, Table):
        return UNKNOWN
    return Table({name: _of_feature(arguments, one, axes) for name, one in features.entries.items()}, features.open)


def _of_feature(arguments: Arguments, declared: Abstract, axes: tuple[Axis, ...]) -> Abstract:
    """The tensor of a ``FixedLenFeature(shape, dtype)``; a feature of variable length is unknown."""
    if not isinstance(declared, Other) or not isinstance(declared.named, Made):
        return UNKNOWN
    made = declared.named
    if made.path.rpartition(".")[2] not in ("FixedLenFeature", "FixedLenSequenceFeature"):
        return UNKNOWN
    shape = Arguments(arguments.evaluator, made.call, made.module, declared.frame).value(0, "shape")
    one = shape_from(shape, UNKNOWN).shape
    return Tensor(None if one is None else (*axes, *one))


def _queued(arguments: Arguments) -> Abstract:
    """``tf.train.batch(tensors, batch_size)``: each tensor gets a batch axis in front."""
    size = as_int(arguments.value(1, "batch_size") or UNKNOWN)
    return _on_tensors(arguments.value(0, "tensors") or UNKNOWN, lambda one: _batched(one, size))


_SOURCES: dict[str, Source] = {
    "TFRecordDataset": lambda arguments: Dataset(Tensor(())),
    "TextLineDataset": lambda arguments: Dataset(Tensor(())),
    "from_tensor_slices": _slices,
    "from_tensors": lambda arguments: Dataset(arguments.value(0, "tensors") or UNKNOWN),
    "from_generator": _generated,
    "zip": _zipped,
    "make_one_shot_iterator": lambda arguments: arguments.value(0, "dataset") or UNKNOWN,
    "make_initializable_iterator": lambda arguments: arguments.value(0, "dataset") or UNKNOWN,
    "parse_single_example": _record,
    "parse_example": _records,
    "parse_single_sequence_example": _sequence_record,
    "batch": _queued,
    "shuffle_batch": _queued,
}
