"""RNN303: a mask that a layer drops before it reaches a recurrent layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import UNMASKED, Report

if TYPE_CHECKING:
    from rnnlint.infer.padding.lost_masks import Unmasked
    from rnnlint.rules.context import Context


def judge(found: Unmasked, context: Context) -> Iterator[Report]:
    """Report a recurrent layer with the layer that made the mask and the one that dropped it."""
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
    """How to get the mask to the layer."""
    mask = found.mask
    if mask.beside:
        return f"mask each input of {mask.lost_by}"
    if mask.lost_by == "Embedding":
        return "set mask_zero=True on that Embedding and reserve 0 for padding"
    called = f"{found.wrapper}({found.layer}(…))" if found.wrapper else f"{found.layer}(…)"
    if found.use is not None and mask.same_steps:
        return f"pass it on: {called}(x, mask=mask)"
    steps = "" if mask.same_steps else f" with a mask of as many steps as {mask.lost_by} returns"
    return ("use the functional API, and " if found.use is None else "") + f"call {called}(x, mask=mask){steps}"


lost_mask = rule(
    code="RNN303",
    name="lost-mask",
    since="0.1",
    summary="A Keras layer drops the mask before it reaches a recurrent layer",
    why="""
        `Embedding(mask_zero=True)` and `Masking` attach a mask to their output, and most layers pass it on. Some do
        not: `Lambda`, the convolutions, `Reshape`, `Permute`, `Flatten`, the pooling, cropping, padding and upsampling
        layers. Nor do arithmetic, indexing and functions of TensorFlow or `keras.ops` between layers. Keras 3 also
        drops the mask when a masked sequence is joined with one that has no mask: `Add` and similar layers drop it, and
        `Concatenate` makes one that counts every step (Keras 2 keeps the mask). A recurrent layer after any of these
        treats the padding as data, as if there were no mask. Keras 3 warns if a layer drops the mask; Keras 2 does not.

        If the number of steps stays the same, as after a `Lambda` or a `Conv1D` with `padding="same"`, pass the mask on
        yourself: `LSTM(32)(x, mask=mask)`, with `mask = embedding.compute_mask(tokens)`. This needs the functional API:
        a `Sequential` cannot pass a mask. If a layer changes the number of steps, change the mask in the same way, or
        the call raises: after `MaxPooling1D(2)` pass `mask=mask[:, ::2]`, and after `Reshape` or `ZeroPadding1D` make a
        mask of the new length. With `Bidirectional`, pass the mask to the wrapper. You can also move the layer after
        the recurrent one, or remove the mask if padding is meant to count.

        What each built-in layer does with a mask was measured on Keras 2 and Keras 3; see [the claims](../claims.md).
        rnnlint follows your own layers into their `call`, unless they have a `compute_mask` or set `supports_masking`.
        Unknown layers are not reported.
    """,
    message="{layer} treats padding as data: {maker} makes a mask, but {loser} drops it",
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
