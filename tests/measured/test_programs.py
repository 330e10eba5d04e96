"""Is what the linter says of a program what the program does? The same files are read by one and run by the other."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from rnnlint.hosts.command_line.probe_rows import BAD, operations, rows
from rnnlint.hosts.command_line.probe_said import statement
from rnnlint.probe.watch.__main__ import LOG_LEVEL
from rnnlint.probe.watch.record import Record, from_json

_spec = importlib.util.find_spec("tensorflow")
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

pytestmark = pytest.mark.tensorflow

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"


class Told(NamedTuple):
    """A row of the comparison: the last name of the API, the steps that the linter says and those that ran, and
    whether the linter says operations (which then were those that were added, to the one)."""

    api: str
    said: int | None
    ran: tuple[int, ...]
    operations: bool
    verdict: str = "confirmed"


def exact(api: str, steps: int) -> Told:
    """The length and the operations are what the linter says."""
    return Told(api, steps, (steps,), True)


def length(api: str, steps: int) -> Told:
    """The length is what the linter says; it says no operations."""
    return Told(api, steps, (steps,), False)


def legacy(api: str, *steps: int) -> Told:
    """A legacy call that is found and does not unroll."""
    return Told(api, None, steps, False)


EXPECTED: dict[str, list[Told]] = {
    "appended_inputs": [exact("static_rnn", 14)],
    "arguments": [exact("static_rnn", 15)],
    "both_directions": [exact("static_bidirectional_rnn", 9)],
    "comprehension": [exact("BasicRNNCell", 5)],
    "config_class": [exact("static_rnn", 12)],
    "configs": [
        exact("static_rnn", 9),
        length("static_rnn", 17),
        exact("static_rnn", 18),
        exact("static_rnn", 3),
        exact("static_rnn", 15),
    ],
    "dynamic": [legacy("dynamic_rnn", 20), legacy("bidirectional_dynamic_rnn", 20), legacy("raw_rnn")],
    "eager": [
        # Nothing goes into a graph here; of a layer and of static_rnn it is still the length that counts.
        exact("LSTM", 6),
        exact("static_rnn", 6),
    ],
    "flags": [exact("static_rnn", 20)],
    "imported_names": [exact("static_rnn", 8), legacy("bidirectional_dynamic_rnn", 8)],
    "in_function": [length("static_rnn", 5), length("BasicRNNCell", 4)],
    "keras_cell_loop": [exact("LSTMCell", 16)],
    "keras_gru_loop": [exact("GRUCell", 6)],
    "keras_layer_in_a_class": [Told("RNN", None, (9,), False, "length unknown"), exact("Unrolled", 6)],
    "keras_lines": [
        exact("Bidirectional(LSTM)", 5),
        exact("Bidirectional(GRU)", 5),
        exact("Bidirectional(GRU)", 5),
        exact("RNN", 5),
        # What clone_model makes has no line of its own.
        Told("Bidirectional(LSTM)", None, (5,), False, "in a library"),
        Told("Bidirectional(GRU)", None, (5,), False, "in a library"),
        Told("RNN", None, (5,), False, "in a library"),
    ],
    "keras_masked": [length("LSTM", 10)],
    "keras_models": [
        exact("LSTM", 12),
        Told("GRU", None, (12,), False, "no unroll"),
        exact("Bidirectional(LSTM)", 12),
        exact("SimpleRNN", 7),
    ],
    "layers_in_a_loop": [exact("GRUCell", 5)],
    "legacy_cell_loop": [exact("BasicLSTMCell", 9)],
    "length_of_data": [Told("static_rnn", None, (2,), False, "length unknown")],
    "lengths": [exact("static_rnn", 10)],
    "loop_of_a_helper": [Told("GRUCell", None, (7,), False, "missed")],
    "nested_loops": [Told("GRUCell", 5, (15,), True)],
    "never_reached": [Told("static_rnn", 30, (), True, "not reached"), legacy("dynamic_rnn")],
    "own_cells": [length("static_rnn", 8), length("Plain", 8)],
    "plain_cells": [length("Plain", 7)],
    "private_modules": [exact("static_rnn", 6), legacy("dynamic_rnn", 6)],
    "raises": [exact("static_rnn", 4), Told("static_rnn", 5, (), True, "not reached")],
    "shared_cell": [exact("static_rnn", 8), length("static_rnn", 8)],
    "split": [exact("static_rnn", 7)],
    "stacks": [exact("static_rnn", 5), exact("static_rnn", 5), exact("static_rnn", 5)],
    "state_saving": [length("static_state_saving_rnn", 5), exact("static_rnn", 5)],
    "through_a_variable": [exact("static_rnn", 8), legacy("dynamic_rnn", 8)],
    "two_calls_of_one_place": [exact("static_rnn", 8), Told("static_rnn", None, (5, 8), False, "length unknown")],
    "two_modules": [exact("static_rnn", 13)],
    "unknown_batch": [exact("static_rnn", 10)],
    "version_one": [exact("static_rnn", 11)],
}

KNOWN = {
    "loop_of_a_helper": "a loop is not looked through the function that it calls",
}
"""Programs that show the linter wrong, and why."""


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Record]:
    """What all programs did, by their names."""
    folder = tmp_path_factory.mktemp("records")
    command = [sys.executable, str(HERE / "run_programs.py"), str(folder), *map(str, programs())]
    subprocess.run(command, check=True, timeout=600, capture_output=True)
    return {path.stem: from_json(json.loads(path.read_text("utf-8"))) for path in folder.glob("*.json")}


def programs() -> list[Path]:
    return sorted(path for path in PROGRAMS.iterdir() if path.suffix == ".py" or (path / "__main__.py").exists())


@pytest.mark.parametrize("name", EXPECTED)
def test_a_program_does_what_the_linter_says(name: str, records: dict[str, Record]) -> None:
    record = records[name]
    told = statement(record.files, record.versions["tensorflow"], record.keras)
    found = rows(record, told)
    assert told.problems == ()
    assert [
        Told(
            row.api.rsplit(".", 1)[-1],
            row.said.length if row.said else None,
            tuple(sorted({run.steps for run in row.ran if run.steps is not None})),
            row.said is not None and row.said.ops is not None,
            row.verdict,
        )
        for row in found
    ] == EXPECTED[name]
    for row in found:
        if row.verdict == "confirmed" and row.said and row.said.ops and not row.note:
            assert row.said.ops in operations(row.ran)


def test_every_program_is_expected_to_do_something() -> None:
    assert sorted(path.stem for path in programs()) == sorted(EXPECTED)


def test_what_the_linter_gets_wrong_is_known() -> None:
    assert {name for name, told in EXPECTED.items() if {t.verdict for t in told} & {*BAD}} == set(KNOWN)


def test_lengths_and_masks_that_come_with_a_call_are_seen(records: dict[str, Record]) -> None:
    masked = {
        name: {call.api.rsplit(".", 1)[-1]: any(run.masked for run in call.runs) for call in records[name].calls}
        for name in ("lengths", "keras_masked", "dynamic", "unknown_batch")
    }
    assert masked == {
        "lengths": {"static_rnn": True},
        "keras_masked": {"LSTM": True},
        "dynamic": {"dynamic_rnn": True, "bidirectional_dynamic_rnn": False, "raw_rnn": False},
        "unknown_batch": {"static_rnn": False},
    }


def test_programs_end_as_they_should(records: dict[str, Record]) -> None:
    ended = {name: record.raised for name, record in records.items() if record.raised or record.status}
    assert ended == {"raises": "LookupError: no more data"}


def command(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """``rnnlint probe run`` in a process of its own, by a user who has chosen no level for TensorFlow's log."""
    line = [sys.executable, "-m", "rnnlint", "probe", "run", *arguments]
    # Other tests in this process choose one for their own TensorFlow; what is chosen is respected.
    chosen = {name: value for name, value in os.environ.items() if name != LOG_LEVEL}
    return subprocess.run(
        line, capture_output=True, text=True, timeout=300, cwd=PROGRAMS, env={**chosen, **more}, check=False
    )


