import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicRNNCell, GRUCell

v1 = tf.compat.v1

class Saver:
    def __init__(self, state):
        self.value = state

    def state(self, name):
        return self.value

    def save_state(self, name, state):
        self.value = state
        return tf.identity(state)

with tf.Graph().as_default():
    x = v1.placeholder(tf.float32, [2, 5, 4])
    xs = tf.unstack(x, axis=1)
    v1.nn.static_state_saving_rnn(GRUCell(4), xs, Saver(tf.zeros((2, 4))), "state")
    cell = BasicRNNCell(4)
    v1.nn.static_rnn(cell, xs, initial_state=cell.zero_state(2, tf.float32), sequence_length=[3, 5], scope="b")
