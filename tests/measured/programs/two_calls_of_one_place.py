import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicRNNCell


def encode(x, name, steps=8):
    xs = tf.unstack(x, steps, 1)
    return tf.compat.v1.nn.static_rnn(BasicRNNCell(4), xs, dtype=tf.float32, scope=name)


def decode(x, steps, name):
    xs = tf.unstack(x, steps, 1)
    return tf.compat.v1.nn.static_rnn(BasicRNNCell(4), xs, dtype=tf.float32, scope=name)


with tf.Graph().as_default():
    eight = tf.compat.v1.placeholder(tf.float32, [None, 8, 3])
    five = tf.compat.v1.placeholder(tf.float32, [None, 5, 3])
    encode(eight, "one")
    encode(eight, "two")
    decode(eight, 8, "three")
    decode(five, 5, "four")
