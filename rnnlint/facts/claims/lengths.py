"""What does the probe claim about the lengths that a graph takes?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "loop-takes-any-length",
        "One graph of dynamic_rnn runs sequences of any length, and computes at each length what static_rnn computes"
        " in a graph built for that length.",
        "outputs and final state at 1, 2, 5 and 20 steps, the largest absolute difference from static_rnn",
        "BasicRNNCell, LSTMCell and GRUCell; equal means within 0.00001",
        "lengths.loop_takes_any_length",
    ),
    Claim(
        "static-needs-length",
        "static_rnn takes a list of known length: over an undefined time axis tf.unstack and range raise, it rejects"
        " a tensor and an empty list, and a graph built for one number of steps does not run with another.",
        "which calls raise which error, by type and message",
        "in a graph; shorter sequences run if they are padded to the length of the graph, best with sequence_length",
        "lengths.static_needs_length",
    ),
)
