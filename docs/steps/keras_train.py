"""The language model of the example in Keras: the same layers, data and loss."""

import sys

import tensorflow as tf


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


def read(path, config):
    """Batches of word ids, the ids of the next words, and a weight for each step: 0 for padding."""
    lines = tf.data.TextLineDataset(path).map(tf.strings.split)
    numbers = lines.map(lambda words: tf.strings.to_hash_bucket_fast(words, config.vocabulary))
    pairs = numbers.map(lambda n: (n[:-1][: config.num_steps], n[1:][: config.num_steps]))
    rows = pairs.map(lambda words, targets: (words, targets, tf.ones_like(words, dtype=tf.float32)))
    shapes = ([config.num_steps], [config.num_steps], [config.num_steps])
    return rows.padded_batch(config.batch_size, shapes, drop_remainder=True)


def build(config):
    """The model: maps each word id to a score for every word of the vocabulary."""
    layers = [tf.keras.layers.Embedding(config.vocabulary, config.hidden_size)]
    for _ in range(config.num_layers):
        layers.append(tf.keras.layers.LSTM(config.hidden_size, return_sequences=True, unit_forget_bias=False))
        layers.append(tf.keras.layers.Dropout(1.0 - config.keep_prob))
    layers.append(tf.keras.layers.Dense(config.vocabulary, use_bias=False))
    return tf.keras.Sequential(layers)


def main(path, config):
    model = build(config)
    model.compile(
        optimizer=tf.keras.optimizers.SGD(config.learning_rate, global_clipnorm=config.max_gradient),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    model.fit(read(path, config), epochs=config.epochs, verbose=2)


if __name__ == "__main__":
    main(sys.argv[1], Config())
