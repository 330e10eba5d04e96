"""What do people say about unrolled and looped RNNs, and what of it is true?

A verdict is written by hand and its numbers are not: they come from the evidence of the newest TensorFlow on record.
`docs/claims.md` is made from this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rnnlint.facts import evidence

__all__ = ["STATEMENTS", "Statement", "newest"]

Said = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that one hears."""

    text: str
    verdict: str
    """In a few words."""
    claims: tuple[str, ...]
    """What the verdict rests on; the first says most."""
    said: Said
    """The measured sentences, as Markdown."""


@cache
def newest(claim: str) -> evidence.Record:
    """The record of the newest TensorFlow that confirmed a claim, and there of the newest Keras.

    Raises LookupError where none did.
    """
    for record in evidence.of_claim(claim):
        if record.verdict == "confirmed":
            return record
    raise LookupError(f"no record confirms {claim}")


def _measured(claim: str) -> Mapping[str, Any]:
    return newest(claim).measured


def _law(claim: str, cell: str, runner: str, **flags: bool) -> Mapping[str, Any]:
    """A row of the laws: forward and without anything special, unless flags say otherwise."""
    wanted = {"cell": cell, "runner": runner, "gradients": False, "sequence_length": False, "control_flow": 2}
    wanted |= {"batch_known": False, **flags}
    for row in _measured(claim)["laws"]:
        if all(row[name] == value for name, value in wanted.items()):
            return row  # type: ignore[no-any-return]
    raise LookupError(f"{claim} has no law of {wanted}")


def _line(row: Mapping[str, Any]) -> str:
    return f"{row['a']} + {row['b']}·T" if row["b"] else str(row["a"])


def _static(cell: str, **flags: bool) -> Mapping[str, Any]:
    return _law("static-graph-grows", cell, "static_rnn", **flags)


def _loop(cell: str, **flags: bool) -> Mapping[str, Any]:
    return _law("loop-graph-flat", cell, "dynamic_rnn", **flags)


_KNOWN = ("BasicRNNCell", "LSTMCell", "GRUCell")


def _copies() -> str:
    laws = ", ".join(f"`{cell}` {_line(_static(cell))}" for cell in _KNOWN)
    return f"Operations of a call over T steps are a straight line for every cell: {laws}."


def _ten_inputs() -> str:
    called = _measured("one-cell-copy-a-step")["cell_calls_over_10_inputs"]
    return (
        f"Over 10 inputs `static_rnn` called a counting cell {called['static_rnn']} times, `dynamic_rnn`"
        f" {called['dynamic_rnn']} time; the graph has as many matrix multiplications."
    )


def _flat() -> str:
    laws = ", ".join(f"`{cell}` {_line(_loop(cell))}" for cell in _KNOWN)
    found = _measured("graph-bytes-grow")
    spread = max(max(row["dynamic_rnn"]) - min(row["dynamic_rnn"]) for row in found["bytes"])
    steps = " and ".join(f"{steps:,}" for steps in (found["lengths"][0], found["lengths"][-1]))
    bytes_too = "the same to the byte" if not spread else f"{spread} bytes apart"
    return f"Operations at any length: {laws}. The serialized graphs at {steps} steps are {bytes_too}."


def _crossing(cell: str, **flags: bool) -> int:
    """The first length at which static_rnn has more operations than dynamic_rnn."""
    static, loop = _static(cell, **flags), _loop(cell, **flags)
    return next(steps for steps in range(1, 1000) if static["a"] + static["b"] * steps > loop["a"])


def _construction() -> str:
    found = _measured("build-time-grows")
    ratios = ", ".join(f"{row['static_to_dynamic']:.1f} at {row['steps']}" for row in found["ratios"])
    longer = found["static_takes_longer_from_steps"]
    more = ", ".join(f"{_crossing(cell)} steps on for `{cell}`" for cell in _KNOWN)
    return (
        f"The loop has fewer operations only from {more}. The time to build an LSTM with gradients, `static_rnn` to"
        f" `dynamic_rnn`, was {ratios} steps: above 1 from {longer} steps on."
    )


def _lengths() -> str:
    errors = _measured("static-needs-length")["errors"]
    worst = max(_measured("loop-takes-any-length")["largest_difference_from_static_rnn"].values())
    kinds = sorted({text.split(":")[0] for text in errors.values()})
    return (
        f"One graph of `dynamic_rnn` ran every length that was tried, with outputs at most {worst:g} from those of"
        f" `static_rnn`. Of `static_rnn`, {len(errors)} ways to leave the length open or change it raise"
        f" ({', '.join(kinds)}). With `sequence_length` it takes shorter sequences up to its length."
    )


def _masking() -> str:
    rows = _measured("sequence-length-masks")["largest_absolute_difference"].values()
    past = max(row["output_past_the_end"] for row in rows)
    costs = _measured("static-sequence-length-costs")["operations_a_step"]["LSTMCell"]
    return (
        f"With `sequence_length` both runners mask alike: outputs past the end are {past:g} and the final state is that"
        f" of the last valid step. What differs is the price: a step of a static `LSTMCell` adds {costs['with']}"
        f" operations in place of {costs['without']}, the loop stays flat."
    )


def _zero_padding() -> str:
    off = _measured("padding-changes-state")["state_off_by"]
    zeros = [value for name, value in off.items() if name.endswith("zeros")]
    return f"Zeros after the end moved the final state by {min(zeros):g} to {max(zeros):g}, depending on the cell."


