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
        legacy ways to run a cell they are the better one: the graph does not grow with the length, and
        `sequence_length` masks padding exactly. Keras layers do the same, and are what TensorFlow maintains.

        The advice names what this call needs. What may be in it:

        - The cell changes too: Keras 3 (TensorFlow 2.16 and later) raises when it runs a legacy cell.
        - In place of `sequence_length` give a mask with as many columns as there are time steps. Behind the end of a
          sequence Keras repeats the last valid output; `zero_output_for_mask=True` gives zeros, as `dynamic_rnn` does.
        - Keras 3 has no `time_major`: transpose the inputs before and the outputs after.
        - An LSTM returns h and c, and takes `initial_state=[h, c]`. `LSTMStateTuple` is the other way round, and Keras
          takes it without an error.
        - `swap_memory` and `parallel_iterations` have no counterpart.

        Where the name is gone from the target, the safe fix writes the name under which the same function still
        runs, `tf.compat.v1.nn.dynamic_rnn` or the like, and passes arguments by name whose order has changed. Old graph
        code then runs on, and `--profile maintain` no longer reports it.
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

        layer = tf.keras.layers.LSTM(64, return_sequences=True, return_state=True, zero_output_for_mask=True)
        outputs, h, c = layer(inputs, mask=tf.sequence_mask(lengths, tf.shape(inputs)[1]))
    """,
)
