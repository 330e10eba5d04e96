"""Where do lines begin and end, and which character belongs to a byte? As Python's tokenizer sees it."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from functools import lru_cache

# Form feeds, U+2028 and the other separators of str.splitlines() do not end a line for Python.
_NEWLINE = re.compile(r"\r\n|\r|\n")

# In a longer line each place is looked up; a shorter one is faster to scan.
_LONG = 400

# For a line that was changed before parsing: pairs of (column now, original column), sorted.
Shifts = tuple[tuple[int, int], ...]


def split_rows(text: str) -> list[str]:
    """The physical lines without their newlines; a final newline does not open another line."""
    rows = _NEWLINE.split(text) if "\r" in text else text.split("\n")
    if rows and not rows[-1]:
        rows.pop()
    return rows


def row_starts(text: str) -> list[int]:
    """Where each physical line begins, and where one would begin after the last newline."""
    return [0, *(found.end() for found in _NEWLINE.finditer(text))]


def character_column(line: str, byte_column: int) -> int:
    """0-based: the character of `line` that begins at a UTF-8 byte."""
    if line.isascii():
        return byte_column
    if len(line) < _LONG:
        return len(line.encode("utf-8", "surrogatepass")[:byte_column].decode("utf-8", "ignore"))
    return bisect_right(_ends(line), byte_column)


def byte_column(line: str, column: int) -> int:
    """0-based: the UTF-8 byte at which a character of `line` begins."""
    if line.isascii() or not column:
        return column
    if len(line) < _LONG:
        return len(line[:column].encode("utf-8", "surrogatepass"))
    ends = _ends(line)
    return ends[min(column, len(ends)) - 1]


@lru_cache(maxsize=2)
def _ends(line: str) -> array[int]:
    """The byte after which each character of a line ends. A line may be long, and all of its places may be needed."""
    found, end = array("I"), 0
    for character in line:
        code = ord(character)
        end += 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4
        found.append(end)
    return found


def column_as_written(shifts: Shifts, column: int) -> int:
    """Undo the changes of one line; inside inserted text, stay at the text that follows it."""
    index = bisect_right(shifts, column, key=_column_now) - 1
    if index < 0:
        return column
    now, written = shifts[index]
    result = written + column - now
    if index + 1 < len(shifts):
        result = min(result, shifts[index + 1][1])
    return result


def _column_now(shift: tuple[int, int]) -> int:
    return shift[0]
