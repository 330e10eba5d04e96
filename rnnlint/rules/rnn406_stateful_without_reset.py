"""RNN406: a stateful Keras layer without a fixed batch size, or whose states are never reset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import STATEFUL, Report

if TYPE_CHECKING:
    from rnnlint.infer.pitfalls.stateful import StatefulLayer
    from rnnlint.rules.context import Context


def judge(found: StatefulLayer, context: Context) -> Iterator[Report]:
    """Report the layer: without a batch size it raises, without a reset it continues from the previous batch."""
    layer = found.layer
    says = "has an input without a fixed batch size: this raises" if found.open_batch else (
        "continues from the previous batch in each epoch and prediction, because nothing resets it"
    )  # fmt: skip
    yield Report(
        node=layer.call.func,
        blanks={"layer": layer.leaf, "says": says},
        api=layer.path,
        help="give the input a batch_size, or remove stateful"
        if found.open_batch
        else "reset its states where a new sequence begins, or remove stateful",
        severity="error" if found.open_batch else "warning",
    )


stateful_without_reset = rule(
    code="RNN406",
    name="stateful-without-reset",
    since="0.1",
    summary="A stateful Keras layer has no fixed batch size, or nothing resets its states",
    why="""
        With `stateful=True`, a layer begins each batch with the final state of the previous batch. This is right for
        one long sequence that is cut into pieces, if the states are reset where a new sequence begins. Without a reset,
        the first batch of an epoch continues from the end of the data, and a prediction from whatever was computed
        last. Call `reset_states()` of the layer (`reset_state()` on Keras 3) between epochs and before you predict;
        `fit` does not. If each row of a batch is an independent sequence, remove `stateful`.

        The layer keeps a state for each row of the batch, so it needs a fixed number of rows:
        `Input((10, 4), batch_size=32)`. Without a batch size it raises as soon as the model is built.

        A missing reset is reported if a module trains in several epochs, or trains and predicts, and no module of the
        project resets or sets the states. A module that only predicts may carry the state on purpose.
    """,
    message="this stateful {layer} {says}",
    watches=STATEFUL,
    judge=judge,
    severities=("error", "warning"),
    rests_on=("stateful-carries-state",),
    bad="""
        from tensorflow import keras

        model = keras.Sequential([
            keras.Input((10, 4), batch_size=32),
            keras.layers.LSTM(64, stateful=True),
            keras.layers.Dense(1),
        ])
        model.compile("adam", "mse")
        model.fit(x, y, batch_size=32, epochs=10)
    """,
    good="""
        from tensorflow import keras

        model = keras.Sequential([
            keras.Input((10, 4)),
            keras.layers.LSTM(64),
            keras.layers.Dense(1),
        ])
        model.compile("adam", "mse")
        model.fit(x, y, batch_size=32, epochs=10)
    """,
)
