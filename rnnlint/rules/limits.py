"""When is an unroll too large? The limits that the rules of the 2xx family share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnlint.settings import Settings

if TYPE_CHECKING:
    from rnnlint.facts.graph_cost import Law
    from rnnlint.infer.domain import Int

COSTS = ("static-graph-grows", "loop-graph-flat", "graph-ops-exact", "first-run-grows", "build-time-grows")
"""The claims that a limit on the length rests on."""


def over_limit(length: Int, law: Law | None, settings: Settings) -> bool:
    """Whether the run that the code describes is above ``max-unroll``, or its cost above ``max-graph-ops``.

    What the default run takes counts; where nothing settles that, the smallest length that there may be.
    A limit of 0 steps lets no unroll pass whose length is known.
    """
    steps = length.default if length.default is not None else length.low
    if steps > settings.max_unroll:
        return True
    return bool(settings.max_graph_ops and law is not None and steps and law.at(steps) > settings.max_graph_ops)
