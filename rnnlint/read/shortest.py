"""How is a pattern with many stars matched in linear time? Each star matches the shortest text that fits, permanently.

A later star matches what an earlier one leaves, so the same texts match; but the time does not grow by a power with
each star.
"""

from __future__ import annotations


def for_good(expression: str, name: str) -> str:
    """An expression whose first match is kept: what follows cannot backtrack into it. ``name`` is that of its group."""
    # A lookahead is not retried. Python has atomic groups only since 3.11.
    return f"(?=(?P<{name}>{expression}))(?P={name})"
