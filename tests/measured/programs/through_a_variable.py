import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import GRUCell

runner = tf.compat.v1.nn.static_rnn
dynamic = tf.compat.v1.nn.dynamic_rnn

with tf.Graph().as_default():
    x = tf.compat.v1.placeholder(tf.float32, [None, 8, 3])
    runner(GRUCell(4), tf.unstack(x, axis=1), dtype=tf.float32)
    dynamic(GRUCell(4), x, dtype=tf.float32, scope="dynamic")
