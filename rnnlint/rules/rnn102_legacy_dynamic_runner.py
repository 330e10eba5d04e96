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

        With `migrate-to = "keras"` the fix rewrites the call and its cell to a Keras layer instead. It is unsafe: the
        numbers stay the same with the same weights, but variables get other names and shapes, and fresh ones other
        initial values. Before and after:

        ```python
        cell = tf.nn.rnn_cell.LSTMCell(64)
        outputs, state = tf.nn.dynamic_rnn(cell, x, sequence_length=lengths, dtype=tf.float32)
        logits = tf.matmul(state.h, weights)
        ```

        ```python
        cell = tf.keras.layers.LSTM(64, return_sequences=True, return_state=True, zero_output_for_mask=True)
        outputs, state_h, state_c = cell(x, mask=tf.sequence_mask(lengths, tf.shape(x)[1]))
        logits = tf.matmul(state_h, weights)
        ```

        Two commands carry trained weights over, the second in Python once the layer was called:

        ```sh
        rnnlint weights model.ckpt-1000 --output weights.npz
        ```

        ```python
        rnnlint.weights.load("weights.npz")["rnn/lstm_cell"].apply_to(cell)
        ```

        Where the code cannot be rewritten as a whole, the finding says why and there is no fix.
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
