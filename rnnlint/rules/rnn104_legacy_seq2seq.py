"""RNN104: the legacy sequence-to-sequence library."""

from rnnlint.rules.legacy import MESSAGE, SEVERITIES, report_site
from rnnlint.rules.rule import rule
from rnnlint.rules.watch import sites_of

legacy_seq2seq = rule(
    code="RNN104",
    name="legacy-seq2seq",
    since="0.1",
    summary="A legacy sequence-to-sequence function or class",
    why="""
        TensorFlow 1.0 removed `tf.nn.seq2seq`; TensorFlow 2.0 removed `tf.contrib.legacy_seq2seq` and
        `tf.contrib.seq2seq`. Their successor, tensorflow-addons, runs on TensorFlow 2.15 and older, and does not
        import on later releases. Keras has attention layers, but no decoders, no beam search and no attention wrapper:
        write the loop yourself.

        `sequence_loss` divides by the sum of the weights. A Keras loss with `sample_weight` divides by the number of
        all steps, so padding makes it smaller; it also takes the targets as its first argument.
    """,
    message=MESSAGE,
    watches=sites_of("seq2seq"),
    judge=report_site,
    severities=SEVERITIES,
    bad="""
        import tensorflow as tf

        loss = tf.contrib.seq2seq.sequence_loss(logits, targets, weights)
    """,
    good="""
        import tensorflow as tf

        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=logits)
        loss = tf.reduce_sum(weights * losses) / tf.reduce_sum(weights)
    """,
)
