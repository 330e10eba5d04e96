import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import RNNCell

v1 = tf.compat.v1


class Plain(RNNCell):
    def __init__(self, units):
        super().__init__()
        self.units = units

    @property
    def state_size(self):
        return self.units

    @property
    def output_size(self):
        return self.units

    def __call__(self, inputs, state, scope=None):
        with v1.variable_scope(scope or "plain", reuse=v1.AUTO_REUSE):
            kernel = v1.get_variable("kernel", [inputs.shape[1] + self.units, self.units])
        new = tf.tanh(tf.matmul(tf.concat([inputs, state], 1), kernel))
        return new, new


with tf.Graph().as_default():
    x = v1.placeholder(tf.float32, [2, 8, 3])
    xs = tf.unstack(x, axis=1)
    v1.nn.static_rnn(Plain(4), xs, dtype=tf.float32)
    cell = Plain(4)
    state = cell.zero_state(2, tf.float32)
    outputs = []
    for i in range(len(xs)):
        out, state = cell(xs[i], state)
        outputs.append(out)
