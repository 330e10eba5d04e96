"""RNN205: a Keras layer with unroll=True over a time axis of undefined length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import LAYERS, Report

if TYPE_CHECKING:
    from rnnlint.infer.unrolls.unrolled_layers import UnrolledLayer
    from rnnlint.rules.context import Context

_RAISES = {
    2: "Keras 2 raises ValueError when the layer is built",
    3: "Keras 3 builds it, but raises ValueError on a second length, on export, or on a dataset of unknown length",
}


def judge(layer: UnrolledLayer, context: Context) -> Iterator[Report]:
    """Report a layer whose time axis is None on purpose."""
    if layer.is_open:
        from rnnlint.rules.loop_form import loop_of_layer
        from rnnlint.rules.unroll_fix import unroll_fix

        blanks = {"layer": layer.layer, "raises": _RAISES[context.settings.keras]}
        yield Report(
            node=layer.call.func,
            blanks=blanks,
            api=layer.api,
            fix=unroll_fix(layer, context),
            severity="error" if context.settings.keras == 2 else "warning",
            help=f"give the axis a length, or {loop_of_layer(layer, None)}",
        )


undefined_keras_unroll = rule(
    code="RNN205",
    name="undefined-keras-unroll",
    since="0.1",
    summary="A Keras layer with unroll=True over a time axis of undefined length",
    why="""
        A layer can be unrolled only over a number of steps that is known when the graph is built. Over a time axis of
        `None`, Keras 2 (TensorFlow before 2.16) raises when the layer is built. Keras 3 builds it, and `fit` works for
        one length. It raises when `fit` or `predict` gets a second length, on a dataset whose time axis is undefined,
        and when you export the model. Give the axis a length, or remove `unroll`: a loop takes any length.

        The fix removes `unroll=True`. If the fix is safe, the layer computes the same without it.
    """,
    message="{layer} has unroll=True over a time axis of undefined length: {raises}",
    watches=LAYERS,
    judge=judge,
    severities=("error", "warning"),
    rests_on=("keras-unroll-needs-length", "keras-unroll-same-results"),
    fixable=True,
    bad="""
        from tensorflow import keras

        inputs = keras.Input(shape=(None, 8))
        outputs = keras.layers.LSTM(32, unroll=True)(inputs)
    """,
    good="""
        from tensorflow import keras

        inputs = keras.Input(shape=(None, 8))
        outputs = keras.layers.LSTM(32)(inputs)
    """,
)
