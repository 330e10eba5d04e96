"""Can this file matter at all? Most of a project never names TensorFlow and need not be parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rnnlint.facts import words

_PART = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_BACKSLASH = ord("\\")
# Said to a layer, or put among the arguments that it is given; not what only says that it does not unroll.
_UNROLL = re.compile(rb"unroll(?:\s*=(?!=)\s*(?!False\b)|\\?['\"])")
# The word itself, as in `cell`, `lstm_cells` or `decoderCell`, and no part of "cancelled".
_CELL = re.compile(
    rb"(?:^|_)(?:[Cc]ells?|CELLS?|[Rr]nns?|RNNs?|[Ll]stms?|LSTMs?)(?:_|\d|$)|[a-z](?:Cell|Rnn|RNN|Lstm|LSTM)s?(?![a-z])"
)
_LOOP = re.compile(rb"(?:\b|\\n)(?:for|while)\b")
# What is called may hold a cell: by its name, or because a name like that made it. One expression for each piece:
# an alternation is tried at every character of a file, a fixed beginning is looked for.
_CELL_CALLS = tuple(
    (piece, re.compile(piece + rb"\w*(?:\[[^\]\n]*\])?(?:\.call|\.__call__)?[ \t]*\("))
    for piece in (b"cell", b"lstm", b"gru", b"rnn", b"core")
)


def may_matter(data: bytes) -> bool:
    """Whether rnnlint can have a finding in a source: told by its words, whatever it imports."""
    lowered = data.lower()
    for index, needle in enumerate(words.NEEDLES):
        if needle in lowered:
            return _may_unroll(data) or _may_mask(data) or _names(data, lowered, index) or _may_loop(data, lowered)
    return False


def may_name(data: bytes) -> bool:
    """Whether a source may name a symbol, or a layer that unrolls: what else matters is a loop that runs a cell."""
    return _may_unroll(data) or _names(data, data.lower())


def _may_unroll(data: bytes) -> bool:
    return _UNROLL.search(data) is not None


def _may_mask(data: bytes) -> bool:
    """Whether a layer of Keras may compute with padding: it takes a sequence, and a mask is made or could be."""
    return any(layer in data for layer in words.LAYERS) and (
        b"mask_zero" in data or b"Masking" in data or b"Embedding" in data and any(one in data for one in words.PADDING)
    )


def _names(data: bytes, lowered: bytes, first: int = 0) -> bool:
    """Whether a part of a symbol's path stands in a source, which holds no needle before the first."""
    if b"RNN(" in data:
        return True
    names, speaks_of_cells = words.names(), False
    for needle in words.NEEDLES[first:]:
        for name in _whole(needle, data, lowered):
            if name in names:
                return True
            speaks_of_cells = speaks_of_cells or _CELL.search(name) is not None
    # What it has from another module of its project may be called by a name that holds none of the needles.
    return speaks_of_cells and any(
        name in names for word in _other_words(lowered) for name in _whole(word, data, lowered)
    )


def _other_words(lowered: bytes) -> Iterator[bytes]:
    """The words of symbols that hold no needle, as far as they occur."""
    for stem, group in _by_stem():
        if stem in lowered:
            yield from (word for word in group if word in lowered)


@lru_cache(maxsize=1)
def _by_stem() -> list[tuple[bytes, list[bytes]]]:
    found = []
    for stem, group in words.by_stem().items():
        others = [word.encode() for word in group if not any(needle in word.encode() for needle in words.NEEDLES)]
        if others:
            found.append((stem.encode(), others))
    return found


def _may_loop(data: bytes, lowered: bytes) -> bool:
    if b"def call(" not in data and not any(piece in lowered and calls.search(lowered) for piece, calls in _CELL_CALLS):
        return False
    return _LOOP.search(data) is not None


def _whole(word: bytes, data: bytes, lowered: bytes) -> Iterator[bytes]:
    """The names that a word is a part of, as they are written."""
    at = lowered.find(word)
    while at >= 0:
        end = at + len(word)
        while at and data[at - 1] in _PART:
            at -= 1
        while end < len(data) and data[end] in _PART:
            end += 1
        # In a notebook a row may begin behind an escaped newline: its letter is none of the name.
        yield data[at + 1 : end] if at and data[at - 1] == _BACKSLASH else data[at:end]
        at = lowered.find(word, end)
