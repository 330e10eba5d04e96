"""Are the cells of a checkpoint recognized by names and shapes, whichever release wrote them? No TensorFlow here."""

from __future__ import annotations

import pytest

from rnnlint.probe.weights.cells import CHOICES, Found, as_json, recognize
from rnnlint.probe.weights.variables import Shape, variables

DEPTH, UNITS = 3, 2
ROWS = DEPTH + UNITS


def lstm(scope: str, kernel: str = "kernel", bias: str = "bias") -> dict[str, Shape]:
    return {f"{scope}/{kernel}": (ROWS, 4 * UNITS), f"{scope}/{bias}": (4 * UNITS,)}


def gru(
    scope: str, kernel: str = "kernel", bias: str = "bias", gates: str = "gates", last: str = "candidate"
) -> dict[str, Shape]:
    return {
        f"{scope}/{gates}/{kernel}": (ROWS, 2 * UNITS),
        f"{scope}/{gates}/{bias}": (2 * UNITS,),
        f"{scope}/{last}/{kernel}": (ROWS, UNITS),
        f"{scope}/{last}/{bias}": (UNITS,),
    }


def basic(scope: str, kernel: str = "kernel", bias: str = "bias") -> dict[str, Shape]:
    return {f"{scope}/{kernel}": (ROWS, UNITS), f"{scope}/{bias}": (UNITS,)}


def only(shapes: dict[str, Shape], **options: object) -> Found:
    (found,) = recognize(shapes, **options)  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("shapes", "scope", "cell", "layer"),
    [
        # 0.x
        (lstm("RNN/BasicLSTMCell", "Linear/Matrix", "Linear/Bias"), "RNN/BasicLSTMCell", "BasicLSTMCell", "LSTM"),
        (lstm("RNN/LSTMCell", "W_0", "B"), "RNN/LSTMCell", "LSTMCell", "LSTM"),
        (basic("RNN/BasicRNNCell", "Linear/Matrix", "Linear/Bias"), "RNN/BasicRNNCell", "BasicRNNCell", "SimpleRNN"),
        (
            gru("RNN/GRUCell", "Linear/Matrix", "Linear/Bias", "Gates", "Candidate"),
            "RNN/GRUCell", "GRUCell", "GRU",
        ),
        # 1.0 and 1.1
        (lstm("rnn/basic_lstm_cell", "weights", "biases"), "rnn/basic_lstm_cell", "BasicLSTMCell", "LSTM"),
        (lstm("rnn/lstm_cell", "weights", "biases"), "rnn/lstm_cell", "LSTMCell", "LSTM"),
        (gru("rnn/gru_cell", "weights", "biases"), "rnn/gru_cell", "GRUCell", "GRU"),
        (basic("rnn/basic_rnn_cell", "weights", "biases"), "rnn/basic_rnn_cell", "BasicRNNCell", "SimpleRNN"),
        # 1.2 and later
        (lstm("a/b/rnn/lstm_cell"), "a/b/rnn/lstm_cell", "LSTMCell", "LSTM"),
        (lstm("rnn/basic_lstm_cell_1"), "rnn/basic_lstm_cell_1", "BasicLSTMCell", "LSTM"),
        (gru("rnn/gru_cell"), "rnn/gru_cell", "GRUCell", "GRU"),
        (basic("rnn/basic_rnn_cell"), "rnn/basic_rnn_cell", "BasicRNNCell", "SimpleRNN"),
        (lstm("lstm_cell"), "lstm_cell", "LSTMCell", "LSTM"),
        # cuDNN's canonical form
        (
            lstm("cudnn_lstm/rnn/multi_rnn_cell/cell_0/cudnn_compatible_lstm_cell"),
            "cudnn_lstm/rnn/multi_rnn_cell/cell_0/cudnn_compatible_lstm_cell", "CudnnCompatibleLSTMCell", "LSTM",
        ),
        # TensorFlow's own kernels
        (lstm("rnn/lstm_fused_cell"), "rnn/lstm_fused_cell", "LSTMBlockFusedCell", "LSTM"),
        (
            {"g/gru_cell/w_ru": (5, 4), "g/gru_cell/b_ru": (4,), "g/gru_cell/w_c": (5, 2), "g/gru_cell/b_c": (2,)},
            "g/gru_cell", "GRUBlockCell", "GRU",
        ),
        # as sessions name tensors
        ({f"{name}:0": shape for name, shape in lstm("rnn/lstm_cell").items()}, "rnn/lstm_cell", "LSTMCell", "LSTM"),
    ],
)  # fmt: skip
def test_the_names_of_each_release_are_known(shapes: dict[str, Shape], scope: str, cell: str, layer: str) -> None:
    found = only(shapes)
    assert (found.scope, found.cell, found.keras_layer) == (scope, cell, layer)
    assert (found.units, found.input_depth) == (UNITS, DEPTH)


