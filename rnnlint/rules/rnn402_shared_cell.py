"""RNN402: one cell object in several layers of a stack, or in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import SHARED_CELLS, Report

if TYPE_CHECKING:
    from rnnlint.infer.pitfalls.shared_cells import SharedCell
    from rnnlint.rules.context import Context

_FIRST_TO_SHARE = (1, 1)
"""Before TensorFlow 1.1 the scope of each layer gave the cell separate variables."""


def judge(found: SharedCell, context: Context) -> Iterator[Report]:
    """Report the stack or runner, with the cell."""
    if context.settings.target < _FIRST_TO_SHARE:
        return
    from rnnlint.rules.separate_cells import separate_cells

    places, comes = ("both directions", "") if found.directions else ("the layers", ", or raise")
    yield Report(
        node=found.call.func,
        blanks={"places": places, "api": found.name, "or_raise": comes},
        api=found.api,
        because=((context.module, found.cell),),
        fix=separate_cells(found, context),
        help="make a cell for each direction" if found.directions else "make a cell for each layer",
    )


shared_cell = rule(
    code="RNN402",
    name="shared-cell",
    since="0.1",
    summary="Several layers of a stack, or both directions, use one cell object and share its weights",
    why="""
        `[cell] * 3` is a list that contains the same cell three times. A stack of it has one set of weights, which
        every layer uses: a third of the variables that you intended. If the number of features of the input differs
        from the number of units of the cell, the stack raises, because the weights of the first layer do not fit the
        second. A comprehension that repeats a name, one cell appended in a loop, and wrappers such as `DropoutWrapper`
        around one cell have the same effect. In a bidirectional runner, one cell reads both ways with the same weights.

        Before TensorFlow 1.1, each layer of a `MultiRNNCell` had its own variables, and old programs rely on that: with
        such a target nothing is reported. To share weights on purpose, call a runner twice with the same cell: this is
        not reported.

        If the stack is certain to raise because the input has a different number of features, `[cell] * 3` has a safe
        fix that makes a cell for each layer.
    """,
    message="{places} of this {api} use one cell object and share its weights{or_raise}",
    watches=SHARED_CELLS,
    judge=judge,
    rests_on=("one-cell-shares-its-weights",),
    fixable=True,
    bad="""
        import tensorflow.compat.v1 as tf

        cell = tf.nn.rnn_cell.LSTMCell(64)
        stack = tf.nn.rnn_cell.MultiRNNCell([cell] * 2)
    """,
    good="""
        import tensorflow as tf

        stack = tf.keras.layers.StackedRNNCells([tf.keras.layers.LSTMCell(64) for _ in range(2)])
    """,
)
