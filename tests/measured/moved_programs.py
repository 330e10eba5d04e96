"""Programs of TensorFlow 1, as people wrote them, that safe fixes make run on the installed TensorFlow.

Each defines ``build(x)`` for a placeholder of shape (batch 2, 5 time steps, 3); see ``graphs_of_programs.py``.
"""

from __future__ import annotations

import itertools

# ---- ways to reach a module x what is built with it

MODULES = {
    "contrib from": "import tensorflow as tf\nfrom tensorflow.contrib import rnn\n",
    "contrib from, renamed": "from tensorflow.contrib import rnn as contrib_rnn\nimport tensorflow as tf\n",
    "contrib imported": "import tensorflow as tf\nimport tensorflow.contrib.rnn as rnn\n",
    "contrib by attribute": "import tensorflow as tf\n",
    "contrib in a variable": "import tensorflow as tf\nrnn = tf.contrib.rnn\n",
    "nn.rnn_cell by attribute": "import tensorflow as tf\n",
    "nn.rnn_cell from": "import tensorflow as tf\nfrom tensorflow.nn import rnn_cell\n",
    "compat.v1": "import tensorflow.compat.v1 as tf\n",
    "compat from": "from tensorflow.compat import v1 as tf\n",
    "private": "import tensorflow as tf\nfrom tensorflow.python.ops import rnn_cell\n",
}
CELLS_OF = {
    "contrib from": "rnn",
    "contrib from, renamed": "contrib_rnn",
    "contrib imported": "rnn",
    "contrib by attribute": "tf.contrib.rnn",
    "contrib in a variable": "rnn",
    "nn.rnn_cell by attribute": "tf.nn.rnn_cell",
    "nn.rnn_cell from": "rnn_cell",
    "compat.v1": "tf.nn.rnn_cell",
    "compat from": "tf.nn.rnn_cell",
    "private": "rnn_cell",
}
BUILDS = {
    "one LSTM": """

def build(x):
    return tf.nn.dynamic_rnn({m}.BasicLSTMCell(4), x, dtype=tf.float32)
""",
    "a stack with dropout": """

def build(x):
    def layer(units):
        cell = {m}.LSTMCell(units, use_peepholes=True, state_is_tuple=True)
        return {m}.DropoutWrapper(cell, input_keep_prob=1.0, output_keep_prob=1.0)

    stack = {m}.MultiRNNCell([layer(4), layer(3)], state_is_tuple=True)
    outputs, state = tf.nn.dynamic_rnn(cell=stack, inputs=x, sequence_length=[5, 3], dtype=tf.float32)
    return outputs, state[-1].h
""",
    "an initial state": """

def build(x):
    state = {m}.LSTMStateTuple(tf.ones([2, 4]), tf.zeros([2, 4]))
    return tf.nn.dynamic_rnn({m}.LSTMCell(4), x, initial_state=state)
""",
    "a class of its own": """

class Scaled({m}.RNNCell):
    def __init__(self, units):
        super(Scaled, self).__init__()
        self.inner = {m}.GRUCell(units)

    @property
    def state_size(self):
        return self.inner.state_size

    @property
    def output_size(self):
        return self.inner.output_size

    def call(self, inputs, state):
        output, state = self.inner(inputs, state)
        return 2.0 * output, state


def build(x):
    return tf.nn.dynamic_rnn(Scaled(4), x, dtype=tf.float32)
""",
}

COMBINED = {
    f"{way}: {built}": MODULES[way] + body.format(m=CELLS_OF[way])
    for way, (built, body) in itertools.product(MODULES, BUILDS.items())
}

# ---- one program for each thing that real code does

