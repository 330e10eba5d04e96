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
        `dynamic_rnn`, `bidirectional_dynamic_rnn` and `raw_rnn` keep one copy of the cell in a `while_loop`. They are
        the better of the two legacy ways to run a cell: the graph does not grow with the length, and
        `sequence_length` masks padding exactly. Keras layers do the same, and TensorFlow maintains them.

        The advice names what this call needs. It may include:

        - The cell changes too: Keras 3 (TensorFlow 2.16 and later) raises when it runs a legacy cell.
        - Instead of `sequence_length`, pass a mask with as many columns as there are time steps. After the end of a
          sequence, Keras repeats the last valid output; with `zero_output_for_mask=True` it returns zeros, as
          `dynamic_rnn` does.
        - Keras 3 has no `time_major`: transpose the inputs before the layer and the outputs after it.
        - A Keras LSTM returns h and c, and takes `initial_state=[h, c]`. `LSTMStateTuple` has the reverse order, and
          Keras accepts it without an error.
        - `swap_memory` and `parallel_iterations` have no counterpart.

        If the name was removed from the target release, the safe fix writes the name under which the same function
        still runs, such as `tf.compat.v1.nn.dynamic_rnn`. Arguments whose order changed are passed by name. Your graph
        code then keeps running, and `--profile maintain` no longer reports it.

        With `migrate-to = "keras"`, the fix rewrites the call and its cell to a Keras layer instead. This fix is
        unsafe: with the same weights the results stay the same, but the variables get different names and shapes, and
        new variables get different initial values. Before and after:

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

        To carry trained weights over, run this command, then the Python line after you have called the layer once:

        ```sh
        rnnlint weights model.ckpt-1000 --output weights.npz
        ```

        ```python
        rnnlint.weights.load("weights.npz")["rnn/lstm_cell"].apply_to(cell)
        ```

        If the code cannot be rewritten completely, there is no fix, and the finding gives the reason.
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
