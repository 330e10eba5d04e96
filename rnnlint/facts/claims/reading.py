"""What does the probe claim about reading a graph?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "unroll-readable-by-step",
        "The operations of a short unroll can be read step by step: they are in the order of the steps, with the same"
        " types in the same order as those of the cell in the body of a loop, and each step reads its own input and"
        " the state of the previous step. Their names share one scope and do not show the step.",
        "operations that each call of the cell adds, without its variables, at 4 steps, and those of the loop's body",
        "BasicRNNCell, BasicLSTMCell, LSTMCell and GRUCell, without sequence_length; forward, control flow version 2",
        "readable_steps.unroll_readable_by_step",
    ),
)