def test_an_entry_has_what_the_layer_needs() -> None:
    assert as_json(only(lstm("rnn/lstm_cell"))) == {
        "scope": "rnn/lstm_cell",
        "cell": "LSTMCell",
        "keras_layer": "LSTM",
        "units": 2,
        "input_depth": 3,
        "arguments": {"unit_forget_bias": False},
        "weights": {"kernel": [3, 8], "recurrent_kernel": [2, 8], "bias": [8]},
        "direction": None,
        "layer": 0,
    }
    assert as_json(only(gru("rnn/gru_cell")))["arguments"] == {"reset_after": False}
    assert as_json(only(basic("rnn/basic_rnn_cell")))["arguments"] == {}


@pytest.mark.parametrize(
    ("scope", "direction", "layer"),
    [
        ("rnn/multi_rnn_cell/cell_0/lstm_cell", None, 0),
        ("rnn/multi_rnn_cell/cell_11/lstm_cell", None, 11),
        ("RNN/MultiRNNCell/Cell1/LSTMCell", None, 1),
        ("bidirectional_rnn/fw/lstm_cell", "forward", 0),
        ("bidirectional_rnn/bw/multi_rnn_cell/cell_2/lstm_cell", "backward", 2),
        ("BiRNN/FW/LSTMCell", "forward", 0),
        ("BiRNN_BW/LSTMCell", "backward", 0),
        ("stack_bidirectional_rnn/cell_1/bidirectional_rnn/bw/lstm_cell", "backward", 1),
        ("fwd/rnn/lstm_cell", None, 0),
    ],
)
def test_direction_and_layer_come_from_the_scopes(scope: str, direction: str | None, layer: int) -> None:
    entry = as_json(only(lstm(scope)))
    assert (entry["scope"], entry["direction"], entry["layer"]) == (scope, direction, layer)


def test_each_cell_of_a_stack_is_an_entry() -> None:
    shapes = {
        name: shape
        for at in range(3)
        for way in ("fw", "bw")
        for name, shape in lstm(f"bidirectional_rnn/{way}/multi_rnn_cell/cell_{at}/basic_lstm_cell").items()
    }
    found = [as_json(one) for one in recognize(shapes)]
    assert {(one["direction"], one["layer"]) for one in found} == {
        (way, at) for at in range(3) for way in ("forward", "backward")
    }


