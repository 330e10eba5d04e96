"""Does each number of a legacy cell land where the Keras layer looks for it?"""

from __future__ import annotations

import pytest

from rnnlint.facts.symbols import find
from rnnlint.facts.weight_mapping import MAPPINGS, WeightMapping, carry_over

DEPTH, UNITS = 3, 2

of_mapping = pytest.mark.parametrize("mapping", MAPPINGS.values(), ids=MAPPINGS)


def labelled(mapping: WeightMapping) -> tuple[dict[str, list[list[float]]], dict[str, list[float]]]:
    """Variables whose numbers say where they stand: 100 times the row, 10 times the gate's letter, and the unit."""
    kernels, biases = {}, {}
    for variable in mapping.variables:
        columns = [10.0 * "ijforuch".index(gate) + unit for gate in variable.gates for unit in range(UNITS)]
        kernels[variable.scope] = [[100.0 * row + column for column in columns] for row in range(DEPTH + UNITS)]
        biases[variable.scope] = [column / 1000 for column in columns]
    return kernels, biases


def gates_of(row: list[float]) -> str:
    return "".join("ijforuch"[int(number % 100) // 10] for number in row[::UNITS])


@of_mapping
def test_the_weights_have_the_shapes_of_keras(mapping: WeightMapping) -> None:
    kernel, recurrent, bias = carry_over(mapping, *labelled(mapping))
    width = UNITS * len(mapping.gates)
    assert (len(kernel), len(recurrent)) == (DEPTH, UNITS)
    assert {len(row) for row in [*kernel, *recurrent, bias]} == {width}


@of_mapping
def test_no_number_is_lost_and_none_is_made_up(mapping: WeightMapping) -> None:
    kernels, biases = labelled(mapping)
    kernel, recurrent, bias = carry_over(mapping, kernels, biases, forget_bias=0.0)
    numbers = sorted(number for row in [*kernel, *recurrent] for number in row)
    assert numbers == sorted(number for rows in kernels.values() for row in rows for number in row)
    assert sorted(bias) == sorted(number for row in biases.values() for number in row)


@of_mapping
def test_rows_of_the_input_come_before_those_of_the_state(mapping: WeightMapping) -> None:
    kernel, recurrent, _ = carry_over(mapping, *labelled(mapping))
    assert [int(row[0]) // 100 for row in [*kernel, *recurrent]] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("cell", "gates"), [("BasicRNNCell", "h"), ("BasicLSTMCell", "ifjo"), ("LSTMCell", "ifjo"), ("GRUCell", "urc")]
)
def test_the_gates_stand_in_the_order_of_keras(cell: str, gates: str) -> None:
    kernel, recurrent, _ = carry_over(MAPPINGS[cell], *labelled(MAPPINGS[cell]))
    assert {gates_of(row) for row in [*kernel, *recurrent]} == {gates}


def test_the_forget_bias_is_added_to_the_forget_gate_alone() -> None:
    mapping = MAPPINGS["LSTMCell"]
    without = carry_over(mapping, *labelled(mapping), forget_bias=0.0)[2]
    with_it = carry_over(mapping, *labelled(mapping), forget_bias=1.0)[2]
    assert [round(more - less, 6) for more, less in zip(with_it, without)] == [0, 0, 1, 1, 0, 0, 0, 0]


def test_a_gru_needs_its_reset_gate_before_the_product() -> None:
    assert dict(MAPPINGS["GRUCell"].options) == {"reset_after": False}


def test_an_lstm_state_is_turned_round() -> None:
    assert (MAPPINGS["LSTMCell"].state, MAPPINGS["LSTMCell"].keras_state) == (("c", "h"), ("h", "c"))


def test_variables_that_do_not_fit_each_other_are_refused() -> None:
    mapping = MAPPINGS["GRUCell"]
    kernels, biases = labelled(mapping)
    with pytest.raises(ValueError, match="one number for each column"):
        carry_over(mapping, kernels, biases | {"candidate/": [0.0]})
    with pytest.raises(KeyError):
        carry_over(mapping, kernels, {"gates/": biases["gates/"]})


@of_mapping
def test_both_ends_of_a_mapping_are_what_the_table_of_symbols_says(mapping: WeightMapping) -> None:
    symbol = find(f"tf.nn.rnn_cell.{mapping.cell}")
    assert symbol is not None
    assert f"tf.keras.layers.{mapping.layer}Cell" in symbol.replacement
    assert all(f"{option}={value}" in symbol.replacement for option, value in mapping.options.items())
