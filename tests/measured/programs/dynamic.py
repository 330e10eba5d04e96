import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import GRUCell, LSTMCell

v1 = tf.compat.v1


def loop_of(cell, x, steps):
    array = tf.TensorArray(tf.float32, size=steps).unstack(tf.transpose(x, [1, 0, 2]))

    def step(time, output, state, loop_state):
        following = cell.zero_state(tf.shape(x)[0], tf.float32) if output is None else state
        done = time >= steps
        taken = tf.cond(done, lambda: tf.zeros([tf.shape(x)[0], 3]), lambda: array.read(time))
        taken.set_shape([None, 3])
        return tf.fill([tf.shape(x)[0]], done), taken, following, output, None

    return step


with tf.Graph().as_default():
    x = v1.placeholder(tf.float32, [None, 20, 3])
    n = v1.placeholder(tf.int32, [None])
    v1.nn.dynamic_rnn(LSTMCell(4), x, sequence_length=n, dtype=tf.float32)
    v1.nn.bidirectional_dynamic_rnn(GRUCell(4), GRUCell(4), x, dtype=tf.float32, scope="both")
    cell = GRUCell(5)
    v1.nn.raw_rnn(cell, loop_of(cell, x, 20), scope="raw")
