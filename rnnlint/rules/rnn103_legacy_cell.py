"""RNN103: a legacy cell, wrapper, state tuple or fused cell."""

from rnnlint.rules.legacy import MESSAGE, SEVERITIES, report_site
from rnnlint.rules.rule import rule
from rnnlint.rules.watch import sites_of

legacy_cell = rule(
    code="RNN103",
    name="legacy-cell",
    since="0.1",
    summary="A legacy RNN cell or cell wrapper",
    why="""
        TensorFlow 2.0 removed the cells of `tf.nn.rnn_cell` and `tf.contrib.rnn` from the main namespace. Those that
        remain under `tf.compat.v1.nn.rnn_cell` raise AttributeError on TensorFlow 2.16 and later ("not available with
        Keras 3") unless tf-keras is installed and TF_USE_LEGACY_KERAS=1 is set, although
        `from tensorflow.compat.v1.nn.rnn_cell import ...` still works. The cells of tensorflow-addons run on
        TensorFlow 2.15 and older; on later releases the package does not import.

        With the same weights, the Keras cell that the advice names computes the same results. Weights of a checkpoint
        carry over exactly, with the gates reordered and `forget_bias` added to the Keras bias. Weights of a GRU fit
        only `reset_after=False`, which is not the default. Newly initialized weights differ: the gate biases of a
        legacy GRU start at one, those of Keras at zero. Many cells of `tf.contrib.rnn` have no counterpart in Keras:
        write their step as a custom cell.

        The safe fix keeps your graph code running: it imports the class from `tensorflow.compat.v1.nn.rnn_cell` (one
        line for all names of the module), or writes `tf.compat.v1.nn.rnn_cell.GRUCell` if the target accepts that.
        The variables, their names and the results stay the same. Classes that TensorFlow removed entirely, such as
        `AttentionCellWrapper`, have no fix.

        With `migrate-to = "keras"`, the fix rewrites the cell together with every call that runs it. This fix is
        unsafe; the page of RNN102 lists what changes. Before and after:

        ```python
        cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.GRUCell(n) for n in (64, 32)])
        outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
        ```

        ```python
        cell = tf.keras.layers.RNN([tf.keras.layers.GRUCell(n, reset_after=False) for n in (64, 32)],
                                   return_sequences=True, return_state=True)
        outputs, *state = cell(x)
        state = tuple(tf.nest.flatten(state))
        ```

        To carry trained weights over, run `rnnlint weights model.ckpt-1000 --output weights.npz`, then for each cell
        in Python
        `rnnlint.weights.load("weights.npz")["rnn/multi_rnn_cell/cell_0/gru_cell"].apply_to(cell.cell.cells[0])`.
    """,
    message=MESSAGE,
    watches=sites_of("cell"),
    judge=report_site,
    severities=SEVERITIES,
    rests_on=("legacy-cells-by-attribute",),
    fixable=True,
    bad="""
        import tensorflow as tf

        cell = tf.compat.v1.nn.rnn_cell.GRUCell(64)
    """,
    good="""
        import tensorflow as tf

        cell = tf.keras.layers.GRUCell(64, reset_after=False)
    """,
)
