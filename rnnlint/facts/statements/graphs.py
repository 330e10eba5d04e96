"""What do people say about the size of graphs, and is it true?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rnnlint.facts.statements.statement import KNOWN, Statement, law, line, loop, measured, static


def _copies() -> str:
    laws = ", ".join(f"`{cell}` {line(static(cell))}" for cell in KNOWN)
    return f"The operations of a call over T steps are a straight line for every cell: {laws}."


def _ten_inputs() -> str:
    called = measured("one-cell-copy-a-step")["cell_calls_over_10_inputs"]
    return (
        f"Over 10 inputs `static_rnn` called a counting cell {called['static_rnn']} times, `dynamic_rnn`"
        f" {called['dynamic_rnn']} time; the graph has as many matrix multiplications."
    )


def _flat() -> str:
    laws = ", ".join(f"`{cell}` {line(loop(cell))}" for cell in KNOWN)
    found = measured("graph-bytes-grow")
    spread = max(max(row["dynamic_rnn"]) - min(row["dynamic_rnn"]) for row in found["bytes"])
    steps = " and ".join(f"{steps:,}" for steps in (found["lengths"][0], found["lengths"][-1]))
    bytes_too = "the same to the byte" if not spread else f"{spread} byte{'s' * (spread > 1)} apart"
    return f"Operations at any length: {laws}. The serialized graphs at {steps} steps are {bytes_too}."


def _crossing(cell: str, **flags: bool) -> int:
    """The first length at which static_rnn has more operations than dynamic_rnn."""
    unrolled, looped = static(cell, **flags), loop(cell, **flags)
    return next(steps for steps in range(1, 1000) if unrolled["a"] + unrolled["b"] * steps > looped["a"])


def _construction() -> str:
    found = measured("build-time-grows")
    ratios = ", ".join(f"{_ratio(row)} at {row['steps']}" for row in found["ratios"])
    longer = found["static_takes_longer_from_steps"]
    more = ", ".join(f"{_crossing(cell)} steps on for `{cell}`" for cell in KNOWN)
    return (
        f"The loop has fewer operations only from {more}. The time to build an LSTM with gradients, `static_rnn` to"
        f" `dynamic_rnn`, was {ratios} steps: above 1 from {longer} steps on."
    )


def _ratio(row: Mapping[str, Any]) -> str:
    """How many times as long as the loop, with the range if it is recorded."""
    ends = row.get("static_to_dynamic_range")
    return f"{row['static_to_dynamic']:.1f}" + (f" ({ends[0]:.1f} to {ends[1]:.1f})" if ends else "")


def _heavy() -> str:
    built = measured("build-time-grows")["ratios"][-1]
    found = measured("graph-bytes-grow")["bytes"]
    row = next(one for one in found if one["words"] == "LSTMCell with gradients")
    return (
        f"An LSTM with gradients adds {static('LSTMCell', gradients=True)['b']} operations and"
        f" {row['static_bytes_a_step'][-1] / 1000:.1f} kB a step; building {built['steps']} steps took"
        f" {_ratio(built)} times as long as the loop. The limit of 2 GB for a graph is far away: extrapolated, it"
        f" is reached at {row['steps_at_2_gb_extrapolated']:,} steps."
    )


def _inspect() -> str:
    unrolled, looped = static("BasicRNNCell"), loop("BasicRNNCell")
    steps = 3
    return (
        "`rnnlint probe inspect` prints them step by step, next to the body of the loop. Over"
        f" {steps} steps, a static `BasicRNNCell` has {unrolled['a'] + unrolled['b'] * steps} operations,"
        f" {unrolled['b']} for each step; the loop has {looped['a']} at any length, with its body in a separate"
        " function."
    )


def _keras_unroll() -> str:
    laws = measured("keras-unroll-grows")["laws"]
    listed = [
        f"`{row['cell']}` {line(row)}"
        for row in laws
        if row["runner"].endswith("True") and not row["gradients"] and row["cell"] in ("SimpleRNN", "LSTM", "GRU")
    ]
    return f"The growth is the same: the operations over T steps are {', '.join(listed)}."


def _python_loop() -> str:
    row = law("python-loop-grows", "Keras SimpleRNNCell", "Python loop over range")
    flat = law("autograph-loop-flat", "Keras SimpleRNNCell", "loop over tf.range")
    return (
        f"`for t in range(n)` over a `SimpleRNNCell` adds {row['b']} operations in each iteration; `tf.range(n)` makes"
        f" one loop of {flat['a']} operations at any length."
    )


STATEMENTS: tuple[Statement, ...] = (
    Statement(
        "A static unroll puts one copy of the cell into the graph for each step.",
        "True, exactly",
        ("static-graph-grows", "one-cell-copy-a-step", "graph-ops-exact"),
        _copies,
    ),
    Statement("Ten inputs, ten applications of the cell.", "True", ("one-cell-copy-a-step",), _ten_inputs),
    Statement(
        "The graph of dynamic_rnn does not grow with the length.",
        "True, in operations",
        ("loop-graph-flat", "graph-bytes-grow"),
        _flat,
    ),
    Statement(
        "dynamic_rnn has less overhead when the graph is built.",
        "True above a certain length, false below",
        ("build-time-grows", "loop-graph-flat", "first-run-grows"),
        _construction,
    ),
    Statement(
        "Large, fixed unrolls are heavy.",
        "True: to build, to save and to run first",
        ("build-time-grows", "graph-bytes-grow", "static-graph-grows"),
        _heavy,
    ),
    Statement(
        "Small, fixed graphs are easier to inspect.",
        "True while they are small",
        ("unroll-readable-by-step", "static-graph-grows"),
        _inspect,
    ),
    Statement(
        "RNN(cell, unroll=True) replaces static_rnn, as TensorFlow's own notice says.",
        "True for the API, not for the growth",
        ("keras-unroll-grows", "keras-unroll-first-run-grows"),
        _keras_unroll,
    ),
    Statement(
        "A Python loop in a tf.function is a loop in the graph.",
        "False for range over a number, true for tf.range",
        ("python-loop-grows", "autograph-loop-flat"),
        _python_loop,
    ),
)
