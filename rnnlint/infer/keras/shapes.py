"""Which output shape does a Keras layer have for an input shape?

Axis 0 is the batch, axis 1 the time of a sequence. An undefined axis (None) stays undefined if Keras leaves it so, and
an unknown one stays unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from rnnlint.infer.keras import windows
from rnnlint.infer.keras.layers import RECURRENT, Layer, returns_sequences
from rnnlint.infer.keras.windows import dimensions, size_of
from rnnlint.infer.tensorflow import tensors
from rnnlint.infer.tensorflow.arguments import as_tensor, shape_from
from rnnlint.infer.values.arithmetic import Axis
from rnnlint.infer.values.domain import UNDEFINED, UNKNOWN, Abstract, Constant, Int, Sequence, Tensor, as_int, exactly

NOTHING = Tensor(None)

KEEPING = frozenset(
    """
    Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D GaussianNoise GaussianDropout AlphaDropout Activation
    ReLU LeakyReLU PReLU ELU Softmax ThresholdedReLU ParametricSoftplus SReLU BatchNormalization LayerNormalization
    UnitNormalization GroupNormalization RMSNormalization Normalization Rescaling Masking ActivityRegularization
    Identity InputLayer
    """.split()  # noqa: SIM905 - as a list it would be three times as long
)
"""Layers whose output has the shape of their input."""

_MERGING = frozenset(("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"))


def output(layer: Layer, given: Abstract) -> Abstract:
    """The output of a layer for a tensor, or for a list of tensors."""
    leaf = layer.leaf
    if leaf in KEEPING:
        return given if isinstance(given, Tensor) else NOTHING
    if leaf in RECURRENT:
        return recurrent(layer, as_tensor(given), returns_sequences(layer))
    if leaf.capitalize() in _MERGING:
        return _merged(_several(given))
    handler = _HANDLERS.get(leaf)
    if handler is None:
        handler = _KINDS.get(leaf[: -len("1D")]) if dimensions(leaf) else None
    return handler(layer, given) if handler is not None else NOTHING


def recurrent(layer: Layer, given: Tensor, sequences: bool | None, around: Layer | None = None) -> Abstract:
    """The output of a recurrent layer, with its states if it returns them; ``around`` is its Bidirectional."""
    shape = given.shape
    if shape is None or len(shape) != RECURRENT[layer.leaf]:
        # Whatever the input, a recurrent layer without sequences returns one vector per row.
        result = Tensor((UNKNOWN, UNKNOWN)) if sequences is False and RECURRENT[layer.leaf] == 3 else NOTHING
    elif sequences is None:
        result = NOTHING
    else:
        inner = (UNKNOWN,) * (len(shape) - 3) + (_units(layer, around),)
        result = Tensor((*shape[:2], *inner) if sequences else (shape[0], *inner))
    if layer.flag(2 if layer.leaf == "RNN" else None, "return_state") is False:
        return result
    if layer.flag(2 if layer.leaf == "RNN" else None, "return_state") is None:
        return NOTHING
    states = 2 if layer.leaf == "LSTM" or layer.leaf.startswith("Conv") else 1
    if layer.leaf == "RNN":
        return Sequence(Int(2, None, None), None, NOTHING)
    states *= 1 if around is None else 2
    return Sequence(exactly(1 + states), (result, *(NOTHING for _ in range(states))), NOTHING)


def never_returns_sequences(layer: Layer) -> bool:
    """Whether a recurrent layer certainly returns only its last output, whatever the options."""
    value = layer.value(1 if layer.leaf == "RNN" else None, "return_sequences")
    if value is None:
        return not layer.may_hide
    return isinstance(value, Constant) and value.value is False and value.sure


def _units(layer: Layer, around: Layer | None) -> Axis:
    if layer.leaf == "RNN":
        return UNKNOWN
    units = size_of(layer.value(0, "units", "output_dim", "filters"))
    if around is None or not isinstance(units, Int):
        return units
    # Both directions are concatenated unless another mode is set.
    return _sum(units, units) if around.value(1, "merge_mode") is None else UNKNOWN


def _several(given: Abstract) -> list[Tensor]:
    """The tensors of a list; one of unknown shape if they are not known individually."""
    if isinstance(given, Sequence) and given.items is not None:
        return [as_tensor(item) for item in given.items]
    if isinstance(given, Sequence):
        return [as_tensor(given.item)] * 2
    return [NOTHING]


def _same_rank(parts: list[Tensor]) -> list[tuple[Axis, ...]]:
    """The shapes of tensors of equal rank; empty if one of them is unknown or differs."""
    shapes = [part.shape for part in parts if part.shape is not None]
    return shapes if len(shapes) == len(parts) and len({len(shape) for shape in shapes}) == 1 else []


def _merged(parts: list[Tensor]) -> Tensor:
    """Elementwise: an axis is known if all agree; a 1 is broadcast."""
    shapes = _same_rank(parts)
    return Tensor(tuple(_agreed(list(axes)) for axes in zip(*shapes))) if shapes else NOTHING


def _agreed(axes: list[Axis]) -> Axis:
    wide = [axis for axis in axes if not (isinstance(axis, Int) and axis.exact == 1)] or axes
    if all(axis == wide[0] for axis in wide):
        return wide[0]
    return UNDEFINED if UNDEFINED in wide else UNKNOWN


def _concatenate(layer: Layer, given: Abstract) -> Abstract:
    shapes = _same_rank(_several(given))
    # The function form is `concatenate(inputs, axis=-1)`; its inputs are the positional argument.
    axis = layer.integer(-1, 1 if layer.leaf == "concatenate" else 0, "axis", "concat_axis")
    if not shapes or axis is None or not -len(shapes[0]) <= axis < len(shapes[0]):
        return NOTHING
    at = axis % len(shapes[0])
    joined = [_agreed(list(axes)) for axes in zip(*shapes)]
    ends = [shape[at] for shape in shapes]
    numbers = [end for end in ends if isinstance(end, Int)]
    if len(numbers) == len(ends):
        total = numbers[0]
        for number in numbers[1:]:
            total = _sum(total, number)
        joined[at] = total
    else:
        joined[at] = UNDEFINED if UNDEFINED in ends else UNKNOWN
    return Tensor(tuple(joined))


def _sum(one: Int, other: Int) -> Int:
    high = None if one.high is None or other.high is None else one.high + other.high
    default = None if one.default is None or other.default is None else one.default + other.default
    return Int(one.low + other.low, high, default, tuple(dict.fromkeys((*one.origin, *other.origin)))[:6])


def _dot(layer: Layer, given: Abstract) -> Abstract:
    parts = _several(given)
    axes = layer.value(1 if layer.leaf == "dot" else 0, "axes", "dot_axes")
    pair = (
        [as_int(one).exact for one in axes.items]
        if isinstance(axes, Sequence) and axes.items
        else [as_int(axes).exact if axes is not None else None] * 2
    )
    if len(parts) != 2 or len(pair) != 2 or any(part.shape is None for part in parts) or None in pair:
        return NOTHING
    kept: list[Axis] = []
    for index, (part, axis) in enumerate(zip(parts, pair)):
        assert part.shape is not None and axis is not None
        at = axis % len(part.shape) if part.shape else 0
        kept += [size for number, size in enumerate(part.shape) if number != at and (number or not index)]
    return Tensor(tuple(kept) if len(kept) > 1 else (*kept, exactly(1)))


def _first_of_several(layer: Layer, given: Abstract) -> Abstract:
    """Attention: as many steps as the query, which comes first."""
    parts = _several(given) if isinstance(given, Sequence) else [as_tensor(given)]
    shape = parts[0].shape if parts else None
    return Tensor((*shape[:-1], UNKNOWN)) if shape else NOTHING


def _dense(layer: Layer, given: Abstract) -> Abstract:
    shape = as_tensor(given).shape
    return Tensor((*shape[:-1], size_of(layer.value(0, "units", "output_dim")))) if shape else NOTHING


def _embedding(layer: Layer, given: Abstract) -> Abstract:
    shape = as_tensor(given).shape
    return NOTHING if shape is None else Tensor((*shape, size_of(layer.value(1, "output_dim"))))


def _repeat(layer: Layer, given: Abstract) -> Abstract:
    shape = as_tensor(given).shape or (UNKNOWN, UNKNOWN)
    return Tensor((shape[0], size_of(layer.value(0, "n")), shape[-1]))


def _reshape(layer: Layer, given: Abstract) -> Abstract:
    shape = as_tensor(given).shape
    target = layer.value(0, "target_shape", "dims")
    if isinstance(target, Int):
        target = Sequence(exactly(1), (target,))
    wanted = shape_from(target, UNKNOWN).shape
    if wanted is None:
        return NOTHING
    batch, inner = (shape[0], shape[1:]) if shape else (UNKNOWN, ())
    if not inner or UNKNOWN in inner:
        return Tensor((batch, *wanted))
    holes = isinstance(target, Sequence) and [as_int(item).exact == -1 for item in target.items or ()]
    if UNDEFINED in inner and holes:
        return Tensor((batch, *(UNDEFINED if hole else axis for hole, axis in zip(holes, wanted))))
    return Tensor((batch, *tensors.fill_minus_one(Tensor(inner), wanted)))


def _permute(layer: Layer, given: Abstract) -> Abstract:
    shape = as_tensor(given).shape
    order = layer.value(0, "dims")
    if shape is None or not isinstance(order, Sequence) or order.items is None:
        return NOTHING
    numbers = [as_int(item).exact or 0 for item in order.items]
    if sorted(numbers) != list(range(1, len(shape))):
        return NOTHING
    return Tensor((shape[0], *(shape[number] for number in numbers)))


def _flatten(layer: Layer, given: Abstract) -> Abstract:
    shape = as_tensor(given).shape
    sizes = [axis.exact for axis in shape[1:] if isinstance(axis, Int)] if shape else []
    if not shape or len(sizes) < len(shape) - 1 or None in sizes:
        return Tensor((shape[0] if shape else UNKNOWN, UNKNOWN))
    total = 1
    for size in sizes:
        total *= size or 0
    return Tensor((shape[0], exactly(total)))


def _global(layer: Layer, given: Abstract) -> Abstract:
    shape = as_tensor(given).shape
    if layer.value(None, "keepdims") is not None:
        return NOTHING
    first = layer.text("channels_last", None, "data_format") == "channels_first"
    return Tensor((shape[0], shape[1 if first else -1])) if shape and len(shape) > 2 else Tensor((UNKNOWN, UNKNOWN))


Handler: TypeAlias = Callable[[Layer, Abstract], Abstract]

_HANDLERS: dict[str, Handler] = {
    "Dense": _dense,
    "TimeDistributedDense": _dense,
    "Embedding": _embedding,
    "RepeatVector": _repeat,
    "Reshape": _reshape,
    "Permute": _permute,
    "Flatten": _flatten,
    "Concatenate": _concatenate,
    "concatenate": _concatenate,
    "Dot": _dot,
    "dot": _dot,
    "Attention": _first_of_several,
    "AdditiveAttention": _first_of_several,
    "MultiHeadAttention": _first_of_several,
}

_KINDS: dict[str, Handler] = {
    "Conv": windows.convolution,
    "Convolution": windows.convolution,
    "SeparableConv": windows.convolution,
    "DepthwiseConv": windows.convolution,
    "MaxPooling": windows.pooling,
    "MaxPool": windows.pooling,
    "AveragePooling": windows.pooling,
    "AvgPool": windows.pooling,
    "UpSampling": windows.upsampling,
    "ZeroPadding": windows.padding,
    "Cropping": windows.cropping,
    "GlobalMaxPooling": _global,
    "GlobalMaxPool": _global,
    "GlobalAveragePooling": _global,
    "GlobalAvgPool": _global,
}
"""The function for a layer, by the part of its name before the number of dimensions."""
