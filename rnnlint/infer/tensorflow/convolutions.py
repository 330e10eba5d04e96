"""Which output shapes do TensorFlow's window functions have, in tf.nn, tf.layers and tf.contrib.layers?"""

from __future__ import annotations

import re
from typing import NamedTuple

from rnnlint.infer.tensorflow.arguments import Arguments
from rnnlint.infer.values.arithmetic import Axis
from rnnlint.infer.values.domain import UNKNOWN, Abstract, Constant, Int, Sequence, Tensor, as_int
from rnnlint.infer.values.windows import window

_NAME = re.compile(r"(conv|convolution|separable_conv|depthwise_conv|max_pool(?:ing)?|avg_pool|average_pooling)(\d)?d?")


class _Window(NamedTuple):
    """The positions of a function's arguments, and their defaults."""

    size: tuple[int, tuple[str, ...]]
    stride: tuple[int, tuple[str, ...]]
    padding: int
    border: str | None = None
    default_stride: int | None = 1


_LAYERS = {
    True: _Window((2, ("kernel_size",)), (3, ("strides",)), 4, "valid"),
    False: _Window((1, ("pool_size",)), (2, ("strides",)), 3, "valid", None),
}
_CONTRIB = {
    True: _Window((2, ("kernel_size",)), (3, ("stride",)), 4, "same"),
    False: _Window((1, ("kernel_size",)), (2, ("stride",)), 3, "valid", 2),
}
_PLAIN = {
    True: _Window((1, ("filter", "filters")), (2, ("strides", "stride")), 3),
    False: _Window((1, ("ksize",)), (2, ("strides",)), 3),
}


def result(arguments: Arguments, path: str) -> Abstract | None:
    """The tensor that such a function returns; None for any other function."""
    package, _, leaf = path.rpartition(".")
    named = _NAME.fullmatch(leaf)
    if named is None:
        return None
    convolves = "conv" in named[1]
    if package.endswith(".nn"):
        return _plain(arguments, _PLAIN[convolves], convolves)
    kind = _LAYERS if package in ("tf.layers", "tf.compat.v1.layers") else _CONTRIB
    if package.startswith(("keras", "tf.keras")) or named[1].startswith("depthwise"):
        return None
    return _layer(arguments, kind[convolves], convolves)


def _plain(arguments: Arguments, words: _Window, convolves: bool) -> Tensor:
    """``tf.nn``: strides and windows are given for all axes, or for the spatial ones."""
    base = arguments.tensor(0, "input", "value")
    border = _text(arguments.value(words.padding, "padding"), None)
    order = _text(arguments.value(None, "data_format"), "nhwc")
    if base.shape is None or len(base.shape) < 3 or border is None or order not in ("nhwc", "nwc", "ndhwc"):
        return Tensor(None)
    count = len(base.shape) - 2
    strides = arguments.value(words.stride[0], *words.stride[1])
    filters = arguments.tensor(words.size[0], *words.size[1]) if convolves else None
    sizes = arguments.value(words.size[0], *words.size[1]) if not convolves else None
    axes = list(base.shape)
    for number in range(count):
        size = _nth(sizes, number, count, None)
        if filters is not None and filters.shape is not None and len(filters.shape) == count + 2:
            size = as_int(filters.shape[number]).exact
        axes[1 + number] = _slid(axes[1 + number], size, _nth(strides, number, count, 1), border)
    if filters is not None:
        axes[-1] = filters.shape[-1] if filters.shape else UNKNOWN
    return Tensor(tuple(axes))


def _layer(arguments: Arguments, words: _Window, convolves: bool) -> Tensor:
    """``tf.layers`` and ``tf.contrib.layers``."""
    base = arguments.tensor(0, "inputs")
    border = _text(arguments.value(words.padding, "padding"), words.border)
    order = _text(arguments.value(None, "data_format"), "channels_last")
    if base.shape is None or len(base.shape) < 3 or border is None or order not in ("channels_last", "nhwc"):
        return Tensor(None)
    count = len(base.shape) - 2
    sizes = arguments.value(words.size[0], *words.size[1])
    strides = arguments.value(words.stride[0], *words.stride[1])
    spread = arguments.value(None, "dilation_rate", "rate")
    axes = list(base.shape)
    for number in range(count):
        size = _nth(sizes, number, count, None)
        wide = _nth(spread, number, count, 1)
        reach = None if size is None or wide is None else (size - 1) * wide + 1
        step = _nth(strides, number, count, words.default_stride or size)
        axes[1 + number] = _slid(axes[1 + number], reach, step, border)
    if convolves:
        depth = arguments.value(1, "filters", "num_outputs")
        axes[-1] = depth if isinstance(depth, Int) and depth.default is not None else UNKNOWN
    return Tensor(tuple(axes))


def _slid(axis: Axis, size: int | None, stride: int | None, border: str) -> Axis:
    if not isinstance(axis, Int):
        return axis
    return window(axis, size, stride, border) or UNKNOWN


def _nth(value: Abstract | None, number: int, count: int, default: int | None) -> int | None:
    """One number for all axes, one for each, or one for each including batch and channels."""
    if value is None or isinstance(value, Constant) and value.value is None:
        return default
    if not isinstance(value, Sequence):
        return as_int(value).exact
    if value.items is None:
        return None
    at = number + 1 if len(value.items) == count + 2 else number
    return as_int(value.items[at]).exact if at < len(value.items) else as_int(value.items[0]).exact


def _text(value: Abstract | None, default: str | None) -> str | None:
    if value is None:
        return default
    return value.value.lower() if isinstance(value, Constant) and isinstance(value.value, str) else None
