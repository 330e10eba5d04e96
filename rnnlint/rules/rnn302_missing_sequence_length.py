"""RNN302: a legacy runner without the length of each sequence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import RUNS, Report

if TYPE_CHECKING:
    from rnnlint.infer.padding.runs import Run
    from rnnlint.rules.context import Context


def judge(run: Run, context: Context) -> Iterator[Report]:
    """Report a call without lengths, unless padding-as-data reports it."""
    if run.lengths is None and all(run is not padded.run for padded in context.padded_runs):
        yield Report(run.call.func, {"api": run.symbol.path}, run.symbol.path)


missing_sequence_length = rule(
    code="RNN302",
    name="missing-sequence-length",
    since="0.1",
    summary="A legacy runner is called without sequence_length",
    why="""
        Without `sequence_length`, a runner treats every step of every row as data. This is right if all sequences have
        the same length, like the rows of an image or the windows of a signal. It is wrong if shorter sequences are
        padded: their final state is then the state after the padding. The call does not show which case applies, so
        this rule only lists the calls, and is off by default. If the module pads, `padding-as-data` reports it.
    """,
    message="{api} is called without sequence_length: if its sequences are padded, the padding counts as data",
    watches=RUNS,
    judge=judge,
    rests_on=("padding-changes-state", "sequence-length-masks"),
    opt_in=True,
    bad="""
        import tensorflow.compat.v1 as tf

        outputs, state = tf.nn.dynamic_rnn(cell, inputs, dtype=tf.float32)
    """,
    good="""
        import tensorflow as tf

        layer = tf.keras.layers.RNN(cell, return_sequences=True, return_state=True)
        outputs, state = layer(inputs, mask=tf.sequence_mask(lengths))
    """,
)
