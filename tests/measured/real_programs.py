"""Programs of TensorFlow 1 in the shapes that larger code has: helpers, classes, switches, modules that hand names on.

Each is a folder: a text by file name. ``program.py`` defines ``build(x)``; see ``graphs_of_programs.py``.
"""

from __future__ import annotations

_LIKE_NMT = {
    "model_helper.py": '''"""Cells of a translation model."""
from __future__ import print_function

import tensorflow as tf


def _single_cell(unit_type, num_units, forget_bias, dropout, mode, residual_connection=False, device_str=None):
    """Create an instance of a single RNN cell."""
    # dropout is set to 0 during inference
    dropout = dropout if mode == "train" else 0.0

    if unit_type == "lstm":
        single_cell = tf.contrib.rnn.BasicLSTMCell(
            num_units,
            forget_bias=forget_bias)
    elif unit_type == "gru":
        single_cell = tf.contrib.rnn.GRUCell(num_units)
    elif unit_type == "layer_norm_lstm":
        single_cell = tf.contrib.rnn.LayerNormBasicLSTMCell(
            num_units,
            forget_bias=forget_bias,
            layer_norm=True)
    elif unit_type == "nas":
        single_cell = tf.contrib.rnn.NASCell(num_units)
    else:
        raise ValueError("Unknown unit type %s!" % unit_type)

    if dropout > 0.0:
        single_cell = tf.contrib.rnn.DropoutWrapper(
            cell=single_cell, input_keep_prob=(1.0 - dropout))
    if residual_connection:
        single_cell = tf.contrib.rnn.ResidualWrapper(single_cell)
    if device_str:
        single_cell = tf.contrib.rnn.DeviceWrapper(single_cell, device_str)
    return single_cell


def _cell_list(unit_type, num_units, num_layers, num_residual_layers, forget_bias, dropout, mode,
               single_cell_fn=None):
    if not single_cell_fn:
        single_cell_fn = _single_cell
    cell_list = []
    for i in range(num_layers):
        cell_list.append(single_cell_fn(
            unit_type=unit_type,
            num_units=num_units,
            forget_bias=forget_bias,
            dropout=dropout,
            mode=mode,
            residual_connection=(i >= num_layers - num_residual_layers),
            device_str="/cpu:0"))
    return cell_list


def create_rnn_cell(unit_type, num_units, num_layers, num_residual_layers, forget_bias, dropout, mode):
    cell_list = _cell_list(unit_type, num_units, num_layers, num_residual_layers, forget_bias, dropout, mode)
    if len(cell_list) == 1:  # Single layer.
        return cell_list[0]
    else:  # Multi layers
        return tf.contrib.rnn.MultiRNNCell(cell_list)
''',
    "program.py": """
import abc

import tensorflow as tf

import model_helper


class BaseModel(object):
    @abc.abstractmethod
    def _build_encoder(self, x):
        pass

    def _build_encoder_cell(self, num_layers, num_residual_layers):
        return model_helper.create_rnn_cell(
            unit_type="lstm", num_units=4, num_layers=num_layers, num_residual_layers=num_residual_layers,
            forget_bias=1.0, dropout=0.0, mode="infer")


class Model(BaseModel):
    def _build_encoder(self, x):
        with tf.compat.v1.variable_scope("encoder") as scope:
            return tf.nn.dynamic_rnn(
                self._build_encoder_cell(2, 1),
                x,
                dtype=scope.dtype,
                sequence_length=[5, 3],
                time_major=False,
                swap_memory=True)

    def _build_bidirectional_rnn(self, x):
        fw_cell = self._build_encoder_cell(1, 0)
        bw_cell = self._build_encoder_cell(1, 0)
        bi_outputs, bi_state = tf.nn.bidirectional_dynamic_rnn(
            fw_cell,
            bw_cell,
            x,
            dtype=tf.float32,
            sequence_length=[5, 3])
        return tf.concat(bi_outputs, -1), bi_state


def build(x):
    model = Model()
    return model._build_encoder(x), model._build_bidirectional_rnn(x)
""",
}

_LIKE_PTB = """
import tensorflow as tf


class Config(object):
    hidden_size, num_layers, num_steps, batch_size, keep_prob = 4, 2, 5, 2, 1.0


class PTBModel(object):
    def __init__(self, is_training, config, inputs):
        self._is_training = is_training
        self._cell = None

        def lstm_cell():
            return tf.contrib.rnn.BasicLSTMCell(
                config.hidden_size, forget_bias=0.0, state_is_tuple=True, reuse=not is_training)

        attn_cell = lstm_cell
        if is_training:

            def attn_cell():
                return tf.contrib.rnn.DropoutWrapper(lstm_cell(), output_keep_prob=config.keep_prob)

        cell = tf.contrib.rnn.MultiRNNCell([attn_cell() for _ in range(config.num_layers)], state_is_tuple=True)
        self._initial_state = cell.zero_state(config.batch_size, tf.float32)
        outputs = []
        state = self._initial_state
        with tf.compat.v1.variable_scope("RNN"):
            for time_step in range(config.num_steps):
                if time_step > 0: tf.compat.v1.get_variable_scope().reuse_variables()
                (cell_output, state) = cell(inputs[:, time_step, :], state)
                outputs.append(cell_output)
        self.output = tf.reshape(tf.concat(axis=1, values=outputs), [-1, config.hidden_size])
        self._final_state = state


def build(x):
    model = PTBModel(True, Config(), x)
    return model.output, model._final_state
"""

