"""What is known of a cell that a program makes? Its class, options that cost operations, units and inner cells."""

from __future__ import annotations

import pytest

from rnnlint.engine import Project
from rnnlint.facts.graph_cost import Cell
from rnnlint.infer.libraries import evaluator
from rnnlint.infer.values.domain import RnnCell
from rnnlint.read.source import from_text

HEAD = """\
import tensorflow as tf
from tensorflow.python.ops import rnn_cell as rnn
from tensorflow.compat.v1.nn.rnn_cell import LSTMCell
import sys
v1 = tf.compat.v1
keep = tf.placeholder(tf.float32, [])
one = rnn.GRUCell(4)
"""

KNOWN = {
    "rnn.BasicRNNCell(8)": "BasicRNNCell 8",
    "rnn.GRUCell(num_units=8)": "GRUCell 8",
    "rnn.GRUCell(x.units)": "GRUCell",
    "rnn.BasicLSTMCell(8, 1.0, True)": "BasicLSTMCell 8",
    "rnn.BasicLSTMCell(8, state_is_tuple=False)": "BasicLSTMCell(concatenated_state) 8",
    "rnn.BasicLSTMCell(8, state_is_tuple=True, reuse=None)": "BasicLSTMCell 8",
    "rnn.LSTMCell(8, True)": "LSTMCell(peepholes) 8",
    "rnn.LSTMCell(8, use_peepholes=False)": "LSTMCell 8",
    "rnn.LSTMCell(8, cell_clip=3.0)": "LSTMCell(cell_clip) 8",
    "rnn.LSTMCell(8, False, None)": "LSTMCell 8",
    "rnn.LSTMCell(8, num_proj=4)": "LSTMCell(projection) 8",
    "rnn.LSTMCell(8, num_proj=4, proj_clip=1.0)": "LSTMCell(projection projection_clip) 8",
    "rnn.LSTMCell(8, initializer=tf.random_uniform_initializer(-1, 1))": "LSTMCell 8",
    "rnn.LSTMCell(8, initializer=tf.random_uniform_initializer)": "LSTMCell 8",
    "rnn.LSTMCell(8, initializer=tf.truncated_normal_initializer(stddev=0.1))": "LSTMCell(normal_initializer) 8",
    "rnn.LSTMCell(8, initializer=None)": "LSTMCell 8",
    "rnn.GRUCell(8, activation=tf.nn.relu)": "GRUCell 8",
    "rnn.GRUCell(8, activation=tf.tanh)": "GRUCell 8",
    "rnn.GRUCell(8, activation=None)": "GRUCell 8",
    "rnn.GRUCell(8, activation='relu')": "GRUCell 8",
    "rnn.GRUCell(8, kernel_initializer=tf.random_normal_initializer())": "GRUCell(normal_initializer) 8",
    "rnn.GRUCell(8, bias_initializer=None)": "GRUCell 8",
    "v1.nn.rnn_cell.GRUCell(8)": "GRUCell(keras_initializer) 8",
    "v1.nn.rnn_cell.GRUCell(8, kernel_initializer=tf.random_uniform_initializer())": "GRUCell 8",
    "LSTMCell(8)": "LSTMCell 8",
    "tf.nn.rnn_cell.MultiRNNCell([rnn.GRUCell(2), rnn.GRUCell(3)])": "MultiRNNCell [GRUCell 2, GRUCell 3]",
    "rnn.MultiRNNCell([one] * 2)": "MultiRNNCell(shared) [GRUCell 4, GRUCell 4]",
    "rnn.MultiRNNCell([one, one])": "MultiRNNCell(shared) [GRUCell 4, GRUCell 4]",
    "rnn.MultiRNNCell([rnn.GRUCell(2) for _ in range(2)])": "MultiRNNCell [GRUCell 2, GRUCell 2]",
    "rnn.MultiRNNCell([one], state_is_tuple=False)": "MultiRNNCell(concatenated_state) [GRUCell 4]",
    "rnn.MultiRNNCell((rnn.GRUCell(2),), True)": "MultiRNNCell [GRUCell 2]",
    "rnn.DropoutWrapper(one)": "DropoutWrapper [GRUCell 4]",
    "rnn.DropoutWrapper(one, 0.5)": "DropoutWrapper(input_keep_prob) [GRUCell 4]",
    "rnn.DropoutWrapper(one, 1.0, 0.5)": "DropoutWrapper(output_keep_prob) [GRUCell 4]",
    "rnn.DropoutWrapper(one, 1, output_keep_prob=1.0)": "DropoutWrapper [GRUCell 4]",
    "rnn.DropoutWrapper(one, state_keep_prob=0.9)": "DropoutWrapper(state_keep_prob) [GRUCell 4]",
    "rnn.DropoutWrapper(one, output_keep_prob=keep)": "DropoutWrapper(output_keep_prob_tensor) [GRUCell 4]",
    "rnn.DropoutWrapper(cell=one, variational_recurrent=False)": "DropoutWrapper [GRUCell 4]",
    "rnn.ResidualWrapper(one)": "ResidualWrapper [GRUCell 4]",
    "rnn.DeviceWrapper(one, '/gpu:0')": "DeviceWrapper [GRUCell 4]",
    "rnn.DeviceWrapper(rnn.ResidualWrapper(one), '/cpu:0')": "DeviceWrapper [ResidualWrapper [GRUCell 4]]",
}

