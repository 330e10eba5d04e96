"""Does a Keras layer with the weights of a checkpoint compute what the legacy cell computed?"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import checkpoints
import pytest

from rnnlint.facts.weight_mapping import MAPPINGS, carry_over
from rnnlint.hosts.command_line import main
from rnnlint.probe import processes

pytestmark = pytest.mark.tensorflow

_spec = importlib.util.find_spec("tensorflow")
# A folder of this name that happens to be on the path counts as a package without an origin.
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

ROUNDING = 1e-5
PAGE = (Path(__file__).parents[2] / "docs" / "weights.md").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for each checkpoint."""
    folder = tmp_path_factory.mktemp("checkpoints")
    with tempfile.TemporaryDirectory() as home:
        variables = processes.environment(os.environ, {}, home)
        # The command takes the working folder off the path, and rnnlint may lie there.
        path = os.pathsep.join([str(Path(processes.__file__).parents[2]), *sys.path])
        subprocess.run(
            [sys.executable, checkpoints.__file__, str(folder)], env={**variables, "PYTHONPATH": path}, check=True
        )
    return folder


def listed(capsys: pytest.CaptureFixture[str], *argv: str) -> list[dict[str, Any]]:
    code = main(["weights", *argv, "--output-format=json"])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    found: list[dict[str, Any]] = json.loads(out)
    return found


def difference(folder: Path, results: list[Any], first: int = 0) -> float:
    """From what the legacy cell computed; results are outputs, which count up to the lengths, and states."""
    import numpy

    with numpy.load(folder / "computed.npz") as archive:
        legacy = [archive[f"arr_{at}"] for at in range(first, first + len(results))]
    return max(float(abs(numpy.asarray(one) - other).max()) for one, other in zip(results, legacy, strict=True))


def computed(weights: Any, **options: Any) -> list[Any]:
    """Outputs and state of a layer with these weights, in the order of the legacy cell."""
    import tensorflow as tf

    inputs, lengths = checkpoints.inputs()
    more = {"reset_after": weights.reset_after} if weights.keras_layer == "GRU" else {}
    layer = getattr(tf.keras.layers, weights.keras_layer)(
        weights.units, return_sequences=True, return_state=True, **more, **options
    )
    weights.apply_to(layer)
    mask = tf.sequence_mask(lengths, checkpoints.STEPS)
    outputs, *states = layer(tf.constant(inputs), mask=mask)
    return [outputs * tf.cast(mask, tf.float32)[:, :, None], *reversed(states)]


