import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import GRUCell

with tf.Graph().as_default():
    x = tf.compat.v1.placeholder(tf.float32, [2, 5, 4])
    cells = [GRUCell(4) for _ in range(2)]
    states = [cell.zero_state(2, tf.float32) for cell in cells]
    for t in range(5):
        h = x[:, t]
        for i, cell in enumerate(cells):
            h, states[i] = cell(h, states[i])
