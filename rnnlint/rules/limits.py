"""When is an unroll too large? The limits that the rules of the 2xx family share."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.settings import Settings

if TYPE_CHECKING:
    from rnnlint.facts.graph_cost import Law
    from rnnlint.infer.values.domain import Int
    from rnnlint.resolve.values import Module

COSTS = ("static-graph-grows", "loop-graph-flat", "graph-ops-exact", "first-run-grows", "build-time-grows")
"""The claims that a limit on the length rests on."""


def over_limit(length: Int, law: Law | None, settings: Settings) -> bool:
    """Whether the length in time steps is above ``max-unroll``, or the cost above ``max-graph-ops``.

    The length of a run with default settings counts; if it is unknown, the smallest possible length does.
    A limit of 0 steps is exceeded by every known length.
    """
    steps = length.default if length.default is not None else length.low
    if steps > settings.max_unroll:
        return True
    return bool(settings.max_graph_ops and law is not None and steps and law.at(steps) > settings.max_graph_ops)


def in_words(length: Int) -> str:
    """The number of steps, as far as known: '200', '35 to 70', 'at least 60', 'an unknown number of'."""
    if length.default is not None or length.low == length.high:
        return str(length.low if length.default is None else length.default)
    if length.high is not None:
        return f"{length.low} to {length.high}" if length.low else f"up to {length.high}"
    return f"at least {length.low}" if length.low else "an unknown number of"


def operations_in_words(length: Int, law: Law | None, is_all: bool = True) -> str:
    """A colon and the number of operations of that many steps; empty if it is unknown.

    Pass ``is_all=False`` if each step may add more operations than the cost table counts.
    """
    if law is None or not (length.default or length.low):
        return ""
    about = "" if law.exact and is_all else "about "
    if length.default is not None or length.low == length.high:
        return f": {about}{law.at(length.low if length.default is None else length.default):,} operations"
    least = f"{law.at(length.low):,}"
    if length.high is None:
        return f": at least {about}{least} operations"
    return f": {about}{least} to {law.at(length.high):,} operations"


def explained(length: Int) -> tuple[tuple[Module, ast.AST], ...]:
    """The lines that the number comes from; none if no number is shown."""
    is_said = length.default is not None or length.low or length.high is not None
    return tuple((where.module, where.node) for where in length.origin) if is_said else ()
