import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicLSTMCell

with tf.Graph().as_default():
    x = tf.compat.v1.placeholder(tf.float32, [5, 9, 3])
    cell = BasicLSTMCell(4)
    state = cell.zero_state(5, tf.float32)
    for t in range(9):
        out, state = cell(x[:, t], state)
