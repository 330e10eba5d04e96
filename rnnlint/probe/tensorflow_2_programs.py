"""What do TensorFlow 2 programs with a legacy runner look like? Text that uses ``tf``; see `isolated`."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["PROGRAMS"]

_START = """
import tempfile
# Before anything runs; only the program about replicas needs both.
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from tensorflow.compat.v1.nn.rnn_cell import LSTMCell
nn, inputs = tf.compat.v1.nn, tf.ones([2, 3, 8])
def static_rnn(cell, x):
    return nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32)[0][-1]
def dynamic_rnn(cell, x):
    return nn.dynamic_rnn(cell, x, dtype=tf.float32)[0][:, -1]
run = {runner}
"""

_EAGERLY = "run(LSTMCell(4), inputs)"

_IN_A_FUNCTION = """
cell = LSTMCell(4)
call = tf.function(lambda x: run(cell, x))
call(inputs), call(tf.ones([2, 5, 8]))
assert len(cell.trainable_variables) == 2
"""

_REPLICATED = """
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
with strategy.scope():
    cell = LSTMCell(4)
call = tf.function(lambda x: strategy.run(lambda y: run(cell, y), args=(x,)))
first, second = strategy.experimental_local_results(call(inputs))
assert float(tf.reduce_max(tf.abs(first - second))) == 0
"""

_KEPT_CELL = """
class Model(tf.Module):
    def __init__(self):
        super().__init__()
        self.cell = LSTMCell(4)
    @tf.function(input_signature=[tf.TensorSpec([None, 3, 8])])
    def __call__(self, x):
        return run(self.cell, x)
"""

_MADE_CELL = "tf.function(lambda x: run(LSTMCell(4), x))(inputs)"

_SAVED = """
model = Model()
before = model(inputs)
with tempfile.TemporaryDirectory() as folder:
    tf.saved_model.save(model, folder)
    after = tf.saved_model.load(folder)(inputs)
assert float(tf.reduce_max(tf.abs(before - after))) == 0
"""

_OPEN = """
cell = LSTMCell(4)
tf.function(lambda x: run(cell, x)).get_concrete_function(tf.TensorSpec([None, None, 8]))
"""

_LAYER = """
class Layer(tf.keras.layers.Layer):
    def call(self, x):
        return run(LSTMCell(4), x)
given = tf.keras.Input((3, 8))
tf.keras.Model(given, tf.keras.layers.Dense(1)(Layer()(given)))
"""

_BOTH: Mapping[str, tuple[str, tuple[str, str]]] = {
    "called eagerly": (_EAGERLY, ("", "")),
    "in a tf.function, at two lengths": (_IN_A_FUNCTION, ("", "")),
    "in a tf.function with a time axis of None": (_OPEN, ("ValueError", "")),
    "in a replica of MirroredStrategy": (_REPLICATED, ("", "")),
    "in a SavedModel, with a cell stored in the module": (_KEPT_CELL + _SAVED, ("", "")),
    "in a tf.function that makes the cell": (_MADE_CELL, ("AttributeError", "AttributeError")),
    "in a Keras layer whose call makes the cell": (_LAYER, ("RuntimeError", "RuntimeError")),
}
"""Each program, and the error that it raises with static_rnn and with dynamic_rnn; empty if it runs."""

PROGRAMS: Mapping[str, tuple[str, str]] = {
    f"{runner} {name}": (_START.replace("{runner}", runner) + text, error)
    for name, (text, errors) in _BOTH.items()
    for runner, error in zip(("static_rnn", "dynamic_rnn"), errors)
}
"""By description: the text, and the beginning of the error that it raises, empty if it runs."""
