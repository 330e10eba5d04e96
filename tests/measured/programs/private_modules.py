import tensorflow as tf
from tensorflow.python.ops import rnn, rnn_cell

with tf.Graph().as_default():
    x = tf.compat.v1.placeholder(tf.float32, [2, 6, 3])
    rnn.static_rnn(rnn_cell.BasicRNNCell(4), tf.unstack(x, axis=1), dtype=tf.float32)
    rnn.dynamic_rnn(rnn_cell.BasicRNNCell(4), x, dtype=tf.float32, scope="dynamic")
