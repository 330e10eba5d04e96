"""What does the probe tell about a claim? One dictionary, the same for JSON, the table and the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rnnlint.facts import claims
from rnnlint.probe.driver import Result

__all__ = ["row", "rows"]


def rows(results: Iterable[Result], rules: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """The results in the order of the claims; `rules` are the codes that rest on each claim, by its id."""
    order = list(claims.by_id())
    return [row(one, rules.get(one.claim, ())) for one in sorted(results, key=lambda one: order.index(one.claim))]


def row(result: Result, rules: Sequence[str]) -> dict[str, Any]:
    """One claim; the names are a promise to those who read them."""
    return {
        "claim": result.claim,
        "statement": claims.by_id()[result.claim].statement,
        "verdict": result.verdict,
        "summary": result.summary,
        "why": result.why,
        "measured": result.measured,
        "rules": list(rules),
        "environment": result.environment,
    }
