"""RNN403: a runner or layer whose input has its batch and time axes swapped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import SWAPPED_AXES, Report

if TYPE_CHECKING:
    from rnnlint.infer.pitfalls.layouts import SwappedAxes
    from rnnlint.rules.context import Context


def judge(found: SwappedAxes, context: Context) -> Iterator[Report]:
    """Report the call, with the input whose layout is known."""
    wanted, first = ("batch", "time") if found.wants == "batch" else ("time", "batch")
    yield Report(
        node=found.call.func,
        blanks={"api": found.name, "first": first, "wanted": wanted},
        api=found.api,
        because=((context.module, found.declared),),
        help=_advice(found),
    )


def _advice(found: SwappedAxes) -> str:
    if found.is_static:
        return "unstack along the time axis"
    if found.is_layer:
        return "pass the sequences as [batch, steps, features]" if found.wants == "batch" else "remove time_major"
    return "pass time_major=True" if found.wants == "batch" else "remove time_major"


time_axis = rule(
    code="RNN403",
    name="time-axis",
    since="0.1",
    summary="A runner or layer gets an input whose batch and time axes are swapped",
    why="""
        A runner reads its input as `[batch, steps, features]`, or as `[steps, batch, features]` with
        `time_major=True`; a static runner takes a list with one tensor for each step. The shapes do not show which axis
        is which: if the axes are swapped, nothing raises, and the cell runs over the rows of the batch as if they were
        the steps of one sequence. Each result then depends on the other rows that happen to be in the batch.

        The rule reads the layout where an input or array is made: `[batch_size, num_steps, 8]`, `[None, num_steps, 8]`,
        or an unknown first axis with a fixed second one, as in `[None, 28, 28]`; a `keras.Input` and the rows of
        `pad_sequences` begin with the batch. It follows the layout through names, functions, feeds, transpositions,
        embeddings, `tf.unstack` and `tf.split`, and into the `fit` and `predict` of models. If the layout is unclear,
        as in `[None, None, 8]` alone, nothing is reported.
    """,
    message="the {first} axis of this input comes first, but this {api} expects the {wanted} axis first",
    watches=SWAPPED_AXES,
    judge=judge,
    rests_on=("time-axis-swapped",),
    bad="""
        import tensorflow.compat.v1 as tf

        inputs = tf.placeholder(tf.float32, [None, 28, 28])
        steps = tf.transpose(inputs, [1, 0, 2])
        outputs, state = tf.nn.dynamic_rnn(cell, steps, dtype=tf.float32)
    """,
    good="""
        from tensorflow import keras

        inputs = keras.Input((28, 28))
        outputs = keras.layers.LSTM(64)(inputs)
    """,
)
