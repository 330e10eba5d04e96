"""How is a number of calls shown that varies from run to run? By its order of magnitude, never exactly."""

from __future__ import annotations

import math

__all__ = ["about", "calls_in_words"]

_ORDERS = ((10, "a few calls"), (100, "tens of calls"), (1000, "hundreds of calls"), (10_000, "thousands of calls"))
"""The words for numbers below each limit."""


def about(calls: float | None) -> str:
    """``hundreds of calls``; None and infinity mean never."""
    if calls is None or math.isinf(calls):
        return "never"
    if calls <= 0:
        return "at once"
    return "after " + next((words for below, words in _ORDERS if calls < below), "tens of thousands of calls or more")


def calls_in_words(low: float | None, high: float | None) -> str:
    """A range, ``after 200 to 1,000 calls``, with one significant digit for each end."""
    never = high is None or math.isinf(high)
    if low is None or math.isinf(low):
        return "never"
    if never:
        return f"after {_rough(low)} calls or more, or never" if low > 0 else "at once, late, or never"
    if not high:
        return "at once"
    ends = list(dict.fromkeys((_rough(low), _rough(high or 0))))
    return f"after {' to '.join(ends)} calls" if len(ends) > 1 else f"after about {ends[0]} calls"


def _rough(calls: float) -> str:
    return f"{int(float(f'{calls:.0e}')):,}" if calls >= 10 else f"{int(calls)}"
