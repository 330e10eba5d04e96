"""What does the probe claim about the API of an installation?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "symbols-as-listed",
        "The table of symbols is right for the installed TensorFlow: legacy paths that work resolve, removed ones do"
        " not, and those that need tf-keras raise without it.",
        "which of the paths resolve, each in a process that imported nothing else",
        "TensorFlow 2.12 and later; a path that resolves does not necessarily run",
        "api_state.symbols_as_listed",
    ),
    Claim(
        "legacy-runners-run",
        "static_rnn, dynamic_rnn, their bidirectional forms, static_state_saving_rnn and raw_rnn of tf.compat.v1.nn"
        " run, whichever Keras is installed.",
        "which programs raise, each with a custom cell and with BasicRNNCell imported by `from"
        " tensorflow.compat.v1.nn.rnn_cell import`",
        "in a graph, on a CPU",
        "api_state.legacy_runners_run",
    ),
    Claim(
        "legacy-cells-by-attribute",
        "If tf.keras is Keras 3, the cells and wrappers of tf.compat.v1.nn.rnn_cell raise AttributeError when they are"
        " accessed as attributes, but run when imported by `from tensorflow.compat.v1.nn.rnn_cell import`; if it is"
        " Keras 2, both run.",
        "which programs raise, one for each cell and wrapper",
        "tensorflow.compat.v1.nn.rnn_cell was not imported as a module before: after that the attributes work too;"
        " Keras 2 and Keras 3",
        "api_state.legacy_cells_by_attribute",
    ),
    Claim(
        "keras-cells-in-legacy-runners",
        "If tf.keras is Keras 2, a cell of tf.keras.layers runs inside dynamic_rnn, and a wrapper such as"
        " tf.nn.RNNCellDropoutWrapper inside tf.keras.layers.RNN; if it is Keras 3, both raise.",
        "which programs raise",
        "SimpleRNNCell, LSTMCell and GRUCell; the dropout, residual and device wrappers; Keras 2 and Keras 3",
        "api_state.keras_cells_in_legacy_runners",
    ),
    Claim(
        "tf-keras-brings-cells-back",
        "With tf-keras installed and TF_USE_LEGACY_KERAS=1, the attributes of tf.compat.v1.nn.rnn_cell run; without"
        " the variable they raise, although tf-keras is installed.",
        "which programs raise, one for each cell and wrapper",
        "TensorFlow 2.16 and later with tf-keras",
        "api_state.tf_keras_brings_cells_back",
    ),
    Claim(
        "legacy-keras-needs-tf-keras",
        "TF_USE_LEGACY_KERAS=1 without tf-keras makes tf.keras raise ImportError; dynamic_rnn with an imported cell"
        " still runs.",
        "which programs raise",
        "TensorFlow 2.15 and later; tf-keras is hidden if it is installed",
        "api_state.legacy_keras_needs_tf_keras",
    ),
)
