"""Does a program do what a rule of pitfalls says, and is it right after the advice? TensorFlow runs both."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import pytest

from rnnlint import engine
from rnnlint.read.source import from_bytes
from rnnlint.settings import Settings

_spec = importlib.util.find_spec("tensorflow")
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

pytestmark = pytest.mark.tensorflow

HEAD = """
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import Input, Model, Sequential, layers
from tensorflow.keras.layers import (
    GRU, LSTM, RNN, Bidirectional, Dense, Dropout, LSTMCell, RepeatVector, SimpleRNN, StackedRNNCells
)
from tensorflow.python.keras.layers.legacy_rnn.rnn_cell_impl import DropoutWrapper, GRUCell as Cell, MultiRNNCell

v1 = tf.compat.v1
keras.utils.set_random_seed(1)
data = np.random.RandomState(1).rand(2, 5, 3).astype("float32")
"""


def keras_is_3() -> bool:
    import keras

    return int(keras.__version__[0]) > 2


def found(code: str, program: str) -> list[str]:
    settings = Settings(select=(code,))
    source = from_bytes((HEAD + program).encode(), "program.py")
    return [one.code for one in engine.check_source(source, settings, engine.Project()).findings]


def run(program: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(HEAD + program, "program.py", "exec"), names)
    return names


def check(code: str, wrong: str, right: str, is_right: Callable[[str], bool]) -> None:
    """The rule finds the wrong program and not the right one, and running them says the same."""
    assert found(code, wrong) == [code]
    assert found(code, right) == []
    assert not is_right(wrong)
    assert is_right(right)


STACK = """
graph = v1.Graph()
with graph.as_default():
    x = v1.placeholder(tf.float32, [None, 5, 4])
    {made}
    v1.nn.{call}
    count = len(v1.trainable_variables())
"""
IN_A_STACK = "dynamic_rnn(MultiRNNCell({cells}), x, dtype=tf.float32)"
SHARED = {
    "multiplied": (
        ("cell = Cell(4)", IN_A_STACK.format(cells="[cell] * 2")),
        ("pass", IN_A_STACK.format(cells="[Cell(4) for _ in range(2)]")),
    ),
    "made once": (
        ("pass", IN_A_STACK.format(cells="[Cell(4)] * 2")),
        ("pass", IN_A_STACK.format(cells="[Cell(4), Cell(4)]")),
    ),
    "wrapped": (
        ("cell = Cell(4)", IN_A_STACK.format(cells="[DropoutWrapper(cell, 0.5) for _ in range(2)]")),
        ("pass", IN_A_STACK.format(cells="[DropoutWrapper(Cell(4), 0.5) for _ in range(2)]")),
    ),
    "put into a list by extend": (
        ("cell = Cell(4); cells = [cell]; cells.extend([cell])", IN_A_STACK.format(cells="cells")),
        ("cells = [Cell(4)]; cells.extend([Cell(4)])", IN_A_STACK.format(cells="cells")),
    ),
    "given by a function": (
        ("cells = lambda cell: [cell for _ in range(2)]", IN_A_STACK.format(cells="cells(Cell(4))")),
        ("cells = lambda: [Cell(4) for _ in range(2)]", IN_A_STACK.format(cells="cells()")),
    ),
    "both directions": (
        ("cell = Cell(4)", "bidirectional_dynamic_rnn(cell, cell, x, dtype=tf.float32)"),
        ("pass", "bidirectional_dynamic_rnn(Cell(4), Cell(4), x, dtype=tf.float32)"),
    ),
}


@pytest.mark.parametrize("name", SHARED)
def test_one_cell_in_two_places_has_half_of_the_variables(name: str) -> None:
    wrong, right = (STACK.format(made=made, call=call) for made, call in SHARED[name])
    check("RNN402", wrong, right, lambda program: run(program)["count"] == 8)


def test_a_stack_of_one_keras_cell_has_half_of_the_weights() -> None:
    made = "\nlayer = RNN(StackedRNNCells({}))\nlayer(np.ones((2, 5, 4), 'float32'))\n"
    wrong, right = "one = LSTMCell(4)" + made.format("[one] * 2"), made.format("[LSTMCell(4), LSTMCell(4)]")
    check("RNN402", wrong, right, lambda program: len(run(program)["layer"].trainable_weights) == 6)


READER = """
class Reader(Model):
    def __init__(self):
        super().__init__()
        self.below, self.above = {}, GRU(4)

    def call(self, steps):
        return self.above(self.below(steps))

