import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicRNNCell

flags = tf.compat.v1.flags
flags.DEFINE_integer("num_steps", 20, "steps")
FLAGS = flags.FLAGS

def main(_):
    x = tf.compat.v1.placeholder(tf.float32, [None, FLAGS.num_steps, 4])
    tf.compat.v1.nn.static_rnn(BasicRNNCell(4), tf.unstack(x, FLAGS.num_steps, 1), dtype=tf.float32)

if __name__ == "__main__":
    with tf.Graph().as_default():
        tf.compat.v1.app.run(main)
