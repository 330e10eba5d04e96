"""Is the cost table sound, and are its rows added up rightly?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rnnlint.facts import cost_table
from rnnlint.facts.cost_table import table
from rnnlint.facts.graph_cost import (
    Cell,
    Law,
    dynamic,
    dynamic_bidirectional,
    loop_step,
    python_loop,
    static,
    static_bidirectional,
    with_gradients,
)
from rnnlint.facts.keras_cost import keras_loop, keras_unrolled

UNKNOWN: dict[str, Any] = {"batch_known": False, "sequence_length": False}
LENGTHS: dict[str, Any] = {"batch_known": False, "sequence_length": True}
KNOWN: dict[str, Any] = {"batch_known": True, "sequence_length": False}


def plain(kind: str, *options: str, units: int | None = 16) -> Cell:
    return Cell(kind, frozenset(options), units=units)


def around(kind: str, *inner: Cell, options: tuple[str, ...] = ()) -> Cell:
    return Cell(kind, frozenset(options), inner)


RNN, BASIC_LSTM, LSTM, GRU = map(plain, ("BasicRNNCell", "BasicLSTMCell", "LSTMCell", "GRUCell"))


def test_the_file_is_a_table_without_twins() -> None:
    lines = Path(cost_table.__file__).with_name("graph_cost.tsv").read_text("utf-8").splitlines()
    header, *rows = (line.split("\t") for line in lines)
    assert tuple(header) == cost_table.COLUMNS
    assert {len(row) for row in rows} == {len(header)}
    keys = [tuple(row[:6]) for row in rows]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("row", table(), ids=lambda row: f"{row.part} {row.option}".strip())
def test_a_row_says_when_it_holds_and_where_it_was_measured(row: cost_table.Fact) -> None:
    assert row.batch in ("known", "unknown", "any")
    assert row.time in ("known", "unknown", "any")
    assert row.sequence_length in ("yes", "no", "any")
    assert row.control_flow in ("1", "2", "any")
    assert row.measured_on.startswith("tensorflow 2.")
    assert ("keras" in row.measured_on) == row.part.startswith("keras")
    assert row.meaning


@pytest.mark.parametrize("cell", [BASIC_LSTM, LSTM], ids=lambda cell: cell.kind)
def test_an_lstm_over_ten_inputs(cell: Cell) -> None:
    assert static(cell, **UNKNOWN) == Law(43, 17)
    assert static(cell, **LENGTHS) == Law(55, 34)
    assert static(cell, **UNKNOWN).at(10) == 213  # type: ignore[union-attr]
    assert dynamic(cell, **UNKNOWN) == Law(128, 0)
    assert dynamic(cell, **LENGTHS) == Law(150, 0)


def test_the_cells_of_keras_2_start_with_three_operations_more_for_each_kernel() -> None:
    assert static(plain("BasicLSTMCell", "keras_initializer"), **UNKNOWN) == Law(46, 17)
    assert static(plain("BasicLSTMCell", "keras_initializer"), **LENGTHS) == Law(58, 34)
    assert static(plain("GRUCell", "keras_initializer"), **UNKNOWN) == Law(57, 18)


@pytest.mark.parametrize(
    ("cell", "law", "with_lengths", "loop"),
    [
        (RNN, Law(33, 5), Law(45, 19), 105),
        (GRU, Law(51, 18), Law(63, 32), 138),
        (plain("LSTMCell", "peepholes"), Law(79, 23), Law(91, 40), 173),
        (plain("LSTMCell", "projection"), Law(55, 18), Law(67, 35), 142),
        (plain("LSTMCell", "projection_clip"), Law(43, 17), Law(55, 34), 128),
        (plain("LSTMCell", "concatenated_state"), Law(33, 25), Law(45, 39), 125),
        (plain("BasicRNNCell", units=1000), Law(35, 5), Law(47, 19), 107),
        (around("MultiRNNCell", LSTM, LSTM), Law(81, 34), Law(93, 57), 187),
        (around("MultiRNNCell", RNN, RNN, RNN, options=("shared",)), Law(53, 15), Law(65, 35), 137),
        (around("ResidualWrapper", RNN), Law(33, 6), Law(45, 20), 106),
        (around("DropoutWrapper", RNN, options=("output_keep_prob",)), Law(33, 13), Law(45, 27), 113),
        (around("DropoutWrapper", RNN, options=("output_keep_prob_tensor",)), Law(33, 15), Law(45, 29), 116),
        (around("DeviceWrapper", around("DropoutWrapper", LSTM)), Law(43, 17), Law(55, 34), 128),
    ],
)
def test_measured_laws(cell: Cell, law: Law, with_lengths: Law, loop: int) -> None:
    assert static(cell, **UNKNOWN) == law
    assert static(cell, **LENGTHS) == with_lengths
    assert dynamic(cell, **UNKNOWN) == Law(loop, 0)


def test_initial_state_known_batch_and_known_time_save_operations() -> None:
    assert static(LSTM, **KNOWN) == Law(34, 17)
    assert static(LSTM, initial_state=True, **UNKNOWN) == Law(23, 17)
    assert dynamic(LSTM, **KNOWN) == Law(114, 0)
    assert dynamic(LSTM, time_known=False, **KNOWN) == Law(113, 0)
    assert dynamic(LSTM, time_major=True, **UNKNOWN) == Law(112, 0)


def test_old_control_flow() -> None:
    assert static(RNN, control_flow=1, **LENGTHS) == Law(41, 39)
    assert static(RNN, control_flow=1, resource_variables=True, **LENGTHS) == Law(45, 39)
    assert static(LSTM, control_flow=1, **LENGTHS) == Law(51, 59)
    assert dynamic(GRU, control_flow=1, **UNKNOWN) == Law(158, 0)
    assert static(RNN, control_flow=3, **UNKNOWN) is None


def test_both_directions() -> None:
    assert static_bidirectional(LSTM, LSTM, **UNKNOWN) == Law(86, 36)
    assert static_bidirectional(LSTM, LSTM, **LENGTHS) == Law(116, 70)
    assert static_bidirectional(LSTM, GRU, initial_state=(True, False), **UNKNOWN) == Law(23 + 51, 17 + 18 + 2)
    assert dynamic_bidirectional(LSTM, LSTM, **UNKNOWN) == Law(260, 0)
    assert dynamic_bidirectional(LSTM, LSTM, time_major=True, **LENGTHS) == Law(270, 0)
    assert static_bidirectional(LSTM, plain("NASCell"), **UNKNOWN) is None


def test_the_form_of_the_lengths_counts() -> None:
    forms = ("int32", "int64", "constant", "constant64")
    assert [static(RNN, lengths=one, **LENGTHS) for one in forms] == [Law(45 + n, 19) for n in (0, 1, 1, 2)]
    assert static(RNN, lengths="constant", **UNKNOWN) == Law(33, 5)
    assert static(RNN, lengths="float", **LENGTHS) is None


def test_gradients() -> None:
    assert with_gradients("static_rnn", LSTM, **UNKNOWN) == Law(44, 73)
    assert with_gradients("static_rnn", LSTM, **KNOWN) == Law(35, 45)
    assert with_gradients("dynamic_rnn", LSTM, **UNKNOWN) == Law(367, 0)
    assert with_gradients("dynamic_rnn", LSTM, time_known=False, **KNOWN) == Law(294, 0)
    assert with_gradients("static_rnn", plain("LSTMCell", "peepholes"), **UNKNOWN) is None
    assert with_gradients("static_rnn", around("MultiRNNCell", LSTM), **UNKNOWN) is None
    assert with_gradients("raw_rnn", LSTM, **UNKNOWN) is None


def test_gradients_depend_on_the_sizes() -> None:
    small_kernel = with_gradients("static_rnn", plain("LSTMCell", units=8), depth=8, **LENGTHS)
    assert small_kernel == Law(65, 206)
    for depth, slope in ((8, 208), (None, 206)):
        law = with_gradients("static_rnn", LSTM, depth=depth, **LENGTHS)
        assert law == Law(65, slope)
        assert law.exact is (depth is not None)
    known: dict[str, Any] = {"batch_known": True, "sequence_length": True, "depth": 8}
    small, large = (with_gradients("static_rnn", LSTM, batch=batch, **known) for batch in (4, 64))
    assert small == Law(56, 171)
    assert large == Law(56, 185)


@pytest.mark.parametrize(
    "cell",
    [
        plain("NASCell"),
        plain("static_rnn"),
        plain("LSTMCell", "num_unit_shards"),
        plain("LSTMCell", "other_initializer"),
        plain("BasicLSTMCell", "peepholes"),
        around("BasicRNNCell", LSTM),
        around("MultiRNNCell"),
        around("MultiRNNCell", LSTM, plain("NASCell")),
        around("MultiRNNCell", RNN, options=("concatenated_state",)),
        around("MultiRNNCell", LSTM, LSTM, options=("concatenated_state",)),
        around("ResidualWrapper", RNN, RNN),
        around("ResidualWrapper", RNN, options=("residual_fn",)),
        around("DropoutWrapper", RNN, options=("keep_prob",)),
        around("DropoutWrapper", RNN, options=("input_keep_prob", "input_keep_prob_tensor")),
    ],
)
def test_what_is_not_known_has_no_number(cell: Cell) -> None:
    assert static(cell, **UNKNOWN) is None
    assert dynamic(cell, **UNKNOWN) is None
    assert python_loop(cell) is None
    assert loop_step(cell) is None


def test_a_law_says_whether_it_is_exact() -> None:
    unmeasured = plain("LSTMCell", units=None)
    for cell, exact in ((LSTM, True), (unmeasured, False), (plain("LSTMCell", "built", units=None), True)):
        law = static(around("MultiRNNCell", LSTM, cell), **UNKNOWN)
        assert law is not None
        assert law.exact is exact

    def loop(*options: str) -> Law | None:
        return dynamic(around("DropoutWrapper", LSTM, options=options), **UNKNOWN)

    one, two = "input_keep_prob_tensor", "output_keep_prob_tensor"
    laws = [loop(one), loop(one, two), loop(one + ":a", two + ":a"), loop(one + ":a", two + ":b")]
    assert [law and (law.fixed, law.exact) for law in laws] == [(139, True), (149, False), (149, True), (150, True)]


def test_loops_in_python() -> None:
    assert loop_step(RNN) == 7
    assert loop_step(LSTM) == 19
    assert loop_step(LSTM, resource_variables=False) == 17
    assert python_loop(RNN) == Law(16, 7)
    assert [loop_step(one) for one in ("SimpleRNNCell", "LSTMCell", "GRUCell", "NASCell")] == [8, 18, 37, None]
    assert loop_step("GRUCell", keras=2) == 25
    assert loop_step("GRUCell", keras=4) is None


def test_keras_layers() -> None:
    assert keras_unrolled("LSTM") == keras_unrolled("RNN(LSTMCell)") == Law(23, 18)
    assert keras_unrolled("GRU", batch=4, units=16) == Law(12, 37)
    assert keras_unrolled("LSTM", batch=4, units=300) == Law(17, 18)
    assert keras_unrolled("RNN([LSTMCell, GRUCell])") == Law(82, 55)
    assert keras_unrolled("Bidirectional(LSTM)", return_sequences=True) == Law(59, 36)
    assert keras_unrolled("LSTM", keras=2) == Law(25, 18)
    assert keras_loop("LSTM") == Law(105, 0)
    assert keras_loop("SimpleRNN", return_sequences=True, time_known=False) == Law(78, 0)
    assert keras_loop("Bidirectional(RNN([LSTMCell, GRUCell]))") == Law(482, 0)
    assert keras_loop("Bidirectional(GRU)", keras=2, return_sequences=True) == Law(641, 0)
    assert keras_loop("Bidirectional(GRU)", keras=2, return_sequences=True, bundled=True) == Law(621, 0)
    assert keras_loop("LSTM", keras=2, bundled=True) == Law(356, 0)
    assert keras_loop("SimpleRNN", keras=2, bundled=True) == keras_loop("SimpleRNN", keras=2)


@pytest.mark.parametrize(
    "layer", ["", "Dense", "ConvLSTM2D", "RNN", "RNN(NASCell)", "RNN([LSTMCell)", "Bidirectional(Bidirectional(LSTM))"]
)
def test_keras_layers_that_are_not_known(layer: str) -> None:
    assert keras_unrolled(layer) is None
    assert keras_loop(layer) is None
