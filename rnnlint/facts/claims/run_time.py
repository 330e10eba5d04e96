"""What does the probe claim about the time of a call once its graph is built?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "unroll-lead-shrinks-with-size",
        "Once warm, an unrolled LSTM takes less time per training call of 10 steps than the loop if batch size and"
        " units are small (1 and 16); if they are large (64 and 256), less than half of that lead remains, or none.",
        "time per call and time to the first result, static_rnn against dynamic_rnn and Keras unroll=True against"
        " unroll=False, as ratios of consecutive runs; in the full run at all sizes, forward and training, 1 to"
        " 200 steps",
        "without sequence_length, on a CPU; Keras 2 and Keras 3; only the ratios matter",
        "run_time.unroll_lead_shrinks_with_size",
    ),
    Claim(
        "sequence-length-shrinks-lead",
        "With sequence_length on both sides, static_rnn loses much of its lead over dynamic_rnn, or all of it.",
        "time per call, static_rnn against dynamic_rnn with sequence_length and without, as ratios of consecutive runs",
        "an LSTM of 16 units, 5 steps, batch size 1, with gradients, on a CPU; in the full run also forward, two sizes"
        " and 1 to 200 steps",
        "run_time.sequence_length_shrinks_lead",
    ),
    Claim(
        "static-start-pays-back-late",
        "A static_rnn of 20 steps that is faster per call makes up for its longer start only after more than 20 calls,"
        " and with sequence_length even later or never.",
        "calls after which static_rnn and dynamic_rnn have taken the same time, including building and the first run",
        "an LSTM of 16 units, batch size 1, forward, on a CPU",
        "run_time.static_start_pays_back_late",
    ),
    Claim(
        "unroll-lead-has-a-region",
        "An unroll is faster per call only in a region: static_rnn is ahead in training with 16 units, at batch size"
        " 1 and 64 over 10 steps; with 256 units and batch size 64, forward, it saves at most a third of the loop's"
        " time.",
        "time per call, static_rnn against dynamic_rnn, as ratios of consecutive runs; in the full run a grid of"
        " mode, length, batch, units, with sequence_length and without, and Keras",
        "an LSTM on a CPU; only the ratios matter",
        "regions.unroll_lead_has_a_region",
    ),
)
