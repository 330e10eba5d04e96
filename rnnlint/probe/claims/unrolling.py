"""How does the graph of a legacy runner grow? Static runners with every step, loops not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from rnnlint.facts.graph_cost import Cell
from rnnlint.probe.graphs import OWN_CELL, Call, Graphs
from rnnlint.probe.laws import Law, fit, name, rows, words
from rnnlint.probe.measurement import Here, Outcome, judged, measures

UNITS = 64
"""The size of every cell and of the inputs: with gradients, very small ones have fewer operations."""


def plain(kind: str, *options: str) -> Cell:
    """A cell that contains no other."""
    return Cell(kind, frozenset(options), units=UNITS)


def around(kind: str, *inner: Cell, options: Sequence[str] = ()) -> Cell:
    """A stack or a wrapper."""
    return Cell(kind, frozenset(options), inner)


RNN, BASIC_LSTM, LSTM, GRU = map(plain, ("BasicRNNCell", "BasicLSTMCell", "LSTMCell", "GRUCell"))
PLAIN = (RNN, BASIC_LSTM, LSTM, GRU)
CELLS = (
    *PLAIN,
    plain("LSTMCell", "peepholes"),
    plain("LSTMCell", "projection"),
    plain("LSTMCell", "peepholes", "projection"),
    around("MultiRNNCell", LSTM, LSTM),
    around("DropoutWrapper", LSTM, options=("output_keep_prob",)),
    around("ResidualWrapper", LSTM),
    around("DeviceWrapper", LSTM),
    plain(OWN_CELL),
)
BOTH_WAYS = (LSTM, GRU)
_NAMES = {name(cell) for cell in PLAIN}
OF_THE_CELLS = "tensorflow.python.ops.rnn_cell, and a custom cell"

QUICK = (2, 3, 5)
FULL = (2, 4, 9)
"""With gradients, a single step has no gradient of a previous step and is not on the line."""
LOOPS_QUICK = (2, 40)
LOOPS_FULL = (2, 5, 40, 400)


def calls(runners: Sequence[str], full: bool) -> Iterator[Call]:
    """The measured calls, of two steps each: all kinds, or a selection that shows each difference once."""
    ways = list(product((False, True), (False, True), (2, 1), (False, True)))
    for runner in runners:
        for cell in BOTH_WAYS if "bidirectional" in runner else CELLS:
            for sequence_length, gradients, control_flow, batch_known in ways:
                call = Call(runner, cell, 2, sequence_length, gradients, control_flow, batch_known)
                if _telling(call) or (full and (cell in PLAIN or not batch_known)):
                    yield call


def _telling(call: Call) -> bool:
    """Whether the call shows something that the others do not."""
    changes = call.sequence_length + call.gradients + (call.control_flow == 1) + call.batch_known
    if call.cell == LSTM and "bidirectional" not in call.runner:
        return changes <= 1 or (changes == 2 and call.sequence_length and not call.batch_known)
    simple = changes == 1 and (call.sequence_length or call.gradients)
    return changes == 0 or (simple and call.cell in (RNN, GRU) and "bidirectional" not in call.runner)


def law_of(graphs: Graphs, call: Call, lengths: Sequence[int]) -> Law:
    """The line of the calls at these lengths."""
    found = fit(lengths, lambda steps: graphs.operations(replace(call, steps=steps)))
    of = (name(call.cell), call.runner, call.gradients, call.sequence_length, call.control_flow, call.batch_known)
    return Law(of[0], of[1], of[2], of[3], of[4], of[5], *found)


@measures("static-graph-grows", seconds=8)
def static_graph_grows(here: Here) -> Outcome:
    """Check for rising straight lines, for static_rnn and for the bidirectional runner."""
    graphs, lengths = Graphs(here, UNITS), FULL if here.full else QUICK
    asked = calls(("static_rnn", "static_bidirectional_rnn"), here.full)
    laws = [law_of(graphs, call, lengths) for call in asked]
    failures = [f"{words(law)} is not a straight line over {lengths} steps" for law in laws if not law.exact]
    failures += [f"{words(law)} does not grow" for law in laws if law.exact and law.b <= 0]
    measured = {"cells": OF_THE_CELLS, "units": UNITS, "depth": UNITS, "lengths": list(lengths), "laws": rows(laws)}
    return judged(measured, f"operations over T steps: {laws_as_text(laws)}", failures)


@measures("loop-graph-flat", seconds=8)
def loop_graph_flat(here: Here) -> Outcome:
    """Check for the same number at every length, for dynamic_rnn, the bidirectional runner, and raw_rnn."""
    graphs, lengths = Graphs(here, UNITS), LOOPS_FULL if here.full else LOOPS_QUICK
    asked = calls(("dynamic_rnn", "bidirectional_dynamic_rnn"), here.full)
    laws = [law_of(graphs, call, lengths) for call in asked]
    laws += [raw_law(graphs, cell, lengths) for cell in (RNN, LSTM, GRU)]
    failures = [
        f"{words(law)} depends on the number of steps: {law.text}" for law in laws if not law.exact or law.b != 0
    ]
    measured = {"cells": OF_THE_CELLS, "units": UNITS, "depth": UNITS, "lengths": list(lengths), "laws": rows(laws)}
    return judged(measured, f"operations at any length: {laws_as_text(laws)}", failures)


def laws_as_text(laws: Iterable[Law]) -> str:
    """The laws of plain calls as text, and what makes some of them special."""
    plain = [law for law in laws if law.control_flow == 2 and not (law.batch_known or law.sequence_length)]
    plain = [law for law in plain if not law.runner.startswith(("static_bi", "bi"))]
    forward = [f"{_short(law)} {law.text}" for law in plain if not law.gradients]
    # The parts of a list are shown separately, so each says what makes it special.
    special = [f"{_short(law)} with gradients {law.text}" for law in plain if law.gradients and law.cell in _NAMES]
    return "; ".join([*forward, *special])


def _short(law: Law) -> str:
    return law.cell if law.runner in ("static_rnn", "dynamic_rnn") else f"{law.runner} of {law.cell}"


def raw_law(graphs: Graphs, cell: Cell, lengths: Sequence[int]) -> Law:
    """raw_rnn, with a loop function that reads the inputs step by step."""
    return Law(name(cell), "raw_rnn", False, True, 2, False, *fit(lengths, lambda steps: _raw(graphs, cell, steps)))


def _raw(graphs: Graphs, described: Cell, steps: int) -> int:
    tf, v1 = graphs.tf, graphs.v1
    with v1.Graph().as_default():
        cell = graphs.build(described)
        inputs = v1.placeholder(tf.float32, [steps, None, UNITS])
        until = v1.placeholder(tf.int32, [None])
        before = graphs.size()
        rows = v1.TensorArray(tf.float32, steps).unstack(inputs)

        def step(time: Any, output: Any, state: Any, loop_state: Any) -> tuple[Any, ...]:
            at_end = time >= until
            if output is None:
                state = cell.zero_state(v1.shape(until)[0], tf.float32)
            read = v1.cond(
                v1.reduce_all(at_end), lambda: v1.zeros([v1.shape(until)[0], UNITS]), lambda: rows.read(time)
            )
            read.set_shape([None, UNITS])
            return at_end, read, state, output, loop_state

        v1.nn.raw_rnn(cell, step)
        return graphs.size() - before
