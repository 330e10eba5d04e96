"""Can this file matter at all? Most of a project never names TensorFlow and need not be parsed."""

from __future__ import annotations

from functools import lru_cache

from rnnlint.facts import words


def may_matter(data: bytes) -> bool:
    """Whether the data holds a word without which rnnlint can have no finding in a source."""
    lowered = data.lower()
    # A loop, for speed: many files pass through here, and most hold none of the stems.
    for stem, group in _by_stem():
        if stem in lowered and any(word in lowered for word in group):
            return True
    return b"unroll" in lowered


@lru_cache(maxsize=1)
def _by_stem() -> list[tuple[bytes, list[bytes]]]:
    return [(stem.encode(), [word.encode() for word in group]) for stem, group in words.by_stem().items()]
