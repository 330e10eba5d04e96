"""The recurrent cells of the language model."""

import tensorflow as tf

rnn = tf.contrib.rnn


def make_stack(config, training):
    """Stacked LSTMs, with dropout between them in training."""
    return rnn.MultiRNNCell([make_layer(config, training) for _ in range(config.num_layers)])


def make_layer(config, training):
    cell = rnn.BasicLSTMCell(config.hidden_size, forget_bias=0.0)
    if training and config.keep_prob < 1.0:
        cell = rnn.DropoutWrapper(cell, output_keep_prob=config.keep_prob)
    return cell