_CELL_BY_NAME = """
import argparse

import tensorflow as tf
from tensorflow.contrib import rnn


class Model():
    def __init__(self, args, x, training=True):
        if not training:
            args.batch_size = 1
        if args.model == 'rnn':
            cell_fn = rnn.BasicRNNCell
        elif args.model == 'gru':
            cell_fn = rnn.GRUCell
        elif args.model == 'lstm':
            cell_fn = rnn.BasicLSTMCell
        elif args.model == 'nas':
            cell_fn = rnn.NASCell
        else:
            raise Exception("model type not supported: {}".format(args.model))

        cells = []
        for _ in range(args.num_layers):
            cell = cell_fn(args.rnn_size)
            if training and (args.output_keep_prob < 1.0 or args.input_keep_prob < 1.0):
                cell = rnn.DropoutWrapper(cell,
                                          input_keep_prob=args.input_keep_prob,
                                          output_keep_prob=args.output_keep_prob)
            cells.append(cell)
        self.cell = cell = rnn.MultiRNNCell(cells, state_is_tuple=True)
        self.outputs, self.last_state = rnn.static_rnn(cell, tf.unstack(x, axis=1), cell.zero_state(2, tf.float32))


def build(x):
    args = argparse.Namespace(model='gru', num_layers=2, rnn_size=4, output_keep_prob=1.0, input_keep_prob=1.0)
    model = Model(args, x)
    return model.outputs, model.last_state
"""

_TRY_ATTRIBUTE = """
import tensorflow as tf

try:
    rnn_cell = tf.nn.rnn_cell
except AttributeError:
    rnn_cell = tf.contrib.rnn


def build(x):
    cell = rnn_cell.MultiRNNCell([rnn_cell.GRUCell(4), rnn_cell.BasicRNNCell(3)])
    return tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
"""

_TRY_IMPORT = """
import tensorflow as tf
try:
    from tensorflow.contrib.rnn import BasicLSTMCell, MultiRNNCell
except ImportError:
    from tensorflow.nn.rnn_cell import BasicLSTMCell, MultiRNNCell
try:
    from tensorflow.contrib.rnn.python.ops.core_rnn import static_rnn
except:
    static_rnn = tf.nn.static_rnn


def build(x):
    cell = MultiRNNCell([BasicLSTMCell(n) for n in (4, 3)])
    return static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32)
"""

_BY_VERSION = """
import tensorflow as tf

if tf.__version__.startswith("0."):
    rnn_cell = tf.nn.rnn_cell
else:
    rnn_cell = tf.contrib.rnn


def build(x):
    return tf.nn.dynamic_rnn(rnn_cell.GRUCell(4), x, dtype=tf.float32)
"""

_HANDED_ON = {
    "ops/__init__.py": "from .cells import *\nfrom .runners import dynamic_rnn, run_both\n",
    "ops/cells.py": (
        '"""Cells for all models."""\n'
        "from tensorflow.contrib.rnn import BasicLSTMCell, GRUCell, MultiRNNCell  # for others\n"
        "from tensorflow.contrib.rnn import DropoutWrapper as Dropout\n\n"
        "def make(units, keep=1.0):\n    return Dropout(GRUCell(units), keep)\n"
    ),
    "ops/runners.py": (
        "import tensorflow as tf\n\ndynamic_rnn = tf.nn.dynamic_rnn\n\n\ndef run_both(cells, x):\n"
        "    return tf.nn.bidirectional_dynamic_rnn(cells[0], cells[1], x, dtype=tf.float32)\n"
    ),
    "program.py": """
import tensorflow as tf
import ops
from ops import BasicLSTMCell, dynamic_rnn, make


def build(x):
    with tf.compat.v1.variable_scope("a"):
        one = dynamic_rnn(ops.MultiRNNCell([BasicLSTMCell(4), make(3)]), x, dtype=tf.float32)
    with tf.compat.v1.variable_scope("b"):
        return one, ops.run_both([ops.GRUCell(3), make(3)], x)
""",
}

