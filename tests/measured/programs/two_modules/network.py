import settings
import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import GRUCell


def build(x):
    return tf.compat.v1.nn.static_rnn(GRUCell(4), tf.unstack(x, settings.STEPS, 1), dtype=tf.float32)
