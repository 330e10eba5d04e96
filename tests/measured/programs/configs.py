from dataclasses import dataclass
from functools import partial

import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.compat.v1.nn import *
from tensorflow.compat.v1.nn.rnn_cell import BasicRNNCell

CONFIG = {"steps": 9, "units": 4}


@dataclass
class Options:
    steps: int = 17
    units: int = 4


def from_dict(config=CONFIG):
    x = tf.placeholder(tf.float32, [None, config["steps"], 4])
    return static_rnn(BasicRNNCell(config["units"]), tf.unstack(x, axis=1), dtype=tf.float32)


def from_options(options: Options):
    x = tf.placeholder(tf.float32, [None, options.steps, 4])
    x = tf.reshape(tf.transpose(x, [1, 0, 2]), [-1, 4])
    return tf.nn.static_rnn(BasicRNNCell(options.units), tf.split(x, options.steps, 0), dtype=tf.float32, scope="o")


with tf.Graph().as_default():
    from_dict()
    from_options(Options())
    data = np.zeros((4, 18, 3), np.float32)
    xs = [tf.constant(data[:, t]) for t in range(data.shape[1])]
    run = partial(tf.nn.static_rnn, dtype=tf.float32, scope="p")
    run(BasicRNNCell(4), xs)
    a, b = static_rnn(BasicRNNCell(4), xs[:3], dtype=tf.float32, scope="q"), static_rnn(BasicRNNCell(4), xs[3:], dtype=tf.float32, scope="r")
