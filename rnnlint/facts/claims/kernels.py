"""What does the probe claim about unrolls under XLA and cuDNN?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "xla-favors-the-loop",
        "With jit_compile=True, the first training call of an unrolled Keras LSTM takes longer than that of the loop,"
        " and more than twice as long as without XLA; in later calls XLA removes much of the unroll's lead.",
        "time of the first and of later calls, unroll=True against unroll=False, with jit_compile=True and without",
        "an LSTM of 8 units with gradients, 10 steps (30 in the full run), on a CPU; Keras 2 and Keras 3; only the"
        " ratios matter",
        "kernels.xla_favors_the_loop",
    ),
    Claim(
        "unroll-loses-cudnn",
        "With unroll=False, the graphs of LSTM and GRU contain the cuDNN kernel for use on a GPU; with unroll=True they"
        " do not.",
        "cuDNN operations in the graph of a layer and its functions; nothing is run",
        "the default arguments; Keras 3, which checks for a GPU first, is made to assume one",
        "kernels.unroll_loses_cudnn",
    ),
)
