"""RNN303: a mask that a layer loses before it reaches a recurrent layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import UNMASKED, Report

if TYPE_CHECKING:
    from rnnlint.infer.unmasked import Unmasked
    from rnnlint.rules.context import Context


def judge(found: Unmasked, context: Context) -> Iterator[Report]:
    """Report a recurrent layer with the layer that made the mask and the one that lost it."""
    mask = found.mask
    if mask.state != "lost" or mask.lost_at is None:
        return
    yield Report(
        node=found.call.func,
        blanks={"layer": found.layer, "maker": mask.maker, "loser": mask.lost_by},
        api=found.api,
        because=tuple((where.module, where.node) for where in (mask.made_at, mask.lost_at)),
    )


lost_mask = rule(
    code="RNN303",
    name="lost-mask",
    since="0.1",
    summary="A Keras layer loses the mask before it reaches a recurrent layer",
    why="""
        `Embedding(mask_zero=True)` and `Masking` attach a mask to what they give, and most layers hand it on. Some do
        not: `Lambda`, `Conv1D`, `SeparableConv1D`, `Reshape`, `Permute`, the pooling, cropping, padding and upsampling
        layers. Neither do arithmetic, indices and functions of TensorFlow between layers. A recurrent layer behind one
        of these computes with the padding, as if no mask had been made. Keras 3 warns where a layer loses it; Keras 2
        says nothing.

        Where the steps stay the same, as behind a `Lambda` or a `Conv1D` with `padding="same"`, hand the mask on
        yourself: `LSTM(32)(x, mask=mask)`, with `mask = embedding.compute_mask(tokens)`. Else put the layer behind the
        recurrent one, or take the mask away where padding is meant to count.

        Not reported are layers in neither list (see [the claims](../claims.md)), functions of TensorFlow that change
        the shape, and layers of your own.
    """,
    message="{layer} computes with padding: {maker} makes a mask and {loser} loses it; hand it on as"
    " {layer}(…)(x, mask=mask)",
    watches=UNMASKED,
    judge=judge,
    rests_on=("keras-layers-drop-mask", "keras-layers-keep-mask", "keras-mask-equals-truncated"),
    bad="""
        from tensorflow import keras

        model = keras.Sequential([
            keras.layers.Embedding(20000, 128, mask_zero=True),
            keras.layers.Conv1D(64, 5, padding="same"),
            keras.layers.LSTM(128),
        ])
    """,
    good="""
        from tensorflow import keras

        tokens = keras.Input(shape=(None,))
        embedding = keras.layers.Embedding(20000, 128, mask_zero=True)
        features = keras.layers.Conv1D(64, 5, padding="same")(embedding(tokens))
        outputs = keras.layers.LSTM(128)(features, mask=embedding.compute_mask(tokens))
    """,
)
