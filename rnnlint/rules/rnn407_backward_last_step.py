"""RNN407: the last step of outputs of which a half ran backwards, and has seen that step alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import BACKWARD_ENDS, Report

if TYPE_CHECKING:
    from rnnlint.infer.padding.backward_ends import BackwardEnd
    from rnnlint.rules.context import Context


_LAYER = "without return_sequences=True it gives the final states of both halves"
_RUNNER = "concatenate the final states, or take the last step of the forward and the first of the backward outputs"


def judge(found: BackwardEnd, context: Context) -> Iterator[Report]:
    """Report the expression that takes the last step, with the call that gave the outputs."""
    yield Report(
        node=found.node,
        blanks={"what": found.what},
        api=found.api,
        because=((context.module, found.made_at),),
        help=_LAYER if found.layer else _RUNNER,
    )


backward_last_step = rule(
    code="RNN407",
    name="backward-last-step",
    since="0.1",
    summary="The last step is taken of outputs of which a half ran backwards",
    why="""
        The backward half of a bidirectional layer or runner begins at the end: its output at the last step has seen
        that step and nothing else, and what it learned of the whole sequence stands at the first step. So
        `outputs[:, -1]` of both halves put together is a summary of the sequence in its forward half only. The model
        trains, and is worse than it could be.

        The final states are right for both halves. In Keras a `Bidirectional` around a layer without
        `return_sequences=True` gives them, put together; where you need the steps too, give the layer
        `return_state=True`. Of a runner concatenate the final states of both directions (of an LSTM their `h`), or
        take `forward[:, -1]` and `backward[:, 0]`.

        Where `sequence_length` is given and the lengths differ, `last-output-of-padding` reports the same place.
    """,
    message="the backward half of {what} has seen one step here",
    watches=BACKWARD_ENDS,
    judge=judge,
    rests_on=("backward-half-has-seen-one-step",),
    bad="""
        from tensorflow import keras

        steps = keras.layers.Bidirectional(keras.layers.LSTM(32, return_sequences=True))(inputs)
        outputs = keras.layers.Dense(2)(steps[:, -1])
    """,
    good="""
        from tensorflow import keras

        both = keras.layers.Bidirectional(keras.layers.LSTM(32))(inputs)
        outputs = keras.layers.Dense(2)(both)
    """,
)
