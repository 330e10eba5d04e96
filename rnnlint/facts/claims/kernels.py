"""Which statements are there about what compilers and special kernels make of an unroll?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "xla-favors-the-loop",
        "With jit_compile=True the first training call of an unrolled Keras LSTM takes longer than that of the loop,"
        " and more than twice as long as without XLA; per later call XLA takes away much of the unroll's lead.",
        "time of the first and of later calls, unroll=True against unroll=False, with jit_compile=True and without",
        "an LSTM of 8 units with gradients, 10 steps (30 in the full form), on a CPU; Keras 2 and Keras 3; the ratios"
        " are what counts",
        "kernels.xla_favors_the_loop",
    ),
    Claim(
        "unroll-loses-cudnn",
        "LSTM and GRU have cuDNN's kernel in their graph with unroll=False, for a GPU to use, and not with"
        " unroll=True.",
        "operations of cuDNN in the graph of a layer and its functions; nothing is run",
        "the default arguments; in Keras 3, which looks for a GPU first, as if there was one",
        "kernels.unroll_loses_cudnn",
    ),
)