COST_NOT_KNOWN = [
    "rnn.LSTMCell(*sizes)",
    "rnn.LSTMCell(8, **options)",
    "rnn.LSTMCell(8, reuse=True)",
    "rnn.LSTMCell(8, use_peepholes=sys.argv)",
    "rnn.BasicLSTMCell(8, state_is_tuple=sys.argv)",
    "rnn.LSTMCell(8, initializer=make())",
    "rnn.LSTMCell(8, initializer=make)",
    "rnn.LSTMCell(8, initializer=tf.orthogonal_initializer())",
    "rnn.GRUCell(8, bias_initializer=tf.zeros_initializer())",
    "rnn.GRUCell(8, activation=lambda x: x)",
    "rnn.GRUCell(8, activation=make)",
    "rnn.GRUCell(8, activation='softmax')",
    "rnn.GRUCell(8, activation=tf.nn.softmax)",
    "tf.contrib.rnn.LayerNormBasicLSTMCell(8)",
    "rnn.MultiRNNCell(cells)",
    "rnn.MultiRNNCell([])",
    "rnn.MultiRNNCell([one] * 65)",
    "rnn.MultiRNNCell([one, make()])",
    "rnn.MultiRNNCell([one, one, rnn.GRUCell(4)])",
    "rnn.MultiRNNCell([one], state_is_tuple=sys.argv)",
    "rnn.DropoutWrapper(make())",
    "rnn.DropoutWrapper(one, sys.argv)",
    "rnn.DropoutWrapper(one, 0.5, variational_recurrent=True)",
    "rnn.DropoutWrapper(one, dropout_state_filter_visitor=make)",
    "rnn.ResidualWrapper(one, make)",
    "tf.keras.layers.GRUCell(8)",
]


def made(expression: str) -> RnnCell:
    module = Project().open(from_text(f"{HEAD}{expression}\n", "model.py"))
    value = evaluator().query(module.source.tree.body[-1].value, module)  # type: ignore[attr-defined]
    assert isinstance(value, RnnCell)
    return value


def shown(cell: Cell) -> str:
    options = f"({' '.join(sorted(cell.options))})" if cell.options else ""
    inner = f" [{', '.join(map(shown, cell.inner))}]" if cell.inner else ""
    return f"{cell.kind}{options}{f' {cell.units}' if cell.units is not None else ''}{inner}"


@pytest.mark.parametrize("expression", KNOWN)
def test_a_cell_is_known_with_what_costs_operations(expression: str) -> None:
    cost = made(expression).cost
    assert cost is not None
    assert shown(cost) == KNOWN[expression]


@pytest.mark.parametrize("expression", COST_NOT_KNOWN)
def test_what_an_option_adds_is_not_known(expression: str) -> None:
    assert made(expression).cost is None


def test_cells_of_one_call_are_the_same_where_their_class_and_their_cost_are() -> None:
    functions = "def make(units): return rnn.GRUCell(units)\nkind = rnn.GRUCell if sys.argv else rnn.BasicRNNCell\n"
    text = f"{HEAD}{functions}[make(8), make(8), make(4), kind(8)]\n"
    asked, module = evaluator(), Project().open(from_text(text, "model.py"))
    listed = module.source.tree.body[-1].value.elts  # type: ignore[attr-defined]
    wide, again, narrow, either = (asked.query(one, module) for one in listed)
    assert (wide == again, wide == narrow) == (True, False)
    assert not isinstance(either, RnnCell)
