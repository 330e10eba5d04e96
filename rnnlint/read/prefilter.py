"""Can this file matter at all? Most of a project never names TensorFlow and need not be parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rnnlint.facts import words

_PART = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_UNROLL = re.compile(rb"\bunroll\b")
_LOOP = re.compile(rb"\b(?:for|while)\b")
# What is called may hold a cell: by its name, or because a name like that made it.
_CELL_CALL = re.compile(rb"(?:cell|lstm|gru|rnn|core)\w*(?:\[[^\]\n]*\])?(?:\.call|\.__call__)?[ \t]*\(", re.IGNORECASE)


def may_matter(data: bytes) -> bool:
    """Whether rnnlint can have a finding in a source: told by its words, whatever it imports."""
    lowered = data.lower()
    if b"unroll" in lowered:
        return True
    found = _occurring(lowered)
    return bool(found) and (_names(found, data, lowered) or _may_loop(data))


def may_name(data: bytes) -> bool:
    """Whether a source may name a symbol, or a layer that unrolls: what else matters is a loop that runs a cell."""
    lowered = data.lower()
    return _UNROLL.search(data) is not None or _names(_occurring(lowered), data, lowered)


def _names(found: list[bytes], data: bytes, lowered: bytes) -> bool:
    names = words.names()
    return b"RNN(" in data or any(name in names for word in found for name in _whole(word, data, lowered))


def _may_loop(data: bytes) -> bool:
    if b"def call(" not in data and _CELL_CALL.search(data) is None:
        return False
    return _LOOP.search(data) is not None


def _occurring(lowered: bytes) -> list[bytes]:
    found: list[bytes] = []
    for stem, group in _by_stem():
        if stem in lowered:
            found += [word for word in group if word in lowered]
    return found


def _whole(word: bytes, data: bytes, lowered: bytes) -> Iterator[bytes]:
    """The names that a word is a part of, as they are written."""
    at = lowered.find(word)
    while at >= 0:
        end = at + len(word)
        while at and data[at - 1] in _PART:
            at -= 1
        while end < len(data) and data[end] in _PART:
            end += 1
        yield data[at:end]
        at = lowered.find(word, end)


@lru_cache(maxsize=1)
def _by_stem() -> list[tuple[bytes, list[bytes]]]:
    return [(stem.encode(), [word.encode() for word in group]) for stem, group in words.by_stem().items()]
