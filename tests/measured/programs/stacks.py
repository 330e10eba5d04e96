import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import DropoutWrapper, GRUCell, LSTMCell, MultiRNNCell, ResidualWrapper

v1 = tf.compat.v1


def comprehension(xs):
    stack = MultiRNNCell([DropoutWrapper(LSTMCell(16), output_keep_prob=0.5) for _ in range(3)])
    return v1.nn.static_rnn(stack, xs, dtype=tf.float32)


def appended(xs):
    layers = []
    for _ in range(2):
        layers.append(ResidualWrapper(GRUCell(16)))
    return v1.nn.static_rnn(MultiRNNCell(layers), xs, dtype=tf.float32, scope="appended")


def one_many_times(xs):
    return v1.nn.static_rnn(MultiRNNCell([GRUCell(16)] * 2), xs, dtype=tf.float32, scope="one")


with tf.Graph().as_default():
    inputs = tf.unstack(v1.placeholder(tf.float32, [None, 5, 16]), axis=1)
    comprehension(inputs)
    appended(inputs)
    one_many_times(inputs)
