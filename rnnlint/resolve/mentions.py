"""On which rows of a module does a word stand? Asked of the text, so that only those rows are looked at as code."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate

_WORD = re.compile(r"\w+")
_DEFINED = re.compile(r"def (\w+)\(")
_FEW_WORDS = 100
"""The text is read through for each of so many words; for more they are all entered in an index."""


class Mentions:
    """The rows of a module as Python parses them; rows count from 1."""

    def __init__(self, rows: Sequence[str]) -> None:
        self.text = "\n".join(rows)
        self._rows = rows
        self._known: dict[str, tuple[int, ...]] = {}
        self._held: dict[str, bool] = {}

    def of_word(self, word: str) -> tuple[int, ...]:
        """The rows that hold a word, in comments and strings too, and not as a part of a longer one."""
        found = self._known.get(word)
        if found is None:
            is_indexed = len(self._known) >= _FEW_WORDS and _WORD.fullmatch(word)
            rows = self._index.get(word, ()) if is_indexed else self._find(word)
            found = self._known[word] = tuple(dict.fromkeys(rows))
        return found

    def has(self, piece: str) -> bool:
        """Whether the text holds this, be it a part of a word or several."""
        found = self._held.get(piece)
        if found is None:
            found = self._held[piece] = piece in self.text
        return found

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names of the functions that the text defines, where each has its parenthesis right behind it."""
        return frozenset(_DEFINED.findall(self.text))

    def of_pieces(self, occurring: Callable[[str], Iterable[str]]) -> list[int]:
        """The rows that hold, in any case, one of the pieces that a lower-case text is said to hold."""
        lowered = self.text.lower()
        starts = self._starts if len(lowered) == len(self.text) else _starts(lowered.split("\n"))
        found = set()
        for piece in occurring(lowered):
            at = lowered.find(piece)
            while at >= 0:
                row = bisect_right(starts, at)
                found.add(row)
                # The rest of the row says nothing new.
                at = lowered.find(piece, starts[row]) if row < len(starts) else -1
        return sorted(found)

    def row_of(self, offset: int) -> int:
        """The row of a character of the text."""
        return bisect_right(self._starts, offset)

    def _find(self, word: str) -> Iterable[int]:
        text, length = self.text, len(word)
        at = text.find(word)
        while at >= 0:
            end = at + length
            if not (at and _is_part(text[at - 1])) and not (end < len(text) and _is_part(text[end])):
                yield bisect_right(self._starts, at)
            at = text.find(word, end)

    @cached_property
    def _index(self) -> dict[str, list[int]]:
        """The rows of each word of the text."""
        found: dict[str, list[int]] = {}
        for number, row in enumerate(self._rows, 1):
            for word in _WORD.findall(row):
                found.setdefault(word, []).append(number)
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return _starts(self._rows)


def _starts(rows: Sequence[str]) -> list[int]:
    """The offset of each row."""
    return [0, *accumulate(len(row) + 1 for row in rows)][: max(len(rows), 1)]


def _is_part(character: str) -> bool:
    return character == "_" or character.isalnum()
