"""Train the language model on a file with one sentence per line."""

import sys

import tensorflow as tf

from model import LanguageModel


class Config:
    batch_size = 20
    num_steps = 200
    num_layers = 2
    hidden_size = 650
    vocabulary = 10000
    keep_prob = 0.5
    learning_rate = 1.0
    max_gradient = 5.0
    epochs = 39
    unrolled = True


def read(path, config):
    """Batches of word ids, the ids of the next words, and the lengths of the sentences."""
    lines = tf.data.TextLineDataset(path).map(lambda line: tf.string_split([line]).values)
    numbers = lines.map(lambda words: tf.string_to_hash_bucket_fast(words, config.vocabulary))
    pairs = numbers.map(lambda n: (n[:-1][: config.num_steps], n[1:][: config.num_steps]))
    rows = pairs.map(lambda words, targets: (words, targets, tf.size(words)))
    shapes = ([config.num_steps], [config.num_steps], [])
    return rows.padded_batch(config.batch_size, shapes, drop_remainder=True)


def train_op(model, config):
    variables = tf.trainable_variables()
    gradients, _ = tf.clip_by_global_norm(tf.gradients(model.cost, variables), config.max_gradient)
    optimizer = tf.train.GradientDescentOptimizer(config.learning_rate)
    return optimizer.apply_gradients(zip(gradients, variables), tf.train.get_or_create_global_step())


def main(path):
    config = Config()
    iterator = read(path, config).repeat(config.epochs).make_one_shot_iterator()
    words, targets, lengths = iterator.get_next()
    with tf.variable_scope("model"):
        model = LanguageModel(config, words, targets, lengths, training=True)
    step = train_op(model, config)
    with tf.train.MonitoredTrainingSession(checkpoint_dir="checkpoints") as session:
        while not session.should_stop():
            cost, _ = session.run([model.cost, step])
            print("cost per word: {:.3f}".format(cost))


if __name__ == "__main__":
    main(sys.argv[1])
