"""Are the programs that the probe runs programs, and does each name what it is about?"""

from __future__ import annotations

import ast

import pytest

from rnnlint.facts.symbols import Symbol, table
from rnnlint.probe.legacy_programs import (
    BY_ATTRIBUTE,
    BY_IMPORT,
    CELLS,
    KERAS_CELL,
    OWN_CELL,
    RUNNERS,
    WRAPPERS,
    program,
)


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("reached", [BY_ATTRIBUTE, BY_IMPORT, KERAS_CELL])
def test_each_program_is_one(runner: str, cell: str, reached: str) -> None:
    text = program(runner, f"{OWN_CELL}\n{reached.format(cell=cell)}", CELLS[cell])
    ast.parse(text)
    assert f"nn.{runner}(cell" in text
    assert f"{cell}" in text


@pytest.mark.parametrize("name", WRAPPERS)
def test_each_wrapper_is_a_program_of_its_own(name: str) -> None:
    ast.parse(WRAPPERS[name])
    assert f"tf.nn.{name}(" in WRAPPERS[name]


def test_every_runner_and_cell_of_the_table_has_a_program() -> None:
    runners = {row.path.removeprefix("tf.compat.v1.nn.") for row in rows("tf.compat.v1.nn.") if row.kind == "function"}
    cells = {row.path.rpartition(".")[2] for row in rows("tf.compat.v1.nn.rnn_cell.") if row.kind == "class"}
    assert runners == set(RUNNERS)
    # The class above all cells, and a tuple.
    assert cells - {"RNNCell", "LSTMStateTuple"} == set(CELLS)
    assert {row.path for row in rows("tf.nn.RNNCell")} == {f"tf.nn.{name}" for name in WRAPPERS}


def rows(beginning: str) -> list[Symbol]:
    return [row for row in table().values() if row.path.startswith(beginning) and row.state != "removed"]
