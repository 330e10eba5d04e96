import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import GRUCell

with tf.Graph().as_default():
    x = tf.compat.v1.placeholder(tf.float32, [2, 5, 4])
    cell = GRUCell(4)
    for part in range(3):
        state = cell.zero_state(2, tf.float32)
        for t in range(5):
            out, state = cell(x[:, t], state)
