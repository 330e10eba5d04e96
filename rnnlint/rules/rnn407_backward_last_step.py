"""RNN407: the last step of bidirectional outputs, whose backward half has seen only that step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import BACKWARD_ENDS, Report

if TYPE_CHECKING:
    from rnnlint.infer.padding.backward_ends import BackwardEnd
    from rnnlint.rules.context import Context


_LAYER = "without return_sequences=True it returns the final states of both halves"
_RUNNER = "concatenate the final states, or take the last forward output and the first backward output"


def judge(found: BackwardEnd, context: Context) -> Iterator[Report]:
    """Report the expression that takes the last step, with the call that returned the outputs."""
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
    summary="The code uses the last step of bidirectional outputs, where the backward half has seen only that step",
    why="""
        The backward half of a bidirectional layer or runner starts at the end of the sequence. Its output at the last
        step has seen only that step; its output for the whole sequence is at the first step. In `outputs[:, -1]` of the
        concatenated halves, only the forward half summarizes the sequence. The model trains, but is worse than it
        could be.

        The final states are right for both halves. In Keras, a `Bidirectional` around a layer without
        `return_sequences=True` returns them concatenated; if you need the steps too, set `return_state=True` on the
        layer. With a runner, concatenate the final states of both directions (for an LSTM, their `h`), or take
        `forward[:, -1]` and `backward[:, 0]`.

        If `sequence_length` is given and the lengths differ, `last-output-of-padding` reports the same place.
    """,
    message="the backward half of {what} has seen only one step here",
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
