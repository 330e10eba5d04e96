"""What does a small program look like that runs a legacy runner or cell?

Each program is text that uses ``tf`` and builds, runs and discards one graph. It runs in a process that did nothing
else with TensorFlow; see `rnnlint.probe.isolated`.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "BY_ATTRIBUTE",
    "BY_IMPORT",
    "CELLS",
    "HIDE_TF_KERAS",
    "KERAS_CELL",
    "OWN_CELL",
    "RUNNERS",
    "WRAPPERS",
    "program",
]

_AROUND = """
v1, nn = tf.compat.v1, tf.compat.v1.nn
with v1.Graph().as_default():
    whole = v1.ones([2, 3, 4])
    steps = tf.unstack(whole, axis=1)
    def run(what):
        with v1.Session() as session:
            session.run(v1.global_variables_initializer())
            session.run(what)
"""

RUNNERS: Mapping[str, str] = {
    "static_rnn": "run(nn.static_rnn(cell, steps, dtype=tf.float32))",
    "dynamic_rnn": "run(nn.dynamic_rnn(cell, whole, dtype=tf.float32))",
    "static_bidirectional_rnn": "run(nn.static_bidirectional_rnn(cell, cell, steps, dtype=tf.float32))",
    "bidirectional_dynamic_rnn": "run(nn.bidirectional_dynamic_rnn(cell, cell, whole, dtype=tf.float32))",
    "static_state_saving_rnn": """
class Saver:
    def state(self, name):
        return v1.zeros([2, 4])
    def save_state(self, name, value):
        return v1.identity(value)
run(nn.static_state_saving_rnn(cell, steps, Saver(), "state"))
""",
    "raw_rnn": """
def loop(time, output, state, loop_state):
    state = v1.zeros([2, 4]) if output is None else state
    return tf.fill([2], time >= 3), whole[:, 0], state, output, None
outputs, state, _ = nn.raw_rnn(cell, loop)
run([outputs.stack(), state])
""",
}
"""The code that runs each runner over ``cell``."""

OWN_CELL = """
class Cell:
    output_size = state_size = 4
    def zero_state(self, batch_size, dtype):
        return v1.zeros([batch_size, 4], dtype)
    def __call__(self, inputs, state, scope=None):
        state = v1.tanh(inputs + state)
        return state, state
"""
"""A custom cell, without a TensorFlow base class."""

BY_IMPORT = "from tensorflow.compat.v1.nn.rnn_cell import {cell} as Legacy"
BY_ATTRIBUTE = "Legacy = tf.compat.v1.nn.rnn_cell.{cell}"
KERAS_CELL = "Cell = lambda: tf.keras.layers.{cell}(4)"
HIDE_TF_KERAS = "import sys\nsys.modules['tf_keras'] = None\n"
"""A module that is None there cannot be imported, as if it were not installed."""

CELLS: Mapping[str, str] = {
    "BasicRNNCell": "Legacy(4)",
    "BasicLSTMCell": "Legacy(4)",
    "LSTMCell": "Legacy(4)",
    "GRUCell": "Legacy(4)",
    "MultiRNNCell": "Legacy([Cell(), Cell()])",
    "DropoutWrapper": "Legacy(Cell(), output_keep_prob=0.5)",
    "ResidualWrapper": "Legacy(Cell())",
    "DeviceWrapper": "Legacy(Cell(), '/cpu:0')",
}
"""The code that makes each cell, with wrappers around a custom cell."""

WRAPPERS: Mapping[str, str] = {
    f"RNNCell{kind}Wrapper": f"tf.keras.layers.RNN(tf.nn.RNNCell{kind}Wrapper(tf.keras.layers.LSTMCell(4){more}))"
    "(tf.zeros([2, 3, 4]))"
    for kind, more in (("Dropout", ""), ("Residual", ""), ("Device", ", '/cpu:0'"))
}
"""Complete programs."""


def program(runner: str, definitions: str, cell: str = "Cell()") -> str:
    """A program that runs a runner over the cell that an expression makes after the definitions."""
    inside = "\n".join([definitions, f"cell = {cell}", RUNNERS[runner]])
    return _AROUND + "".join(f"    {line}\n" for line in inside.splitlines())
