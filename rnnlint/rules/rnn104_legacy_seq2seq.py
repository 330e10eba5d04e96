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
        `tf.nn.seq2seq`, `tf.contrib.legacy_seq2seq` and `tf.contrib.seq2seq` went with TensorFlow 1.0 and 2.0. Their
        successor tensorflow-addons stops at TensorFlow 2.15 and is no replacement on later releases; attention,
        losses and encoder-decoder models are written with Keras layers.
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

        loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)(targets, logits, sample_weight=weights)
    """,
)
