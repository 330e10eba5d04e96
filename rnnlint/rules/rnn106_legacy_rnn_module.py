"""RNN106: a legacy RNN module itself, imported or handed about."""

from rnnlint.rules.legacy import MESSAGE, SEVERITIES, report_site
from rnnlint.rules.rule import rule
from rnnlint.rules.watch import sites_of

legacy_rnn_module = rule(
    code="RNN106",
    name="legacy-rnn-module",
    since="0.1",
    summary="An RNN module, or a layer from one, that no longer exists or is private",
    why="""
        The import fails before anything runs: `tensorflow.contrib` went with 2.0, `tensorflow.models.rnn` before 1.0,
        and `tensorflow.python` is private, so what still imports today may be gone in any release. The uses of the
        module are reported on their own, each with its replacement.

        Keras moved its recurrent layers and their wrappers several times: `keras.layers.recurrent` and
        `keras.layers.wrappers` went with Keras 2.9, `keras.layers.rnn` with 2.13, and `keras.src` and
        `tensorflow.python.keras` are private. The layers are in `keras.layers` and in `tf.keras.layers` in every
        release. `tensorflow.python.keras` is a copy of an older Keras: its layers do not work in models of another one.

        Where TensorFlow still has all that is used of the module, the safe fix imports the module that has it, under
        the same name. A layer is imported from where it is the same class in all releases that have both; the fix is
        unsafe if its defaults differ, or if it comes from the copy.
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
