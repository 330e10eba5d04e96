"""RNN101: a runner that copies the cell into the graph once for each time step."""

from rnnlint.rules.legacy import MESSAGE, SEVERITIES, report_site
from rnnlint.rules.rule import rule
from rnnlint.rules.watch import sites_of

legacy_static_runner = rule(
    code="RNN101",
    name="legacy-static-runner",
    since="0.1",
    summary="A legacy function that unrolls a cell over time",
    why="""
        `tf.nn.rnn`, `static_rnn` and their bidirectional and state-saving forms take a list with one tensor for each
        time step, and put a copy of the cell into the graph for each of them. They are easy to inspect while the list
        is short and fixed, but the graph grows with every step. Keras layers keep one copy in a loop, and TensorFlow
        maintains them. They take one tensor instead of the list, and a Keras cell instead of the legacy one:
        Keras 3 (TensorFlow 2.16 and later) raises when it runs a legacy cell. The advice names what this call needs.

        If the name was removed from the target release, the safe fix writes the name under which the same function
        still runs, such as `tf.compat.v1.nn.static_rnn`. Arguments whose order changed are passed by name. Your graph
        code then keeps running, and `--profile maintain` no longer reports it.

        With `migrate-to = "keras"`, the fix for `static_rnn` rewrites the call, its cell and its list to a Keras layer
        instead. This fix is unsafe; the page of RNN102 lists what changes. Before and after:

        ```python
        steps = tf.unstack(x, 28, 1)
        cell = tf.nn.rnn_cell.BasicLSTMCell(64)
        outputs, state = tf.nn.static_rnn(cell, steps, dtype=tf.float32)
        logits = tf.matmul(outputs[-1], weights)
        ```

        ```python
        steps = x
        cell = tf.keras.layers.LSTM(64, return_sequences=True)
        outputs = cell(steps)
        logits = tf.matmul(outputs[:, -1], weights)
        ```

        If other code uses the list, the fix keeps one: `outputs = tf.unstack(outputs, axis=1)`. To carry trained
        weights over, run `rnnlint weights model.ckpt-1000 --output weights.npz`, then in Python
        `rnnlint.weights.load("weights.npz")["rnn/basic_lstm_cell"].apply_to(cell)`.
    """,
    message=MESSAGE,
    watches=sites_of("static"),
    judge=report_site,
    severities=SEVERITIES,
    rests_on=("legacy-runners-run",),
    fixable=True,
    bad="""
        import tensorflow as tf

        cell = make_cell()
        outputs, state = tf.compat.v1.nn.static_rnn(cell, inputs, dtype=tf.float32)
    """,
    good="""
        import tensorflow as tf

        layer = tf.keras.layers.SimpleRNN(16, return_sequences=True, return_state=True)
        outputs, state = layer(inputs)
    """,
)
