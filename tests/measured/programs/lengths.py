import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicLSTMCell

v1 = tf.compat.v1
with tf.Graph().as_default():
    x, n = v1.placeholder(tf.float32, [None, 10, 8]), v1.placeholder(tf.int32, [None])
    xs = tf.unstack(x, axis=1)
    v1.nn.static_rnn(BasicLSTMCell(16), xs, dtype=tf.float32, sequence_length=n)
