"""RNN401: the last output of a padded batch, which is zero for each shorter sequence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import LAST_OUTPUTS, Report

if TYPE_CHECKING:
    from rnnlint.infer.padding.last_outputs import LastOutput
    from rnnlint.rules.context import Context


def judge(found: LastOutput, context: Context) -> Iterator[Report]:
    """Report the expression that takes the last step, with the call that was given lengths."""
    run = found.run
    yield Report(
        node=found.node,
        blanks={"api": run.leaf},
        api=run.symbol.path,
        because=((context.module, run.call),),
        help="use the final state, or gather each output at its own last step",
    )


last_output_of_padding = rule(
    code="RNN401",
    name="last-output-of-padding",
    since="0.1",
    summary="The code uses the last output of a padded batch, which is zero for shorter sequences",
    why="""
        With `sequence_length`, a runner returns zeros past the end of each sequence. `outputs[:, -1]` is then the last
        output for the longest sequences only, and a row of zeros for each shorter one: the classifier after it learns
        nothing from those. The final state is right for every sequence, whatever its length; for an LSTM, its `h` is
        the last output. If you need the outputs, gather each at its own last step:
        `tf.gather_nd(outputs, tf.stack([tf.range(batch), lengths - 1], axis=1))`.

        Each way to write the last step is reported: `outputs[:, -1]`, `tf.gather` of transposed outputs, the last
        element of `tf.unstack`, a slice, `range(batch) * steps + (steps - 1)` of flattened outputs, and the last
        element of a static runner's list. Lengths that are the same for all sequences, such as `[steps] * batch`, mean
        no padding and are not reported; nor is a batch of one sequence.
    """,
    message="this is zero for every sequence shorter than the longest, because {api} gets sequence_length",
    watches=LAST_OUTPUTS,
    judge=judge,
    rests_on=("last-output-of-padding-is-zero", "sequence-length-masks"),
    bad="""
        import tensorflow.compat.v1 as tf

        outputs, state = tf.nn.dynamic_rnn(cell, inputs, sequence_length=lengths, dtype=tf.float32)
        logits = tf.layers.dense(outputs[:, -1], 2)
    """,
    good="""
        import tensorflow as tf

        last = tf.keras.layers.LSTM(32)(inputs, mask=tf.sequence_mask(lengths))
        logits = tf.keras.layers.Dense(2)(last)
    """,
)
