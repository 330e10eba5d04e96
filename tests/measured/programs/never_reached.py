import sys

import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import GRUCell


def build(steps=30):
    x = tf.compat.v1.placeholder(tf.float32, [None, steps, 3])
    return tf.compat.v1.nn.static_rnn(GRUCell(4), tf.unstack(x, axis=1), dtype=tf.float32)


if "--static" in sys.argv:
    build()
else:
    with tf.Graph().as_default():
        x = tf.compat.v1.placeholder(tf.float32, [None, None, 3])
        tf.compat.v1.nn.dynamic_rnn(GRUCell(4), x, dtype=tf.float32)