@pytest.mark.parametrize(
    "more",
    [
        {"dense/kernel": (8, 16), "dense/bias": (16,)},
        {"rnn/dense/kernel": (8, 16), "rnn/dense/bias": (16,)},
        {"decoder/output_projection/kernel": (8, 16), "decoder/output_projection/bias": (16,)},
        {"logits/weights": (8, 16), "logits/biases": (16,)},
        {"Linear/Matrix": (8, 16), "Linear/Bias": (16,)},
        {"embedding": (100, 8), "global_step": (), "beta1_power": ()},
        {"rnn/lstm_cell/kernel/Adam": (5, 8), "rnn/lstm_cell/kernel/Adam_1": (5, 8), "rnn/lstm_cell/bias/Adam": (8,)},
        {"rnn/lstm_cell/kernel/Momentum": (5, 8), "rnn/lstm_cell/kernel/RMSProp_1": (5, 8)},
        {"train/rnn/lstm_cell/kernel/Adagrad": (5, 8)},
        {"Adam/m/rnn/lstm_cell/kernel": (5, 8), "Adam/v/rnn/lstm_cell/kernel": (5, 8)},
        {
            "rnn/lstm_cell/kernel/ExponentialMovingAverage": (5, 8),
            "ema/rnn/lstm_cell/bias/ExponentialMovingAverage": (8,),
        },
        {"lstm/lstm_cell/kernel": (3, 8), "lstm/lstm_cell/recurrent_kernel": (2, 8), "lstm/lstm_cell/bias": (8,)},
    ],
)
def test_what_is_no_cell_is_no_entry(more: dict[str, Shape]) -> None:
    assert only(lstm("rnn/lstm_cell") | more).scope == "rnn/lstm_cell"
    assert not [one.scope for one in recognize(more) if one.keras_layer]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({f"rnn/lstm_cell/w_{gate}_diag": (2,) for gate in "fio"}, "peepholes"),
        ({"rnn/lstm_cell/gamma": (2,)}, "layer normalization"),
        ({"rnn/lstm_cell/attention_w": (2, 2)}, "custom cell"),
    ],
)
def test_what_keras_lacks_is_listed_with_its_reason(more: dict[str, Shape], reason: str) -> None:
    entry = as_json(only(lstm("rnn/lstm_cell") | more))
    assert entry["keras_layer"] is None
    assert entry["weights"] == {}
    assert reason in entry["reason"]


@pytest.mark.parametrize(
    ("projection", "kernel", "bias"),
    [("projection/kernel", "kernel", "bias"), ("projection/weights", "weights", "biases"), ("W_P_0", "W_0", "B")],
)
def test_the_depth_of_a_cell_with_a_projection_counts_its_projected_state(
    projection: str, kernel: str, bias: str
) -> None:
    # Four units, projected to two; three inputs.
    found = only({f"r/lstm_cell/{kernel}": (5, 16), f"r/lstm_cell/{bias}": (16,), f"r/lstm_cell/{projection}": (4, 2)})
    assert (found.keras_layer, found.units, found.input_depth) == (None, 4, 3)
    assert "projection" in found.reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("layer_norm_basic_lstm_cell", "layer normalization"),
        ("coupled_input_forget_gate_lstm_cell", "coupled gates"),
        ("nas_cell", "eight gates"),
        ("ugrnn_cell", "update gate"),
    ],
)
def test_cells_without_a_layer_are_named(name: str, reason: str) -> None:
    assert reason in only({f"rnn/{name}/kernel": (5, 8), f"rnn/{name}/bias": (8,)}).reason


@pytest.mark.parametrize(("name", "gates"), [("layer_norm_basic_lstm_cell", 4), ("ugrnn_cell", 2)])
def test_units_of_cells_without_a_layer_come_from_their_kernels(name: str, gates: int) -> None:
    found = only({f"rnn/{name}/kernel": (5, 2 * gates), f"rnn/{name}/bias": (2 * gates,)})
    assert (found.keras_layer, found.units, found.input_depth) == (None, 2, 3)


def test_a_recurrent_vector_is_of_a_cell_of_its_own_and_not_of_keras() -> None:
    cell = {"rnn/ind_rnn_cell/input_kernel": (3, 2), "rnn/ind_rnn_cell/recurrent_kernel": (2,)}
    assert only(cell | {"rnn/ind_rnn_cell/bias": (2,)}).reason.startswith("custom cell")


@pytest.mark.parametrize("name", ["gru_cell", "gru_block_cell", "GRUBlockCell"])
def test_a_block_cell_is_known_by_its_variables(name: str) -> None:
    shapes = {"w_ru": (5, 4), "b_ru": (4,), "w_c": (5, 2), "b_c": (2,)}
    found = only({f"rnn/{name}/{one}": shape for one, shape in shapes.items()})
    assert (found.cell, found.keras_layer, found.units) == ("GRUBlockCell", "GRU", 2)


