"""How long is a time axis after a sliding window, or after padding, cropping or upsampling?"""

from __future__ import annotations

from collections.abc import Callable

from rnnlint.infer.keras.layers import Layer
from rnnlint.infer.tensorflow.arguments import as_tensor
from rnnlint.infer.values.arithmetic import Axis
from rnnlint.infer.values.domain import UNKNOWN, Abstract, Constant, Int, Sequence, Tensor, as_int
from rnnlint.infer.values.windows import through, window


def dimensions(leaf: str) -> int:
    """The number of spatial axes in a name such as ``Conv1D``; 0 for none."""
    return int(leaf[-2]) if leaf[-2:] in ("1D", "2D", "3D") else 0


def size_of(value: Abstract | None) -> Axis:
    """An argument as the length of an axis."""
    return value if isinstance(value, Int) and value.default is not None else UNKNOWN


def _resized(layer: Layer, given: Abstract, lengths: Callable[[Int, int], Int | None], channels: Axis | None) -> Tensor:
    """The shape with its spatial axes changed one by one; ``lengths`` gets an axis and its number. ``channels=None``
    keeps the channels."""
    shape = as_tensor(given).shape
    count = dimensions(layer.leaf)
    order = layer.text("channels_last", None, "data_format", "dim_ordering")
    if shape is None or len(shape) != count + 2 or order is None:
        return Tensor(None)
    start = 2 if order in ("channels_first", "th") else 1
    axes = list(shape)
    for number in range(count):
        axis = axes[start + number]
        if isinstance(axis, Int):
            axes[start + number] = lengths(axis, number) or UNKNOWN
    if channels is not None:
        axes[1 if start == 2 else -1] = channels
    return Tensor(tuple(axes))


def _nth(value: Abstract | None, number: int, default: int | None) -> int | None:
    """An argument that is one integer for all axes, or one for each."""
    if value is None or isinstance(value, Constant) and value.value is None:
        return default
    if isinstance(value, Sequence):
        return as_int(value.items[number]).exact if value.items is not None and number < len(value.items) else None
    return as_int(value).exact


def convolution(layer: Layer, given: Abstract) -> Tensor:
    """Convolutions of Keras 1 to 3, also separable and depthwise ones."""
    depthwise = layer.leaf.startswith("Depthwise")
    old = layer.leaf.startswith("Convolution")
    kernel = layer.value(0 if depthwise else 1, "kernel_size", "filter_length", "nb_row")
    strides = layer.value(1 if depthwise else None if old else 2, "strides", "subsample_length", "subsample")
    dilation = layer.value(None if depthwise or old else 5, "dilation_rate")
    border = layer.text("valid", 2 if depthwise else None if old else 3, "padding", "border_mode")
    if old and (layer.leaf != "Convolution1D" or len(layer.positional) > 2):
        # The third positional argument changed from Keras 1 to 2.
        return Tensor(None)

    def lengths(axis: Int, number: int) -> Int | None:
        size, spread = _nth(kernel, number, None), _nth(dilation, number, 1)
        reach = None if size is None or spread is None else (size - 1) * spread + 1
        return window(axis, reach, _nth(strides, number, 1), border)

    return _resized(layer, given, lengths, UNKNOWN if depthwise else size_of(layer.value(0, "filters", "nb_filter")))


def pooling(layer: Layer, given: Abstract) -> Tensor:
    """Pooling with a window; the default stride is the window's size."""
    size = layer.value(0, "pool_size", "pool_length")
    strides = layer.value(1, "strides", "stride")
    border = layer.text("valid", 2, "padding", "border_mode")

    def lengths(axis: Int, number: int) -> Int | None:
        width = _nth(size, number, 2)
        return window(axis, width, _nth(strides, number, width), border)

    return _resized(layer, given, lengths, None)


def upsampling(layer: Layer, given: Abstract) -> Tensor:
    """Upsampling: every step is repeated."""
    size = layer.value(0, "size", "length")

    def lengths(axis: Int, number: int) -> Int | None:
        times = _nth(size, number, 2)
        return None if times is None else through(axis, lambda n: n * times)

    return _resized(layer, given, lengths, None)


def padding(layer: Layer, given: Abstract) -> Tensor:
    """Padding: steps are added at both ends."""
    return _edges(layer, given, 1)


def cropping(layer: Layer, given: Abstract) -> Tensor:
    """Cropping: steps are removed from both ends."""
    return _edges(layer, given, -1)


def _edges(layer: Layer, given: Abstract, sign: int) -> Tensor:
    """Padding (sign 1) or cropping (sign -1): one number for both ends, or one for each."""
    width = layer.value(0, "padding", "cropping")

    def lengths(axis: Int, number: int) -> Int | None:
        ends = width
        if isinstance(width, Sequence) and width.items and isinstance(width.items[0], Sequence):
            ends = width.items[number] if number < len(width.items) else UNKNOWN
        elif isinstance(width, Sequence) and dimensions(layer.leaf) > 1:
            ends = width.items[number] if width.items is not None and number < len(width.items) else UNKNOWN
        before, after = _nth(ends, 0, 1), _nth(ends, 1, 1)
        return None if before is None or after is None else through(axis, lambda n: n + sign * (before + after))

    return _resized(layer, given, lengths, None)
