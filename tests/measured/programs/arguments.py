import argparse

import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import GRUCell

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=15)
parser.add_argument("--units", type=int, default=4)


def main(options):
    x = tf.compat.v1.placeholder(tf.float32, [None, options.steps, 3])
    xs = tf.unstack(x, options.steps, 1)
    return tf.compat.v1.nn.static_rnn(GRUCell(options.units), xs, dtype=tf.float32)


if __name__ == "__main__":
    with tf.Graph().as_default():
        main(parser.parse_args())
