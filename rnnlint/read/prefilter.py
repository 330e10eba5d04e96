"""Can this file matter at all? Most of a project never names TensorFlow and need not be parsed."""

from __future__ import annotations

from collections.abc import Iterable


def may_matter(data: bytes, needles: Iterable[bytes]) -> bool:
    """Whether one of the needles, which are lower case, occurs in the data in any case."""
    lowered = data.lower()
    return any(needle in lowered for needle in needles)