result = Reader()(data)
"""
LOOP = """
model = Sequential()
for {loop}:
    model.add({layer})
result = model(data)
"""
STACKS = {
    "a list": "result = Sequential([LSTM(4), LSTM(4)])(data)",
    "a functional model": "x = Input((5, 3))\nresult = Model(x, GRU(4)(Dropout(0.5)(LSTM(4)(x))))(data)",
    "both ways": "result = Sequential([Bidirectional(LSTM(4)), Bidirectional(SimpleRNN(4))])(data)",
}


LISTED = """
class Reader(Model):
    def __init__(self):
        super().__init__()
        self.readers = [{} for _ in range(2)]

    def call(self, steps):
        for reader in self.readers:
            steps = reader(steps)
        return steps

result = Reader()(data)
"""
BY_A_FUNCTION = """
def block(steps, more):
    return Dropout(0.1)(LSTM(4, return_sequences={more})(steps))

x = Input((5, 3))
result = Model(x, block(block(x, True), False))(data)
"""


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_without_sequences_raises(name: str) -> None:
    wrong = STACKS[name]
    check("RNN405", wrong, wrong.replace("LSTM(4)", "LSTM(4, return_sequences=True)", 1), runs)


def test_a_stack_that_is_built_in_a_loop_raises() -> None:
    wrong = LOOP.format(loop="_ in range(2)", layer="GRU(4)")
    right = LOOP.format(loop="i in range(2)", layer="GRU(4, return_sequences=i < 1)")
    check("RNN405", wrong, right, runs)


def test_a_stack_whose_last_layer_alone_gives_sequences_raises() -> None:
    program = "n = 2" + LOOP.format(loop="i in range(n)", layer="GRU(4, return_sequences=i {} n - 1)")
    check("RNN405", program.format("=="), program.format("!="), runs)


def test_a_stack_of_sizes_that_is_unknown_raises() -> None:
    wrong = "import json\nsizes = json.loads('[4, 4]')" + LOOP.format(loop="size in sizes", layer="GRU(size)")
    right = wrong.replace("size in", "i, size in").replace("in sizes", "in enumerate(sizes)")
    check("RNN405", wrong, right.replace("GRU(size)", "GRU(size, return_sequences=i < len(sizes) - 1)"), runs)


def test_a_stack_in_a_model_of_your_own_raises() -> None:
    check("RNN405", READER.format("LSTM(4)"), READER.format("LSTM(4, return_sequences=True)"), runs)


def test_layers_of_a_list_one_behind_the_other_raise() -> None:
    # The last one gives its sequence too there: what counts is that the stack runs.
    check("RNN405", LISTED.format("LSTM(4)"), LISTED.format("LSTM(4, return_sequences=True)"), runs)


def test_a_function_that_is_called_on_what_it_gave_raises() -> None:
    check("RNN405", BY_A_FUNCTION.format(more="False"), BY_A_FUNCTION.format(more="more"), runs)


def test_a_stack_with_a_sequence_made_of_the_vector_is_right() -> None:
    program = "result = Sequential([LSTM(4), RepeatVector(2), LSTM(4)])(data)"
    assert runs(program)
    assert found("RNN405", program) == []


STATEFUL = """
model = Sequential([Input((5, 3){batch}), LSTM(4{stateful})])
model.compile("sgd", "mse")
model.fit(data, np.zeros((2, 4)), batch_size=2, epochs=2, shuffle=False, verbose=0)
first = model.predict(data, batch_size=2, verbose=0)
{reset}
result = model.predict(data, batch_size=2, verbose=0)
is_same = np.allclose(first, result, atol=1e-5)
"""
RESET = "[getattr(layer, 'reset_state', getattr(layer, 'reset_states', None))() for layer in model.layers[-1:]]"


BY_HAND = """
model = Sequential([Input((5, 3), batch_size=2), GRU(4{stateful}), Dense(1)])
optimizer = keras.optimizers.SGD(0.0)
for epoch in range(2):
    for batch in [data]:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(model(batch))
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))
    first, second = (loss, loss) if epoch == 0 else (first, loss)
