"""Do layers with the weights of block cells compute what TensorFlow's own operations for them do, also in a session?"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import checkpoints
import pytest

pytestmark = pytest.mark.tensorflow

_spec = importlib.util.find_spec("tensorflow")
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

ROUNDING = 1e-5
DEPTH, UNITS = checkpoints.DEPTH, checkpoints.UNITS


def given(folder: Path, scope: str, shapes: dict[str, tuple[int, ...]]) -> dict[str, Any]:
    """Random variables, which are written to a file that rnnlint reads."""
    import numpy

    random = checkpoints.numbers(5)
    arrays = {name: random.normal(size=shape).astype("float32") for name, shape in shapes.items()}
    numpy.savez(folder / "given.npz", **{f"{scope}/{name}": array for name, array in arrays.items()})
    return arrays


def test_a_gru_block_cell_is_a_gru(tmp_path: Path) -> None:
    import numpy
    import tensorflow as tf

    from rnnlint import weights

    rows = DEPTH + UNITS
    shapes = {"w_ru": (rows, 2 * UNITS), "b_ru": (2 * UNITS,), "w_c": (rows, UNITS), "b_c": (UNITS,)}
    arrays = given(tmp_path, "rnn/gru_cell", shapes)
    inputs = checkpoints.inputs()[0]
    state = tf.zeros([len(inputs), UNITS])
    for step in range(checkpoints.STEPS):
        state = tf.raw_ops.GRUBlockCell(x=inputs[:, step], h_prev=state, **arrays).h
    layer = tf.keras.layers.GRU(UNITS, reset_after=False)
    weights.load(tmp_path / "given.npz")["rnn/gru_cell"].apply_to(layer)
    assert float(abs(numpy.asarray(layer(inputs)) - numpy.asarray(state)).max()) < ROUNDING


def test_a_fused_block_of_lstms_is_an_lstm(tmp_path: Path) -> None:
    import numpy
    import tensorflow as tf

    from rnnlint import weights

    shapes = {"kernel": (DEPTH + UNITS, 4 * UNITS), "bias": (4 * UNITS,)}
    arrays = given(tmp_path, "lstm_fused_cell", shapes)
    inputs = checkpoints.inputs()[0]
    zeros, none = tf.zeros([len(inputs), UNITS]), tf.zeros([UNITS])
    legacy = tf.raw_ops.BlockLSTM(
        seq_len_max=checkpoints.STEPS, x=tf.transpose(inputs, [1, 0, 2]), cs_prev=zeros, h_prev=zeros,
        w=arrays["kernel"], wci=none, wcf=none, wco=none, b=arrays["bias"], forget_bias=1.0, cell_clip=-1.0,
    )  # fmt: skip
    layer = tf.keras.layers.LSTM(UNITS, return_sequences=True)
    weights.load(tmp_path / "given.npz")["lstm_fused_cell"].apply_to(layer)
    outputs = numpy.transpose(numpy.asarray(layer(inputs)), [1, 0, 2])
    assert float(abs(outputs - numpy.asarray(legacy.h)).max()) < ROUNDING


def test_a_layer_in_a_graph_gets_its_weights_in_a_session(tmp_path: Path) -> None:
    import numpy
    import tensorflow as tf

    from rnnlint import weights

    v1, shapes = tf.compat.v1, {"kernel": (DEPTH + UNITS, 4 * UNITS), "bias": (4 * UNITS,)}
    given(tmp_path, "rnn/lstm_cell", shapes)
    inputs = checkpoints.inputs()[0]
    cell = weights.load(tmp_path / "given.npz")["rnn/lstm_cell"]
    eager = tf.keras.layers.LSTM(UNITS)
    cell.apply_to(eager)
    with tf.Graph().as_default():
        layer = tf.keras.layers.LSTM(UNITS)
        outputs = layer(tf.constant(inputs))
        with pytest.raises(ValueError, match="pass the session to apply_to"):
            cell.apply_to(layer)
        with v1.Session() as session:
            with pytest.raises(ValueError, match="before you set its weights in a session"):
                cell.apply_to(tf.keras.layers.LSTM(UNITS), session)
            cell.apply_to(layer)
            found = session.run(outputs)
    assert float(abs(found - numpy.asarray(eager(inputs))).max()) < ROUNDING
