"""Which input does a Keras layer declare?"""

from __future__ import annotations

from rnnlint.infer.keras.layers import INPUTS, RECURRENT, Layer
from rnnlint.infer.tensorflow.arguments import shape_from
from rnnlint.infer.values.domain import UNDEFINED, UNKNOWN, Abstract, Constant, Int, Tensor


def own_input(layer: Layer) -> Tensor | None:
    """The input shape that a layer's arguments declare, which applies to the first layer of a Sequential.

    None if there is none. Axis 0 is the batch.
    """
    whole = layer.value(None, "batch_input_shape", "batch_shape")
    if whole is not None:
        return shape_from(whole)
    position = 0 if layer.leaf in INPUTS else None
    names = ("shape", "input_shape") if layer.leaf in INPUTS else ("input_shape",)
    shape = layer.value(position, *names)
    batch = layer.value(None, "batch_size")
    first = batch if isinstance(batch, Int) else UNDEFINED if batch is None or _is_none(batch) else UNKNOWN
    if shape is not None:
        found = shape_from(shape)
        return found if found.shape is None else Tensor((first, *found.shape))
    length = layer.value(None, "input_length")
    if length is None or layer.leaf not in RECURRENT and layer.leaf != "Embedding":
        return _from_dimension(layer)
    axis = length if isinstance(length, Int) else UNDEFINED if _is_none(length) else UNKNOWN
    return Tensor((UNDEFINED, axis) if layer.leaf == "Embedding" else (UNDEFINED, axis, UNKNOWN))


def _from_dimension(layer: Layer) -> Tensor | None:
    """``LSTM(8, input_dim=3)`` of Keras 1 and 2 leaves the time axis undefined."""
    depth = layer.value(None, "input_dim")
    if depth is None or layer.leaf == "Embedding":
        return None
    if layer.leaf in RECURRENT:
        return Tensor((UNDEFINED, UNDEFINED, UNKNOWN))
    return Tensor((UNDEFINED, depth if isinstance(depth, Int) else UNKNOWN)) if layer.leaf == "Dense" else None


def _is_none(value: Abstract) -> bool:
    return isinstance(value, Constant) and value.value is None