is_same = np.allclose(first, second, atol=1e-6)
"""


def test_a_training_loop_goes_on_from_the_epoch_before() -> None:
    check("RNN406", BY_HAND.format(stateful=", stateful=True"), BY_HAND.format(stateful=""), is_repeatable)


def is_repeatable(program: str) -> bool:
    return bool(run(program)["is_same"])


def test_a_prediction_goes_on_from_the_last_one_where_nothing_resets_the_states() -> None:
    fixed = ", batch_size=2"
    wrong = STATEFUL.format(batch=fixed, stateful=", stateful=True", reset="")
    check("RNN406", wrong, STATEFUL.format(batch=fixed, stateful="", reset=""), is_repeatable)
    reset_twice = STATEFUL.format(batch=fixed, stateful=", stateful=True", reset=RESET)
    check("RNN406", wrong, reset_twice.replace("first =", f"{RESET}\nfirst ="), is_repeatable)


def test_a_stateful_layer_without_a_batch_size_raises() -> None:
    wrong = STATEFUL.format(batch="", stateful=", stateful=True", reset=RESET)
    right = STATEFUL.format(batch=", batch_size=2", stateful=", stateful=True", reset=RESET)
    check("RNN406", wrong, right, runs)


DROPPED = """
graph = v1.Graph()
with graph.as_default(), v1.Session() as session:
    x = v1.placeholder(tf.float32, [None, 5, 3])
    keep = {keep}
    outputs, _ = v1.nn.dynamic_rnn(DropoutWrapper(Cell(16), output_keep_prob=keep), x, dtype=tf.float32)
    loss = tf.reduce_mean(tf.square(outputs - 1))
    train = v1.train.GradientDescentOptimizer(0.01).minimize(loss)
    session.run(v1.global_variables_initializer())
    session.run(train, {train_feed})
    is_same = session.run(loss, {{x: data}}) == session.run(loss, {{x: data}})
"""


def test_a_graph_with_a_constant_keep_probability_gives_another_loss_each_time() -> None:
    wrong = DROPPED.format(keep="0.5", train_feed="{x: data}")
    right = DROPPED.format(keep="v1.placeholder_with_default(1.0, [])", train_feed="{x: data, keep: 0.5}")
    check("RNN404", wrong, right, is_repeatable)


def test_wrappers_in_a_list_drop_each_time_too() -> None:
    listed = "cells = []\n    for _ in range(2):\n        cells.append(DropoutWrapper(Cell(16), output_keep_prob=keep))"
    program = DROPPED.replace("    outputs, _", f"    {listed}\n    outputs, _")
    program = program.replace("DropoutWrapper(Cell(16), output_keep_prob=keep), x", "MultiRNNCell(cells), x")
    wrong = program.format(keep="0.5", train_feed="{x: data}")
    right = program.format(keep="v1.placeholder_with_default(1.0, [])", train_feed="{x: data, keep: 0.5}")
    check("RNN404", wrong, right, is_repeatable)


FUNCTION = """
graph = v1.Graph()
with graph.as_default(), v1.Session() as session:
    x = v1.placeholder(tf.float32, [None, 5, 3])
    keep = {keep}
    _, state = v1.nn.dynamic_rnn(Cell(16), x, dtype=tf.float32)
    loss = tf.reduce_mean(tf.square(v1.nn.dropout(state, {how}) - 1))
    train = v1.train.GradientDescentOptimizer(0.01).minimize(loss)
    session.run(v1.global_variables_initializer())
    session.run(train, {train_feed})
    is_same = session.run(loss, {{x: data}}) == session.run(loss, {{x: data}})
"""


@pytest.mark.parametrize(("how", "default"), [("keep_prob=keep", 1.0), ("keep", 1.0), ("rate=keep", 0.0)])
def test_a_function_with_a_constant_probability_drops_each_time(how: str, default: float) -> None:
    wrong = FUNCTION.format(keep="0.5", how=how, train_feed="{x: data}")
    open_one = f"v1.placeholder_with_default({default}, [])"
    right = FUNCTION.format(keep=open_one, how=how, train_feed="{x: data, keep: 0.5}")
    check("RNN404", wrong, right, is_repeatable)


LAYOUT = """
graph = v1.Graph()
other = data.copy()
other[0] += 1
with graph.as_default(), v1.Session() as session:
    batch_size, num_steps = 2, 5
    x = v1.placeholder(tf.float32, [batch_size, num_steps, 3])
    {steps}
    session.run(v1.global_variables_initializer())
    first, second = (session.run(outputs, {{x: one}}) for one in (data, other))
