import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import GRUCell

v1 = tf.compat.v1
with tf.Graph().as_default():
    x = v1.placeholder(tf.float32, [4, 7, 8])
    xs = [tf.squeeze(t, [1]) for t in tf.split(x, 7, 1)]
    v1.nn.static_rnn(GRUCell(16), xs, dtype=tf.float32)
