"""How does sequence_length change the results of padded sequences, and what does padding change without it?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from rnnlint.probe.legacy_runs import ROUNDING, Built, Ran, build, difference, largest, operations, sequences
from rnnlint.probe.measurement import Here, Outcome, judged, measures

DEPTH, UNITS, STEPS = 8, 16, 4
LENGTHS = (2, 3, 4)
PADS = {"zeros": 0.0, "nines": 9.0}
RUNNERS = ("dynamic_rnn", "static_rnn")
FAR = 0.01
"""A real difference; rounding stays a thousand times below it."""

Cell = Callable[[], Any]


@measures("sequence-length-masks", seconds=3)
def sequence_length_masks(here: Here) -> Outcome:
    """Run padded batches with their lengths, and each sequence alone without its padding."""
    rows, failures = {}, []
    for name, make in _cells(here).items():
        alone = _one_by_one(here, build(here, "dynamic_rnn", make, depth=DEPTH))
        for runner in RUNNERS:
            built = build(here, runner, make, depth=DEPTH, steps=STEPS, lengths=True)
            row = rows[f"{runner} over {name}"] = _with_lengths(here, built, alone)
            failures += [f"{runner} over {name}: {key} is {row[key]}" for key in EXACT if row[key] != 0]
            if row[TRUNCATED] > ROUNDING:
                failures.append(f"{runner} over {name}: {row[TRUNCATED]:.1e} from the truncated sequence")
    most = max(row[TRUNCATED] for row in rows.values())
    past = max(row[EXACT[0]] for row in rows.values())
    summary = f"outputs past the end: {past:g} at most; from the truncated sequence {most:.1e} (allowed {ROUNDING})"
    return judged({"largest_absolute_difference": rows, "allowed_for_rounding": ROUNDING}, summary, failures)


TRUNCATED = "from_the_truncated_sequence"
EXACT = ("output_past_the_end", "output_and_state_at_length_0", "length_above_the_steps_from_full_length")


def _cells(here: Here) -> dict[str, Cell]:
    made = here.rnn_cell
    plain = ("BasicRNNCell", "LSTMCell", "GRUCell", *(["BasicLSTMCell"] if here.full else []))
    stack = {"MultiRNNCell of 2 LSTMCell": lambda: made.MultiRNNCell([made.LSTMCell(UNITS), made.LSTMCell(UNITS)])}
    return {kind: partial(getattr(made, kind), UNITS) for kind in plain} | stack


def _padded(here: Here, pad: float) -> Any:
    data = sequences(here, len(LENGTHS), STEPS, DEPTH)
    for row, length in enumerate(LENGTHS):
        data[row, length:] = pad
    return data


def _one_by_one(here: Here, loop: Built) -> list[Ran]:
    """Each sequence run alone, without its padding, by a loop without lengths."""
    data = _padded(here, PADS["nines"])
    return [loop.run(data[row : row + 1, :length]) for row, length in enumerate(LENGTHS)]


def _with_lengths(here: Here, built: Built, alone: list[Ran]) -> dict[str, float]:
    data = _padded(here, PADS["nines"])
    ran = built.run(data, LENGTHS)
    none, above, full = (built.run(data, [length] * len(LENGTHS)) for length in (0, STEPS + 5, STEPS))
    return {
        "output_past_the_end": _past_the_end(ran),
        TRUNCATED: _from_truncated(ran, alone),
        "output_and_state_at_length_0": max(largest(part) for part in (none.outputs, *none.state)),
        "length_above_the_steps_from_full_length": difference(
            [above.outputs, *above.state], [full.outputs, *full.state]
        ),
    }


def _past_the_end(ran: Ran) -> float:
    return max(largest(ran.outputs[row, length:]) for row, length in enumerate(LENGTHS))


def _from_truncated(ran: Ran, alone: list[Ran]) -> float:
    """The differences of outputs and final state of a batch from those of its sequences run alone."""
    outputs = [difference(ran.outputs[row, :length], alone[row].outputs[0]) for row, length in enumerate(LENGTHS)]
    return max(*outputs, *(_state_off(ran, alone, row) for row in range(len(LENGTHS))))


def _state_off(ran: Ran, alone: list[Ran], row: int) -> float:
    return difference([part[row] for part in ran.state], [part[0] for part in alone[row].state])


@measures("padding-changes-state", seconds=1.5)
def padding_changes_state(here: Here) -> Outcome:
    """Run padded batches without their lengths."""
    rows, failures = {}, []
    short = [row for row, length in enumerate(LENGTHS) if length < STEPS]
    for name, make in _cells(here).items():
        loop = build(here, "dynamic_rnn", make, depth=DEPTH)
        unroll = build(here, "static_rnn", make, depth=DEPTH, steps=STEPS)
        alone = _one_by_one(here, loop)
        for runner, built in zip(RUNNERS, (loop, unroll), strict=True):
            for word, pad in PADS.items():
                ran = built.run(_padded(here, pad))
                rows[f"{runner} over {name}, {word}"] = off = min(_state_off(ran, alone, row) for row in short)
                if off < FAR:
                    failures.append(f"{runner} over {name}: {word} after the end change the state by only {off:.1e}")
    zeros = [off for name, off in rows.items() if name.endswith("zeros")]
    summary = f"zeros after the end change the final state by {min(zeros):.2f} to {max(zeros):.2f}"
    return judged({"state_off_by": rows}, summary, failures)


@measures("last-output-of-padding-is-zero", seconds=2)
def last_output_of_padding_is_zero(here: Here) -> Outcome:
    """Check ``outputs[:, -1]`` of a padded batch that was run with its lengths."""
    rows, failures = {}, []
    short = [row for row, length in enumerate(LENGTHS) if length < STEPS]
    for name, make in _cells(here).items():
        for runner in RUNNERS:
            built = build(here, runner, make, depth=DEPTH, steps=STEPS, lengths=True)
            outputs = built.run(_padded(here, PADS["nines"]), LENGTHS).outputs
            last = largest(outputs[short, -1])
            valid = min(largest(outputs[row, LENGTHS[row] - 1]) for row in short)
            rows[f"{runner} over {name}"] = {"last_step": last, "last_valid_step": valid}
            if last != 0 or valid < FAR:
                failures.append(f"{runner} over {name}: {last} at the last step, {valid} at the last valid one")
    zeros, ends = ([row[key] for row in rows.values()] for key in ("last_step", "last_valid_step"))
    summary = (
        f"outputs[:, -1] of shorter sequences: {max(zeros):g} at most; at their last valid step {min(ends):g} or more"
    )
    return judged({"largest_absolute_output": rows}, summary, failures)


@measures("static-sequence-length-costs", seconds=2.5)
def static_sequence_length_costs(here: Here) -> Outcome:
    """Count the operations that a step of static_rnn adds, with and without sequence_length."""
    rows, failures = {}, []
    for name, make in _cells(here).items():
        plain, masked = (_operations_a_step(here, make, lengths) for lengths in (False, True))
        rows[name] = {"without": plain, "with": masked}
        if plain is None or masked is None or masked <= plain:
            failures.append(f"{name}: {plain} operations per step without, {masked} with sequence_length")
    prices = [f"{name} {row['without']} -> {row['with']}" for name, row in rows.items()]
    return judged({"operations_a_step": rows}, f"operations per step: {', '.join(prices)}", failures)


def _operations_a_step(here: Here, make: Cell, lengths: bool) -> int | None:
    """The operations per step; None if not all steps add the same number."""
    graphs = (build(here, "static_rnn", make, depth=DEPTH, steps=steps, lengths=lengths) for steps in (1, 2, 4))
    one, two, four = map(operations, graphs)
    return two - one if four - two == 2 * (two - one) else None
