"""What does the probe claim about sequence_length?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "sequence-length-masks",
        "With sequence_length, the outputs past the end of a sequence are zero and the final state is that of its"
        " last step, as if each sequence had been run alone without its padding. This holds for dynamic_rnn and"
        " static_rnn. Length 0 gives zeros, and a length above the number of steps counts as that number.",
        "largest absolute output past the end; largest absolute difference of outputs and final state from each"
        " sequence run alone",
        "plain cells and a stack of two, padded with nines; zeros are exact, equal means within 0.00001",
        "masking.sequence_length_masks",
    ),
    Claim(
        "padding-changes-state",
        "Without sequence_length, the padding of a shorter sequence changes its final state, even if the padding is"
        " zeros.",
        "largest absolute difference of the final state of each shorter sequence from the sequence run alone",
        "plain cells and a stack of two whose biases are not zero, dynamic_rnn and static_rnn, sequences padded at"
        " their end",
        "masking.padding_changes_state",
    ),
    Claim(
        "last-output-of-padding-is-zero",
        "With sequence_length, `outputs[:, -1]` of a padded batch is zero for each shorter sequence; the last output"
        " of a sequence is at its own last step.",
        "largest absolute output at the last step of the batch, and at the last step of each shorter sequence",
        "plain cells and a stack of two, dynamic_rnn and static_rnn",
        "masking.last_output_of_padding_is_zero",
    ),
    Claim(
        "static-sequence-length-costs",
        "sequence_length makes every step of static_rnn add more operations to the graph.",
        "operations that each step adds, with and without sequence_length, in the graph and its functions",
        "plain cells and a stack of two; forward, control flow version 2",
        "masking.static_sequence_length_costs",
    ),
    Claim(
        "backward-half-has-seen-one-step",
        "At the last step, the backward half of a bidirectional layer or runner has seen only that step: its output"
        " there equals its output for that step alone. Its final state is at the first step.",
        "largest absolute difference of the backward output at the last step from the same weights run over that step"
        " alone, and from the backward final state; and of the output at the first step from that state",
        "bidirectional_dynamic_rnn over a BasicRNNCell, Bidirectional around SimpleRNN, LSTM and GRU; no padding",
        "both_ways.backward_half_has_seen_one_step",
    ),
)
