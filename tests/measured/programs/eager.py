import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import GRUCell

cell = tf.keras.layers.GRUCell(4)
x = tf.zeros((2, 6, 3))
for epoch in range(3):
    with tf.GradientTape() as tape:
        state = [tf.zeros((2, 4))]
        for t in range(6):
            out, state = cell(x[:, t], state)
layer = tf.keras.layers.LSTM(4, unroll=True)
layer(x)
old = GRUCell(4)
state = old.zero_state(2, tf.float32)
for t in range(6):
    out, state = old(x[:, t], state)
tf.compat.v1.nn.static_rnn(GRUCell(4), tf.unstack(x, axis=1), dtype=tf.float32)
