import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicRNNCell

xs = []
with tf.Graph().as_default():
    for t in range(14):
        xs.append(tf.compat.v1.placeholder(tf.float32, [None, 3], name=f"x{t}"))
    tf.compat.v1.nn.static_rnn(
        BasicRNNCell(4),
        xs,
        dtype=tf.float32,
    )
