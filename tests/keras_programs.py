"""Programs of TensorFlow 1, as people write them, and whether they can be rewritten to Keras layers.

Each defines ``build(x, lengths)`` for inputs of shape (batch 3, 6 time steps, 4) and gives a structure of tensors.
"""

from __future__ import annotations

CONTRIB = "import tensorflow as tf\nfrom tensorflow.contrib import rnn\n"
PLAIN = "import tensorflow as tf\n"

REWRITTEN = {
    "one LSTM": CONTRIB
    + """

def build(x, lengths):
    cell = rnn.BasicLSTMCell(5, forget_bias=0.0)
    outputs, state = tf.nn.dynamic_rnn(cell, x, sequence_length=lengths, dtype=tf.float32)
    return outputs, state.h, state[0]
""",
    "state as a whole": PLAIN
    + """

def build(x, lengths):
    cell = tf.nn.rnn_cell.LSTMCell(num_units=5, activation=tf.nn.relu)
    return tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)
""",
    "no lengths and the last output": PLAIN
    + """

def build(x, lengths):
    outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(5), x, dtype=tf.float32)
    return outputs[:, -1]
""",
    "only the state": """
import tensorflow as tf
from tensorflow.nn.rnn_cell import BasicRNNCell, LSTMCell


def build(x, lengths):
    with tf.compat.v1.variable_scope("one"):
        _, state = tf.nn.dynamic_rnn(LSTMCell(5), x, sequence_length=lengths, dtype=tf.float32)
    with tf.compat.v1.variable_scope("two"):
        _, last = tf.nn.dynamic_rnn(BasicRNNCell(3), x, sequence_length=lengths, dtype=tf.float32)
    c, h = state
    return c, h, last
""",
    "time major": CONTRIB
    + """

def build(x, lengths):
    turned = tf.transpose(x, [1, 0, 2])
    cell = rnn.GRUCell(5)
    outputs, state = tf.nn.dynamic_rnn(
        cell,
        turned,
        sequence_length=lengths,
        time_major=True,
        dtype=tf.float32,
    )
    return outputs, state
""",
    "a class that keeps its parts": CONTRIB
    + """

class Encoder(object):
    def __init__(self, units):
        self.units = units
        self.cell = rnn.LSTMCell(self.units, state_is_tuple=True)

    def run(self, x, lengths=None):
        self.outputs, self.state = tf.nn.dynamic_rnn(self.cell, x, sequence_length=lengths, dtype=tf.float32)
        return self.outputs


def build(x, lengths):
    encoder = Encoder(5)
    encoder.run(x, lengths)
    return encoder.outputs, encoder.state.h, encoder.state.c
""",
    "a decoder that begins with the state of an encoder": CONTRIB
    + """

def build(x, lengths):
    with tf.compat.v1.variable_scope("encoder"):
        encoder = rnn.BasicLSTMCell(5)
        _, state = tf.nn.dynamic_rnn(encoder, x, sequence_length=lengths, dtype=tf.float32)
    with tf.compat.v1.variable_scope("decoder"):
        decoder = rnn.BasicLSTMCell(5)
        outputs, last = tf.nn.dynamic_rnn(decoder, x[:, ::-1], initial_state=state)
    return outputs, last
""",
    "an initial state that is written out": CONTRIB
    + """

def build(x, lengths):
    cell = tf.nn.rnn_cell.LSTMCell(5)
    first = rnn.LSTMStateTuple(tf.ones([3, 5]), 0.5 * tf.ones([3, 5]))
    outputs, (c, h) = tf.nn.dynamic_rnn(cell, x, initial_state=first, sequence_length=lengths)
    return outputs, c, h
""",
    "zeros as the initial state": CONTRIB
    + """

def build(x, lengths):
    batch = tf.shape(x)[0]
    cell = rnn.BasicLSTMCell(5)
    zeros = cell.zero_state(batch, tf.float32)
    outputs, state = tf.nn.dynamic_rnn(cell, x, initial_state=zeros)
    return outputs, state
""",
    "zeros that others read": CONTRIB
    + """

def build(x, lengths):
    cell = rnn.BasicLSTMCell(5)
    zeros = cell.zero_state(3, tf.float32)
    outputs, state = tf.nn.dynamic_rnn(cell, x, initial_state=zeros, dtype=tf.float32)
    return outputs, state.h + zeros.h + 1.0, tf.zeros([cell.output_size])
""",
    "two passes over one cell": CONTRIB
    + """

def build(x, lengths):
    cell = rnn.GRUCell(5)
    with tf.compat.v1.variable_scope("shared") as scope:
        one, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
        scope.reuse_variables()
        two, state = tf.nn.dynamic_rnn(cell, 2.0 * x, lengths, dtype=tf.float32)
    return one, two, state
""",
    "a stack": CONTRIB
    + """

def build(x, lengths):
    cells = [rnn.LSTMCell(n) for n in (5, 3)]
    stack = rnn.MultiRNNCell(cells)
    outputs, state = tf.nn.dynamic_rnn(stack, x, sequence_length=lengths, dtype=tf.float32)
    return outputs, state[-1].h, state[0].c
""",
    "a stack by a function": CONTRIB
    + """

UNITS = 5


def make_cell():
    return rnn.BasicLSTMCell(UNITS, forget_bias=1.0)


def build(x, lengths):
    cell = rnn.MultiRNNCell([make_cell() for _ in range(2)], state_is_tuple=True)
    state = cell.zero_state(3, tf.float32)
    outputs, final = tf.nn.dynamic_rnn(cell, x, initial_state=state, sequence_length=lengths)
    return outputs, final
""",
    "a stack of GRUs": CONTRIB
    + """

def build(x, lengths):
    layers = []
    for units in (5, 3):
        layers.append(rnn.GRUCell(units))
    outputs, state = tf.nn.dynamic_rnn(rnn.MultiRNNCell(layers), x, dtype=tf.float32)
    return outputs, state
""",
    "a stack of two kinds": CONTRIB
    + """

def build(x, lengths):
    lower, upper = None, None
    lower = rnn.GRUCell(5)
    upper = rnn.BasicLSTMCell(3)
    stack = rnn.MultiRNNCell([lower, upper])
    outputs, state = tf.nn.dynamic_rnn(stack, x, sequence_length=lengths, dtype=tf.float32)
    return outputs, state[0], state[1].h
""",
    "both directions": CONTRIB
    + """

def build(x, lengths):
    cell_fw = rnn.LSTMCell(5)
    cell_bw = rnn.LSTMCell(5)
    (fw, bw), (state_fw, state_bw) = tf.nn.bidirectional_dynamic_rnn(
        cell_fw, cell_bw, x, sequence_length=lengths, dtype=tf.float32)
    return tf.concat([fw, bw], 2), state_fw.h, state_bw.c
""",
    "both directions, results as they are": CONTRIB
    + """

def build(x, lengths):
    outputs, states = tf.nn.bidirectional_dynamic_rnn(
        rnn.GRUCell(5), rnn.GRUCell(3), x, lengths, dtype=tf.float32)
    return tf.concat(outputs, -1), states[0], states[1]
""",
    "both directions of states": CONTRIB
    + """

class Tagger:
    def __init__(self, units):
        self.fw = rnn.BasicLSTMCell(units)
        self.bw = rnn.BasicLSTMCell(units)

    def __call__(self, x, lengths):
        start = rnn.LSTMStateTuple(tf.ones([3, 5]), tf.zeros([3, 5]))
        outputs, states = tf.nn.bidirectional_dynamic_rnn(
            self.fw, self.bw, x, initial_state_fw=start, initial_state_bw=start, sequence_length=lengths)
        return outputs, states


def build(x, lengths):
    return Tagger(5)(x, lengths)
""",
    "a list of steps": CONTRIB
    + """

def build(x, lengths):
    x = tf.unstack(x, 6, 1)
    lstm_cell = rnn.BasicLSTMCell(5, forget_bias=1.0)
    outputs, states = rnn.static_rnn(lstm_cell, x, dtype=tf.float32)
    weights = tf.compat.v1.get_variable("weights", [5, 2])
    return tf.matmul(outputs[-1], weights)
""",
    "a list of outputs": CONTRIB
    + """

def build(x, lengths):
    steps = tf.unstack(x, axis=1)
    cell = rnn.GRUCell(5)
    outputs, state = rnn.static_rnn(cell, steps, sequence_length=lengths, dtype=tf.float32)
    total = tf.add_n([output * len(outputs) for output in outputs])
    return tf.stack(outputs, axis=1), total, state
""",
    "a list by hand": CONTRIB
    + """

def build(x, lengths):
    steps = [tf.squeeze(one, [1]) for one in tf.split(x, 6, 1)]
    outputs, state = rnn.static_rnn(rnn.BasicRNNCell(5), steps, dtype=tf.float32)
    return outputs, steps[0], state
""",
    "dropout that keeps all": CONTRIB
    + """

def build(x, lengths, keep=None):
    keep = tf.constant(1.0)
    cell = rnn.LSTMCell(5)
    cell = rnn.DropoutWrapper(cell, input_keep_prob=keep, output_keep_prob=keep)
    outputs, state = tf.nn.dynamic_rnn(cell, x, sequence_length=lengths, dtype=tf.float32)
    return outputs, state
""",
    "an index of the call": CONTRIB
    + """

def build(x, lengths):
    with tf.compat.v1.variable_scope("a"):
        outputs = tf.nn.dynamic_rnn(rnn.LSTMCell(5), tf.tanh(x), lengths, dtype=tf.float32)[0]
    with tf.compat.v1.variable_scope("b"):
        state = tf.nn.dynamic_rnn(rnn.LSTMCell(5), tf.tanh(x), lengths, dtype=tf.float32)[1]
    return outputs, state.h
""",
    "both results under one name": CONTRIB
    + """

def build(x, lengths):
    result = tf.nn.dynamic_rnn(rnn.GRUCell(5), x, dtype=tf.float32)
    return result[0], result[1]
""",
    "compat.v1 under the old name": """
import tensorflow.compat.v1 as tf
from tensorflow.compat.v1.nn.rnn_cell import GRUCell, LSTMCell


def build(x, lengths):
    with tf.variable_scope("a", initializer=tf.orthogonal_initializer()):
        cell = LSTMCell(5, initializer=tf.random_uniform_initializer(-0.1, 0.1))
        one, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    with tf.variable_scope("b"):
        two, _ = tf.nn.dynamic_rnn(GRUCell(5), x, sequence_length=lengths, dtype=tf.float32)
    return one, two
""",
    "numbers of another size": CONTRIB
    + """

def build(x, lengths):
    outputs, state = tf.nn.dynamic_rnn(rnn.LSTMCell(5), tf.cast(x, tf.float64), lengths, dtype=tf.float64)
    return tf.cast(outputs, tf.float32), tf.cast(state.h, tf.float32)
""",
    "a layer after the other": CONTRIB
    + """

def layer(x, lengths, units, name):
    with tf.compat.v1.variable_scope(name):
        cell = rnn.GRUCell(units)
        outputs, _ = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)
    return outputs


def build(x, lengths):
    return layer(layer(x, lengths, 5, "one"), lengths, 3, "two")
""",
    "a cell by a function": CONTRIB
    + """

def make(units):
    cell = rnn.LSTMCell(units, forget_bias=0.5)
    return cell


def build(x, lengths):
    cell = make(5)
    outputs, state = tf.nn.dynamic_rnn(cell, x, sequence_length=lengths, dtype=tf.float32)
    return outputs, state.c, state.h
""",
    "a function makes the cells of both directions": """
import tensorflow as tf

def lstm(n):
    return tf.nn.rnn_cell.LSTMCell(n, activation=tf.nn.relu)

def build(x, lengths):
    fw, bw = None, None
    fw = lstm(5)
    bw = lstm(5)
    out, st = tf.nn.bidirectional_dynamic_rnn(fw, bw, x, sequence_length=lengths, dtype=tf.float32)
    return tf.concat(out, 2), st[0].h, st[1].c
""",
    "a function makes the stacks of both directions": """
import tensorflow as tf
rnn = tf.contrib.rnn

def stack(sizes):
    return rnn.MultiRNNCell([rnn.GRUCell(s) for s in sizes])

def build(x, lengths):
    out, st = tf.nn.bidirectional_dynamic_rnn(stack([5, 3]), stack([5, 3]), x, lengths, dtype=tf.float32)
    return out, st
""",
    "both directions in a loop": """
import tensorflow as tf
from tensorflow.contrib import rnn

def build(x, lengths):
    h = x
    for i in range(2):
        with tf.compat.v1.variable_scope("layer_%d" % i):
            cell_fw = rnn.GRUCell(3)
            cell_bw = rnn.GRUCell(3)
            (a, b), _ = tf.nn.bidirectional_dynamic_rnn(cell_fw, cell_bw, h, sequence_length=lengths, dtype=tf.float32)
            h = tf.concat([a, b], axis=-1)
    return h
""",
    "a language model": """
import tensorflow as tf

class Config(object):
    hidden = 5
    layers = 2
    keep = 1.0

class Model(object):
    def __init__(self, config, x):
        def lstm_cell():
            return tf.contrib.rnn.BasicLSTMCell(config.hidden, forget_bias=0.0, state_is_tuple=True)
        cell = tf.contrib.rnn.MultiRNNCell([lstm_cell() for _ in range(config.layers)], state_is_tuple=True)
        self._initial_state = cell.zero_state(3, tf.float32)
        inputs = tf.unstack(x, num=6, axis=1)
        outputs, state = tf.nn.static_rnn(cell, inputs, initial_state=self._initial_state)
        output = tf.reshape(tf.concat(outputs, 1), [-1, config.hidden])
        w = tf.compat.v1.get_variable("softmax_w", [5, 2])
        self.logits = tf.matmul(output, w)
        self.final_state = state

def build(x, lengths):
    m = Model(Config(), x)
    return m.logits, m.final_state
""",
    "a state that goes round a loop": """
import tensorflow as tf
from tensorflow.contrib import rnn

def build(x, lengths):
    cell = rnn.BasicLSTMCell(5)
    state = cell.zero_state(3, tf.float32)
    outs = []
    for i in range(3):
        with tf.compat.v1.variable_scope("r", reuse=i > 0):
            out, state = tf.nn.dynamic_rnn(cell, x[:, 2 * i:2 * i + 2], initial_state=state)
        outs.append(out)
    return tf.concat(outs, 1), state
""",
    "the initial states of a stack": """
import tensorflow as tf
from tensorflow.contrib import rnn

def build(x, lengths):
    cell = rnn.MultiRNNCell([rnn.LSTMCell(5), rnn.LSTMCell(3)])
    init = (rnn.LSTMStateTuple(tf.ones([3, 5]), tf.zeros([3, 5])), rnn.LSTMStateTuple(tf.ones([3, 3]), tf.ones([3, 3])))
    out, st = tf.nn.dynamic_rnn(cell, x, initial_state=init, sequence_length=lengths, dtype=tf.float32)
    (c0, h0), (c1, h1) = st
    return out, c0, h0, c1, h1
""",
    "dropout by an attribute": """
import tensorflow as tf
from tensorflow.contrib import rnn

class Net:
    def __init__(self):
        self.keep_prob = tf.compat.v1.placeholder_with_default(1.0, [])

    def run(self, x, lengths):
        cell = rnn.DropoutWrapper(rnn.GRUCell(5), output_keep_prob=self.keep_prob)
        out, st = tf.nn.dynamic_rnn(cell, x, sequence_length=lengths, dtype=tf.float32)
        return out, st

def build(x, lengths):
    return Net().run(x, lengths)
""",
    "a list that is time major": """
import tensorflow as tf
from tensorflow.contrib import rnn

def build(x, lengths):
    xs = tf.unstack(tf.transpose(x, [1, 0, 2]))
    out, (c, h) = rnn.static_rnn(rnn.LSTMCell(5), xs, dtype=tf.float32, sequence_length=lengths)
    last = out[-1]
    logits = [tf.reduce_sum(o, 1) for o in out]
    return c, h, last, tf.stack(logits)
""",
    "arguments that may be None": """
import tensorflow as tf
from tensorflow.contrib import rnn

def run(x, lengths=None, state=None):
    cell = rnn.LSTMCell(5)
    out, st = tf.nn.dynamic_rnn(cell, x, sequence_length=lengths, initial_state=state, dtype=tf.float32)
    return out, st

def build(x, lengths):
    with tf.compat.v1.variable_scope("a"):
        o, s = run(x)
    with tf.compat.v1.variable_scope("b"):
        o2, s2 = run(o, lengths, s)
    return o, s, o2, s2
""",
    "one cell in a scope that is reused": """
import tensorflow as tf
from tensorflow.contrib import rnn

def build(x, lengths):
    cell = rnn.LSTMCell(5)
    with tf.compat.v1.variable_scope("enc", reuse=tf.compat.v1.AUTO_REUSE):
        a, sa = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)
        b, sb = tf.nn.dynamic_rnn(cell, 2 * x, lengths, dtype=tf.float32)
    return a, b, sa.h - sb.h
""",
    "stacks in both directions": """
import tensorflow as tf
from tensorflow.contrib import rnn

def build(x, lengths):
    fw = rnn.MultiRNNCell([rnn.LSTMCell(5), rnn.GRUCell(3)])
    bw = rnn.MultiRNNCell([rnn.LSTMCell(5), rnn.GRUCell(3)])
    outputs, (sf, sb) = tf.nn.bidirectional_dynamic_rnn(fw, bw, x, lengths, dtype=tf.float32)
    return outputs[0], outputs[1], sf[0].h, sf[1], sb[0].c
""",
    "zeros of a cell by a function": """
import tensorflow as tf
from tensorflow.contrib import rnn

def make():
    return rnn.GRUCell(5)

def build(x, lengths):
    cell = make()
    init = cell.zero_state(3, tf.float32)
    o, s = tf.nn.dynamic_rnn(cell, x, initial_state=init)
    return o, s, init, tf.zeros([3, cell.output_size]), tf.zeros([cell.state_size])
""",
    "lengths by a function": """
import tensorflow as tf
from tensorflow.contrib import rnn

def length(v):
    used = tf.sign(tf.reduce_max(tf.abs(v), 2))
    return tf.cast(tf.reduce_sum(used, 1), tf.int32)

def build(x, lengths):
    output, _ = tf.nn.dynamic_rnn(
        rnn.GRUCell(5),   # one layer
        x,
        dtype=tf.float32,
        sequence_length=length(x),
    )
    return output
""",
    "a cell of the module": """
import tensorflow as tf
cell = tf.nn.rnn_cell.GRUCell(5)

def build(x, lengths):
    out, st = tf.nn.dynamic_rnn(cell, x, sequence_length=lengths, dtype=tf.float32)
    return out, st
""",
    "without the name tf": """
from tensorflow.contrib import rnn
from tensorflow.nn import dynamic_rnn
import numpy as np

def build(x, lengths):
    out, st = dynamic_rnn(rnn.GRUCell(5), x, sequence_length=lengths, dtype=np.float32)
    return out, st
""",
    "an activation of its own": """
import tensorflow as tf
from tensorflow.nn.rnn_cell import BasicRNNCell

def build(x, lengths):
    out, st = tf.nn.dynamic_rnn(BasicRNNCell(5, activation=lambda v: tf.tanh(v) * 0.5), x, dtype=tf.float32)
    return out, st
""",
    "a decoder that begins with both directions": """
import tensorflow as tf
from tensorflow.contrib.rnn import LSTMCell, LSTMStateTuple

def build(x, lengths):
    with tf.compat.v1.variable_scope("enc"):
        ((fo, bo), (fs, bs)) = tf.nn.bidirectional_dynamic_rnn(
            cell_fw=LSTMCell(3), cell_bw=LSTMCell(3), inputs=x, sequence_length=lengths,
            dtype=tf.float32, time_major=False)
    c = tf.concat((fs.c, bs.c), 1)
    h = tf.concat((fs.h, bs.h), 1)
    final = LSTMStateTuple(c=c, h=h)
    with tf.compat.v1.variable_scope("dec"):
        out, st = tf.nn.dynamic_rnn(LSTMCell(6), tf.concat((fo, bo), 2), initial_state=final, swap_memory=True)
    return out, st.h
""",
    "a class that makes a stack": '''
# -*- coding: utf-8 -*-
"""Model."""
from __future__ import print_function
import collections
import numpy as np
import tensorflow as tf
from tensorflow.contrib.rnn import LSTMCell, MultiRNNCell, DropoutWrapper
from tensorflow.python.ops import array_ops


class Seq(object):
    """é"""

    def __init__(self, n, k):
        self.n, self.k = n, k

    def encode(self, x, lengths):
        cells = []
        for _ in range(2):
            cells.append(LSTMCell(self.n))
        cell = MultiRNNCell(cells)
        self.enc_outputs, self.enc_state = tf.nn.dynamic_rnn(
            cell=cell, inputs=x, sequence_length=lengths,
            dtype=tf.float32)
        return self.enc_outputs, self.enc_state[-1]


def build(x, lengths):
    o, s = Seq(5, 1).encode(x, lengths)
    return o, s.h, s.c
''',
    "a model function": """
import tensorflow as tf
from tensorflow.contrib import rnn

def model_fn(features, labels, mode, params):
    training = mode == "train"
    cell = rnn.LSTMCell(params["units"])
    cell = rnn.DropoutWrapper(cell, output_keep_prob=0.5 if training else 1.0)
    outputs, state = tf.nn.dynamic_rnn(cell, features["x"], features["n"], dtype=tf.float32)
    return outputs[:, -1, :] + state.h

def build(x, lengths):
    return model_fn({"x": x, "n": lengths}, None, "eval", {"units": 5})
""",
    "dropout under a condition": CONTRIB
    + """

def build(x, lengths, training=False, keep=0.5):
    cell = rnn.LSTMCell(5)
    if training and keep < 1.0:
        cell = rnn.DropoutWrapper(cell, input_keep_prob=keep, output_keep_prob=keep)
    outputs, state = tf.nn.dynamic_rnn(cell, x, sequence_length=lengths, dtype=tf.float32)
    return outputs, state.h
""",
    "two passes in both directions": CONTRIB
    + """

def build(x, lengths):
    fw = rnn.GRUCell(5)
    bw = rnn.GRUCell(5)
    with tf.compat.v1.variable_scope("shared") as scope:
        one, _ = tf.nn.bidirectional_dynamic_rnn(fw, bw, x, dtype=tf.float32)
        scope.reuse_variables()
        two, _ = tf.nn.bidirectional_dynamic_rnn(fw, bw, 2.0 * x, lengths, dtype=tf.float32)
    return one, two
""",
    "an initial state by a call": CONTRIB
    + """

def first(units):
    return rnn.LSTMStateTuple(tf.ones([3, units]), 0.5 * tf.ones([3, units]))


def build(x, lengths):
    outputs, state = tf.nn.dynamic_rnn(rnn.LSTMCell(5), x, initial_state=first(5), dtype=tf.float32)
    return outputs, state.c
""",
    "an initial state as a pair": CONTRIB
    + """

def build(x, lengths):
    ones = tf.ones([3, 5])
    state = rnn.LSTMStateTuple(h=ones, c=0.5 * ones)
    with tf.compat.v1.variable_scope("one"):
        one, _ = tf.nn.dynamic_rnn(rnn.LSTMCell(5), x, initial_state=(ones, 0.5 * ones), dtype=tf.float32)
    with tf.compat.v1.variable_scope("two"):
        two, last = tf.nn.dynamic_rnn(
            rnn.LSTMCell(5), x, initial_state=rnn.LSTMStateTuple(0.5 * ones, h=ones), dtype=tf.float32
        )
    return one, two, last.h, state.c
""",
    "the initial state of a stack of GRUs": CONTRIB
    + """

def build(x, lengths):
    stack = rnn.MultiRNNCell([rnn.GRUCell(5), rnn.GRUCell(3)])
    states = (tf.ones([3, 5]), 0.5 * tf.ones([3, 3]))
    outputs, _ = tf.nn.dynamic_rnn(stack, x, initial_state=states, dtype=tf.float32)
    return outputs
""",
    "a new cell in each round": CONTRIB
    + """

def build(x, lengths):
    cells = []
    for units in (5, 3):
        cell = rnn.GRUCell(units, activation="relu", bias_initializer=tf.compat.v1.ones_initializer())
        cells.append(cell)
    outputs, (first, last) = tf.nn.dynamic_rnn(rnn.MultiRNNCell(cells), x, dtype=tf.float32)
    return outputs, first, last
""",
    "dropout between the cells of a stack": CONTRIB
    + """

def build(x, lengths, keep=1.0):
    cells = [rnn.DropoutWrapper(rnn.LSTMCell(n), output_keep_prob=keep) for n in (5, 3)]
    outputs, state = tf.nn.dynamic_rnn(rnn.MultiRNNCell(cells), x, sequence_length=lengths, dtype=tf.float32)
    return outputs, state[0].c, state[-1].h
""",
    "a stack of as many cells as asked for, with lengths": CONTRIB
    + """

class Encoder(object):
    def __init__(self, units, layers, keep_prob):
        self.units, self.layers, self.keep_prob = units, layers, keep_prob

    def _cell(self):
        cell = rnn.BasicLSTMCell(self.units, state_is_tuple=True)
        return rnn.DropoutWrapper(cell, input_keep_prob=self.keep_prob, output_keep_prob=self.keep_prob)

    def encode(self, x, lengths):
        stack = rnn.MultiRNNCell([self._cell() for _ in range(self.layers)], state_is_tuple=True)
        first = stack.zero_state(3, tf.float32)
        outputs, self.state = tf.nn.dynamic_rnn(stack, x, sequence_length=lengths, initial_state=first)
        return outputs


def build(x, lengths):
    with tf.compat.v1.variable_scope("a"):
        one = Encoder(5, 1, 1.0)
        a = one.encode(x, lengths)
    with tf.compat.v1.variable_scope("b"):
        two = Encoder(3, 2, 1.0)
        b = two.encode(x, lengths)
    return a, one.state, b, two.state
""",
    "a stack of one": CONTRIB
    + """

def build(x, lengths):
    stack = rnn.MultiRNNCell([rnn.GRUCell(5)])
    outputs, state = tf.nn.dynamic_rnn(stack, x, lengths, dtype=tf.float32)
    again = tf.nn.dynamic_rnn(rnn.MultiRNNCell([rnn.LSTMCell(3)]), outputs, dtype=tf.float32, scope="again")
    return outputs, state, again
""",
    "a stack whose first states are given": CONTRIB
    + """

def build(x, lengths, layers=2, training=False):
    cells = []
    for _ in range(layers):
        cell = rnn.LSTMCell(4)
        if training:
            cell = rnn.DropoutWrapper(cell, output_keep_prob=0.5)
        cells.append(cell)
    stack = rnn.MultiRNNCell(cells)
    state = tuple(rnn.LSTMStateTuple(tf.ones([3, 4]), tf.zeros([3, 4])) for _ in range(layers))
    outputs, state = tf.nn.dynamic_rnn(stack, x, sequence_length=lengths, initial_state=state)
    return outputs, state[0].h, state[1].c
""",
    "a stack made by a function, time major": CONTRIB
    + """

def cell(units):
    return rnn.GRUCell(units)


def stacked(units, layers):
    return rnn.MultiRNNCell([cell(units) for _ in range(layers)])


def build(x, lengths):
    turned = tf.transpose(x, [1, 0, 2])
    outputs, _ = tf.nn.dynamic_rnn(stacked(4, 2), turned, lengths, time_major=True, dtype=tf.float32)
    return outputs[-1]
""",
    "methods that make cells": CONTRIB
    + """

class Tagger:
    def __init__(self, units):
        self.units = units

    def cell(self):
        return rnn.LSTMCell(self.units)

    @staticmethod
    def plain(n):
        return rnn.GRUCell(n)

    def run(self, x, lengths):
        (fw, bw), states = tf.nn.bidirectional_dynamic_rnn(
            self.cell(), self.cell(), x, sequence_length=lengths, dtype=tf.float32)
        with tf.compat.v1.variable_scope("top"):
            top, last = tf.nn.dynamic_rnn(self.plain(3), tf.concat([fw, bw], 2), lengths, dtype=tf.float32)
        return states, top, last


def build(x, lengths):
    return Tagger(5).run(x, lengths)
""",
    "outputs only, in a list of steps, with dropout between": CONTRIB
    + """

def build(x, lengths):
    keep = 1.0 if lengths is not None else 0.5
    stack = rnn.MultiRNNCell([rnn.DropoutWrapper(rnn.GRUCell(5), keep), rnn.DropoutWrapper(rnn.GRUCell(3), keep)])
    steps = tf.unstack(x, axis=1)
    outputs, _ = rnn.static_rnn(stack, steps, dtype=tf.float32)
    return outputs[-1]
""",
    "a layer without lengths behind one with lengths": CONTRIB
    + """

def build(x, lengths):
    outputs, _ = tf.nn.dynamic_rnn(rnn.GRUCell(5), x, sequence_length=lengths, dtype=tf.float32, scope="a")
    return tf.nn.dynamic_rnn(rnn.LSTMCell(5), outputs, dtype=tf.float32, scope="b")
""",
    "behind both directions": CONTRIB
    + """

def build(x, lengths):
    outputs, _ = tf.nn.bidirectional_dynamic_rnn(rnn.GRUCell(5), rnn.GRUCell(5), x, lengths, dtype=tf.float32)
    return tf.nn.dynamic_rnn(rnn.LSTMCell(5), tf.concat(outputs, 2), dtype=tf.float32, scope="b")
""",
    "through methods": CONTRIB
    + """

class M:
    def a(self, x, n):
        self.o, s = tf.nn.dynamic_rnn(rnn.GRUCell(5), x, sequence_length=n, dtype=tf.float32, scope="a")

    def b(self):
        o, s = tf.nn.dynamic_rnn(rnn.GRUCell(5), self.o, dtype=tf.float32, scope="b")
        return o, s


def build(x, lengths):
    m = M()
    m.a(x, lengths)
    return m.b()
""",
    "a layer of Keras behind one with lengths": """
import tensorflow as tf
from tensorflow.contrib import rnn


def build(x, lengths):
    outputs, state = tf.nn.dynamic_rnn(rnn.GRUCell(5), x, sequence_length=lengths, dtype=tf.float32)
    mean = tf.keras.layers.GlobalAveragePooling1D()(outputs)
    return mean
""",
    "the last output within the lengths": """
import tensorflow as tf
from tensorflow.contrib import rnn


class Model:
    def __init__(self, data, length, num_hidden=5, num_layers=2, dropout=1.0):
        self.data, self._length = data, length
        self._num_hidden, self._num_layers, self.dropout = num_hidden, num_layers, dropout

    @property
    def length(self):
        return self._length

    def prediction(self):
        cells = list()
        for _ in range(self._num_layers):
            cell = rnn.GRUCell(self._num_hidden)
            cell = rnn.DropoutWrapper(cell, output_keep_prob=self.dropout)
            cells.append(cell)
        cell = rnn.MultiRNNCell(cells)
        output, _ = tf.nn.dynamic_rnn(cell, self.data, dtype=tf.float32, sequence_length=self.length)
        return self._last_relevant(output, self.length)

    @staticmethod
    def _last_relevant(output, length):
        batch_size = tf.shape(output)[0]
        max_length = int(output.get_shape()[1])
        output_size = int(output.get_shape()[2])
        index = tf.range(0, batch_size) * max_length + tf.maximum(length - 1, 0)
        flat = tf.reshape(output, [-1, output_size])
        return tf.gather(flat, index)


def build(x, lengths):
    return Model(x, lengths).prediction()
""",
    "zeros that a class keeps": """
import tensorflow as tf


class Qnetwork():
    def __init__(self, h_size, x, myScope):
        self.convFlat = tf.reshape(x, [-1, 4])
        self.batch_size = 3
        self.rnn_cell = tf.contrib.rnn.BasicLSTMCell(num_units=h_size, state_is_tuple=True)
        self.state_in = self.rnn_cell.zero_state(self.batch_size, tf.float32)
        self.rnn, self.rnn_state = tf.nn.dynamic_rnn(
            inputs=tf.reshape(self.convFlat, [self.batch_size, 6, 4]), cell=self.rnn_cell, dtype=tf.float32,
            initial_state=self.state_in, scope=myScope + '_rnn')
        self.out = tf.reshape(self.rnn, shape=[-1, h_size])


def build(x, lengths):
    q = Qnetwork(5, x, "main")
    return q.out, q.rnn_state, q.state_in
""",
    "both directions under another name": """
import tensorflow as tf
from tensorflow.python.ops.rnn import bidirectional_dynamic_rnn as bi_rnn
from tensorflow.contrib.rnn import GRUCell


def attention(inputs, size):
    u = tf.compat.v1.get_variable("u", [size])
    vu = tf.tensordot(tf.tanh(inputs), u, axes=1)
    alphas = tf.nn.softmax(vu)
    return tf.reduce_sum(inputs * tf.expand_dims(alphas, -1), 1)


def build(x, lengths):
    rnn_outputs, _ = bi_rnn(GRUCell(5), GRUCell(5), inputs=x, sequence_length=lengths, dtype=tf.float32)
    fw_outputs = rnn_outputs[0]
    bw_outputs = rnn_outputs[1]
    H = fw_outputs + bw_outputs
    return attention(H, 5)
""",
    "both directions in layers": """
import tensorflow as tf
from tensorflow.contrib.rnn import LSTMCell, DropoutWrapper


def bi_lstm(inputs, lengths, units, n_layers, is_training):
    output = inputs
    for i in range(n_layers):
        with tf.compat.v1.variable_scope("layer_{}".format(i)):
            cell_fw = LSTMCell(units)
            cell_bw = LSTMCell(units)
            if is_training:
                cell_fw = DropoutWrapper(cell_fw, output_keep_prob=0.8)
                cell_bw = DropoutWrapper(cell_bw, output_keep_prob=0.8)
            outputs, states = tf.nn.bidirectional_dynamic_rnn(cell_fw, cell_bw, output, lengths, dtype=tf.float32)
            output = tf.concat(outputs, -1)
    return output, states


def build(x, lengths):
    return bi_lstm(x, lengths, 5, 2, False)
""",
    "dropout between cells that keeps all": CONTRIB
    + """

def build(x, lengths):
    cells = [rnn.DropoutWrapper(rnn.GRUCell(n), 1.0, output_keep_prob=1.0) for n in (5, 3)]
    with tf.compat.v1.variable_scope("one"):
        one, _ = tf.nn.dynamic_rnn(rnn.MultiRNNCell(cells), x, dtype=tf.float32)
    stack = rnn.MultiRNNCell([rnn.DropoutWrapper(rnn.DropoutWrapper(rnn.GRUCell(5))), rnn.GRUCell(3)])
    with tf.compat.v1.variable_scope("two"):
        two, state = tf.nn.dynamic_rnn(rnn.DropoutWrapper(stack), x, dtype=tf.float32)
    return one, two, state
""",
    "both directions over a list of steps": CONTRIB
    + """

def build(x, lengths):
    steps = tf.unstack(x, 6, 1)
    fw = rnn.BasicLSTMCell(5, forget_bias=1.0)
    bw = rnn.BasicLSTMCell(5, forget_bias=1.0)
    outputs, _, _ = rnn.static_bidirectional_rnn(fw, bw, steps, dtype=tf.float32)
    return outputs[-1], outputs[0]
""",
    "both directions over a list, with lengths and states": CONTRIB
    + """

class Tagger:
    def __init__(self):
        self.fw, self.bw = None, None
        self.forward = rnn.GRUCell(5)
        self.backward = rnn.GRUCell(3)

    def run(self, x, lengths):
        outputs, state_fw, self.last = tf.nn.static_bidirectional_rnn(
            self.forward, self.backward, tf.unstack(tf.transpose(x, [1, 0, 2])),
            sequence_length=lengths, dtype=tf.float32)
        return tf.stack([2.0 * one for one in outputs]), state_fw


def build(x, lengths):
    tagger = Tagger()
    return tagger.run(x, lengths), tagger.last
""",
    "both directions over a list, first states": CONTRIB
    + """

def build(x, lengths):
    first = rnn.LSTMStateTuple(tf.ones([3, 5]), 0.5 * tf.ones([3, 5]))
    outputs, state, other = rnn.static_bidirectional_rnn(
        rnn.LSTMCell(5), rnn.LSTMCell(5), tf.unstack(x, axis=1), initial_state_fw=first, initial_state_bw=first)
    with tf.compat.v1.variable_scope("again"):
        last = rnn.static_bidirectional_rnn(rnn.GRUCell(2), rnn.GRUCell(2), outputs, dtype=tf.float32)[0][-1]
    return tf.concat(outputs, 1), state.h, other.c, last
""",
}
"""Those that are rewritten."""

