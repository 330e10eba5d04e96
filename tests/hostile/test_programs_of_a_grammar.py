"""Does any recurrent program, however it is put together, crash a rule, or get a fix that breaks it?"""

from __future__ import annotations

import ast
from functools import partial

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rnnlint import engine
from rnnlint.hosts.fixing import fixed
from rnnlint.hosts.outcome import Outcome
from rnnlint.report.run import is_offered
from rnnlint.settings import from_mapping

SETTINGS = from_mapping({"max-unroll": 1, "extend-select": ["ALL"]}, "test")
HEAD = """\
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.contrib import rnn
from tensorflow.keras.layers import *
"""

GRAMMAR: dict[str, list[str]] = {
    "number": [
        "3", "60", "0", "-1", "None", "a", "b", "len(SEQUENCE)", "NUMBER * NUMBER", "NUMBER // NUMBER", "self.n",
        "FLAGS.n", "TENSOR.shape[1]", "1e9", "(NUMBER if a else NUMBER)", "int(x)", "f(NUMBER)", "max(NUMBER, NUMBER)",
    ],
    "sequence": [
        "[TENSOR] * NUMBER", "tf.unstack(TENSOR, NUMBER, 1)", "tf.unstack(TENSOR, axis=1)", "x", "a",
        "[TENSOR, TENSOR]",
        "tf.split(TENSOR, NUMBER, 1)", "[TENSOR for t in range(NUMBER)]", "SEQUENCE + SEQUENCE", "SEQUENCE[1:]",
        "list(range(NUMBER))", "[CELL for _ in range(NUMBER)]", "self.xs", "f(SEQUENCE)", "zip(SEQUENCE, SEQUENCE)",
    ],
    "tensor": [
        "x", "tf.zeros([NUMBER, NUMBER, 4])", "tf.keras.Input((NUMBER, 4))", "tf.transpose(TENSOR, [1, 0, 2])",
        "tf.concat([TENSOR, TENSOR], NUMBER)", "tf.placeholder(tf.float32, [None, NUMBER, 3])", "LAYER(TENSOR)",
        "TENSOR[:, -1]", "TENSOR[:, NUMBER]", "Embedding(9, 4, mask_zero=True)(TENSOR)", "TENSOR + TENSOR", "RUN[0]",
        "keras.preprocessing.sequence.pad_sequences(SEQUENCE, maxlen=NUMBER)", "f(TENSOR)",
        "tf.reshape(TENSOR, [-1, 4])",
        "Embedding(9, 4)(TENSOR)", "Masking()(TENSOR)", "SEQUENCE[-1]", "tf.stack(SEQUENCE)", "tf.nn.relu(TENSOR)",
    ],
    "cell": [
        "tf.nn.rnn_cell.LSTMCell(NUMBER)", "rnn.GRUCell(NUMBER)", "tf.nn.rnn_cell.MultiRNNCell(SEQUENCE)", "a",
        "rnn.DropoutWrapper(CELL, 0.5)", "keras.layers.LSTMCell(NUMBER)", "self.cell",
        "tf.contrib.cudnn_rnn.CudnnLSTM(1, 2)",
        "StackedRNNCells([CELL, CELL])", "getattr(tf.nn.rnn_cell, 'BasicLSTMCell')(NUMBER)",
    ],
    "layer": [
        "LSTM(NUMBER, unroll=True)", "GRU(NUMBER, return_sequences=True)", "RNN(CELL, unroll=True)", "Dense(NUMBER)",
        "LSTM(NUMBER, stateful=True, dropout=0.5)", "Bidirectional(LAYER)", "TimeDistributed(LAYER)", "Flatten()",
        "SimpleRNN(4, return_state=True)", "keras.Sequential([LAYER, LAYER])", "Lambda(lambda t: t[:, NUMBER])", "a",
        "CuDNNGRU(NUMBER)", "Conv1D(4, NUMBER)", "tf.compat.v1.keras.layers.CuDNNLSTM(NUMBER)", "Reshape((NUMBER, -1))",
    ],
    "run": [
        "tf.nn.static_rnn(CELL, SEQUENCE, dtype=tf.float32)", "tf.nn.dynamic_rnn(CELL, TENSOR, NUMBER)",
        "f(TENSOR, CELL)",
        "tf.nn.dynamic_rnn(cell=CELL, inputs=TENSOR, time_major=True, dtype=tf.float32)", "CELL(TENSOR, state)",
        "tf.nn.bidirectional_dynamic_rnn(CELL, CELL, TENSOR)", "rnn.static_bidirectional_rnn(CELL, CELL, SEQUENCE)",
        "tf.contrib.legacy_seq2seq.basic_rnn_seq2seq(SEQUENCE, SEQUENCE, CELL)", "tf.nn.raw_rnn(CELL, f)",
        "tf.while_loop(lambda t: t < NUMBER, lambda t: CELL(TENSOR, t), [TENSOR])", "tf.map_fn(lambda t: RUN, TENSOR)",
    ],
    "statement": [
        "a = NUMBER", "b = SEQUENCE", "x = TENSOR", "a = CELL", "a = LAYER", "x, state = RUN", "b.append(TENSOR)",
        "x = LAYER(TENSOR)", "a += NUMBER", "a, b = b, a", "RUN", "model = keras.Model(TENSOR, TENSOR)", "del a",
        "model = keras.Sequential(SEQUENCE)", "model.add(LAYER)", "model.fit(TENSOR, TENSOR)", "self.cell = CELL",
        "return x",
        "for t in range(NUMBER):\nBLOCK", "for t in SEQUENCE:\nBLOCK", "while a < NUMBER:\nBLOCK",
        "if a > NUMBER:\nBLOCK",
        "def f(a, b=NUMBER):\nBLOCK", "class C(keras.Model):\n  n = NUMBER\n  def __init__(self, n):\n    BLOCK",
        "with tf.variable_scope('a') as b:\nBLOCK", "try:\nBLOCK\nexcept NameError:\nBLOCK", "a = lambda b: RUN",
        "if a:\nBLOCK\nelse:\nBLOCK", "@tf.function\ndef f(x, a=NUMBER):\nBLOCK", "x = a = b = RUN", "state = None",
        "b = {'n': NUMBER, 'x': TENSOR}", "a = b['n']", "global a", "C(NUMBER).f(TENSOR)",
        "x = [RUN for t in SEQUENCE]",
    ],
}  # fmt: skip
PLAIN = {"number": "7", "sequence": "x", "tensor": "x", "cell": "a", "layer": "a", "run": "f(x)", "statement": "a = 5"}


