"""Which axis comes first, batch or time, judging by the names in a shape?"""

from __future__ import annotations

import ast
from typing import Literal, TypeAlias

from rnnlint.resolve.scope_tree import leaf

Layout: TypeAlias = Literal["batch", "time"]
"""Which axis comes first."""

_BATCH = frozenset(("batch", "batches"))
_STEPS = frozenset(
    """
    step steps time times timestep timesteps seq seqlen sequence frames window length len maxlen
    """.split()  # noqa: SIM905 - as a list it would be three times as long
)
_SHAPED = frozenset(
    """
    zeros ones empty full random_normal random_uniform truncated_normal normal uniform random random_sample
    standard_normal randint
    """.split()  # noqa: SIM905
)
"""Functions that take the shape of the array that they make."""


def meaning(axis: ast.expr) -> Layout | None:
    """The axis that an expression is named after."""
    name = leaf(axis)
    if isinstance(axis, ast.Subscript) and isinstance(axis.slice, ast.Constant):
        # options["batch_size"]
        name = axis.slice.value if isinstance(axis.slice.value, str) else None
    words = set((name or "").lower().split("_"))
    if words & _BATCH:
        return "batch"
    return "time" if words & _STEPS else None


def first_of(axes: list[ast.expr]) -> Layout | None:
    """The axis that comes first, if one of the first two is named after batch or time."""
    if len(axes) < 2:
        return None
    first, second = (meaning(axis) for axis in axes[:2])
    if first != "batch" and second != "time" and (first == "time" or second == "batch"):
        return "time"
    if first != "time" and second != "batch" and (first == "batch" or second == "time"):
        return "batch"
    return None


def axes_made(call: ast.Call, name: str) -> list[ast.expr]:
    """The shape of the array that a function of this name makes: ``zeros((batch, steps))``, ``rand(batch, steps)``."""
    if name in ("rand", "randn"):
        return call.args
    if name not in _SHAPED:
        return []
    said = next((k.value for k in call.keywords if k.arg in ("shape", "size")), None)
    shape = said if said is not None else next((a for a in call.args if isinstance(a, (ast.List, ast.Tuple))), None)
    return elements_of(shape)


def elements_of(shape: ast.expr | None) -> list[ast.expr]:
    """The axes of a literal shape."""
    return shape.elts if isinstance(shape, (ast.List, ast.Tuple)) else []
