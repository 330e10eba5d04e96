import tensorflow as tf

cell = tf.keras.layers.LSTMCell(4)
cell.build((None, 3))


@tf.function
def decode(x):
    state = [tf.zeros((2, 4)), tf.zeros((2, 4))]
    for t in range(16):
        out, state = cell(x[:, t], state)
    return out


decode(tf.zeros((2, 16, 3)))
