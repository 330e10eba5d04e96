import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicLSTMCell

tf.compat.v1.disable_eager_execution()
x = tf.compat.v1.placeholder(tf.float32, [None, 10, 8])
tf.compat.v1.nn.static_rnn(BasicLSTMCell(16), tf.unstack(x, axis=1), dtype=tf.float32)
