"""Does a program compute after a safe fix what it computed before? The installed TensorFlow runs both."""

from __future__ import annotations

import importlib.util
import itertools

import pytest
from computed import computed

from rnnlint import engine
from rnnlint.facts import symbols
from rnnlint.read.edited import edited
from rnnlint.report.applying import compatible, edits_of
from rnnlint.report.run import is_offered
from rnnlint.settings import Settings, from_mapping

_spec = importlib.util.find_spec("tensorflow")
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

pytestmark = pytest.mark.tensorflow

ROUNDING = 1e-5


def safely_fixed(program: str, **options: object) -> str:
    """The program after its safe fixes, of which there is one at least."""
    settings = from_mapping(options, "test") if options else Settings()
    found = engine.check_bytes(program.encode(), "program.py", settings, engine.Project()).findings
    offered = compatible([finding for finding in found if is_offered(finding, unsafe=False)])
    assert offered, program
    return edited(program.encode(), "program.py", edits_of(offered)).decode()


# ---- unroll=True

KERAS = """
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.layers import GRU, LSTM, RNN, Dense, Input, GRUCell, LSTMCell, SimpleRNN, SimpleRNNCell

data = np.random.RandomState(0).normal(size=(4, 7, 3)).astype("float32")
"""

FUNCTIONAL = """
inputs = Input((7, 3))
model = keras.Model(inputs, {layer}(Dense(5)(inputs)))
"""
SEQUENTIAL = """
model = keras.Sequential([Input((7, 3)), {layer}, Dense(2)])
"""
TRAINED = """
model.compile("sgd", "mse")
model.fit(data, np.ones(model.output_shape[1:], "float32")[None].repeat(4, 0), epochs=2, verbose=0)
results = [model.predict(data, verbose=0), *model.get_weights()]
"""

LAYERS = {
    "SimpleRNN": "SimpleRNN(6, {sequences}unroll=True)",
    "LSTM": "LSTM(6, {sequences}unroll=True)",
    "GRU": "GRU(6, unroll=True{sequences_behind})",
    "RNN(LSTMCell)": "RNN(LSTMCell(6), {sequences}unroll=True)",
    "RNN([GRUCell, SimpleRNNCell])": "RNN([GRUCell(6), SimpleRNNCell(4)], {sequences}unroll=True)",
    "backwards": "LSTM(6, {sequences}unroll=True, go_backwards=True)",
}


def layer(kind: str, sequences: bool) -> str:
    said = "return_sequences=True" if sequences else ""
    return LAYERS[kind].format(sequences=f"{said}, " if said else "", sequences_behind=f", {said}" if said else "")


def test_a_layer_trains_and_predicts_the_same_without_unroll() -> None:
    combinations = list(itertools.product(LAYERS, (True, False), (FUNCTIONAL, SEQUENTIAL)))
    before = [KERAS + frame.format(layer=layer(kind, both)) + TRAINED for kind, both, frame in combinations]
    after = [safely_fixed(program, **{"max-unroll": 0}) for program in before]
    assert not any("unroll" in program for program in after)
    results = computed([*before, *after])
    for what, one, other in zip(combinations, results, results[len(before) :]):
        assert largest_difference(one, other) < ROUNDING, what[:2]


MASKED = """
lengths = tf.constant([2, 7, 1, 5])
mask = tf.sequence_mask(lengths, 7)
layer = {layer}
results = [layer(data, mask=mask).numpy(), layer(data[:, ::-1], mask=mask[:, ::-1]).numpy()]
"""


def test_with_a_mask_a_layer_computes_the_same_without_unroll() -> None:
    # Here the fix is not taken for safe, because of GPUs; on a CPU the results are the same.
    combinations = list(itertools.product(LAYERS, (True, False)))
    before = [KERAS + MASKED.format(layer=layer(*one)) for one in combinations]
    results = computed([*before, *(program.replace("unroll=True", "unroll=False") for program in before)])
    for what, one, other in zip(combinations, results, results[len(before) :]):
        assert largest_difference(one, other) < ROUNDING, what


def test_inside_of_bidirectional_a_mask_makes_the_difference_that_keeps_the_fix_from_being_safe() -> None:
    wrapped = "keras.layers.Bidirectional(LSTM(6, return_sequences=True, unroll=True))"
    before = KERAS + MASKED.format(layer=wrapped)
    one, other = computed([before, before.replace("unroll=True", "unroll=False")])
    assert largest_difference(one, other) > 0.01


def largest_difference(one: list[list[float]], other: list[list[float]]) -> float:
    assert [len(part) for part in one] == [len(part) for part in other]
    return max(abs(a - b) for left, right in zip(one, other) for a, b in zip(left, right))


# ---- names under tf.compat.v1

SAME = """
import numpy as np
import tensorflow as tf
from tensorflow.python.ops import rnn
results = [np.array([getattr(tf.compat.v1.nn, name) is getattr(rnn, name) for name in {names}], float)]
"""


def test_the_names_that_fixes_write_are_those_functions() -> None:
    kept = {row.still_at for row in symbols.table().values() if row.kind == "function" and row.still_at}
    names = sorted(path.rpartition(".")[2] for path in kept)
    assert kept == {f"tf.compat.v1.nn.{name}" for name in names}
    ((same,),) = computed([SAME.format(names=names)])
    assert dict(zip(names, same)) == dict.fromkeys(names, 1.0)


RUN = """
import tensorflow as tf
from tensorflow.contrib.rnn import LSTMCell
from tensorflow.nn import dynamic_rnn

with tf.Graph().as_default():
    x = tf.compat.v1.placeholder(tf.float32, [2, 3, 4])
    with tf.compat.v1.variable_scope("a"):
        one, _ = tf.nn.dynamic_rnn(LSTMCell(5), x, dtype=tf.float32)
    with tf.compat.v1.variable_scope("b"):
        two, _ = tf.nn.static_rnn(LSTMCell(5), tf.unstack(x, axis=1), dtype=tf.float32)
    with tf.compat.v1.variable_scope("c"):
        three, _ = dynamic_rnn(LSTMCell(5), x, dtype=tf.float32)
    with tf.compat.v1.Session() as session:
        session.run(tf.compat.v1.global_variables_initializer())
        results = session.run([one, two[-1], three], {x: [[[1.0] * 4] * 3] * 2})
"""


def test_a_program_of_tensorflow_1_runs_after_all_fixes() -> None:
    found = engine.check_bytes(RUN.encode(), "program.py", Settings(), engine.Project()).findings
    after = edited(RUN.encode(), "program.py", edits_of(compatible(found))).decode()
    (results,) = computed([after])
    assert [len(part) for part in results] == [30, 10, 30]
