import tensorflow as tf


class Plain:
    state_size = output_size = 4

    def zero_state(self, batch, dtype):
        return tf.zeros((batch, 4), dtype)

    def __call__(self, inputs, state, scope=None):
        # AutoGraph has to rewrite this, whoever stands in between.
        if tf.reduce_sum(inputs) > 0.0:
            new = tf.tanh(inputs + state)
        else:
            new = state
        return new, new


cell = Plain()


@tf.function
def run(x):
    state = cell.zero_state(2, tf.float32)
    for t in range(7):
        out, state = cell(x[:, t], state)
    return state


run(tf.ones((2, 7, 4)))
