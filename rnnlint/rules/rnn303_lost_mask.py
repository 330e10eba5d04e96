"""RNN303: a mask that a layer loses before it reaches a recurrent layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import UNMASKED, Report

if TYPE_CHECKING:
    from rnnlint.infer.padding.lost_masks import Unmasked
    from rnnlint.rules.context import Context


def judge(found: Unmasked, context: Context) -> Iterator[Report]:
    """Report a recurrent layer with the layer that made the mask and the one that lost it."""
    mask = found.mask
    if mask.state != "lost" or mask.lost_at is None:
        return
    yield Report(
        node=found.place,
        blanks={"layer": found.layer, "maker": mask.maker, "loser": mask.lost_by},
        api=found.api,
        because=tuple((where.module, where.node) for where in (mask.made_at, mask.lost_at)),
        help=_advice(found),
    )


def _advice(found: Unmasked) -> str:
    """What brings the mask to the layer, where it stands like this."""
    mask = found.mask
    if mask.beside:
        return f"mask each input of {mask.lost_by}"
    if mask.lost_by == "Embedding":
        return "set mask_zero=True on that Embedding and reserve 0 for padding"
    called = f"{found.wrapper}({found.layer}(…))" if found.wrapper else f"{found.layer}(…)"
    if found.use is not None and mask.same_steps:
        return f"hand it on as {called}(x, mask=mask)"
    steps = "" if mask.same_steps else f" with a mask of as many steps as {mask.lost_by} gives"
    return ("build the model by calls, and " if found.use is None else "") + f"call {called}(x, mask=mask){steps}"


lost_mask = rule(
    code="RNN303",
    name="lost-mask",
    since="0.1",
    summary="A Keras layer loses the mask before it reaches a recurrent layer",
    why="""
        `Embedding(mask_zero=True)` and `Masking` attach a mask to their output, and most layers pass it on. Some do
        not: `Lambda`, the convolutions, `Reshape`, `Permute`, `Flatten`, the pooling, cropping, padding and upsampling
        layers. Neither do arithmetic, indices and functions of TensorFlow or `keras.ops` between layers. On Keras 3 the
        mask is also lost where a masked sequence is joined with one that has no mask: `Add` and the like drop it, and
        `Concatenate` makes one that counts every step (Keras 2 keeps the mask). A recurrent layer behind any of these
        computes with the padding, as if there were no mask. Keras 3 warns where a layer drops it; Keras 2 does not.

        Where the number of steps stays the same, as behind a `Lambda` or a `Conv1D` with `padding="same"`, pass the
        mask on yourself: `LSTM(32)(x, mask=mask)`, with `mask = embedding.compute_mask(tokens)`. That needs a model
        written by calls: a `Sequential` has no place for it. Where a layer changes the number of steps, the mask has to
        change with it, or the call raises: behind `MaxPooling1D(2)` pass `mask=mask[:, ::2]`, and behind `Reshape` or
        `ZeroPadding1D` make one of the new length. Of a `Bidirectional` it is the wrapper that takes the mask. You can
        also put the layer behind the recurrent one, or remove the mask where padding is meant to count.

        What each stock layer does with a mask was measured on Keras 2 and Keras 3; see [the claims](../claims.md). A
        layer of your own is followed into its `call`, unless it has a `compute_mask` or sets `supports_masking`.
        Layers about which nothing is known are not reported.
    """,
    message="{layer} computes with padding: {maker} makes a mask and {loser} loses it",
    watches=UNMASKED,
    judge=judge,
    rests_on=(
        "keras-layers-drop-mask",
        "keras-layers-keep-mask",
        "keras-mask-table",
        "keras-joined-masks",
        "keras-mask-equals-truncated",
    ),
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
