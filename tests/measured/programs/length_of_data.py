import os

import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import GRUCell

with open(os.path.abspath(__file__)) as file:
    lines = [line for line in file if line.startswith("import")]

with tf.Graph().as_default():
    x = tf.compat.v1.placeholder(tf.float32, [None, len(lines), 3])
    tf.compat.v1.nn.static_rnn(GRUCell(4), tf.unstack(x, axis=1), dtype=tf.float32)
