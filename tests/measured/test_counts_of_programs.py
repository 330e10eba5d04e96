"""Does the linter tell the operations that a program really adds? The same text is read by one and run by the other."""

from __future__ import annotations

import importlib.util
import os
import textwrap

import pytest

from rnnlint.engine import Project
from rnnlint.infer import unroll
from rnnlint.infer.evaluate import Evaluator
from rnnlint.read.source import from_text

_spec = importlib.util.find_spec("tensorflow")
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

pytestmark = pytest.mark.tensorflow

HEAD = """
import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicLSTMCell, BasicRNNCell, DropoutWrapper, GRUCell, LSTMCell
from tensorflow.compat.v1.nn.rnn_cell import MultiRNNCell, ResidualWrapper
v1 = tf.compat.v1
"""
PROGRAMS = {
    "unknown batch": """
        x = v1.placeholder(tf.float32, [None, 10, 8])
        xs, cell = tf.unstack(x, axis=1), BasicLSTMCell(16)
        run = lambda: v1.nn.static_rnn(cell, xs, dtype=tf.float32)
        """,
    "lengths": """
        x, n = v1.placeholder(tf.float32, [None, 10, 8]), v1.placeholder(tf.int32, [None])
        xs = tf.unstack(x, axis=1)
        run = lambda: v1.nn.static_rnn(BasicLSTMCell(16), xs, dtype=tf.float32, sequence_length=n)
        """,
    "known batch": """
        x = v1.placeholder(tf.float32, [4, 7, 8])
        xs = [tf.squeeze(t, [1]) for t in tf.split(x, 7, 1)]
        run = lambda: v1.nn.static_rnn(GRUCell(16), xs, dtype=tf.float32)
        """,
    "a stack made in a comprehension": """
        x = v1.placeholder(tf.float32, [None, 5, 8])
        xs = tf.unstack(x, axis=1)
        stack = MultiRNNCell([DropoutWrapper(LSTMCell(16), output_keep_prob=0.5) for _ in range(3)])
        run = lambda: v1.nn.static_rnn(stack, xs, dtype=tf.float32)
        """,
    "a stack made by appending": """
        x = v1.placeholder(tf.float32, [None, 5, 16])
        xs = tf.unstack(x, axis=1)
        layers = []
        for _ in range(2):
            layers.append(ResidualWrapper(GRUCell(16)))
        run = lambda: v1.nn.static_rnn(MultiRNNCell(layers), xs, dtype=tf.float32)
        """,
    "one layer many times": """
        x = v1.placeholder(tf.float32, [None, 6, 16])
        xs = tf.unstack(x, axis=1)
        run = lambda: v1.nn.static_rnn(MultiRNNCell([GRUCell(16)] * 2), xs, dtype=tf.float32)
        """,
    "both directions": """
        x = v1.placeholder(tf.float32, [None, 9, 8])
        xs = tf.unstack(x, axis=1)
        back = LSTMCell(4, use_peepholes=True)
        run = lambda: v1.nn.static_bidirectional_rnn(BasicRNNCell(4), back, xs, dtype=tf.float32)
        """,
}


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_adds_what_the_linter_tells(text: str) -> None:
    program = HEAD + textwrap.dedent(text)
    module = Project().open(from_text(program, "program.py"))
    (told,) = unroll.find(Evaluator(), module)
    assert told.graph_ops == added_by(program)


def added_by(program: str) -> int:
    """The operations that the program's ``run()`` adds to a graph."""
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    def size() -> int:
        graph = tf.compat.v1.get_default_graph().as_graph_def()
        return len(graph.node) + sum(len(function.node_def) for function in graph.library.function)

    with tf.Graph().as_default():
        names: dict[str, object] = {}
        exec(compile(program, "program.py", "exec"), names)
        before = size()
        names["run"]()  # type: ignore[operator]
        return size() - before
