"""On which lines of a module does a word occur? Searched as text, so that only those lines are read as code."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate

_WORD = re.compile(r"\w+")
_DEFINED = re.compile(r"def (\w+)\(")
_FEW_WORDS = 100
"""How many words are searched in the text one by one; for more, all words are indexed."""


class Mentions:
    """The lines of a module as Python parses them; lines count from 1."""

    def __init__(self, rows: Sequence[str]) -> None:
        self.text = "\n".join(rows)
        self._rows = rows
        self._known: dict[str, tuple[int, ...]] = {}
        self._held: dict[str, bool] = {}

    def of_word(self, word: str) -> tuple[int, ...]:
        """The lines that contain a whole word, including comments and strings."""
        found = self._known.get(word)
        if found is None:
            is_indexed = len(self._known) >= _FEW_WORDS and _WORD.fullmatch(word)
            rows = self._index.get(word, ()) if is_indexed else self._find(word)
            found = self._known[word] = tuple(dict.fromkeys(rows))
        return found

    def has(self, piece: str) -> bool:
        """Whether the text contains this, as part of a word or across several."""
        found = self._held.get(piece)
        if found is None:
            found = self._held[piece] = piece in self.text
        return found

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names of the functions that the text defines with the parenthesis right after the name."""
        return frozenset(_DEFINED.findall(self.text))

    def of_pieces(self, occurring: Callable[[str], Iterable[str]]) -> list[int]:
        """The lines that contain, in any case, one of the pieces that the lower-case text is known to contain."""
        lowered = self.text.lower()
        starts = self._starts if len(lowered) == len(self.text) else _starts(lowered.split("\n"))
        found = set()
        for piece in occurring(lowered):
            at = lowered.find(piece)
            while at >= 0:
                row = bisect_right(starts, at)
                found.add(row)
                # The rest of the line adds nothing.
                at = lowered.find(piece, starts[row]) if row < len(starts) else -1
        return sorted(found)

    def row_of(self, offset: int) -> int:
        """The line of a character of the text."""
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
        """The lines of each word of the text."""
        found: dict[str, list[int]] = {}
        for number, row in enumerate(self._rows, 1):
            for word in _WORD.findall(row):
                found.setdefault(word, []).append(number)
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return _starts(self._rows)


def _starts(rows: Sequence[str]) -> list[int]:
    """The offset of each line."""
    return [0, *accumulate(len(row) + 1 for row in rows)][: max(len(rows), 1)]


def _is_part(character: str) -> bool:
    return character == "_" or character.isalnum()
