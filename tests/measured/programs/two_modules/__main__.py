import tensorflow as tf
from settings import STEPS

import network

with tf.Graph().as_default():
    network.build(tf.compat.v1.placeholder(tf.float32, [None, STEPS, 3]))
