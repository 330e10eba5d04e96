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
    """Report a loop that is certainly longer than the user allows; with a limit of 0, every time loop."""
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
        A Python `for` or `while` runs while the graph is built, and leaves one copy of the cell in the graph for each
        iteration, as a static runner does. Inside `tf.function`, this happens with `range(200)`, with a list and with
        `tf.unstack`. A loop over `tf.range`, over a tensor, or up to a bound that is a tensor becomes one loop in the
        graph and is not reported. Nor are loops over layers, batches or epochs, or loops around `session.run`.

        A loop counts as a time loop if it calls the same cell in each iteration and passes the returned state back in,
        or if it calls the cell on `x[:, t]`. The limit is `max-unroll` (50 steps by default); a loop of unknown
        length is not reported. The limit 0 means that you want no unroll at all: every time loop is then reported,
        even if its length is unknown. The number of operations counts the cell only, not what else the loop adds in
        each iteration.
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
