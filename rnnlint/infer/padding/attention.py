"""Do these attention weights include the padding, because no mask goes into them?"""

from __future__ import annotations

import ast

from rnnlint.infer.values.behind import bound_behind
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.values import Module

_SCORING = frozenset(
    """
    softmax dense Dense tanh relu sigmoid matmul tensordot multiply reduce_sum sum exp squeeze expand_dims reshape shape
    get_shape as_list Variable get_variable random_normal truncated_normal random_uniform zeros ones constant transpose
    range int
    """.split()  # noqa: SIM905 - as a list it would be three times as long
)
"""Functions that compute scores, of which none distinguishes padding from data."""


def is_softmax_of(weights: ast.expr, outputs: ast.expr, module: Module) -> bool:
    """Whether weights are a softmax over scores of these outputs, and of nothing else."""
    behind, before = bound_behind(weights, module), bound_behind(outputs, module)
    if not behind & before:
        return False
    calls = [one for one in behind - before if isinstance(one, ast.Call)]
    names = {leaf(one.func) if not isinstance(one.func, ast.Call) else leaf(one.func.func) for one in calls}
    return "softmax" in names and names <= _SCORING
