import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import GRUCell


def step(cell, x, state):
    return cell(x, state)


with tf.Graph().as_default():
    x = tf.compat.v1.placeholder(tf.float32, [5, 9, 3])
    cell = GRUCell(4)
    state = cell.zero_state(5, tf.float32)
    for piece in tf.unstack(x, axis=1)[:7]:
        out, state = step(cell, piece, state)
