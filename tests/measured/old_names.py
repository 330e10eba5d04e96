"""What gives TensorFlow 2 the names that TensorFlow 1 had? With them a program runs before its fixes, too.

Each old name is made from what the installed TensorFlow has under ``tf.compat.v1``, so both programs compute with the
same functions, and only their names, arguments and variables are compared.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

CELLS = (
    "BasicLSTMCell", "BasicRNNCell", "DeviceWrapper", "DropoutWrapper", "GRUCell", "LSTMCell", "LSTMStateTuple",
    "MultiRNNCell", "RNNCell", "ResidualWrapper",
)  # fmt: skip
STATIC = {
    "rnn": "static_rnn",
    "bidirectional_rnn": "static_bidirectional_rnn",
    "state_saving_rnn": "static_state_saving_rnn",
}
RUNNERS = ("static_rnn", "static_bidirectional_rnn", "static_state_saving_rnn")
DYNAMIC = ("dynamic_rnn", "bidirectional_dynamic_rnn", "raw_rnn")


def install() -> None:
    """Put the old names into this process. Nothing takes them away again."""
    tf = importlib.import_module("tensorflow")
    nn = importlib.import_module("tensorflow._api.v2.compat.v1.nn")
    legacy = importlib.import_module("tensorflow.python.ops.rnn_cell")
    runners = {name: getattr(nn, name) for name in (*RUNNERS, *DYNAMIC)}
    runners |= {old: runners[new] for old, new in STATIC.items()}
    cells = {name: getattr(legacy, name) for name in CELLS}
    rnn_cell = _module("tensorflow.nn.rnn_cell", cells)
    for name, function in runners.items():
        setattr(tf.nn, name, function)
    tf.nn.rnn_cell = rnn_cell
    sys.modules["tensorflow.nn"] = tf.nn
    # With Keras 3 its attributes raise.
    for v1 in ("tensorflow.compat.v1", "tensorflow._api.v2.compat.v1"):
        importlib.import_module(v1).nn.rnn_cell = rnn_cell
    contrib = _module("tensorflow.contrib", {})
    contrib.rnn = _module("tensorflow.contrib.rnn", {**cells, **runners})
    contrib.rnn.core_rnn_cell = _module("tensorflow.contrib.rnn.core_rnn_cell", cells)
    tf.contrib = contrib
    below = _module("tensorflow.contrib.rnn.python", {})
    below.ops = _module("tensorflow.contrib.rnn.python.ops", {})
    below.ops.core_rnn_cell = _module("tensorflow.contrib.rnn.python.ops.core_rnn_cell", cells)
    below.ops.core_rnn = _module("tensorflow.contrib.rnn.python.ops.core_rnn", runners)
    contrib.rnn.python = below
    models = _module("tensorflow.models", {})
    models.rnn = _module("tensorflow.models.rnn", {})
    models.rnn.rnn = _module("tensorflow.models.rnn.rnn", runners)
    models.rnn.rnn_cell = _module("tensorflow.models.rnn.rnn_cell", cells)
    _take_layers_from_cudnn(tf)


def _module(path: str, names: dict[str, Any]) -> Any:
    made = sys.modules[path] = types.ModuleType(path)
    made.__dict__.update(names)
    made.__path__ = []
    return made


def _take_layers_from_cudnn(tf: Any) -> None:
    """What CuDNNLSTM and CuDNNGRU compute, without their kernels: the layers with the defaults that cuDNN has."""
    layers = tf.keras.layers

    def lstm(*arguments: Any, **options: Any) -> Any:
        return layers.LSTM(*arguments, activation="tanh", recurrent_activation="sigmoid", **options)

    def gru(*arguments: Any, **options: Any) -> Any:
        return layers.GRU(*arguments, activation="tanh", recurrent_activation="sigmoid", reset_after=True, **options)

    homes = [layers, tf.compat.v1.keras.layers]
    for name in ("keras.layers", "tensorflow.keras.layers"):
        try:
            homes.append(importlib.import_module(name))
        except ImportError:
            continue
    for home in homes:
        home.CuDNNLSTM, home.CuDNNGRU = lstm, gru