def test_a_cell_with_variables_of_its_own_is_listed() -> None:
    found = only({"rnn/minimal_cell/w_x": (3, 2), "rnn/minimal_cell/w_h": (2, 2), "rnn/minimal_cell/b": (2,)})
    assert (found.keras_layer, found.cell) == (None, None)
    assert found.reason.startswith("custom cell")


def test_where_two_cells_are_possible_both_are_named_and_none_is_chosen() -> None:
    # Nine rows: one unit of input and eight of state, or seven and two.
    shapes: dict[str, Shape] = {"rnn/encoder_rnn/kernel": (9, 8), "rnn/encoder_rnn/bias": (8,)}
    entry = as_json(only(shapes))
    assert (entry["cell"], entry["keras_layer"], entry["possible"]) == (None, None, ["BasicRNNCell", "LSTMCell"])
    assert "--cell rnn/encoder_rnn=" in entry["reason"]
    chosen = only(shapes, chosen={"rnn/encoder_rnn": "BasicRNNCell"})
    assert (chosen.keras_layer, chosen.units, chosen.input_depth) == ("SimpleRNN", 8, 1)
    chosen = only(shapes, chosen={"rnn/encoder_rnn": "BasicLSTMCell"})
    assert (chosen.keras_layer, chosen.units, chosen.input_depth) == ("LSTM", 2, 7)