is_same = np.allclose(first[1], second[1], atol=1e-5)
"""
LAYOUTS = {
    "by a function": (
        "turn = lambda a: tf.transpose(a, [1, 0, 2]);"
        " y, _ = v1.nn.dynamic_rnn(Cell(4), turn(x), dtype=tf.float32); outputs = turn(y)",
        "turn = lambda a: tf.transpose(a, [1, 0, 2]);"
        " y, _ = v1.nn.dynamic_rnn(Cell(4), turn(x), dtype=tf.float32, time_major=True); outputs = turn(y)",
    ),
    "put row behind row": (
        "rows = tf.split(tf.reshape(x, [-1, 3]), num_steps, 0);"
        " outputs = tf.stack(v1.nn.static_rnn(Cell(4), rows, dtype=tf.float32)[0], 1)",
        "rows = tf.split(tf.reshape(tf.transpose(x, [1, 0, 2]), [-1, 3]), num_steps, 0);"
        " outputs = tf.stack(v1.nn.static_rnn(Cell(4), rows, dtype=tf.float32)[0], 1)",
    ),
    "time_major": (
        "outputs, _ = v1.nn.dynamic_rnn(Cell(4), x, dtype=tf.float32, time_major=True)",
        "outputs, _ = v1.nn.dynamic_rnn(Cell(4), x, dtype=tf.float32)",
    ),
    "transposed": (
        "y, _ = v1.nn.dynamic_rnn(Cell(4), tf.transpose(x, [1, 0, 2]), dtype=tf.float32);"
        " outputs = tf.transpose(y, [1, 0, 2])",
        "y, _ = v1.nn.dynamic_rnn(Cell(4), tf.transpose(x, [1, 0, 2]), dtype=tf.float32, time_major=True);"
        " outputs = tf.transpose(y, [1, 0, 2])",
    ),
    "unstacked": (
        "outputs = v1.nn.static_rnn(Cell(4), tf.unstack(x), dtype=tf.float32)[0]",
        "outputs = tf.stack(v1.nn.static_rnn(Cell(4), tf.unstack(x, axis=1), dtype=tf.float32)[0], 1)",
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_with_swapped_axes_one_row_changes_with_another(name: str) -> None:
    wrong, right = (LAYOUT.format(steps=steps) for steps in LAYOUTS[name])
    check("RNN403", wrong, right, is_repeatable)


ASKED = """
batch_size, num_steps = 2, 5
data = np.random.RandomState(1).rand(batch_size, num_steps, 3).astype("float32")
other = data.copy()
other[0] += 1
model = Sequential([Input((None, 3)), LSTM(4, return_sequences=True)])
first, second = (model.predict({asked}, verbose=0) for one in (data, other))
is_same = np.allclose(first[{second_row}], second[{second_row}], atol=1e-5)
result = model.predict({whole}, verbose=0)
"""


def test_a_model_that_is_asked_with_swapped_axes_mixes_the_rows() -> None:
    wrong = ASKED.format(asked="np.swapaxes(one, 0, 1)", whole="np.swapaxes(data, 0, 1)", second_row=":, 1")
    right = ASKED.format(asked="one", whole="data", second_row="1")
    check("RNN403", wrong, right, is_repeatable)


READER_OF_STEPS = """
class Reader(Model):
    def __init__(self):
        super().__init__()
        self.cell = keras.layers.GRUCell(4)

    def call(self, x):
        state = [tf.zeros((tf.shape(x)[0], 4))]
        out = state[0]
        for t in tf.range(tf.shape(x)[1]):
            out, state = self.cell(x[:, t], state)
        return out

reader = Reader()

{decorator}
def step(x):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(reader(x))
    return reader(x), tape.gradient(loss, reader.trainable_variables)

result, gradients = step(tf.constant(data))
"""


@pytest.mark.skipif(not keras_is_3(), reason="Keras 2 rewrites call by AutoGraph")
def test_a_loop_over_a_tensor_raises_under_a_function_and_not_under_a_tape_alone() -> None:
    # Only a length that is not known when the function is traced is a tensor there.
    function = "@tf.function(input_signature=[tf.TensorSpec((None, None, 3))])"
    check("RNN206", READER_OF_STEPS.format(decorator=function), READER_OF_STEPS.format(decorator=""), runs)


def runs(program: str) -> bool:
    try:
        return bool(run(program)["result"].shape[0] == 2)
    except (ValueError, TypeError, NotImplementedError):
        return False