SINGLE = {
    "names over several lines": '''"""A model."""
from __future__ import absolute_import

import tensorflow as tf
from tensorflow.contrib.rnn import (
    BasicLSTMCell,
    GRUCell as Gated,  # the second layer
    MultiRNNCell,
)


def build(x):
    return tf.nn.dynamic_rnn(MultiRNNCell([BasicLSTMCell(4), Gated(3)]), x, dtype=tf.float32)
''',
    "cells and runners from one module": """
import tensorflow as tf
from tensorflow.contrib.rnn import BasicRNNCell, static_rnn, static_bidirectional_rnn


def build(x):
    steps = tf.unstack(x, 5, 1)
    with tf.compat.v1.variable_scope("one"):
        one = static_rnn(BasicRNNCell(4), steps, dtype=tf.float32)
    with tf.compat.v1.variable_scope("two"):
        two = static_bidirectional_rnn(BasicRNNCell(4), BasicRNNCell(4), steps, dtype=tf.float32)
    return one, two
""",
    "cells and runners of one import": """
import tensorflow as tf
from tensorflow.contrib import rnn


class Model(object):
    def cell(self, units):
        return rnn.DropoutWrapper(rnn.BasicLSTMCell(units), output_keep_prob=1.0)

    def run(self, x):
        outputs, state = rnn.static_rnn(self.cell(4), tf.unstack(x, 5, axis=1), dtype=tf.float32, scope="encoder")
        return outputs[-1], state


def build(x):
    return Model().run(x)
""",
    "cells and runners without tf": """
from tensorflow import unstack
from tensorflow.contrib import rnn as R


def build(x):
    return R.static_rnn(R.GRUCell(4), unstack(x, 5, 1), initial_state=R.GRUCell(4).zero_state(2, x.dtype))
""",
    "both ways": """
import tensorflow as tf


def build(x):
    forward, backward = tf.contrib.rnn.GRUCell(4), tf.contrib.rnn.GRUCell(4)
    (one, two), states = tf.nn.bidirectional_dynamic_rnn(
        forward, backward, x,
        sequence_length=[4, 5], dtype=tf.float32)  # both
    return tf.concat([one, two], 2), states
""",
    "before 1.0": """
import tensorflow as tf


def build(x):
    cell = tf.nn.rnn_cell.GRUCell(4)
    steps = [tf.squeeze(one, [1]) for one in tf.split(x, 5, 1)]
    with tf.compat.v1.variable_scope("a"):
        outputs, state = tf.nn.rnn(cell, steps, dtype=tf.float32, sequence_length=[5, 2])
    with tf.compat.v1.variable_scope("b"):
        other = tf.nn.bidirectional_rnn(tf.nn.rnn_cell.BasicRNNCell(3), tf.nn.rnn_cell.BasicRNNCell(3), steps,
                                        dtype=tf.float32)
    return outputs[-1], state, other[0][-1]
""",
    "private modules": """
import tensorflow as tf
from tensorflow.python.ops import rnn, rnn_cell_impl


def build(x):
    return rnn.dynamic_rnn(rnn_cell_impl.GRUCell(4), x, dtype=tf.float32)
""",
    "names of private modules": """
import tensorflow as tf
from tensorflow.python.ops.rnn import dynamic_rnn, bidirectional_dynamic_rnn as both
from tensorflow.python.ops.rnn_cell import LSTMCell


def build(x):
    return both(LSTMCell(4), LSTMCell(4), x, dtype=tf.float32)
""",
    "in a function": """
def build(x):
    import tensorflow as tf
    from tensorflow.contrib.rnn import GRUCell

    outputs, state = tf.nn.dynamic_rnn(GRUCell(4), x, dtype=tf.float32)
    return outputs
""",
    "tf in a function": """
def make(units):
    import tensorflow as tf
    return tf.nn.rnn_cell.GRUCell(units)


def build(x):
    import tensorflow as tf
    return tf.nn.dynamic_rnn(make(4), x, dtype=tf.float32)
""",
    "everything by star": """
import tensorflow as tf
from tensorflow.contrib.rnn import *


def build(x):
    cell = MultiRNNCell([BasicLSTMCell(4), BasicLSTMCell(4)])
    return static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32)
""",
    "an old name, then a new one": """
import tensorflow as tf

try:
    from tensorflow.contrib.rnn import GRUCell
except ImportError:
    from tensorflow.nn.rnn_cell import GRUCell


def build(x):
    return tf.compat.v1.nn.dynamic_rnn(GRUCell(4), x, dtype=tf.float32)
""",
    "a name that is taken": """
import tensorflow as tf


class GRUCell(tf.nn.rnn_cell.GRUCell):
    def call(self, inputs, state):
        output, state = super(GRUCell, self).call(inputs, state)
        return output + 1.0, state


def build(x):
    return tf.nn.dynamic_rnn(GRUCell(4), x, dtype=tf.float32)
""",
    "a choice": """
import tensorflow as tf

CELLS = {"lstm": tf.contrib.rnn.BasicLSTMCell, "gru": tf.contrib.rnn.GRUCell}


def make(kind, units):
    if kind == "rnn":
        cell_fn = tf.nn.rnn_cell.BasicRNNCell
    else:
        cell_fn = CELLS[kind]
    return cell_fn(units)


def build(x):
    cell = tf.nn.rnn_cell.MultiRNNCell([make("gru", 4), make("rnn", 3)])
    return tf.nn.dynamic_rnn(cell, x, time_major=True, dtype=tf.float32)
""",
    "arguments that went": """
import tensorflow as tf
from tensorflow.contrib.rnn import core_rnn_cell


def build(x):
    one = core_rnn_cell.BasicLSTMCell(4, forget_bias=0.5)
    with tf.compat.v1.variable_scope("a"):
        outputs, _ = tf.nn.dynamic_rnn(one, x, None, None, tf.float32)
    return outputs
""",
    "a loop by hand": """
import tensorflow as tf
from tensorflow.contrib import rnn


def build(x):
    cell = rnn.BasicLSTMCell(4)
    state = cell.zero_state(2, tf.float32)
    outputs = []
    with tf.compat.v1.variable_scope("loop"):
        for step in range(5):
            if step > 0:
                tf.compat.v1.get_variable_scope().reuse_variables()
            output, state = cell(x[:, step], state)
            outputs.append(output)
    return outputs
""",
    "raw_rnn": """
import tensorflow as tf


def build(x):
    steps = tf.TensorArray(tf.float32, 5).unstack(tf.transpose(x, [1, 0, 2]))
    cell = tf.contrib.rnn.GRUCell(4)

    def loop(time, output, state, loop_state):
        following = cell.zero_state(2, tf.float32) if output is None else state
        done = time >= 5
        inputs = tf.cond(done, lambda: tf.zeros([2, 3]), lambda: steps.read(time))
        return tf.fill([2], done), inputs, following, output, None

    outputs, state, _ = tf.nn.raw_rnn(cell, loop)
    return outputs.stack(), state
""",
    "tabs and a semicolon": (
        "import tensorflow as tf; import os\nfrom tensorflow.contrib.rnn import GRUCell; import sys\n\n\n"
        "def build(x):\n\treturn tf.nn.dynamic_rnn(GRUCell(4),\n\t\tx, dtype=tf.float32)\n"
    ),
    "carriage returns": (
        "import tensorflow as tf\r\n\r\n\r\ndef build(x):\r\n"
        "    return tf.nn.dynamic_rnn(tf.contrib.rnn.GRUCell(4), x, dtype=tf.float32)\r\n"
    ),
    "residual": """
import tensorflow as tf
from tensorflow.contrib.rnn import ResidualWrapper, DeviceWrapper, GRUCell


def build(x):
    cell = DeviceWrapper(ResidualWrapper(GRUCell(3)), "/cpu:0")
    return tf.nn.dynamic_rnn(cell, x, dtype=tf.float32, swap_memory=True, parallel_iterations=8)
""",
}

PROGRAMS = {**COMBINED, **SINGLE}
