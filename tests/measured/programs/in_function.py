import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicRNNCell

cell = BasicRNNCell(4)
cell.build((2, 4))

@tf.function
def run(x):
    xs = tf.unstack(x, axis=1)
    outs, state = tf.compat.v1.nn.static_rnn(
        cell,
        xs, dtype=tf.float32)
    if True:
        for i in range(3):
            for j in range(4):
                out, state = cell(xs[j],
                    state)
    return state

run(tf.zeros((2, 5, 4)))
