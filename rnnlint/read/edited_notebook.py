"""What is the JSON of a notebook after edits of its cells? Everything else in it stays the same, byte for byte.

The JSON is not serialized again: Python's JSON decoder gives the place of each string, and edits replace characters
within it, so all other escapes stay.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rnnlint.read.problem import SourceError
from rnnlint.read.splices import Edits, Splice, rewritten, splices_of

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)
"""One character of a string with its escape; the two escapes of a surrogate pair count as one."""


class Token(NamedTuple):
    """A string of the JSON, from its opening to its closing quotation mark."""

    start: int
    end: int
    value: str


class Lines(NamedTuple):
    """The strings of a cell's source. ``plain`` is False if there is anything else between them."""

    tokens: list[Token]
    plain: bool

    @property
    def text(self) -> str:
        """The source."""
        return "".join(token.value for token in self.tokens)


def edited_notebook(data: bytes, filename: str, edits: Edits) -> bytes:
    """The content of a notebook after the edits of its cells. Raises SourceError if that cannot be done."""
    codec, text = _decoded(data)
    cells = _cells(text)
    splices: list[Splice] = []
    for number, changes in edits.items():
        lines = cells.get(number or 0)
        if lines is None or not (lines.plain and lines.tokens):
            raise SourceError(filename, 0, 0, f"cannot be fixed: cell {number} has an unexpected layout")
        splices += _splices(text, lines.tokens, splices_of(lines.text, changes, filename))
    return rewritten(data, filename, text, splices, codec)


def cell_texts(data: bytes) -> dict[int, str]:
    """The source of each cell that has one, by its number from 1. Raises ValueError for invalid JSON."""
    return {number: lines.text for number, lines in _cells(_decoded(data)[1]).items()}


def _decoded(data: bytes) -> tuple[str, str]:
    codec = json.detect_encoding(data)
    return codec, data.decode(codec)


# ---- where strings stand


def _cells(text: str) -> dict[int, Lines]:
    """The cells as `rnnlint.read.notebook` counts them: all cells of format 4, or those of all worksheets before it."""
    document = dict(_members(text, _skip(text, 0)))
    if "cells" in document:
        starts = list(_items(text, document["cells"]))
    else:
        sheets = _items(text, document["worksheets"]) if "worksheets" in document else iter(())
        inside = (dict(_members(text, sheet)) for sheet in sheets)
        starts = [cell for sheet in inside if "cells" in sheet for cell in _items(text, sheet["cells"])]
    found = {}
    for number, start in enumerate(starts, 1):
        members = dict(_members(text, start))
        place = members.get("source", members.get("input"))
        if place is not None:
            found[number] = _lines(text, place)
    return found


def _lines(text: str, start: int) -> Lines:
    if text[start] == '"':
        return Lines([_token(text, start)], True)
    items = list(_items(text, start))
    return Lines([_token(text, item) for item in items if text[item] == '"'], all(text[i] == '"' for i in items))


def _token(text: str, start: int) -> Token:
    value, end = _DECODER.raw_decode(text, start)
    return Token(start, end, value)


def _members(text: str, start: int) -> Iterator[tuple[str, int]]:
    """The keys of an object with the places of their values; empty if no object begins there."""
    if text[start] != "{":
        return
    at = _skip(text, start + 1)
    while text[at] != "}":
        key, at = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)
        yield key, at
        at = _next(text, at)


def _items(text: str, start: int) -> Iterator[int]:
    """The places of the items of a list; empty if no list begins there."""
    if text[start] != "[":
        return
    at = _skip(text, start + 1)
    while text[at] != "]":
        yield at
        at = _next(text, at)


def _next(text: str, at: int) -> int:
    """The offset after a value and the comma that may follow."""
    _, end = _DECODER.raw_decode(text, at)
    end = _skip(text, end)
    return _skip(text, end + 1) if text[end] == "," else end


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    assert found is not None
    return found.end()


# ---- what is put there


class _Line(NamedTuple):
    """A string after the edits, escaped, and its plain text."""

    raw: str
    value: str
    changed: bool


def _splices(text: str, tokens: Sequence[Token], places: Sequence[Splice]) -> list[Splice]:
    """The replacements in the JSON for these characters of the source of one cell."""
    starts, ends = [place[0] for place in places], [place[1] for place in places]
    lines, begin = [], 0
    for token in tokens:
        end = begin + len(token.value)
        its_own = places[bisect_left(ends, begin) : bisect_right(starts, end)]
        lines.append(_line(text, token, begin, token is tokens[-1], its_own))
        begin = end
    return list(_laid_out(tokens, lines))


def _line(text: str, token: Token, begin: int, is_last: bool, places: Sequence[Splice]) -> _Line:
    raw = text[token.start + 1 : token.end - 1]
    bounds = [0, *(found.end() for found in _CHARACTER.finditer(raw))]
    end = begin + len(token.value)
    pieces, at, changed = [], 0, False
    for start, stop, content in places:
        owns = begin <= start < end or is_last and start == end
        first, last = max(start, begin) - begin, min(stop, end) - begin
        if not owns and first >= last:
            continue
        new = json.dumps(content, ensure_ascii=text.isascii())[1:-1] if owns else ""
        pieces += [raw[at : bounds[first]], new]
        at, changed = bounds[max(first, last)], True
    whole = "".join(pieces) + raw[at:]
    return _Line(whole, json.loads(f'"{whole}"', strict=False) if changed else token.value, changed)


def _laid_out(tokens: Sequence[Token], lines: Sequence[_Line]) -> Iterator[Splice]:
    """Keep one line per string: an empty one is removed, and one that lost its newline absorbs the next."""
    kept = [bool(line.value) or not line.changed for line in lines]
    if not any(kept):
        kept[0] = True
    last = max(index for index, keep in enumerate(kept) if keep)
    index = 0
    while index < len(tokens):
        if not kept[index]:
            # Up to the next string; after the last that is kept, from its end on.
            if index < last:
                yield tokens[index].start, tokens[index + 1].start, ""
            elif index == last + 1:
                yield tokens[last].end, tokens[-1].end, ""
            index += 1
            continue
        stop = index
        while stop < last and _lost_newline(tokens[stop], lines[stop]):
            stop += 1
        if any(line.changed for line in lines[index : stop + 1]):
            raw = "".join(line.raw for line in lines[index : stop + 1])
            yield tokens[index].start + 1, tokens[stop].end - 1, raw
        index = stop + 1


def _lost_newline(token: Token, line: _Line) -> bool:
    return line.changed and token.value.endswith(("\n", "\r")) and not line.value.endswith(("\n", "\r"))
