"""RNN102: a runner that loops a cell over time in the graph."""

from rnnlint.rules.legacy import MESSAGE, SEVERITIES, report_site
from rnnlint.rules.rule import rule
from rnnlint.rules.watch import sites_of

legacy_dynamic_runner = rule(
    code="RNN102",
    name="legacy-dynamic-runner",
    since="0.1",
    summary="A legacy function that loops a cell over time",
    why="""
        `dynamic_rnn`, `bidirectional_dynamic_rnn` and `raw_rnn` keep one copy of the cell in a `while_loop`. Of the two
        legacy ways to run a cell they are the one to prefer: the graph does not grow with the length, and
        `sequence_length` masks padding exactly. For new code `tf.keras.layers.RNN` and the layers built on it do the
        same; a mask takes the place of `sequence_length`. One difference to know: behind the end of a
        sequence Keras repeats the last valid output, where `dynamic_rnn` gives zeros (`zero_output_for_mask=True`
        restores them).

        Where the name is gone from the target and the same function runs there as `tf.compat.v1.nn.dynamic_rnn` or the
        like, the fix writes that name: old graph code runs on, and `--profile maintain` is content with it.
    """,
    message=MESSAGE,
    watches=sites_of("dynamic"),
    judge=report_site,
    severities=SEVERITIES,
    rests_on=("legacy-runners-run",),
    fixable=True,
    bad="""
        import tensorflow as tf

        outputs, state = tf.compat.v1.nn.dynamic_rnn(cell, inputs, sequence_length=lengths, dtype=tf.float32)
    """,
    good="""
        import tensorflow as tf

        layer = tf.keras.layers.RNN(cell, return_sequences=True, return_state=True, zero_output_for_mask=True)
        outputs, state = layer(inputs, mask=tf.sequence_mask(lengths))
    """,
)
