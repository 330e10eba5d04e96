"""RNN106: a legacy RNN module itself, imported or passed around."""

from rnnlint.rules.legacy import MESSAGE, SEVERITIES, report_site
from rnnlint.rules.rule import rule
from rnnlint.rules.watch import sites_of

legacy_rnn_module = rule(
    code="RNN106",
    name="legacy-rnn-module",
    since="0.1",
    summary="An RNN module, or a layer from one, that no longer exists or is private",
    why="""
        The import fails before anything else runs. TensorFlow 2.0 removed `tensorflow.contrib`, and
        `tensorflow.models.rnn` was removed before 1.0. `tensorflow.python` is private, so an import that works today
        may fail in the next release. Each use of the module is reported separately, with its replacement.

        Keras moved its recurrent layers and their wrappers several times: Keras 2.9 removed `keras.layers.recurrent`
        and `keras.layers.wrappers`, Keras 2.13 removed `keras.layers.rnn`, and `keras.src` and
        `tensorflow.python.keras` are private. Every release has the layers in `keras.layers` and in `tf.keras.layers`.
        `tensorflow.python.keras` is a copy of an older Keras: its layers do not work in models of another Keras.

        If TensorFlow still has everything you use from the module, the safe fix imports the module that contains it,
        under the same name. A layer is imported from the place where it is the same class in all releases that have
        both; the fix is unsafe if its defaults differ, or if it comes from the copy.
    """,
    message=MESSAGE,
    watches=sites_of("module", "layer"),
    judge=report_site,
    fixable=True,
    severities=SEVERITIES,
    bad="""
        from tensorflow.contrib import rnn
    """,
    good="""
        from tensorflow.keras import layers
    """,
)
