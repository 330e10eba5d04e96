"""RNN204: an unroll whose number of steps nobody can tell from the code."""

from __future__ import annotations

from collections.abc import Iterator

from rnnlint.infer.domain import ANY, Undefined
from rnnlint.infer.unrolled_layers import UnrolledLayer
from rnnlint.rules.rule import rule
from rnnlint.rules.watch import LAYERS, Context, Report


def judge(subject: UnrolledLayer, context: Context) -> Iterator[Report]:
    """Report a Keras layer that unrolls over an axis of which nothing is known."""
    if not isinstance(subject.axis, Undefined) and subject.length == ANY:
        yield Report(node=subject.call.func, blanks={"what": f"{subject.layer} with unroll=True"}, api=subject.api)


unknown_unroll = rule(
    code="RNN204",
    name="unknown-unroll",
    since="0.1",
    summary="An unroll over a number of steps that the code does not say",
    why="""
        An unroll copies a cell into the graph once for each time step. Where the number of steps comes from outside
        (data, an argument, another process) it may be harmless or ruinous, and rnnlint cannot tell. This rule lists
        these places for whoever wants to look at all of them, so it is off unless it is selected.
    """,
    message="{what} copies its cell into the graph once for each time step, and how many there are is not known here",
    watches=LAYERS,
    judge=judge,
    rests_on=("keras-unroll-grows",),
    opt_in=True,
    bad="""
        from tensorflow import keras

        def build(inputs):
            return keras.layers.GRU(8, unroll=True)(inputs)
    """,
    good="""
        from tensorflow import keras

        def build(inputs):
            return keras.layers.GRU(8)(inputs)
    """,
)
