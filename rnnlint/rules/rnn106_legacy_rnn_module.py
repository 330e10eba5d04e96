"""RNN106: a legacy RNN module itself, imported or handed about."""

from rnnlint.rules.legacy import MESSAGE, SEVERITIES, report_site
from rnnlint.rules.rule import rule
from rnnlint.rules.watch import sites_of

legacy_rnn_module = rule(
    code="RNN106",
    name="legacy-rnn-module",
    since="0.1",
    summary="An RNN module that no longer exists or is private",
    why="""
        The import fails before anything runs: `tensorflow.contrib` went with 2.0, `tensorflow.models.rnn` before 1.0,
        and `tensorflow.python` is private, so what still imports today may be gone in any release. The uses of the
        module are reported on their own, each with its replacement.

        Where TensorFlow still has all that is used of the module, the safe fix imports the module that has it, under
        the same name.
    """,
    message=MESSAGE,
    watches=sites_of("module"),
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