_CONTRIB_ITSELF = """
import tensorflow as tf
from tensorflow import contrib
import tensorflow.contrib as tfc

crnn = tf.contrib


def build(x):
    cells = [contrib.rnn.GRUCell(4), tfc.rnn.BasicRNNCell(3), crnn.rnn.GRUCell(2)]
    return tf.nn.dynamic_rnn(tfc.rnn.MultiRNNCell(cells), x, dtype=tf.float32)
"""

_PARTIAL = """
from functools import partial

import tensorflow as tf
from tensorflow.contrib.rnn import LSTMCell, LSTMStateTuple
from tensorflow.contrib import rnn as contrib_rnn

make_cell = partial(LSTMCell, use_peepholes=True, initializer=None)
KINDS = dict(gru=contrib_rnn.GRUCell, basic=lambda n: contrib_rnn.BasicRNNCell(n))
run = partial(tf.nn.dynamic_rnn, dtype=tf.float32)


def build(x):
    with tf.compat.v1.variable_scope("one"):
        outputs, state = run(make_cell(4), x, initial_state=LSTMStateTuple(c=tf.ones([2, 4]), h=tf.zeros([2, 4])))
    with tf.compat.v1.variable_scope("two"):
        other = run(contrib_rnn.MultiRNNCell([KINDS["gru"](3), KINDS["basic"](2)]), outputs)
    assert isinstance(state, contrib_rnn.LSTMStateTuple)
    return state.c, other
"""

_OLD_PRIVATE = """
import tensorflow as tf
from tensorflow.python.ops import rnn, rnn_cell
from tensorflow.python.ops.rnn_cell_impl import RNNCell as _RNNCell
from tensorflow.python.ops.rnn import bidirectional_dynamic_rnn as bi_rnn


class Doubled(_RNNCell):
    def __init__(self, cell):
        super(Doubled, self).__init__()
        if not isinstance(cell, rnn_cell.RNNCell):
            raise TypeError("not a cell")
        self._cell = cell

    @property
    def state_size(self):
        return self._cell.state_size

    @property
    def output_size(self):
        return self._cell.output_size

    def __call__(self, inputs, state, scope=None):
        with tf.compat.v1.variable_scope(scope or type(self).__name__):
            output, new_state = self._cell(inputs, state)
        return output * 2, new_state


def build(x):
    with tf.compat.v1.variable_scope("left"):
        left = rnn.dynamic_rnn(Doubled(rnn_cell.GRUCell(4)), x, dtype=tf.float32)
    with tf.compat.v1.variable_scope("both"):
        return left, bi_rnn(rnn_cell.BasicRNNCell(3), rnn_cell.BasicRNNCell(3), x, dtype=tf.float32)
"""

_DEFAULTS = """
import tensorflow as tf
layers = tf.keras.layers


class Encoder(object):
    cell_type = tf.nn.rnn_cell.GRUCell

    def __init__(self, size, wrapper=tf.contrib.rnn.DropoutWrapper, runner=tf.nn.dynamic_rnn):
        self.size, self.wrapper, self.runner = size, wrapper, runner
        self._stack = tf.contrib.rnn.MultiRNNCell(
            [self.wrapper(self.cell_type(self.size), output_keep_prob=1.) for i in range(2)])

    def encode(self, x):
        return self.runner(self._stack, x, dtype=tf.float32)


class Both(Encoder):
    cell_type = tf.nn.rnn_cell.BasicLSTMCell

    def encode(self, x):
        outputs, state = super(Both, self).encode(x)
        if isinstance(state[0], (tf.nn.rnn_cell.LSTMStateTuple, tuple)):
            state = tf.nn.rnn_cell.LSTMStateTuple(*state[0])
        return outputs, state


def build(x):
    with tf.compat.v1.variable_scope("plain"):
        one = Encoder(4).encode(x)
    with tf.compat.v1.variable_scope("both"):
        return one, Both(3).encode(x)
"""

_BEFORE_ONE = """
import numpy as np
import tensorflow as tf
from tensorflow.models.rnn import rnn, rnn_cell


def length(sequence):
    used = tf.sign(tf.reduce_max(tf.abs(sequence), axis=2))
    return tf.cast(tf.reduce_sum(used, axis=1), tf.int32)


def build(x):
    cell = rnn_cell.GRUCell(4)
    cell = rnn_cell.DropoutWrapper(cell, output_keep_prob=1.0)
    outputs, state = rnn.rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32, sequence_length=length(x))
    return outputs[-1], state
"""

