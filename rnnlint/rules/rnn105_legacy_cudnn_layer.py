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
        `tf.contrib.cudnn_rnn` and the `CuDNNLSTM` and `CuDNNGRU` layers need a GPU and are gone from current
        TensorFlow. `tf.keras.layers.LSTM` and `GRU` use the cuDNN kernel automatically with their default arguments
        where there is a GPU, and run elsewhere too.

        The safe fix names that layer in place of `CuDNNLSTM` or `CuDNNGRU`. Keras loads the weights that were saved
        with the old layer into the new one.
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
