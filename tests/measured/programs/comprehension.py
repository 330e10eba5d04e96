import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicRNNCell

with tf.Graph().as_default():
    x = tf.compat.v1.placeholder(tf.float32, [2, 5, 4])
    cell = BasicRNNCell(4)
    zero = cell.zero_state(2, tf.float32)
    outs = [cell(x[:, t], zero)[0] for t in range(5)]
