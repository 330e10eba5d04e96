"""A word-level language model, unrolled or with a loop."""

import tensorflow as tf

from cells import make_stack


class LanguageModel:
    """The graph of one pass over a batch of sentences."""

    def __init__(self, config, words, targets, lengths, training):
        self.config = config
        self.stack = make_stack(config, training)
        self.start = self.stack.zero_state(config.batch_size, tf.float32)

        embedding = tf.get_variable("embedding", [config.vocabulary, config.hidden_size])
        outputs, self.final_state = self.run(tf.nn.embedding_lookup(embedding, words), lengths)
        kernel = tf.get_variable("kernel", [config.hidden_size, config.vocabulary])
        logits = tf.tensordot(outputs, kernel, axes=1)

        # Padding after the end of a sentence does not count.
        weights = tf.sequence_mask(lengths, config.num_steps, dtype=tf.float32)
        self.cost = tf.contrib.seq2seq.sequence_loss(logits, targets, weights)

    def run(self, inputs, lengths):
        """The outputs for all steps and the state after the last."""
        if self.config.unrolled:
            steps = tf.unstack(inputs, num=self.config.num_steps, axis=1)
            outputs, state = tf.nn.static_rnn(self.stack, steps, initial_state=self.start)
            return tf.stack(outputs, axis=1), state
        return tf.nn.dynamic_rnn(
            self.stack, inputs, sequence_length=lengths, initial_state=self.start
        )
