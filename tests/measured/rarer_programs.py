"""Programs that reach their names in rarer ways: by star, by path, by text, through classes and packages.

Each is a folder, as in `real_programs`.
"""

from __future__ import annotations

FOLDERS = {
    "a text for getattr, a table of cells": {
        "program.py": """
import tensorflow as tf

CELLS = {
    'lstm': tf.nn.rnn_cell.BasicLSTMCell,
    'gru': tf.nn.rnn_cell.GRUCell,   # default
}


class Net(object):
    _cell = CELLS['gru']

    def __init__(self, hps):
        self.hps = hps
        self.cell_fn = CELLS.get(hps['cell'], tf.contrib.rnn.BasicRNNCell)
        self.runner = getattr(tf.nn, 'dynamic_rnn')

    def run(self, x):
        make = lambda: self.cell_fn(self.hps['n'])
        return self.runner(tf.nn.rnn_cell.MultiRNNCell([make() for _ in range(2)]), x, dtype=tf.float32)


def build(x):
    return Net({'cell': 'lstm', 'n': 4}).run(x), Net({'cell': 'gru', 'n': 3}).run(x)[0]
""",
    },
    "tf or None": {
        "program.py": '''
#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""Docstring

with lines."""
try:
    import tensorflow as tf
except ImportError:
    tf = None
else:
    from tensorflow.contrib.rnn import LSTMStateTuple
    from tensorflow.contrib.rnn.python.ops.core_rnn_cell import BasicLSTMCell, \\
        DropoutWrapper


def build(x):
    cell = DropoutWrapper(BasicLSTMCell(4), output_keep_prob=1.0)
    init = LSTMStateTuple(tf.zeros([2, 4]), tf.ones([2, 4]))
    return tf.nn.dynamic_rnn(cell, x, initial_state=init)
''',
    },
    "everything by star, handed on by star": {
        "lib.py": """import tensorflow as tf
from tensorflow.contrib.rnn import *


def stack(n):
    return MultiRNNCell([BasicLSTMCell(n) for _ in range(2)])
""",
        "program.py": """
from lib import *


def build(x):
    out, state = tf.nn.dynamic_rnn(stack(4), x, dtype=tf.float32, swap_memory=True)
    return out, tf.nn.dynamic_rnn(GRUCell(3), x, dtype=tf.float32)[0]
""",
    },
    "modules below contrib of 1.0": {
        "program.py": """
from __future__ import print_function
import tensorflow as tf
from tensorflow.contrib.rnn.python.ops import core_rnn, core_rnn_cell
from tensorflow.python.ops import rnn as rnn_ops


def build(x):
    xs = tf.unstack(tf.transpose(x, perm=[1, 0, 2]))
    out, state = core_rnn.static_rnn(core_rnn_cell.GRUCell(4), xs, dtype=tf.float32, sequence_length=[3, 5])
    cells = core_rnn_cell.BasicLSTMCell(2), core_rnn_cell.BasicLSTMCell(2)
    bi, _ = rnn_ops.bidirectional_dynamic_rnn(*cells, x, dtype=tf.float32)
    return out, state, bi
""",
    },
    "a class that adds to a cell": {
        "program.py": """
import tensorflow as tf


class NamedLSTM(tf.contrib.rnn.BasicLSTMCell):

    def __init__(self, n, **kw):
        super(NamedLSTM, self).__init__(n, **kw)

    def call(self, inputs, state):
        out, st = tf.contrib.rnn.BasicLSTMCell.call(self, inputs, state)
        return out + 1.0, st

    def zero_state(self, batch_size, dtype):
        return tf.contrib.rnn.LSTMStateTuple(tf.ones([batch_size, 4]), tf.zeros([batch_size, 4]))


def build(x):
    return tf.nn.dynamic_rnn(NamedLSTM(4, forget_bias=0.0), x, dtype=tf.float32)
""",
    },
    "a module by its path": {
        "program.py": """
import tensorflow
import tensorflow.contrib.rnn


def build(x):
    cell = tensorflow.contrib.rnn.BasicLSTMCell(4)
    return tensorflow.nn.dynamic_rnn(cell, x, dtype=tensorflow.float32)
""",
    },
    "options handed on": {
        "program.py": """
import tensorflow as tf
from tensorflow.contrib.rnn import LSTMCell


def make(n, **kwargs):
    return LSTMCell(n, **kwargs)


def run(cell, x, **options):
    options.setdefault("dtype", tf.float32)
    return tf.nn.dynamic_rnn(cell, x, **options)


def build(x):
    return run(make(4, use_peepholes=True), x, sequence_length=[2, 5])
""",
    },
    "state saved outside": {
        "program.py": """
import tensorflow as tf


class Saver(object):
    def __init__(self):
        self.saved = {}

    def state(self, name):
        return tf.zeros([2, 4])

    def save_state(self, name, value):
        return tf.identity(value)


def build(x):
    cell = tf.contrib.rnn.GRUCell(4)
    out, state = tf.nn.static_state_saving_rnn(cell, tf.unstack(x, axis=1), Saver(), "s")
    return out, state
""",
    },
    "a class with a choice of cells": {
        "program.py": """
from __future__ import absolute_import, division, print_function
import numpy as np
import tensorflow as tf
from tensorflow.contrib import rnn
from tensorflow.python.framework import ops


class CharRNN(object):
    def __init__(self, x, cell_type="lstm", rnn_size=4, num_layers=2, training=True):
        if cell_type == "rnn":
            cell_fn = rnn.BasicRNNCell
        elif cell_type == "gru":
            cell_fn = rnn.GRUCell
        elif cell_type == "lstm":
            cell_fn = rnn.BasicLSTMCell
        else:
            raise Exception("model type not supported: {}".format(cell_type))

        cells = []
        for _ in range(num_layers):
            cell = cell_fn(rnn_size)
            if training:
                cell = rnn.DropoutWrapper(cell,
                                          input_keep_prob=1.0,
                                          output_keep_prob=1.0)
            cells.append(cell)
        self.cell = cell = rnn.MultiRNNCell(cells, state_is_tuple=True)
        self.initial_state = cell.zero_state(2, tf.float32)
        with tf.compat.v1.variable_scope("rnnlm"):
            outputs, self.final_state = tf.nn.dynamic_rnn(cell, x,
                                                          initial_state=self.initial_state,
                                                          scope="rnnlm")
        self.outputs = outputs


def build(x):
    one = CharRNN(x)
    with tf.compat.v1.variable_scope("other"):
        two = CharRNN(x, "gru", 3, 1)
    return one.outputs, one.final_state, two.outputs
""",
    },
    "a package that hands names on": {
        "layers/__init__.py": """from .cells import LSTMCell, cell_for
from .encoders import Encoder
""",
        "layers/cells.py": """
import tensorflow as tf
from tensorflow.contrib.rnn import LSTMCell, RNNCell
from tensorflow.contrib.rnn import GRUCell as _GRU
__all__ = ["LSTMCell", "RNNCell", "cell_for"]


def cell_for(name, units):
    return {"lstm": lambda: LSTMCell(units, state_is_tuple=True),
            "gru": lambda: _GRU(units)}[name]()
""",
        "layers/encoders.py": """
import tensorflow as tf
from layers import cells


class Encoder:
    def __init__(self, name, units):
        self.fw = cells.cell_for(name, units)
        self.bw = cells.LSTMCell(units)

    def __call__(self, inputs, lengths):
        with tf.compat.v1.variable_scope('encoder'):
            (fw, bw), states = tf.nn.bidirectional_dynamic_rnn(
                cell_fw=self.fw,
                cell_bw=self.bw,
                inputs=inputs,
                sequence_length=lengths,
                dtype=tf.float32)
        return tf.concat([fw, bw], -1), states
""",
        "program.py": """
import layers
from layers import LSTMCell
import tensorflow as tf


def build(x):
    encoded, states = layers.Encoder("gru", 4)(x, tf.constant([5, 3]))
    return encoded, tf.nn.dynamic_rnn(LSTMCell(3), encoded, dtype=tf.float32)
""",
    },
    "contrib by another name": {
        "program.py": """
import tensorflow as tf
import tensorflow.contrib as tc


def get_cell(rnn_type, hidden_size, layer_num=1, dropout_keep_prob=None):
    cells = []
    for i in range(layer_num):
        if rnn_type.endswith('lstm'):
            cell = tc.rnn.LSTMCell(num_units=hidden_size, state_is_tuple=True)
        elif rnn_type.endswith('gru'):
            cell = tc.rnn.GRUCell(num_units=hidden_size)
        elif rnn_type.endswith('rnn'):
            cell = tc.rnn.BasicRNNCell(num_units=hidden_size)
        else:
            raise NotImplementedError('Unsuported rnn type: {}'.format(rnn_type))
        if dropout_keep_prob is not None:
            cell = tc.rnn.DropoutWrapper(cell,
                                         input_keep_prob=dropout_keep_prob,
                                         output_keep_prob=dropout_keep_prob)
        cells.append(cell)
    cells = tc.rnn.MultiRNNCell(cells, state_is_tuple=True)
    return cells


def rnn(rnn_type, inputs, length, hidden_size, layer_num=1, dropout_keep_prob=None, concat=True):
    if not rnn_type.startswith('bi'):
        cell = get_cell(rnn_type, hidden_size, layer_num, dropout_keep_prob)
        outputs, states = tf.nn.dynamic_rnn(cell, inputs, sequence_length=length, dtype=tf.float32)
        if rnn_type.endswith('lstm'):
            c, h = states[0]
            states = h
    else:
        cell_fw = get_cell(rnn_type, hidden_size, layer_num, dropout_keep_prob)
        cell_bw = get_cell(rnn_type, hidden_size, layer_num, dropout_keep_prob)
        outputs, states = tf.nn.bidirectional_dynamic_rnn(
            cell_bw, cell_fw, inputs, sequence_length=length, dtype=tf.float32
        )
        if concat:
            outputs = tf.concat(outputs, 2)
    return outputs, states


def build(x):
    return rnn("lstm", x, [5, 2], 4, 1, 1.0), rnn("bi-gru", x, [5, 2], 3)
""",
    },
    "a decoder by raw_rnn": {
        "program.py": """
import tensorflow as tf
from tensorflow.contrib.rnn import LSTMCell


class Decoder(object):
    def __init__(self, x):
        self.cell = LSTMCell(3)
        self.x = tf.transpose(x, [1, 0, 2])
        self.ta = tf.TensorArray(tf.float32, size=5).unstack(self.x)

    def loop_fn(self, time, cell_output, cell_state, loop_state):
        emit_output = cell_output
        if cell_output is None:
            next_cell_state = self.cell.zero_state(2, tf.float32)
        else:
            next_cell_state = cell_state
        finished = tf.fill([2], time >= 5)
        next_input = tf.cond(
            tf.reduce_all(finished),
            lambda: tf.zeros([2, 3], dtype=tf.float32),
            lambda: self.ta.read(time))
        return (finished, next_input, next_cell_state, emit_output, None)

    def run(self):
        outputs_ta, final_state, _ = tf.nn.raw_rnn(self.cell, self.loop_fn)
        return outputs_ta.stack(), final_state


def build(x):
    return Decoder(x).run()
""",
    },
    "a cell of its own": {
        "program.py": '''
import collections
import tensorflow as tf
from tensorflow.contrib.rnn import RNNCell, LSTMStateTuple

_State = collections.namedtuple("_State", ("c", "h"))


class MinimalCell(RNNCell):
    """Custom."""

    def __init__(self, num_units, reuse=None):
        super(MinimalCell, self).__init__(_reuse=reuse)
        self._num_units = num_units

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self):
        return self._num_units

    def call(self, inputs, state):
        c, h = state
        with tf.compat.v1.variable_scope("gates"):
            w = tf.compat.v1.get_variable("w", [inputs.shape[1] + self._num_units, self._num_units])
        f = tf.sigmoid(tf.matmul(tf.concat([inputs, h], 1), w))
        c = f * c + (1 - f)
        return c, LSTMStateTuple(c, tf.tanh(c))


def build(x):
    outputs, state = tf.nn.dynamic_rnn(MinimalCell(4), x, dtype=tf.float32)
    assert isinstance(state, LSTMStateTuple)
    return outputs, state.h
''',
    },
    "models that inherit": {
        "model_helper.py": '''
import tensorflow as tf
from tensorflow.contrib import rnn as contrib_rnn


def create_rnn_cell(unit_type, num_units, num_layers, mode="train", base_gpu=0, single_cell_fn=None):
    """Create multi-layer RNN cell."""
    cell_list = [single(unit_type, num_units, i) for i in range(num_layers)]
    if len(cell_list) == 1:  # Single layer.
        return cell_list[0]
    else:  # Multi layers
        return contrib_rnn.MultiRNNCell(cell_list)


def single(unit_type, num_units, i):
    if unit_type == "lstm":
        cell = contrib_rnn.BasicLSTMCell(num_units, forget_bias=1.0)
    elif unit_type == "gru":
        cell = contrib_rnn.GRUCell(num_units)
    else:
        raise ValueError("Unknown unit type %s!" % unit_type)
    return contrib_rnn.DropoutWrapper(cell=cell, input_keep_prob=(1.0 - 0.0))
''',
        "model.py": """
import abc
import tensorflow as tf
import model_helper


class BaseModel(object):
    def __init__(self, x):
        self.x = x
        self.time_major = True

    def build_graph(self, scope=None):
        with tf.compat.v1.variable_scope(scope or "dynamic_seq2seq", dtype=tf.float32):
            encoder_outputs, encoder_state = self._build_encoder()
            return encoder_outputs, self._build_decoder(encoder_outputs, encoder_state)

    @abc.abstractmethod
    def _build_encoder(self):
        pass

    def _build_decoder(self, encoder_outputs, encoder_state):
        with tf.compat.v1.variable_scope("decoder") as decoder_scope:
            cell = model_helper.create_rnn_cell("lstm", 4, 2)
            return tf.nn.dynamic_rnn(cell, encoder_outputs, initial_state=encoder_state,
                                     time_major=self.time_major, scope=decoder_scope)

    def _build_bidirectional_rnn(self, inputs, sequence_length, dtype):
        fw_cell = model_helper.create_rnn_cell("gru", 4, 1)
        bw_cell = model_helper.create_rnn_cell("gru", 4, 1)

        bi_outputs, bi_state = tf.nn.bidirectional_dynamic_rnn(
            fw_cell,
            bw_cell,
            inputs,
            dtype=dtype,
            sequence_length=sequence_length,
            time_major=self.time_major,
            swap_memory=True)
        return tf.concat(bi_outputs, -1), bi_state


class Model(BaseModel):
    def _build_encoder(self):
        inputs = tf.transpose(self.x, [1, 0, 2]) if self.time_major else self.x
        with tf.compat.v1.variable_scope("encoder") as scope:
            bi, _ = self._build_bidirectional_rnn(inputs, [5, 4], scope.dtype)
            cell = model_helper.create_rnn_cell("lstm", 4, 2)
            return tf.nn.dynamic_rnn(cell, bi, dtype=scope.dtype, sequence_length=[5, 4],
                                     time_major=self.time_major, swap_memory=True)
""",
        "program.py": """import model


def build(x):
    return model.Model(x).build_graph()
""",
    },
    "a layer for cuDNN, then a loop by hand": {
        "program.py": """
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.contrib import rnn


def build(x):
    y = layers.CuDNNGRU(4, return_sequences=True, name="g")(x)
    cell = rnn.BasicLSTMCell(3)
    state = cell.zero_state(batch_size=2, dtype=tf.float32)
    outputs = []
    with tf.compat.v1.variable_scope("RNN"):
        for time_step in range(5):
            if time_step > 0: tf.compat.v1.get_variable_scope().reuse_variables()
            (cell_output, state) = cell(x[:, time_step, :], state)
            outputs.append(cell_output)
    return outputs, state
""",
    },
}
