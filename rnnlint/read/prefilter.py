"""Can this file have findings at all? Most files of a project never name TensorFlow and need not be parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rnnlint.facts import words

_PART = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_BACKSLASH = ord("\\")
# As an argument or keyword of a layer; `unroll=False` alone does not count.
_UNROLL = re.compile(rb"unroll(?:\s*=(?!=)\s*(?!False\b)|\\?['\"])")
# The word itself, as in `cell`, `lstm_cells` or `decoderCell`, not as part of "cancelled".
_CELL = re.compile(
    rb"(?:^|_)(?:[Cc]ells?|CELLS?|[Rr]nns?|RNNs?|[Ll]stms?|LSTMs?)(?:_|\d|$)|[a-z](?:Cell|Rnn|RNN|Lstm|LSTM)s?(?![a-z])"
)
_OF_CELLS = (b"cell", b"lstm", b"gru", b"rnn")
# A recurrent Keras layer is named; another one, or the same again, may follow.
_LAYER = re.compile(rb"(?:RNN|LSTM|GRU)(?:[123]D)?(?![A-Za-z_])")
_LOOP = re.compile(rb"(?:\b|\\n)(?:for|while)\b")
# The text after a name that is called: it may contain a cell, by its name or because such a name made it. An index
# contains no bracket, so each is scanned once.
_CALLED = re.compile(rb"(?:\[[^\[\]\n]*\])?(?:\.call|\.__call__)?[ \t]*\(")
# The text after a name that is passed to something, or whose attribute is one that cells have.
_HANDED = re.compile(rb"\s*[,)\]]|\.(?:zero_state|state_size|output_size)\b")


class _Said(NamedTuple):
    """What the names that contain a needle say about a source."""

    names: bool = False
    """A name is part of a symbol's path."""
    calls: bool = False
    """A name that may be a cell's is called."""
    hands: bool = False
    """A name that may be a cell's is passed to something."""


def may_matter(data: bytes) -> bool:
    """Whether rnnlint can have a finding in a source, judged by its words and not by its imports."""
    lowered = data.lower()
    for index, needle in enumerate(words.NEEDLES):
        if needle in lowered:
            if _may_unroll(data) or may_mask(data) or may_stack(data):
                return True
            said = _read(data, lowered, index)
            return said.names or _may_name_others(said, data, lowered) or _may_loop(said, data, lowered)
    return False


def may_name(data: bytes) -> bool:
    """Whether a source may name a symbol, or a layer that unrolls. Otherwise only a loop that runs a cell matters."""
    if _may_unroll(data):
        return True
    lowered = data.lower()
    said = _read(data, lowered)
    return said.names or _may_name_others(said, data, lowered)


def _may_unroll(data: bytes) -> bool:
    return _UNROLL.search(data) is not None


def may_mask(data: bytes) -> bool:
    """Whether a Keras layer may treat padding as data: it takes a sequence, and a mask is made or could be."""
    return any(layer in data for layer in words.LAYERS) and any(one in data for one in words.MASKING)


def may_stack(data: bytes) -> bool:
    """Whether a recurrent Keras layer may follow another one, or be stateful: an import alone does neither.

    A loop may make several layers by one call.
    """
    count = len(_LAYER.findall(data))
    return count > 1 or count == 1 and _LOOP.search(data) is not None or b"stateful" in data


def _read(data: bytes, lowered: bytes, first: int = 0) -> _Said:
    """The names in a source, up to the first that belongs to a symbol; there is no needle before the first."""
    if b"RNN(" in data or b"keras" in lowered and any(home in lowered for home in words.OLD_HOMES):
        return _Said(names=True)
    names, calls, hands = words.names(), False, False
    for needle in words.NEEDLES[first:]:
        if needle == b"keras":
            continue
        for start, end in _spans(needle, data, lowered):
            name = data[start:end]
            if name in names:
                return _Said(names=True)
            calls = calls or needle in _OF_CELLS and _CALLED.match(data, end) is not None
            hands = hands or _HANDED.match(data, end) is not None and _CELL.search(name) is not None
    return _Said(False, calls, hands)


def _may_name_others(said: _Said, data: bytes, lowered: bytes) -> bool:
    """Whether a symbol of another module of the project may be named without a needle: it gets a cell as an
    argument."""
    names = words.names()
    return said.hands and any(
        data[start:end] in names for word in _other_words(lowered) for start, end in _spans(word, data, lowered)
    )


def _other_words(lowered: bytes) -> Iterator[bytes]:
    """The words of symbols without a needle that occur."""
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


def _may_loop(said: _Said, data: bytes, lowered: bytes) -> bool:
    calls = said.calls or b"def call(" in data or _calls_a_core(data, lowered)
    return calls and _LOOP.search(data) is not None


def _calls_a_core(data: bytes, lowered: bytes) -> bool:
    return any(_CALLED.match(data, end) is not None for _, end in _spans(b"core", data, lowered))


def _spans(word: bytes, data: bytes, lowered: bytes) -> Iterator[tuple[int, int]]:
    """The positions of the names that contain a word."""
    at = lowered.find(word)
    while at >= 0:
        end = at + len(word)
        while at and data[at - 1] in _PART:
            at -= 1
        while end < len(data) and data[end] in _PART:
            end += 1
        # In a notebook a line may begin after an escaped newline, whose letter is not part of the name.
        yield (at + 1 if at and data[at - 1] == _BACKSLASH else at), end
        at = lowered.find(word, end)
