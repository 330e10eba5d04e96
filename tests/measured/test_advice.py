"""Does the code that follows the advice at a call compute what the call computed? TensorFlow runs both.

The expressions are taken from the message; the other instructions are repeated here and compared with it.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
from typing import NamedTuple

import pytest
from computed import computed
from replacement_programs import PRELUDE

from rnnlint import engine
from rnnlint.finding import Finding
from rnnlint.settings import from_mapping

_spec = importlib.util.find_spec("tensorflow")
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

pytestmark = pytest.mark.tensorflow

ROUNDING = 1e-5

HEAD = """\
lengths = tf.constant([4, 2, 1])
v1 = tf.compat.v1.nn
"""


class Case(NamedTuple):
    """A legacy call, and the code that follows its advice; ``NEW`` stands for the expression that the message has."""

    cells: str
    """Makes the cells of the call, as ``cell`` or ``forward`` and ``backward``."""
    call: str
    said: tuple[str, ...]
    """What the advice says beside the expression."""
    weights: str
    """Those of the legacy cells, as the Keras layer takes them."""
    follow: str
    pairs: str
    """What is compared: old and new in turn."""


RNN, LSTM, GRU = "split(*weights_of({}))", "lstm_weights(*weights_of({}), 1.0)", "gru_weights(*weights_of({}))"
MASK = "mask=tf.sequence_mask(lengths, tf.shape(x)[1])"
RETURNS = "it returns the outputs, h and c"
ONE_TENSOR = "pass one tensor instead of the list: tf.stack(inputs, 1)"

CASES = {
    "time_major": Case(
        "cell = GRUCell(units)",
        "y, s = v1.dynamic_rnn(cell, tf.constant(time_major(x)), time_major=True, dtype=tf.float32)",
        ("transpose inputs and outputs with tf.transpose(x, [1, 0, 2])",),
        GRU.format("cell"),
        "b, t = like(NEW, weights, tf.transpose(time_major(x), [1, 0, 2]))",
        "[y, tf.transpose(b, [1, 0, 2]), s, t]",
    ),
    "lengths": Case(
        "cell = BasicLSTMCell(units)",
        "y, s = v1.dynamic_rnn(cell, x, lengths, dtype=tf.float32)",
        (f"call it with {MASK}", RETURNS),
        LSTM.format("cell"),
        f"b, h, c = like(NEW, weights, x, {MASK})",
        "[y, b, s[1], h, s[0], c]",
    ),
    "forget_bias": Case(
        "cell = BasicLSTMCell(units, forget_bias=0.0, activation=tf.nn.relu)",
        "y, s = v1.dynamic_rnn(cell, x, dtype=tf.float32)",
        (RETURNS,),
        "lstm_weights(*weights_of(cell), 0.0)",
        "b, h, c = like(NEW, weights, x)",
        "[y, b, s[1], h, s[0], c]",
    ),
    "initial_state": Case(
        "cell, c, h = LSTMCell(units), tf.ones([batch, units]), tf.zeros([batch, units])",
        "y, s = v1.dynamic_rnn(cell, x, initial_state=LSTMStateTuple(c, h))",
        ("pass initial_state=[h, c], not (c, h), to the call",),
        LSTM.format("cell"),
        "b, _, _ = like(NEW, weights, x, initial_state=[h, c])",
        "[y, b]",
    ),
    "zero_state": Case(
        "cell = BasicRNNCell(units)",
        "y, s = v1.dynamic_rnn(cell, x, initial_state=cell.zero_state(batch, tf.float32), swap_memory=True)",
        ("leave out initial_state: Keras starts with zeros", "leave out swap_memory"),
        RNN.format("cell"),
        "b, t = like(NEW, weights, x)",
        "[y, b, s, t]",
    ),
    "only the state": Case(
        "cell = GRUCell(units)",
        "_, s = v1.dynamic_rnn(cell, x, sequence_length=lengths, dtype=tf.float32)",
        (f"call it with {MASK}",),
        GRU.format("cell"),
        f"_, t = like(NEW, weights, x, {MASK})",
        "[s, t]",
    ),
    "stacked": Case(
        "below, above = BasicLSTMCell(units), BasicLSTMCell(units)\ncell = MultiRNNCell([below, above])",
        "y, s = v1.dynamic_rnn(cell, x, lengths, dtype=tf.float32)",
        ("cells is a list of `tf.keras.layers.LSTMCell(units)`", f"call it with {MASK}"),
        f"[*{LSTM.format('below')}, *{LSTM.format('above')}]",
        "cells = [tf.keras.layers.LSTMCell(units), tf.keras.layers.LSTMCell(units)]\n"
        f"b, one, two = like(NEW, weights, x, {MASK})",
        "[y, b, s[0][1], one[0], s[0][0], one[1], s[1][1], two[0], s[1][0], two[1]]",
    ),
    "both ways": Case(
        "forward, backward = BasicLSTMCell(units), BasicLSTMCell(units)",
        "y, s = v1.bidirectional_dynamic_rnn(forward, backward, x, sequence_length=lengths, dtype=tf.float32)",
        ("it returns the two outputs, then h and c of each direction",),
        f"[*{LSTM.format('forward')}, *{LSTM.format('backward')}]",
        f"a, b, h, c, g, d = like(NEW, weights, x, {MASK})",
        "[y[0], a, y[1], b, s[0][1], h, s[0][0], c, s[1][1], g, s[1][0], d]",
    ),
    "another cell each way": Case(
        "forward, backward = BasicLSTMCell(units), GRUCell(units)",
        "y, s = v1.bidirectional_dynamic_rnn(forward, backward, x, dtype=tf.float32)",
        ("it returns the two outputs, then the states of each direction",),
        f"[*{LSTM.format('forward')}, *{GRU.format('backward')}]",
        "a, b, h, c, t = like(NEW, weights, x)",
        "[y[0], a, y[1], b, s[0][1], h, s[0][0], c, s[1], t]",
    ),
    "a list": Case(
        "cell = BasicLSTMCell(units)",
        "y, s = v1.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32, sequence_length=lengths)",
        (
            ONE_TENSOR,
            "tf.unstack(outputs, axis=1) turns its outputs into a list",
            "mask=tf.sequence_mask(lengths, tf.shape(x)[1]), where x is the tensor that it takes",
        ),
        LSTM.format("cell"),
        "inputs = tf.stack(tf.unstack(x, axis=1), 1)\n"
        "b, h, c = like(NEW, weights, inputs, mask=tf.sequence_mask(lengths, tf.shape(inputs)[1]))",
        "[y[0], tf.unstack(b, axis=1)[0], y[-1], b[:, -1], s[1], h, s[0], c]",
    ),
    "dropped": Case(
        "cell = DropoutWrapper(ResidualWrapper(inner := BasicRNNCell(depth)), output_keep_prob=1.0)",
        "y, s = v1.dynamic_rnn(cell, x, dtype=tf.float32)",
        ("add the inputs to its outputs instead of the ResidualWrapper",),
        "split_at(depth, *weights_of(inner))",
        "b, t = like(NEW, weights, x)",
        "[y, b + x, s, t]",
    ),
}

SPLIT_AT = """
def split_at(width, kernel, bias):
    return [kernel[:-width], kernel[-width:], bias]