def test_a_scope_that_looks_like_no_cell_can_be_named() -> None:
    assert only(lstm("my/own/scope"), chosen={"my/own/scope": "LSTMCell"}).keras_layer == "LSTM"


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"rnn/x": "LSTMCell"}, "no variables in the scope 'rnn/x'"),
        ({"rnn/lstm_cell": "LSTM"}, "unknown cell 'LSTM'"),
        ({"rnn/lstm_cell": "GRUCell"}, "GRUCell has a gates/kernel, which is missing"),
        ({"rnn/lstm_cell": "BasicRNNCell"}, "leaves no rows for the input"),
    ],
)
def test_a_choice_that_does_not_fit_is_an_error(chosen: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        recognize(lstm("rnn/lstm_cell"), chosen)


@pytest.mark.parametrize(
    "shapes",
    [
        {"rnn/lstm_cell/kernel": (5, 8)},
        {"rnn/lstm_cell/kernel": (5, 8), "rnn/lstm_cell/bias": (7,)},
        {"rnn/lstm_cell/kernel": (5, 7), "rnn/lstm_cell/bias": (7,)},
        {"rnn/lstm_cell/kernel": (2, 8), "rnn/lstm_cell/bias": (8,)},
        {"rnn/lstm_cell/kernel": (1, 2, 8), "rnn/lstm_cell/bias": (8,)},
        {"rnn/lstm_cell/kernel": (), "rnn/lstm_cell/bias": ()},
        {"rnn/lstm_cell/kernel": (0, 0), "rnn/lstm_cell/bias": (0,)},
        gru("rnn/gru_cell") | {"rnn/gru_cell/candidate/kernel": (6, 2)},
    ],
)
def test_shapes_that_contradict_the_name_are_refused(shapes: dict[str, Shape]) -> None:
    found = only(shapes)
    assert found.keras_layer is None
    assert found.reason


def test_the_parts_of_a_variable_are_joined() -> None:
    found = only(
        {
            "rnn/lstm_cell/kernel/part_0": (3, 8), "rnn/lstm_cell/kernel/part_1": (2, 8),
            "rnn/lstm_cell/bias/part_0": (4,), "rnn/lstm_cell/bias/part_1": (4,),
            "rnn/lstm_cell/kernel/Adam/part_0": (3, 8), "rnn/lstm_cell/kernel/part_1/Adam": (2, 8),
        }
    )  # fmt: skip
    assert (found.keras_layer, found.units, found.input_depth) == ("LSTM", 2, 3)
    assert found.parts["kernel"].sources == ("rnn/lstm_cell/kernel/part_0", "rnn/lstm_cell/kernel/part_1")


def test_ten_parts_and_more_are_joined_in_the_order_of_their_numbers() -> None:
    names = {f"a/lstm_cell/kernel/part_{at}": (1, 8) for at in range(12)}
    joined = variables(names)["a/lstm_cell/kernel"]
    assert joined.shape == (12, 8)
    assert [int(name.rpartition("_")[2]) for name in joined.sources] == list(range(12))


def test_a_missing_part_is_named() -> None:
    shapes: dict[str, Shape] = {f"rnn/lstm_cell/kernel/part_{at}": (2, 8) for at in (0, 2)}
    assert "part 1 of it is missing" in only(shapes | {"rnn/lstm_cell/bias": (8,)}).reason


def test_equal_parts_are_joined_along_the_axis_that_the_bias_has() -> None:
    shapes: dict[str, Shape] = {f"rnn/lstm_cell/kernel/part_{at}": (5, 4) for at in range(2)}
    found = only(shapes | {"rnn/lstm_cell/bias": (8,)})
    assert (found.parts["kernel"].shape, found.parts["kernel"].axis) == ((5, 8), 1)


def test_shards_of_0_x_are_joined() -> None:
    found = only({"RNN/LSTMCell/W_0": (3, 8), "RNN/LSTMCell/W_1": (2, 8), "RNN/LSTMCell/B": (8,)})
    assert (found.keras_layer, found.input_depth) == ("LSTM", 3)


def test_averages_take_the_place_of_the_variables_where_they_are_asked_for() -> None:
    average = "ExponentialMovingAverage"
    shapes = lstm("rnn/lstm_cell")
    shapes |= {f"{name}/{average}": shape for name, shape in shapes.items()}
    assert only(shapes).parts["kernel"].sources == ("rnn/lstm_cell/kernel",)
    assert only(shapes, averages=True).parts["kernel"].sources == (f"rnn/lstm_cell/kernel/{average}",)
    alone = {name: shape for name, shape in shapes.items() if name.endswith(average)}
    assert recognize(alone) == []
    assert only(alone, averages=True).keras_layer == "LSTM"


def test_averages_of_a_scope_of_their_own_are_found() -> None:
    shapes = lstm("rnn/lstm_cell")
    shapes |= {f"ema/{name}/ExponentialMovingAverage": shape for name, shape in lstm("rnn/lstm_cell").items()}
    sources = only(shapes, averages=True).parts["kernel"].sources
    assert sources == ("ema/rnn/lstm_cell/kernel/ExponentialMovingAverage",)


def test_a_gru_of_cudnn_resets_after_the_product() -> None:
    scope = "cudnn_gru/rnn/multi_rnn_cell/cell_0/cudnn_compatible_gru_cell"
    sides: dict[str, Shape] = {
        f"{scope}/candidate/input_projection/kernel": (3, 2), f"{scope}/candidate/input_projection/bias": (2,),
        f"{scope}/candidate/hidden_projection/kernel": (2, 2), f"{scope}/candidate/hidden_projection/bias": (2,),
    }  # fmt: skip
    entry = as_json(only({f"{scope}/gates/kernel": (5, 4), f"{scope}/gates/bias": (4,)} | sides))
    assert (entry["keras_layer"], entry["arguments"]) == ("GRU", {"reset_after": True})
    assert entry["weights"] == {"kernel": [3, 6], "recurrent_kernel": [2, 6], "bias": [2, 6]}


def test_an_opaque_buffer_of_cudnn_is_refused() -> None:
    assert only({"cudnn_lstm/opaque_kernel": (1000,)}).reason.startswith("opaque")


def test_cudnn_adds_no_forget_bias() -> None:
    assert only(lstm("rnn/lstm_cell")).adds_forget_bias
    assert not only(lstm("rnn/cudnn_compatible_lstm_cell")).adds_forget_bias


def test_every_choice_has_a_layer() -> None:
    assert set(CHOICES) >= {"BasicRNNCell", "BasicLSTMCell", "LSTMCell", "GRUCell", "CudnnCompatibleLSTMCell"}
