import tensorflow as tf

lstm = tf.keras.layers.LSTMCell(4)
gru = tf.keras.layers.GRUCell(4)
lstm.build((None, 3))
gru.build((None, 3))


@tf.function
def decode(x):
    state = [tf.zeros((2, 4)), tf.zeros((2, 4))]
    for t in range(16):
        out, state = lstm(x[:, t], state)
    return out


@tf.function(autograph=False)
def encode(x):
    state = [tf.zeros((2, 4))]
    t = 0
    while t < 6:
        out, state = gru(x[:, t], state)
        t += 1
    return out


decode(tf.zeros((2, 16, 3)))
encode(tf.zeros((2, 16, 3)))
