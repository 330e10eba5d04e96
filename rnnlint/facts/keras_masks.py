"""Which Keras layers hand a mask on, and which lose it?

Each was measured on Keras 2 and Keras 3: claims keras-layers-keep-mask and keras-layers-drop-mask. What stands in
neither list was not, and nothing is said of it.
"""

from __future__ import annotations

KEEPING = frozenset(
    """
    Dense Dropout SpatialDropout1D GaussianNoise Activation BatchNormalization LayerNormalization UnitNormalization
    ReLU LeakyReLU TimeDistributed Add Concatenate Multiply MultiHeadAttention SimpleRNN LSTM GRU Bidirectional
    """.split()  # noqa: SIM905 - as a list it would be three times as long
)
"""A recurrent layer behind these sees the mask; of recurrent ones those with ``return_sequences=True``."""

LOSING = frozenset(
    """
    Lambda Conv1D SeparableConv1D Reshape Permute MaxPooling1D AveragePooling1D Cropping1D ZeroPadding1D UpSampling1D
    """.split()  # noqa: SIM905
)
"""A recurrent layer behind these computes with the padding."""

_OTHER_NAMES = {
    "Convolution1D": "Conv1D",
    "SeparableConvolution1D": "SeparableConv1D",
    "MaxPool1D": "MaxPooling1D",
    "AvgPool1D": "AveragePooling1D",
}


def keeps(layer: str) -> bool | None:
    """Whether a layer of this name hands a mask on; None where that was not measured."""
    name = _OTHER_NAMES.get(layer, layer)
    return True if name in KEEPING else False if name in LOSING else None
