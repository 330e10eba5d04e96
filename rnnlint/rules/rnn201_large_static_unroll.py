"""RNN201: a static runner over more steps than the limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.limits import COSTS, explained, in_words, operations_in_words, over_limit
from rnnlint.rules.rule import rule
from rnnlint.rules.watch import UNROLLS, Report

if TYPE_CHECKING:
    from rnnlint.infer.unrolls.static_runners import Unroll
    from rnnlint.rules.context import Context


def judge(unroll: Unroll, context: Context) -> Iterator[Report]:
    """Report an unroll that is certainly longer, or costs certainly more, than the user allows."""
    if not over_limit(unroll.length, unroll.law, context.settings):
        return
    from rnnlint.rules.loop_form import loop_of_static

    length, loop = unroll.length, ""
    if unroll.law is not None and unroll.loop is not None:
        steps = length.default if length.default is not None else length.low
        loop = f", {unroll.loop.at(steps):,} with a loop in the graph (dynamic_rnn)"
    number = in_words(length)
    blanks = {
        "copies": "1 copy of the cell goes" if number == "1" else f"{number} copies of the cell go",
        "limit": context.settings.max_unroll,
        "ops": operations_in_words(length, unroll.law),
        "loop": loop,
    }
    yield Report(
        node=unroll.call.func,
        blanks=blanks,
        api=unroll.symbol.path,
        unroll_length=length.default,
        graph_ops=unroll.graph_ops,
        because=explained(length),
        help=loop_of_static(unroll, context),
    )


large_static_unroll = rule(
    code="RNN201",
    name="large-static-unroll",
    since="0.1",
    summary="A static runner copies the cell into the graph for many steps",
    why="""
        A fixed unroll adds the same operations to the graph for each time step. At 5 steps that is harmless. At 30,
        building the graph and running it for the first time take several times as long as with a loop, and the time
        and the size of the graph keep growing with the length. A loop in the graph (`dynamic_rnn`, or
        `tf.keras.layers.RNN`) adds the same few operations at any length.

        This rule does not claim that unrolled graphs are slow in general: after the first run, a short unroll of a
        small cell is often faster per call. You pay before that.

        The limit is `max-unroll` (50 steps by default; 0 reports every unroll of known length). `max-graph-ops`
        limits the operations instead, for cells whose cost is known. The rule reports only lengths that are known to be
        above the limit. The default of an argument or a flag counts as its length.
    """,
    message="{copies} into the graph (limit {limit}){ops}{loop}",
    watches=UNROLLS,
    judge=judge,
    rests_on=(*COSTS, "small-unroll-runs-faster"),
    bad="""
        import tensorflow as tf

        def build(cell, x):
            inputs = tf.unstack(x, num=300, axis=1)
            return tf.compat.v1.nn.static_rnn(cell, inputs, dtype=tf.float32)
    """,
    good="""
        import tensorflow as tf

        def build(cell, x):
            return tf.keras.layers.RNN(cell, return_sequences=True)(x)
    """,
)
