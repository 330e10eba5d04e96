import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicLSTMCell, GRUCell

v1 = tf.compat.v1


def step(cell, x, state):
    return cell(x, state)


with tf.Graph().as_default():
    x = v1.placeholder(tf.float32, [5, 9, 3])
    cell = BasicLSTMCell(4)
    state = cell.zero_state(5, tf.float32)
    for t in range(9):
        out, state = cell(x[:, t], state)

    other = GRUCell(4)
    state = other.zero_state(5, tf.float32)
    for piece in tf.unstack(x, axis=1)[:7]:
        out, state = step(other, piece, state)
