"""RNN404: dropout with a constant probability in a graph that also evaluates or samples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import CONSTANT_DROPOUT, Report

if TYPE_CHECKING:
    from rnnlint.infer.pitfalls.constant_dropout import ConstantDropout
    from rnnlint.rules.context import Context


def judge(found: ConstantDropout, context: Context) -> Iterator[Report]:
    """Report the wrapper or the function, with a run of the graph that evaluates."""
    number, default = ("rate", "0.0") if found.says_rate else ("probability", "1.0")
    yield Report(
        node=found.call.func,
        blanks={
            "what": found.name,
            "runs": "those that evaluate or sample" if not found.in_model_function else "evaluation and prediction",
        },
        api=found.api,
        because=((context.module, found.evaluates),),
        help=f"make the {number} a placeholder_with_default of {default}, and feed it in training steps only",
    )


dropout_at_inference = rule(
    code="RNN404",
    name="dropout-at-inference",
    since="0.1",
    summary="Dropout has a constant probability in a graph that also evaluates or samples",
    why="""
        A TensorFlow 1 graph has no training mode: a `DropoutWrapper` or `tf.nn.dropout` with a constant probability is
        active in every run. A run that fetches the accuracy, the validation loss or a sample then computes with a
        random part of the network missing: each run gives a different result, and a worse one than the model can give.
        `tf.nn.dropout` is reported only if the fetched results come from a recurrent runner.

        Make the probability an input of the graph: `keep = tf.placeholder_with_default(1.0, [])`. Feed it in training
        steps only. For `rate=…` the default is 0.0. Dropout under a condition such as `if is_training` is not
        reported, and nor is a probability that comes from a placeholder, a flag, or an argument that callers pass in
        different ways. A run that fetches the training step does not count as evaluation, and a graph that only trains
        is not reported.
    """,
    message="this {what} is active in every run of the graph, including {runs}",
    watches=CONSTANT_DROPOUT,
    judge=judge,
    rests_on=("constant-keep-probability-drops-always",),
    bad="""
        import tensorflow.compat.v1 as tf

        cell = tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.GRUCell(64), output_keep_prob=0.5)
        _, state = tf.nn.dynamic_rnn(cell, inputs, dtype=tf.float32)
        logits = tf.layers.dense(state, 2)
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
        train = tf.train.AdamOptimizer().minimize(loss)
        with tf.Session() as session:
            session.run(train)
            print(session.run(logits))
    """,
    good="""
        from tensorflow import keras

        model = keras.Sequential([keras.layers.GRU(64, dropout=0.5), keras.layers.Dense(2)])
    """,
)
