"""Is each misuse of `rnnlint weights` one line and exit code 2? TensorFlow is never asked here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rnnlint.hosts.command_line import main, weights
from rnnlint.probe import processes

FOUND: dict[str, Any] = {
    "scope": "rnn/lstm_cell",
    "cell": "LSTMCell",
    "keras_layer": "LSTM",
    "units": 2,
    "input_depth": 3,
    "arguments": {"unit_forget_bias": False},
    "weights": {"kernel": [3, 8], "recurrent_kernel": [2, 8], "bias": [8]},
    "direction": "backward",
    "layer": 1,
}


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "the following arguments are required: CHECKPOINT"),
        (["x", "--cell=rnn"], "--cell rnn: write SCOPE=NAME"),
        (["x", "--cell=a=LSTMCell", "--cell=a=GRUCell"], "--cell names two cells for a"),
        (["x", "--forget-bias=nan"], "--forget-bias must be a number"),
        (["x", "--averag"], "unknown option '--averag'"),
        (["x", "--output=."], ".: is a folder"),
    ],
)
def test_a_misuse_is_one_line(argv: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["weights", *argv]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert message in err


def test_without_tensorflow_the_command_that_installs_it_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(processes, "installed", lambda package: False)
    assert main(["weights", "model.ckpt"]) == 2
    assert "pip install 'rnnlint[probe]'" in capsys.readouterr().err


def test_what_is_found_is_printed_for_people(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = {**FOUND, "scope": "a\x1b[2J", "cell": None, "units": None, "keras_layer": None, "reason": "custom cell"}
    monkeypatch.setattr(weights, "ask", lambda path, **options: [FOUND, refused])
    assert main(["weights", "model.ckpt", "--forget-bias=0.5"]) == 0
    out = capsys.readouterr().out
    assert "tf.keras.layers.LSTM(2, unit_forget_bias=False)" in out
    assert "LSTMCell, 2 units, input depth 3, layer 1, backward" in out
    assert "forget_bias 0.5 is added to the bias" in out
    assert "cannot be carried over: custom cell" in out
    assert "\x1b" not in out
    assert out.endswith("2 recurrent cells found, 1 can be carried over to Keras.\n")


@pytest.mark.parametrize(("difference", "code"), [(1e-7, 0), (0.1, 1)])
def test_a_difference_that_is_no_rounding_is_exit_code_1(
    difference: float, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "ask", lambda path, **options: [{**FOUND, "difference": difference}])
    assert main(["weights", "model.ckpt", "--check"]) == code


def test_what_is_written_takes_the_place_of_the_file_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(path: str, output: str, **options: Any) -> list[dict[str, Any]]:
        Path(output).write_bytes(b"new")
        return [FOUND]

    monkeypatch.setattr(weights, "ask", ask)
    (tmp_path / "out.npz").write_bytes(b"as it was")
    assert main(["weights", "model.ckpt", f"--output={tmp_path / 'out.npz'}"]) == 0
    assert (tmp_path / "out.npz").read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [tmp_path / "out.npz"]
    assert "1 recurrent cell found, 1 written to" in capsys.readouterr().out


def test_what_is_found_is_json_and_nothing_found_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(weights, "ask", lambda path, **options: [FOUND])
    assert main(["weights", "model.ckpt", "--output-format=json"]) == 0
    assert json.loads(capsys.readouterr().out) == [FOUND]
    monkeypatch.setattr(weights, "ask", lambda path, **options: [])
    assert main(["weights", "model.ckpt"]) == 0
    assert capsys.readouterr().out == "No recurrent cells found.\n"
    gru = {**FOUND, "cell": "GRUCell", "keras_layer": "GRU"}
    monkeypatch.setattr(weights, "ask", lambda path, **options: [gru])
    assert main(["weights", "model.ckpt"]) == 0
    assert "--forget-bias" not in capsys.readouterr().out