FORGET_BIASES = {"one LSTM": 0.0, "a cell by a function": 0.5, "a language model": 0.0}
"""The `forget_bias` of cells that were made with another than 1.0."""

_BY_PLACE = "variables are selected by their position in a list"
_WITH_A_CELL = """

def build(x, lengths):
    outputs, _ = tf.nn.dynamic_rnn(rnn.GRUCell(5), x, dtype=tf.float32)
    return outputs
"""

_OF_A_DTYPE = """

half = tf.float16


def build(x, lengths):
    cell = rnn.LSTMCell(5{})
    return tf.nn.dynamic_rnn(cell, x, dtype={})
"""

REFUSED = {
    "a cell of unknown dtype": (CONTRIB + _OF_A_DTYPE.format(", dtype=kind", "tf.float32"), "its dtype is unknown"),
    "a cell of half the bits": (CONTRIB + _OF_A_DTYPE.format(", dtype=tf.float16", "tf.float32"), "float16"),
    "a call of unknown dtype": (CONTRIB + _OF_A_DTYPE.format("", "kind"), "its dtype is unknown"),
    "no dtype": (CONTRIB + _OF_A_DTYPE.format(", dtype=None", "None"), "its dtype is unknown"),
    "a variable by its place": (CONTRIB + _WITH_A_CELL + "\n\nfirst = tf.trainable_variables()[0]\n", _BY_PLACE),
    "a variable by its place in a list with a name": (
        CONTRIB + _WITH_A_CELL + "\n\nfound = tf.trainable_variables()\nlast = found[-1]\n",
        _BY_PLACE,
    ),
    "a variable by its name": (
        CONTRIB + _WITH_A_CELL + "\n\nkernel = by_name['rnn/gru_cell/gates/kernel']\n",
        "the code names a variable or an operation of its cell",
    ),
    "gradients that are clipped one by one": (
        CONTRIB + _WITH_A_CELL + "\n\nclipped = [tf.clip_by_norm(one, 5.0) for one in gradients]\n",
        "gradients are clipped per variable",
    ),
    "a custom cell": (
        CONTRIB
        + """

class Doubled(rnn.RNNCell):
    @property
    def state_size(self):
        return 4

    @property
    def output_size(self):
        return 4

    def call(self, inputs, state):
        return 2.0 * inputs, state + inputs


def build(x, lengths):
    return tf.nn.dynamic_rnn(Doubled(), x, dtype=tf.float32)
""",
        "custom cell",
    ),
    "peepholes": (
        CONTRIB
        + """

def build(x, lengths):
    return tf.nn.dynamic_rnn(rnn.LSTMCell(5, use_peepholes=True), x, dtype=tf.float32)
""",
        "peepholes",
    ),
    "a projection": (
        CONTRIB
        + """

def build(x, lengths):
    cell = rnn.LSTMCell(5, num_proj=3)
    outputs, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    return outputs
""",
        "projection",
    ),
    "a cell from outside": (
        CONTRIB
        + """

def run(cell, x):
    return tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)


def build(x, lengths):
    return run(rnn.GRUCell(5), x)
""",
        "comes from outside",
    ),
    "raw_rnn": (
        PLAIN
        + """

def build(x, lengths):
    cell = tf.nn.rnn_cell.LSTMCell(5)
    steps = tf.TensorArray(tf.float32, 6).unstack(tf.transpose(x, [1, 0, 2]))

    def loop(time, output, state, _):
        state = cell.zero_state(3, tf.float32) if output is None else state
        done = time >= 6
        return done, steps.read(tf.minimum(time, 5)), state, output, None

    outputs, state, _ = tf.nn.raw_rnn(cell, loop)
    return outputs.stack(), state
""",
        "raw_rnn",
    ),
    "a loop by hand": (
        CONTRIB
        + """

def build(x, lengths):
    cell = rnn.GRUCell(4)
    state = cell.zero_state(3, tf.float32)
    for step in range(6):
        output, state = cell(x[:, step], state)
    outputs, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    return outputs, output
""",
        "used elsewhere",
    ),
    "variables that are shared": (
        CONTRIB
        + """

def encode(x, reuse):
    with tf.compat.v1.variable_scope("encoder", reuse=reuse):
        cell = rnn.GRUCell(5)
        return tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)[1]


def build(x, lengths):
    return encode(x, False), encode(2.0 * x, True)
""",
        "reuse",
    ),
    "a branch": (
        CONTRIB
        + """

def build(x, lengths, kind="gru"):
    if kind == "gru":
        cell = rnn.GRUCell(5)
    else:
        cell = rnn.LSTMCell(5)
    return tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
""",
        "branch",
    ),
    "dropout of the state": (
        CONTRIB
        + """

def build(x, lengths):
    cell = rnn.DropoutWrapper(rnn.GRUCell(5), state_keep_prob=0.5)
    return tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
""",
        "parts of the state",
    ),
    "a residual": (
        CONTRIB
        + """

def build(x, lengths):
    return tf.nn.dynamic_rnn(rnn.ResidualWrapper(rnn.GRUCell(4)), x, dtype=tf.float32)
""",
        "ResidualWrapper",
    ),
    "one tensor for the state": (
        CONTRIB
        + """

def build(x, lengths):
    return tf.nn.dynamic_rnn(rnn.LSTMCell(4, state_is_tuple=False), x, dtype=tf.float32)
""",
        "one tensor",
    ),
    "variables by their scope": (
        CONTRIB
        + """

def build(x, lengths):
    with tf.compat.v1.variable_scope("encoder"):
        outputs, _ = tf.nn.dynamic_rnn(rnn.GRUCell(4), x, dtype=tf.float32)
    return outputs, tf.compat.v1.trainable_variables("encoder")[0]
""",
        "looked up by scope",
    ),
    "one cell as two layers": (
        CONTRIB
        + """

def build(x, lengths):
    cell = rnn.GRUCell(4)
    return tf.nn.dynamic_rnn(rnn.MultiRNNCell([cell, cell]), x, dtype=tf.float32)
""",
        "several layers",
    ),
    "time_major by a flag": (
        CONTRIB
        + """

def build(x, lengths, major=False):
    return tf.nn.dynamic_rnn(rnn.GRUCell(4), x, time_major=major, dtype=tf.float32)
""",
        "time_major",
    ),
    "a regularizer": (
        CONTRIB
        + """

def build(x, lengths):
    with tf.compat.v1.variable_scope("a", regularizer=lambda kernel: tf.reduce_sum(kernel)):
        outputs, _ = tf.nn.dynamic_rnn(rnn.GRUCell(4), x, dtype=tf.float32)
    return outputs, tf.compat.v1.losses.get_regularization_loss()
""",
        "regularizer",
    ),
}
"""Those that are not, with words of the reason."""