@pytest.mark.parametrize("name", [*checkpoints.CELLS, "first-format", "partitioned", "saved-model"])
def test_outputs_and_states_are_those_of_the_legacy_cell(
    name: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from rnnlint import weights

    place = made / name / ("model" if name == "saved-model" else "model.ckpt")
    output = tmp_path / "weights.npz"
    (entry,) = listed(capsys, str(place), f"--output={output}")
    assert (entry["units"], entry["input_depth"]) == (checkpoints.UNITS, checkpoints.DEPTH)
    loaded = weights.load(output)
    assert list(loaded) == [entry["scope"]]
    assert {part: list(array.shape) for part, array in loaded[entry["scope"]].arrays.items()} == entry["weights"]
    assert difference(made / name, computed(loaded[entry["scope"]])) < ROUNDING


def test_a_forget_bias_is_given_by_the_user(made: Path) -> None:
    from rnnlint import weights

    folder = made / "forget-bias"
    (right,) = weights.load(folder / "model.ckpt", forget_bias=0.25).values()
    (wrong,) = weights.load(folder / "model.ckpt").values()
    assert difference(folder, computed(right)) < ROUNDING
    assert difference(folder, computed(wrong)) > 0.001


def test_an_activation_is_given_by_the_user(made: Path) -> None:
    from rnnlint import weights

    (found,) = weights.load(made / "activation" / "model.ckpt").values()
    assert difference(made / "activation", computed(found, activation="relu")) < ROUNDING
    assert difference(made / "activation", computed(found)) > 0.001


def test_slots_are_left_out_and_averages_are_taken_where_they_are_asked_for(made: Path) -> None:
    import numpy

    from rnnlint import weights

    place = made / "slots" / "model.ckpt"
    (now,), (average,) = (weights.load(place, averages=averages).values() for averages in (False, True))
    assert difference(made / "slots", computed(now)) < ROUNDING
    assert not numpy.array_equal(now.arrays["kernel"], average.arrays["kernel"])


def test_both_directions_compute_the_same(made: Path) -> None:
    import tensorflow as tf

    from rnnlint import weights

    loaded = weights.load(made / "bidirectional" / "model.ckpt")
    inputs, lengths = checkpoints.inputs()
    forward = tf.keras.layers.LSTM(checkpoints.UNITS, return_sequences=True)
    layer = tf.keras.layers.Bidirectional(forward, merge_mode=None)
    mask = tf.sequence_mask(lengths, checkpoints.STEPS)
    layer(tf.constant(inputs), mask=mask)
    loaded["bidirectional_rnn/fw/lstm_cell"].apply_to(layer.forward_layer)
    loaded["bidirectional_rnn/bw/lstm_cell"].apply_to(layer.backward_layer)
    # The mask of the layer holds the state over padding; the legacy runner turned each sequence within its length.
    first, last = layer(tf.constant(inputs), mask=mask)
    valid = tf.cast(mask, tf.float32)[:, :, None]
    assert difference(made / "bidirectional", [first * valid, last * valid]) < ROUNDING


def test_each_layer_of_a_stack_is_carried_over(made: Path) -> None:
    import tensorflow as tf

    from rnnlint import weights

    loaded = weights.load(made / "stack" / "model.ckpt")
    scopes = ["rnn/multi_rnn_cell/cell_0/lstm_cell", "rnn/multi_rnn_cell/cell_1/gru_cell"]
    assert sorted(loaded) == scopes
    inputs, lengths = checkpoints.inputs()
    layers = [
        tf.keras.layers.LSTM(checkpoints.UNITS, return_sequences=True),
        tf.keras.layers.GRU(checkpoints.UNITS, return_sequences=True, reset_after=False),
    ]
    mask = tf.sequence_mask(lengths, checkpoints.STEPS)
    outputs = tf.constant(inputs)
    for scope, layer in zip(scopes, layers):
        loaded[scope].apply_to(layer)
        outputs = layer(outputs, mask=mask)
    assert difference(made / "stack", [outputs * tf.cast(mask, tf.float32)[:, :, None]]) < ROUNDING


@pytest.mark.parametrize("name", ["peepholes", "projection"])
def test_the_cell_of_the_page_computes_what_keras_lacks(name: str, made: Path) -> None:
    import tensorflow as tf

    (code,) = [block for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "LegacyLSTMCell" in block]
    namespace: dict[str, Any] = {}
    exec(code, namespace)
    cell = namespace["LegacyLSTMCell"](str(made / name / "model.ckpt"), "rnn/lstm_cell")
    layer = tf.keras.layers.RNN(cell, return_sequences=True, return_state=True)
    inputs, lengths = checkpoints.inputs()
    mask = tf.sequence_mask(lengths, checkpoints.STEPS)
    outputs, *states = layer(tf.constant(inputs), mask=mask)
    # The cell keeps c in front of h, as the legacy one does.
    assert difference(made / name, [outputs * tf.cast(mask, tf.float32)[:, :, None], *states]) < ROUNDING


@pytest.mark.parametrize("name", ["peepholes", "projection"])
def test_what_keras_lacks_is_refused_and_not_written(
    name: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import numpy

    from rnnlint import weights

    output = tmp_path / "weights.npz"
    (entry,) = listed(capsys, str(made / name / "model.ckpt"), f"--output={output}")
    assert entry["keras_layer"] is None
    assert name in entry["reason"]
    with numpy.load(output) as archive:
        assert archive.files == []
    with pytest.raises(KeyError, match=name):
        weights.load(made / name / "model.ckpt")["rnn/lstm_cell"]


def test_a_cell_with_a_name_of_its_own_is_asked_for(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = str(made / "named" / "model.ckpt")
    (entry,) = listed(capsys, place)
    assert (entry["scope"], entry["keras_layer"], entry["possible"]) == (
        "rnn/encoder", None, ["BasicRNNCell", "LSTMCell"],
    )  # fmt: skip
    (entry,) = listed(capsys, place, "--cell=rnn/encoder=BasicRNNCell", "--check")
    assert entry["difference"] < ROUNDING


@pytest.mark.parametrize("name", [*checkpoints.CELLS, "stack", "bidirectional"])
def test_the_check_compares_every_cell(name: str, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = listed(capsys, str(made / name / "model.ckpt"), "--check")
    assert entries
    assert all(0 <= entry["difference"] < ROUNDING for entry in entries)


def test_a_gru_of_cudnn_computes_what_its_equations_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import numpy

    from rnnlint import weights

    depth, units = checkpoints.DEPTH, checkpoints.UNITS
    scope = "rnn/cudnn_compatible_gru_cell"
    shapes = {
        "gates/kernel": (depth + units, 2 * units), "gates/bias": (2 * units,),
        "candidate/input_projection/kernel": (depth, units), "candidate/input_projection/bias": (units,),
        "candidate/hidden_projection/kernel": (units, units), "candidate/hidden_projection/bias": (units,),
    }  # fmt: skip
    random = checkpoints.numbers(3)
    given = {name: random.normal(size=shape).astype("float32") for name, shape in shapes.items()}
    numpy.savez(tmp_path / "given.npz", **{f"{scope}/{name}": array for name, array in given.items()})
    state, inputs = numpy.zeros([checkpoints.BATCH, units], "float32"), checkpoints.inputs()[0]
    gates, bias, into, into_bias, held, held_bias = given.values()
    for step in range(checkpoints.STEPS):
        x = inputs[:, step]
        reset, update = numpy.split(1 / (1 + numpy.exp(-(numpy.concatenate([x, state], 1) @ gates + bias))), 2, axis=1)
        new = numpy.tanh(x @ into + into_bias + reset * (state @ held + held_bias))
        state = update * state + (1 - update) * new
    import tensorflow as tf

    layer = tf.keras.layers.GRU(units)
    weights.load(tmp_path / "given.npz")[scope].apply_to(layer)
    assert float(abs(numpy.asarray(layer(inputs)) - state).max()) < ROUNDING
    (entry,) = listed(capsys, str(tmp_path / "given.npz"), "--check")
    assert 0 < entry["difference"] < ROUNDING


def test_a_layer_that_computes_something_else_is_refused(made: Path) -> None:
    import tensorflow as tf

    from rnnlint import weights

    (gru,) = weights.load(made / "GRUCell" / "model.ckpt").values()
    layers = tf.keras.layers
    with pytest.raises(ValueError, match="make it with reset_after=False"):
        gru.apply_to(layers.GRU(checkpoints.UNITS))
    with pytest.raises(ValueError, match="it has 5 units, not 4"):
        gru.apply_to(layers.GRU(5, reset_after=False))
    with pytest.raises(ValueError, match="it is an object of class LSTM, not GRU"):
        gru.apply_to(layers.LSTM(checkpoints.UNITS))
    with pytest.raises(ValueError, match="use_bias=False"):
        gru.apply_to(layers.GRU(checkpoints.UNITS, reset_after=False, use_bias=False))
    built = layers.GRU(checkpoints.UNITS, reset_after=False)
    built.build((None, None, 7))
    with pytest.raises(ValueError, match="its weights have the shapes"):
        gru.apply_to(built)


@pytest.mark.parametrize("damage", ["cut", "garbage", "empty"])
def test_a_damaged_checkpoint_is_one_line(
    damage: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (made / "LSTMCell" / "model.ckpt.index").read_bytes()
    (tmp_path / "x.index").write_bytes({"cut": whole[:40], "garbage": b"no checkpoint" * 9, "empty": b""}[damage])
    assert main(["weights", str(tmp_path / "x")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert str(tmp_path / "x") in err


def test_numbers_that_are_missing_are_one_line_and_leave_the_file_as_it_was(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.index").write_bytes((made / "LSTMCell" / "model.ckpt.index").read_bytes())
    (tmp_path / "out.npz").write_bytes(b"as it was")
    assert main(["weights", str(tmp_path / "x"), f"--output={tmp_path / 'out.npz'}"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert (tmp_path / "out.npz").read_bytes() == b"as it was"


@pytest.mark.parametrize("cell", sorted(MAPPINGS))
def test_names_of_0_x_by_hand_are_carried_over_number_by_number(cell: str, tmp_path: Path) -> None:
    import numpy

    from rnnlint import weights

    mapping, units, depth = MAPPINGS[cell], 2, 3
    random = checkpoints.numbers(4)
    kernels, biases, given = {}, {}, {}
    for one in mapping.variables:
        inside = f"RNN/{cell}/{one.scope.title()}"
        kernels[one.scope] = kernel = random.normal(size=[depth + units, len(one.gates) * units]).astype("float32")
        biases[one.scope] = bias = random.normal(size=[len(one.gates) * units]).astype("float32")
        sharded = {f"{inside}W_0": kernel[:3], f"{inside}W_1": kernel[3:], f"{inside}B": bias}
        given |= sharded if cell == "LSTMCell" else {f"{inside}Linear/Matrix": kernel, f"{inside}Linear/Bias": bias}
    numpy.savez(tmp_path / "given.npz", **given)
    arrays = weights.load(tmp_path / "given.npz", forget_bias=0.5)[f"RNN/{cell}"].arrays
    lists = ({scope: array.tolist() for scope, array in named.items()} for named in (kernels, biases))
    for found, wanted in zip(arrays.values(), carry_over(mapping, *lists, forget_bias=0.5), strict=True):
        numpy.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_checkpoints_of_objects_are_read_by_the_names_of_the_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import tensorflow as tf

    kernel, bias = (
        tf.Variable(tf.ones([5, 8]), name="rnn/lstm_cell/kernel"),
        tf.Variable(tf.ones([8]), name="rnn/lstm_cell/bias"),
    )
    place = tf.train.Checkpoint(one=kernel, other=bias).save(str(tmp_path / "objects"))
    (entry,) = listed(capsys, place)
    assert (entry["scope"], entry["keras_layer"]) == ("rnn/lstm_cell", "LSTM")
    assert listed(capsys, str(tmp_path)) == [entry]


def test_the_folder_of_a_checkpoint_counts_and_not_the_path_that_it_was_written_to(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(made / "LSTMCell", tmp_path / "moved")
    (tmp_path / "moved" / "checkpoint").write_text('model_checkpoint_path: "/somewhere/else/model.ckpt"\n')
    assert len(listed(capsys, str(tmp_path / "moved"))) == 1


@pytest.mark.parametrize("content", ["pickled", "cut", "too-short", "no-zip"])
def test_an_archive_that_cannot_be_used_is_one_line(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import numpy

    place = tmp_path / "given.npz"
    arrays = {"rnn/lstm_cell/kernel": numpy.ones([5, 8], "float32"), "rnn/lstm_cell/bias": numpy.ones([8], "float32")}
    if content == "pickled":
        arrays["rnn/lstm_cell/bias"] = numpy.array([{}] * 8, dtype=object)
    numpy.savez(place, **arrays)
    if content == "cut":
        place.write_bytes(place.read_bytes()[:200])
    elif content == "no-zip":
        place.write_bytes(b"no archive")
    elif content == "too-short":
        header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999, 8), }"
        with zipfile.ZipFile(place, "w") as archive:
            archive.writestr("rnn/basic_lstm_cell/kernel.npy", b"\x93NUMPY\x01\x00" + bytes([len(header), 0]) + header)
            short = header.replace(b"(999999999999, 8)", b"(8,)")
            archive.writestr("rnn/basic_lstm_cell/bias.npy", b"\x93NUMPY\x01\x00" + bytes([len(short), 0]) + short)
    code = main(["weights", str(place), f"--output={tmp_path / 'out.npz'}"])
    out, err = capsys.readouterr()
    if content == "pickled":
        # An array of objects is no variable; without its bias the cell cannot be carried over.
        assert (code, err) == (0, "")
        assert "bias, which is missing" in out
        return
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert str(place) in err
    assert not (tmp_path / "out.npz").exists()
