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
        The cells of `tf.nn.rnn_cell` and `tf.contrib.rnn` went from the main namespace with TensorFlow 2.0. What is
        left under `tf.compat.v1.nn.rnn_cell` raises AttributeError on TensorFlow 2.16 and later ("not available with
        Keras 3") unless tf-keras is installed and TF_USE_LEGACY_KERAS=1 is set, although
        `from tensorflow.compat.v1.nn.rnn_cell import ...` still works. The cells of tensorflow-addons run on
        TensorFlow 2.15 and older; on later releases the package does not import.

        With the same weights the Keras cell that the advice names computes the same numbers. Weights of a checkpoint
        carry over exactly, in another order of gates and with `forget_bias` added to the Keras bias; those of a GRU
        only to `reset_after=False`, which is not the default. Fresh weights differ: the bias of a legacy GRU's gates
        starts with ones, that of Keras with zeros. Many cells of `tf.contrib.rnn` have no counterpart in Keras: write
        their step as a custom cell.

        The safe fix makes old graph code run on: it imports the class from `tensorflow.compat.v1.nn.rnn_cell` (one
        line for all names of the module), or writes `tf.compat.v1.nn.rnn_cell.GRUCell` where the target takes that.
        Variables, their names and the results stay the same. Classes that TensorFlow no longer has anywhere, such as
        `AttentionCellWrapper`, have no fix.

        With `migrate-to = "keras"` the fix rewrites the cell together with every call that runs it. It is unsafe, and
        the page of RNN102 says what changes. Before and after:

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

        Trained weights go over cell by cell, with `rnnlint weights model.ckpt-1000 --output weights.npz`, then in
        Python `rnnlint.weights.load("weights.npz")["rnn/multi_rnn_cell/cell_0/gru_cell"].apply_to(cell.cell.cells[0])`.
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
