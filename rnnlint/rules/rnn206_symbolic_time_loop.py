"""RNN206: a Python loop over a tensor in the call of a Keras layer or model, which Keras 3 does not convert."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import LOOPS, Report

if TYPE_CHECKING:
    from rnnlint.infer.loops.time_loops import TimeLoop
    from rnnlint.rules.context import Context


_HELP = "wrap the cell in tf.keras.layers.RNN"


def judge(loop: TimeLoop, context: Context) -> Iterator[Report]:
    """Report a loop over a tensor where the target comes with Keras 3."""
    if loop.symbolic and context.settings.keras == 3:
        blanks = {"target": context.settings.target_tensorflow}
        yield Report(node=loop.node, blanks=blanks, api="python-loop", help=_HELP)


symbolic_time_loop = rule(
    code="RNN206",
    name="symbolic-time-loop",
    since="0.1",
    summary="A Keras layer or model loops over a tensor, which works on Keras 2 only",
    why="""
        Keras 2 converts `call` with AutoGraph: `for t in range(tf.shape(x)[1])`, `tf.range`, `for x_t in
        tf.transpose(x, [1, 0, 2])` and `while t < tf.shape(x)[1]` become loops in the graph. Keras 3, which comes with
        TensorFlow 2.16 and later, does not. There these loops raise in `fit` and `predict`, and when you call the layer
        on a Keras input. A model that only runs eagerly is not affected: rnnlint does not report a module that sets
        `run_eagerly`, or that records gradients outside `tf.function` and `fit`.

        A `tf.keras.layers.RNN` around the cell loops in the graph on both. `range(x.shape[1])` works if the number of
        steps is fixed, and unrolls. To use AutoGraph again, move the loop into a method with `@tf.function`.
    """,
    message="this loop in the call of a Keras class runs over a tensor: Keras 3 (TensorFlow {target}) raises"
    " in fit and predict",
    watches=LOOPS,
    judge=judge,
    severities=("error",),
    rests_on=("keras-3-call-has-no-autograph", "autograph-loop-flat"),
    bad="""
        import tensorflow as tf

        class Reader(tf.keras.layers.Layer):
            def call(self, x):
                state = [tf.zeros((tf.shape(x)[0], 8))]
                for t in range(tf.shape(x)[1]):
                    out, state = self.cell(x[:, t], state)
                return out
    """,
    good="""
        import tensorflow as tf

        class Reader(tf.keras.layers.Layer):
            def call(self, x):
                return self.rnn(x)
    """,
)
