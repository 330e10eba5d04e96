"""RNN105: layers tied to cuDNN."""

from rnnlint.rules.legacy import MESSAGE, SEVERITIES, report_site
from rnnlint.rules.rule import rule
from rnnlint.rules.watch import sites_of

legacy_cudnn_layer = rule(
    code="RNN105",
    name="legacy-cudnn-layer",
    since="0.1",
    summary="A legacy layer that runs on cuDNN only",
    why="""
        `tf.contrib.cudnn_rnn` and the `CuDNNLSTM` and `CuDNNGRU` layers need a GPU, and current TensorFlow no longer
        has them. With their default arguments, `tf.keras.layers.LSTM` and `GRU` use the cuDNN kernel automatically on a
        GPU, and they also run without one.

        The safe fix replaces `CuDNNLSTM` or `CuDNNGRU` with that layer. Keras loads weights that were saved with the
        old layer into the new one.
    """,
    message=MESSAGE,
    watches=sites_of("cudnn"),
    judge=report_site,
    fixable=True,
    severities=SEVERITIES,
    bad="""
        import tensorflow as tf

        layer = tf.keras.layers.CuDNNLSTM(64)
    """,
    good="""
        import tensorflow as tf

        layer = tf.keras.layers.LSTM(64)
    """,
)