def _last_output() -> str:
    rows = _measured("last-output-of-padding-is-zero")["largest_absolute_output"].values()
    last, valid = (max(row[name] for row in rows) for name in ("last_step", "last_valid_step"))
    return f"Of the shorter sequences of a batch it is {last:g}, where their last valid outputs go up to {valid:g}."


def _heavy() -> str:
    built = _measured("build-time-grows")["ratios"][-1]
    found = _measured("graph-bytes-grow")["bytes"]
    row = next(one for one in found if one["words"] == "LSTMCell with gradients")
    return (
        f"An LSTM with gradients adds {_static('LSTMCell', gradients=True)['b']} operations and"
        f" {row['static_bytes_a_step'][-1] / 1000:.1f} kB a step; building {built['steps']} steps took"
        f" {built['static_to_dynamic']:.1f} times as long as the loop. The limit of 2 GB for a graph is far: by"
        f" extrapolation at {row['steps_at_2_gb_extrapolated']:,} steps."
    )


def _small_runs() -> str:
    ratio = _measured("small-unroll-runs-faster")["static_to_dynamic"]
    return f"An LSTM of 16 units over 10 steps at batch size 1 took {ratio:.2f} of the time of the loop for each call."


def _inspect() -> str:
    static, loop = _static("BasicRNNCell"), _loop("BasicRNNCell")
    steps = 3
    return (
        f"`rnnlint probe inspect` prints them step by step. Over {steps} steps a static `BasicRNNCell` has"
        f" {static['a'] + static['b'] * steps} operations, {static['b']} of them for each step; the loop has"
        f" {loop['a']}, its body in a function of its own."
    )


def _keras_unroll() -> str:
    laws = _measured("keras-unroll-grows")["laws"]
    told = [
        f"`{row['cell']}` {_line(row)}"
        for row in laws
        if row["runner"].endswith("True") and not row["gradients"] and row["cell"] in ("SimpleRNN", "LSTM", "GRU")
    ]
    return f"It is the same growth: operations over T steps are {', '.join(told)}."


def _python_loop() -> str:
    row = _law("python-loop-grows", "Keras SimpleRNNCell", "Python loop over range")
    flat = _law("autograph-loop-flat", "Keras SimpleRNNCell", "loop over tf.range")
    return (
        f"`for t in range(n)` over a `SimpleRNNCell` adds {row['b']} operations in each pass; over `tf.range(n)` it is"
        f" one loop of {flat['a']} operations at any length."
    )


def _supported() -> str:
    counts = _measured("keras-parameters-equal")["parameters"]
    # The first sizes of each pair of cell and layer.
    pairs = {name.split(",")[0]: pair for name, pair in reversed(counts.items())}
    told = [f"{names} {pair['legacy']:,} and {pair['keras']:,}" for names, pair in reversed(pairs.items())]
    worst = max(_measured("keras-weights-carry-over")["largest_absolute_difference"].values())
    return (
        f"Parameters of the legacy variables beside those of `model.summary()`: {'; '.join(told)}. With the weights"
        f" carried over, results differ by at most {worst:g}; a GRU needs `reset_after=False` for it."
    )


def _keras_masks() -> str:
    rows = _measured("keras-masked-outputs-repeat")["largest_absolute_number"]
    worst = max(row["all_outputs_with_zero_output_for_mask_from_dynamic_rnn"] for row in rows.values())
    return (
        "The final states are equal; masked outputs repeat the last valid one, where `dynamic_rnn` gives zeros. With"
        f" `zero_output_for_mask=True` all outputs are those of `dynamic_rnn`, to {worst:g}."
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
        "True above some steps, false below",
        ("build-time-grows", "loop-graph-flat", "first-run-grows"),
        _construction,
    ),
    Statement(
        "dynamic_rnn takes sequences of any length; static_rnn needs one that is fixed and known.",
        "True",
        ("loop-takes-any-length", "static-needs-length"),
        _lengths,
    ),
    Statement(
        "Masking is cleaner with dynamic_rnn.",
        "Imprecise: the result is the same, the price is not",
        ("sequence-length-masks", "static-sequence-length-costs"),
        _masking,
    ),
    Statement(
        "Padding with zeros is harmless without sequence_length.",
        "False",
        ("padding-changes-state",),
        _zero_padding,
    ),
    Statement(
        "outputs[:, -1] is the last output of each sequence.",
        "False for shorter ones",
        ("last-output-of-padding-is-zero",),
        _last_output,
    ),
    Statement(
        "A static unroll is rarely a performance win.",
        "Misleading: small ones run faster, once they are built",
        ("small-unroll-runs-faster", "first-run-grows"),
        _small_runs,
    ),
    Statement(
        "Small, fixed graphs are easier to inspect.",
        "True while they are small",
        ("one-cell-copy-a-step", "static-graph-grows"),
        _inspect,
    ),
    Statement(
        "Large, fixed unrolls are heavy.",
        "True: to build, save and run first",
        ("build-time-grows", "graph-bytes-grow", "static-graph-grows"),
        _heavy,
    ),
    Statement(
        "RNN(cell, unroll=True) is the way out of static_rnn, as TensorFlow's own notice says.",
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
    Statement(
        "A Keras mask does what sequence_length did.",
        "True for states, not for outputs",
        ("keras-masked-outputs-repeat", "keras-mask-equals-truncated"),
        _keras_masks,
    ),
    Statement(
        "Keras layers are clearer and supported.",
        "True: the same parameters and the same results",
        ("keras-parameters-equal", "keras-weights-carry-over"),
        _supported,
    ),
)
