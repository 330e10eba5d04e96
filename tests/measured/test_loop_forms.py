"""Does the loop that a finding advises compute what the unroll computes? TensorFlow runs both.

The advice is taken from the finding and written into the program in place of the unroll.
"""

from __future__ import annotations

import importlib.util
import re

import pytest
from computed import computed

from rnnlint import engine
from rnnlint.settings import from_mapping

_spec = importlib.util.find_spec("tensorflow")
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

pytestmark = pytest.mark.tensorflow

ROUNDING = 1e-5


def advice(program: str, code: str) -> list[str]:
    """The pieces of code in the advice of the one finding of that code."""
    settings = from_mapping({"select": [code], "max-unroll": 0}, "test")
    (finding,) = engine.check_bytes(program.encode(), "program.py", settings, engine.Project()).findings
    assert "…" not in finding.help.replace("rnn/…", "")
    return re.findall("`([^`]+)`", finding.help)


def assert_same(before: list[str], after: list[str]) -> None:
    results = computed([*before, *after])
    for program, one, other in zip(after, results[: len(before)], results[len(before) :], strict=True):
        assert len(one) == len(other) > 0, program
        for left, right in zip(one, other, strict=True):
            assert left == pytest.approx(right, abs=ROUNDING), program


# ---- static runners

GRAPH = """
import numpy as np
import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicLSTMCell, GRUCell, LSTMCell

v1 = tf.compat.v1
data = np.random.RandomState(0).normal(size=(4, 6, 3)).astype("float32")
lengths = np.array([6, 2, 3, 1], "int32")

with tf.Graph().as_default(), v1.Session() as session:
    x = tf.reshape(data, [4, 6, 3])
    lists = tf.unstack(x, axis=1)
{body}
    variables = sorted(v1.global_variables(), key=lambda variable: variable.name)
    session.run(v1.global_variables_initializer())
    for seed, variable in enumerate(variables):
        value = np.random.RandomState(seed).normal(scale=0.5, size=variable.shape)
        session.run(v1.assign(variable, value.astype("float32")))
    results = [np.asarray(part) for part in session.run(tf.nest.flatten(found))]
"""

ONE_WAY = """
    cell = {cell}
    outputs, state = {call}
    found = [{listed}, state]
"""
BOTH_WAYS = """
    one, other = {cell}, {cell}
    outputs, *state = {call}
    found = [{listed}, state]
"""
CELLS = ["LSTMCell(5)", "GRUCell(5)", "BasicLSTMCell(5)"]


def graph_programs(frame: str, call: str) -> tuple[list[str], list[str]]:
    before = [GRAPH.format(body=frame.format(cell=cell, call=call, listed="outputs")) for cell in CELLS]
    after = []
    for cell, program in zip(CELLS, before, strict=True):
        written, listed = advice(program, "RNN201")
        after.append(GRAPH.format(body=frame.format(cell=cell, call=written, listed=listed)))
    return before, after


@pytest.mark.parametrize(
    "arguments",
    [
        "lists, dtype=tf.float32",
        "lists, None, tf.float32, lengths",
        "tf.unstack(x, 6, 1), initial_state=cell.zero_state(4, tf.float32), sequence_length=lengths",
        "tf.unstack(tf.transpose(x, [1, 0, 2])), dtype=tf.float32, scope='reader'",
    ],
)
def test_dynamic_rnn_computes_what_static_rnn_computed(arguments: str) -> None:
    assert_same(*graph_programs(ONE_WAY, f"v1.nn.static_rnn(cell, {arguments})"))


@pytest.mark.parametrize("arguments", ["lists, dtype=tf.float32", "lists, dtype=tf.float32, sequence_length=lengths"])
def test_bidirectional_dynamic_rnn_computes_what_the_static_one_computed(arguments: str) -> None:
    assert_same(*graph_programs(BOTH_WAYS, f"v1.nn.static_bidirectional_rnn(one, other, {arguments})"))


# ---- loops of Python

LEGACY_LOOP = """
    cell = {cell}
    state = cell.zero_state(4, tf.float32)
{loop}
    found = [outputs, state]
"""
UNROLLED = """\
    outputs = []
    for t in range(5):
        out, state = cell(x[:, t, :], state)
        outputs.append(out)
    outputs = tf.stack(outputs, axis=1)
"""


def test_dynamic_rnn_computes_what_a_loop_over_a_legacy_cell_computed() -> None:
    before = [GRAPH.format(body=LEGACY_LOOP.format(cell=cell, loop=UNROLLED)) for cell in CELLS]
    after = []
    for cell, program in zip(CELLS, before, strict=True):
        (written,) = advice(program, "RNN203")
        after.append(GRAPH.format(body=LEGACY_LOOP.format(cell=cell, loop=f"    {written}\n")))
    assert_same(before, after)


KERAS = """
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import GRUCell, LSTMCell, SimpleRNNCell

x = tf.reshape(np.random.RandomState(0).normal(size=(4, 8, 3)).astype("float32"), [4, 8, 3])
cell = {cell}
cell(x[:, 0], {state})

@tf.function
def run(x, state):
{loop}
    return outputs, state

results = [part.numpy() for part in tf.nest.flatten(run(x, {state}))]
"""
STEP_BY_STEP = """\
    outputs = []
    for {step} in {steps}:
        out, state = cell({taken}, state)
        outputs.append(out)
    outputs = tf.stack(outputs, axis=1)
"""
KERAS_CELLS = {
    "LSTMCell(5)": "[tf.ones((4, 5)), tf.ones((4, 5))]",
    "GRUCell(5)": "[tf.ones((4, 5))]",
    "SimpleRNNCell(5)": "tf.ones((4, 5))",
}


@pytest.mark.parametrize(
    ("step", "steps", "taken"),
    [("t", "range(5)", "x[:, t]"), ("t", "range(x.shape[1])", "x[:, t, :]"), ("x_t", "tf.unstack(x, axis=1)", "x_t")],
)
def test_a_keras_rnn_computes_what_a_loop_over_its_cell_computed(step: str, steps: str, taken: str) -> None:
    loop = STEP_BY_STEP.format(step=step, steps=steps, taken=taken)
    before = [KERAS.format(cell=cell, state=state, loop=loop) for cell, state in KERAS_CELLS.items()]
    after = []
    for (cell, state), program in zip(KERAS_CELLS.items(), before, strict=True):
        (written,) = advice(program, "RNN203")
        after.append(KERAS.format(cell=cell, state=state, loop=f"    {written}\n"))
    assert_same(before, after)