"""


def finding_at(case: Case, target: str) -> Finding:
    """What rnnlint says of the call."""
    names = "from tensorflow.compat.v1.nn.rnn_cell import *\nunits, batch, depth = parameters()\n"
    text = f"import tensorflow as tf\n{names}{HEAD}{case.cells}\n{case.call}\n"
    settings = from_mapping({"target-tensorflow": target, "select": ["RNN101", "RNN102"]}, "test")
    found = engine.check_bytes(text.encode(), "program.py", settings, engine.Project()).findings
    (finding,) = found
    return finding


def expression(finding: Finding) -> str:
    """The layer that the advice names."""
    found = re.match(r"use `([^`]+)`", finding.help)
    assert found is not None, finding.help
    return found[1]


def target() -> str:
    """The newest release that has the Keras of this run."""
    version = importlib.metadata.version(importlib.metadata.packages_distributions()["tensorflow"][0])
    is_keras_2 = os.environ.get("TF_USE_LEGACY_KERAS") == "1" or int(version.split(".")[1]) < 16
    return "2.15" if is_keras_2 else "2.21"


def test_the_code_that_follows_the_advice_computes_what_the_call_did() -> None:
    programs = []
    for case in CASES.values():
        layer = expression(finding_at(case, target()))
        programs.append(
            f"{PRELUDE}{SPLIT_AT}{HEAD}{case.cells}\n{case.call}\nweights = {case.weights}\n{case.call}\n"
            f"{case.follow.replace('NEW', layer)}\nresults = {case.pairs}\n"
        )
    differences = {}
    for name, results in zip(CASES, computed(programs)):
        far = [abs(a - b) for old, new in zip(results[::2], results[1::2]) for a, b in zip(old, new, strict=True)]
        assert len(results) % 2 == 0
        assert len(far) > 0
        differences[name] = max(far)
    assert {name: far for name, far in differences.items() if not far < ROUNDING} == {}


@pytest.mark.parametrize("name", CASES)
def test_the_advice_names_what_the_call_needs_and_nothing_else(name: str) -> None:
    case = CASES[name]
    notes = finding_at(case, "2.21").help.split("; ")[1:]
    assert all(any(said in note for note in notes) for said in case.said), notes
    given = {"time_major": "transpose", "sequence_length": "mask", "initial_state": "initial_state", "scope": "name="}
    passed = {"sequence_length"} if "lengths" in case.call else set()
    passed |= {argument for argument in given if f"{argument}=" in case.call}
    for argument, word in given.items():
        assert any(word in note for note in notes) == (argument in passed), (argument, notes)


def test_without_the_advice_it_raises_or_computes_something_else() -> None:
    legacy = PRELUDE + "def error(run):\n    try:\n        run()\n    except Exception:\n        return np.float32(1)\n"
    legacy += "    return np.float32(0)\ntwo = [tf.keras.layers.GRUCell(units), tf.keras.layers.GRUCell(units)]\n"
    raises = [
        "results = [error(lambda: tf.keras.layers.RNN(BasicLSTMCell(units))(x))]",
        "results = [error(lambda: tf.keras.layers.RNN(tf.keras.layers.LSTMCell(units), time_major=True)(x))]",
        "results = [error(lambda: tf.keras.layers.RNN(tf.keras.layers.LSTMCell(units), swap_memory=True)(x))]",
        "results = [error(lambda: tf.keras.layers.LSTM(units)(x, mask=tf.sequence_mask([3, 2, 1])))]",
        "results = [error(lambda: v1.dynamic_rnn(tf.keras.layers.GRUCell(units), x, dtype=tf.float32))]",
        "results = [error(lambda: v1.static_rnn(two[0], tf.unstack(x, axis=1), dtype=tf.float32))]",
        "results = [error(lambda: tf.keras.layers.RNN(two[:1])(x, mask=x[..., 0] > 0))]",
        "results = [error(lambda: tf.keras.layers.RNN(two)(x, mask=x[..., 0] > 0))]",
    ]
    found = [results[0][0] for results in computed([legacy + one for one in raises])]
    keras_3, keras_2 = [1, 1, 1, 1, 1, 1, 1, 0], [0, 0, 1, 1, 0, 0, 0, 0]
    assert found == (keras_3 if target() == "2.21" else keras_2)
