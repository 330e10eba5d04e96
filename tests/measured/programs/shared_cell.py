import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import GRUCell

v1 = tf.compat.v1
with tf.Graph().as_default():
    x = v1.placeholder(tf.float32, [None, 8, 3])
    xs = tf.unstack(x, axis=1)
    cell = GRUCell(4)
    v1.nn.static_rnn(cell, xs, dtype=tf.float32)
    v1.nn.static_rnn(cell, xs, dtype=tf.float32)