_CORE_RNN_CELL = """
import tensorflow as tf
from tensorflow.contrib.rnn.python.ops import core_rnn_cell
from tensorflow.contrib.rnn.python.ops.core_rnn_cell import LSTMStateTuple
from tensorflow.contrib import rnn


class Tagger:
    def __init__(self, hidden):
        with tf.compat.v1.variable_scope("bi-lstm"):
            self.fw = core_rnn_cell.BasicLSTMCell(hidden)
            self.bw = rnn.LSTMCell(hidden, state_is_tuple=True)

    def __call__(self, x):
        (fw, bw), (fs, bs) = tf.nn.bidirectional_dynamic_rnn(cell_fw=self.fw, cell_bw=self.bw, inputs=x,
                                                             sequence_length=[5, 4], dtype=tf.float32, scope="bi")
        joined = LSTMStateTuple(tf.concat([fs.c, bs.c], 1), tf.concat([fs.h, bs.h], 1))
        return tf.concat([fw, bw], axis=-1), joined


def build(x):
    return Tagger(4)(x)
"""

_IN_BLOCKS = """
from tensorflow.contrib.rnn import GRUCell, \\
    MultiRNNCell
import tensorflow as tf

USE_RNN = True

if USE_RNN:
    from tensorflow.contrib import rnn as cells

    def cell(n): return cells.LSTMCell(n, num_proj=2, use_peepholes=True)

with tf.compat.v1.variable_scope("outer"):
    from tensorflow.contrib.rnn import static_bidirectional_rnn as both


class Net:
    from tensorflow.contrib.rnn import BasicRNNCell

    def run(self, x):
        import tensorflow.contrib.rnn as rnn
        steps = tf.unstack(x, axis=1)
        one = both(GRUCell(4), self.BasicRNNCell(3), steps, dtype=tf.float32)
        with tf.compat.v1.variable_scope("two"):
            return one, rnn.static_rnn(MultiRNNCell([cell(4), GRUCell(2)]), steps, dtype=tf.float32)


def build(x):
    return Net().run(x)
"""

_CONFIGURED = {
    "settings.py": "import tensorflow as tf\n\nCELL = tf.contrib.rnn.GRUCell\nOPTIONS = {'units': 4}\n",
    "program.py": """
import tensorflow as tf
import settings
from settings import CELL


def get_rnn_cell(cell_class, cell_params, num_layers=1, dropout=0.0):
    rnn_cells = []
    for _ in range(num_layers):
        cell = cell_class(cell_params["units"])
        if dropout:
            cell = tf.contrib.rnn.DropoutWrapper(cell, 1 - dropout)
        rnn_cells.append(cell)
    return tf.contrib.rnn.MultiRNNCell(rnn_cells) if len(rnn_cells) > 1 else rnn_cells[0]


def build(x):
    with tf.compat.v1.variable_scope("a"):
        one = tf.nn.dynamic_rnn(get_rnn_cell(CELL, settings.OPTIONS, 2), x, dtype=tf.float32)
    with tf.compat.v1.variable_scope("b"):
        return one, tf.nn.dynamic_rnn(get_rnn_cell(settings.CELL, settings.OPTIONS), x, dtype=tf.float32)
""",
}

_LATE_STATE = """
# -*- coding: utf-8 -*-
\"\"\"Naïve decoder.\"\"\"
import tensorflow as tf
import tensorflow.contrib.rnn as tf_rnn, collections
from tensorflow.python.ops import rnn_cell_impl
from tensorflow.nn import dynamic_rnn, raw_rnn

Output = collections.namedtuple("Output", "values state")
StateTuple = rnn_cell_impl.LSTMStateTuple


def decode(x, cell):
    state = StateTuple(*[tf.zeros([2, 4]) for _ in range(2)])  # « empty »
    values, state = dynamic_rnn(cell, x, initial_state=state, time_major=bool(0))
    return Output(values, state)


def build(x):
    return decode(x, tf_rnn.BasicLSTMCell(num_units=4, activation=tf.nn.relu, name="décodeur" and "decoder"))
"""

FOLDERS: dict[str, dict[str, str]] = {
    "cells in a helper, runners in classes": _LIKE_NMT,
    "functions of cells, a loop by hand": {"program.py": _LIKE_PTB},
    "a cell by its name": {"program.py": _CELL_BY_NAME},
    "an attribute tried, then another": {"program.py": _TRY_ATTRIBUTE},
    "imports tried, then others": {"program.py": _TRY_IMPORT},
    "by version": {"program.py": _BY_VERSION},
    "names handed on": _HANDED_ON,
    "contrib itself": {"program.py": _CONTRIB_ITSELF},
    "partial, a table, a lambda": {"program.py": _PARTIAL},
    "private modules": {"program.py": _OLD_PRIVATE},
    "defaults and class attributes": {"program.py": _DEFAULTS},
    "before 1.0": {"program.py": _BEFORE_ONE},
    "modules below contrib": {"program.py": _CORE_RNN_CELL},
    "imports in blocks": {"program.py": _IN_BLOCKS},
    "a cell from a module of settings": _CONFIGURED,
    "an encoding, two imports in one": {"program.py": _LATE_STATE.lstrip()},
}
