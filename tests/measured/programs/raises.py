import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import GRUCell


def build(steps):
    x = tf.compat.v1.placeholder(tf.float32, [None, 4, 3])
    return tf.compat.v1.nn.static_rnn(GRUCell(4), tf.unstack(x, steps, 1), dtype=tf.float32)


def later():
    x = tf.compat.v1.placeholder(tf.float32, [None, 5, 3])
    return tf.compat.v1.nn.static_rnn(GRUCell(4), tf.unstack(x, axis=1), dtype=tf.float32)


with tf.Graph().as_default():
    build(4)
    raise LookupError("no more data")
    later()
