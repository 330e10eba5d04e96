"""RNN204: an unroll whose number of steps the code does not show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import LOOPS, UNROLLS, Report, Watch

if TYPE_CHECKING:
    from rnnlint.infer.loops.time_loops import TimeLoop
    from rnnlint.infer.unrolls.static_runners import Unroll
    from rnnlint.infer.unrolls.unrolled_layers import UnrolledLayer
    from rnnlint.rules.context import Context


def judge(subject: UnrolledLayer | Unroll | TimeLoop, context: Context) -> Iterator[Report]:
    """Report a layer, a static runner or a loop that unrolls over a completely unknown length."""
    from rnnlint.infer.loops.time_loops import TimeLoop
    from rnnlint.infer.unrolls.static_runners import Unroll
    from rnnlint.infer.unrolls.unrolled_layers import UnrolledLayer
    from rnnlint.rules.loop_form import loop_of_layer, loop_of_python, loop_of_static

    if not subject.length.is_anything:
        return
    match subject:
        case UnrolledLayer():
            if not subject.is_open and context.settings.max_unroll:
                blanks = {"what": f"{subject.layer} with unroll=True"}
                yield Report(subject.call.func, blanks, subject.api, help=loop_of_layer(subject, None))
        case Unroll():
            path, help_ = subject.symbol.path, loop_of_static(subject, context)
            yield Report(subject.call.func, {"what": path}, path, help=help_)
        case TimeLoop():
            # With a limit of 0, large-loop-unroll reports every loop and large-keras-unroll every layer.
            if not subject.symbolic and context.settings.max_unroll:
                help_ = loop_of_python(subject, context)
                yield Report(subject.node, {"what": "the loop"}, "python-loop", help=help_)


unknown_unroll = rule(
    code="RNN204",
    name="unknown-unroll",
    since="0.1",
    summary="An unroll over an unknown number of steps",
    why="""
        An unroll copies a cell into the graph once for each time step. If the number of steps comes from outside
        (data, an argument, another process), the unroll may be harmless or far too long, and rnnlint cannot know. This
        rule lists these places so that you can review them; it is off by default.
    """,
    message="{what} copies the cell into the graph once for each time step, and the number of steps is unknown",
    watches=Watch("layers", others=(UNROLLS, LOOPS)),
    judge=judge,
    rests_on=("keras-unroll-grows", "static-graph-grows", "python-loop-grows"),
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