@st.composite
def programs(draw: st.DrawFn) -> str:
    count = draw(st.integers(1, 8))
    return HEAD + "".join(f"{_drawn(draw, 'statement', 4)}\n" for _ in range(count))


def _drawn(draw: st.DrawFn, kind: str, depth: int) -> str:
    if depth == 0:
        return PLAIN[kind]
    rows = []
    for row in draw(st.sampled_from(GRAMMAR[kind])).split("\n"):
        margin = row[: len(row) - len(row.lstrip())]
        if row.strip() == "BLOCK":
            inner = [_drawn(draw, "statement", depth - 1) for _ in range(draw(st.integers(1, 3)))]
            rows += [f"{margin or '  '}{line}" for text in inner for line in text.split("\n")]
            continue
        for name in GRAMMAR:
            while name.upper() in row:
                row = row.replace(name.upper(), _drawn(draw, name, depth - 1), 1)
        rows.append(row)
    return "\n".join(rows)


def checked(data: bytes, filename: str = "m.py") -> Outcome:
    found = engine.check_bytes(data, filename, SETTINGS, engine.Project())
    assert found.failed is None
    return Outcome(found.findings)


@hypothesis_settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_any_program_is_checked_and_its_fixes_leave_python(program: str) -> None:
    try:
        ast.parse(program)
    except SyntaxError:
        return
    data = program.encode()
    rows = program.splitlines()
    for one in checked(data).findings:
        assert 0 < one.row <= len(rows)
        assert 0 < one.column <= len(rows[one.row - 1]) + 1
    after = fixed(data, "m.py", checked, lambda found: [*filter(partial(is_offered, unsafe=True), found.findings)])
    assert after.problem is None, after.problem
    ast.parse(after.data)
