import tensorflow as tf

cell = tf.keras.layers.GRUCell(4)
cell.build((None, 3))


@tf.function(autograph=False)
def encode(x):
    state = [tf.zeros((2, 4))]
    t = 0
    while t < 6:
        out, state = cell(x[:, t], state)
        t += 1
    return out


encode(tf.zeros((2, 6, 3)))
