"""How is a pattern with many stars matched in linear time? Each star takes the shortest text that fits, for good.

A later star makes up for what an earlier one leaves, so the same texts match; but the time does not grow by a power
with each star.
"""

from __future__ import annotations


def for_good(expression: str, name: str) -> str:
    """An expression whose first match is kept: what follows cannot ask for another. ``name`` is that of its group."""
    # What looks ahead is not asked again. Python has atomic groups only since 3.11.
    return f"(?=(?P<{name}>{expression}))(?P={name})"
