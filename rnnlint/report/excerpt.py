"""How is a place in a source line shown? The line in printable form, and a marker below it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

WIDEST = 140
"""Longer lines are cut around the marker: a generated line may have 100,000 characters."""

_BEFORE = 40
_TAB = 4


def printable(text: str) -> str:
    """The text on one line and without control characters, which could affect the terminal."""
    if text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def draw(line: str, column: int, end_column: int) -> tuple[str, str]:
    """The line and its marker; the columns are 1-based, the end is the column after the last one marked."""
    first = min(max(column - 1, 0), len(line))
    last = max(first + 1, min(end_column - 1, len(line)))
    if len(line) <= WIDEST and line.isascii() and line.isprintable():
        return line.rstrip(), " " * first + "^" * (last - first)
    begin = max(0, first - _BEFORE) if len(line) > WIDEST else 0
    end = begin + WIDEST
    cells = _cells(line[begin:end])
    drawn = "".join(cells)
    before = sum(map(_width, cells[: first - begin]))
    marked = sum(map(_width, cells[first - begin : last - begin])) or 1
    if begin:
        drawn, before = "..." + drawn, before + 3
    if end < len(line):
        drawn += "..."
    return drawn.rstrip(), " " * before + "^" * marked


def _cells(text: str) -> Sequence[str]:
    """The text to show for each character."""
    return [" " * _TAB if character == "\t" else _visible(character) for character in text]


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    # Format characters such as bidirectional marks may reorder the display; show that there is one.
    return " " if character in "\t\n\r\v\f" else "\N{REPLACEMENT CHARACTER}"


def _width(shown: str) -> int:
    """How many columns of a terminal the shown text takes."""
    if shown.isascii():
        return len(shown)
    return sum(_character_width(character) for character in shown)


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
