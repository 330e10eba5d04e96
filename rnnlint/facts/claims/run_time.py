"""Which statements are there about the time that a call takes once its graph is there?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "unroll-lead-shrinks-with-size",
        "Once warm, an unrolled LSTM takes less time per training call of 10 steps than the loop where batch and"
        " units are few (1 and 16); where they are many (64 and 256), less than half of that lead is left, or"
        " nothing.",
        "time per call and time to the first result, static_rnn against dynamic_rnn and Keras unroll=True against"
        " unroll=False, as ratios of neighbours in time; in the full form at all sizes, forward and training, 1 to"
        " 200 steps",
        "without sequence_length, on a CPU; Keras 2 and Keras 3; the ratios are what counts",
        "run_time.unroll_lead_shrinks_with_size",
    ),
    Claim(
        "sequence-length-shrinks-lead",
        "With sequence_length on both sides, static_rnn loses much of its lead over dynamic_rnn, or all of it.",
        "time per call, static_rnn against dynamic_rnn with sequence_length and without, as ratios of neighbours in"
        " time",
        "an LSTM of 16 units, 5 steps, batch size 1, with gradients, on a CPU; in the full form also forward, two sizes"
        " and 1 to 200 steps",
        "run_time.sequence_length_shrinks_lead",
    ),
    Claim(
        "static-start-pays-back-late",
        "A static_rnn of 20 steps that is faster per call has made up for its longer start after more than 20 calls,"
        " and with sequence_length later still or never.",
        "calls after which static_rnn and dynamic_rnn have taken the same time, the building and the first run"
        " included",
        "an LSTM of 16 units, batch size 1, forward, on a CPU",
        "run_time.static_start_pays_back_late",
    ),
    Claim(
        "unroll-lead-has-a-region",
        "Where an unroll is faster per call is a region: static_rnn is ahead in training with 16 units, at batch size"
        " 1 and 64 over 10 steps; with 256 units and batch size 64, forward, at most a third of the loop's time is"
        " saved, and no more with sequence_length over 50 steps of training.",
        "time per call, static_rnn against dynamic_rnn, as ratios of neighbours in time; in the full form a grid of"
        " mode, length, batch, units, with sequence_length and without, and Keras",
        "an LSTM on a CPU; the ratios are what counts",
        "regions.unroll_lead_has_a_region",
    ),
)
