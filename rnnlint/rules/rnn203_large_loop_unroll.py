"""RNN203: a Python loop that calls a cell for more time steps than the limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.limits import explained, in_words, operations_in_words, over_limit
from rnnlint.rules.rule import rule
from rnnlint.rules.watch import LOOPS, Report

if TYPE_CHECKING:
    from rnnlint.infer.loops.time_loops import TimeLoop
    from rnnlint.rules.context import Context


def judge(loop: TimeLoop, context: Context) -> Iterator[Report]:
    """Report a loop that is surely longer than the user allows; every one where no unroll is allowed at all."""
    limit = context.settings.max_unroll
    if loop.symbolic or limit and not over_limit(loop.length, loop.law, context.settings):
        return
    from rnnlint.rules.loop_form import loop_of_python

    number = in_words(loop.length)
    yield Report(
        node=loop.node,
        blanks={
            "copies": "1 copy" if number == "1" else f"{number} copies",
            "limit": limit,
            "ops": operations_in_words(loop.length, loop.law, is_all=False),
        },
        api="python-loop",
        unroll_length=loop.length.default,
        graph_ops=loop.graph_ops,
        because=explained(loop.length),
        help=loop_of_python(loop, context),
    )


large_loop_unroll = rule(
    code="RNN203",
    name="large-loop-unroll",
    since="0.1",
    summary="A Python loop calls a cell for many time steps while the graph is built",
    why="""
        A `for` or `while` of Python is gone once the graph is built: what it leaves is one copy of the cell for each
        pass, as a static runner does. Inside `tf.function` that is so for `range(200)`, for a list and for
        `tf.unstack`; `tf.range`, a tensor, or a bound that is a tensor become one loop in the graph and are not
        reported, nor are loops over layers, batches or epochs, or around `session.run`.

        A loop is taken for one over time if the cell is the same in each pass and the state that comes out of it goes
        in again, or if it is called on `x[:, t]`. `max-unroll` (50 steps by default) is the limit of length, and a
        loop of unknown length is not reported. The limit 0 means that no unroll is wanted at all: then every time loop
        is reported, one of unknown length too. The operations are those of the cell; what else the loop adds
        in each pass is not counted.
    """,
    message="the loop puts {copies} of the cell into the graph (limit {limit}){ops}",
    watches=LOOPS,
    judge=judge,
    rests_on=("python-loop-grows", "autograph-loop-flat"),
    bad="""
        import tensorflow as tf

        cell = tf.keras.layers.LSTMCell(8)

        @tf.function
        def run(x, state):
            for t in range(200):
                out, state = cell(x[:, t, :], state)
            return out
    """,
    good="""
        import tensorflow as tf

        layer = tf.keras.layers.RNN(tf.keras.layers.LSTMCell(8))

        @tf.function
        def run(x, state):
            return layer(x, initial_state=state)
    """,
)
