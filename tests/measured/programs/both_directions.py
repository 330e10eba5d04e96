import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicRNNCell, LSTMCell

v1 = tf.compat.v1
with tf.Graph().as_default():
    x = v1.placeholder(tf.float32, [None, 9, 8])
    back = LSTMCell(4, use_peepholes=True)
    v1.nn.static_bidirectional_rnn(BasicRNNCell(4), back, tf.unstack(x, axis=1), dtype=tf.float32)
