"""Which characters of a text does an edit replace, and what are the bytes afterwards?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from rnnlint.finding import Edit
from rnnlint.read.problem import SourceError
from rnnlint.read.rows import row_starts

Edits: TypeAlias = Mapping[int | None, Sequence[Edit]]
"""Edits that do not overlap, by the cell of a notebook; None outside notebooks."""

Splice: TypeAlias = tuple[int, int, str]
"""Replace the characters from one offset up to another by a text."""


def rewritten(data: bytes, filename: str, text: str, splices: Iterable[Splice], codec: str, mark: bytes = b"") -> bytes:
    """The bytes of a text after the splices, provided that encoding the unchanged text gives the bytes that were
    read."""
    reason = f"cannot be fixed: its {codec} bytes could not be restored exactly"
    try:
        if mark + text.encode(codec) == data:
            return mark + spliced(text, splices).encode(codec)
    except UnicodeError:
        pass
    raise SourceError(filename, 0, 0, reason)


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text after splices, which do not overlap."""
    pieces, at = [], 0
    for start, end, content in sorted(splices):
        pieces += [text[at:start], content]
        at = end
    return "".join(pieces) + text[at:]


def splices_of(text: str, edits: Iterable[Edit], filename: str) -> list[Splice]:
    """The splices for edits of a text, in order. Raises SourceError if the text has no such place."""
    starts = row_starts(text)
    found = []
    for edit in edits:
        start = _offset(text, starts, edit.row, edit.column)
        end = _offset(text, starts, edit.end_row, edit.end_column)
        if start is None or end is None or start > end:
            where = f" of cell {edit.cell}" if edit.cell else ""
            reason = f"cannot be fixed: a fix is outside the text{where}"
            raise SourceError(filename, edit.row, edit.column, reason)
        found.append((start, end, edit.content))
    return sorted(found)


def _offset(text: str, starts: Sequence[int], row: int, column: int) -> int | None:
    """The offset of the character at a place; None if there is none."""
    if not 1 <= row <= len(starts) or column < 1:
        return None
    limit = starts[row] if row < len(starts) else len(text) + 1
    place = starts[row - 1] + column - 1
    return None if place >= limit and place != len(text) else place
