import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicLSTMCell


class SmallConfig:
    num_steps = 12
    hidden_size = 6


class Model:
    def __init__(self, config):
        self.num_steps = config.num_steps
        self.cell = BasicLSTMCell(config.hidden_size)
        data = tf.compat.v1.placeholder(tf.float32, [None, self.num_steps, 3])
        self.outputs, self.state = self.run(data)

    def run(self, data):
        inputs = [tf.squeeze(part, [1]) for part in tf.split(data, self.num_steps, 1)]
        return tf.compat.v1.nn.static_rnn(self.cell, inputs, dtype=tf.float32)


with tf.Graph().as_default():
    Model(SmallConfig())
