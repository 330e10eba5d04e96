import tensorflow.compat.v1 as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicRNNCell

tf.disable_v2_behavior()

STEPS = 11
x = tf.placeholder(tf.float32, [None, STEPS, 3])
outputs, state = tf.nn.static_rnn(BasicRNNCell(5), tf.unstack(x, STEPS, 1), dtype=tf.float32)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    session.run(state, {x: [[[1.0] * 3] * STEPS]})