def test_the_command_shows_a_table_and_ends_with_0_if_all_is_confirmed() -> None:
    done = command("arguments.py", "--units", "5")
    assert done.returncode == 0, done.stderr
    heading, row, empty, summary = done.stdout.splitlines()
    assert heading.split() == ["place", "what", "rnnlint", "says", "ran", "verdict"]
    assert row.startswith("arguments.py:14  static_rnn  15 steps, 321 ops  15 steps, 321 ops, ")
    assert row.endswith("s  confirmed")
    assert empty == ""
    assert summary.startswith("1 place: 1 confirmed. Python ")
    assert "deprecated" not in done.stderr


def test_the_command_ends_with_1_if_the_linter_is_wrong() -> None:
    # The program does not do what its defaults say, which is all that the linter can know.
    done = command("--output-format", "json", "arguments.py", "--steps", "3")
    assert done.returncode == 1, done.stderr
    (row,) = json.loads(done.stdout)["rows"]
    assert (row["verdict"], row["said"]["unroll_length"], row["ran"]["longest"]) == ("wrong length", 15, 3)


def test_a_program_that_raises_ends_with_2_and_is_compared_until_then() -> None:
    done = command("raises.py")
    assert done.returncode == 2
    assert done.stderr.rstrip().endswith("LookupError: no more data")
    assert "rnnlint" not in done.stderr
    assert "not reached: the program ended before" in done.stdout
    assert done.stdout.rstrip().endswith(
        "The program raised LookupError: no more data; only what it did until then is compared."
    )
