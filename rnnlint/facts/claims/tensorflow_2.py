"""What does the probe claim about the legacy runners in TensorFlow 2 programs?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "runners-called-deprecated",
        "TensorFlow itself logs that static_rnn, dynamic_rnn and their bidirectional forms are deprecated and will be"
        " removed, and recommends keras.layers.RNN.",
        "what a call logs",
        "the functions of tf.compat.v1.nn; the notice is logged once per process",
        "tensorflow_2.runners_called_deprecated",
    ),
    Claim(
        "legacy-runners-in-tensorflow-2",
        "static_rnn and dynamic_rnn run eagerly, in a tf.function, in the replicas of MirroredStrategy and in a"
        " SavedModel, as long as the cell is made outside and kept; if a tf.function or the call of a Keras layer"
        " makes the cell, both raise. Over a time axis of None static_rnn raises.",
        "which programs raise, each in a separate process",
        "LSTMCell; nothing else ran in the process before; on a CPU split into two devices; Keras 2 and Keras 3",
        "tensorflow_2.legacy_runners_in_tensorflow_2",
    ),
)
