"""Where is a finding in the editor's terms? Lines from 0 and columns in the encoding that the client chose."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from functools import lru_cache

from lsprotocol import types
from pygls.uris import from_fs_path
from pygls.workspace import PositionCodec, TextDocument

from rnnlint.finding import Finding, Origin
from rnnlint.hosts.server.check import Page, Report
from rnnlint.read.rows import byte_column

# Characters that UTF-16 encodes in two units.
_WIDE = re.compile("[\U00010000-\U0010ffff]")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class Document(TextDocument):
    """Whether lines need splitting again: pygls also splits at form feeds and U+2028, and editors do not."""

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(_LINE.findall(self.source))


def adopt(documents: dict[str, TextDocument], codec: PositionCodec) -> None:
    """Make every document split lines as editors do."""
    for key, known in list(documents.items()):
        if not isinstance(known, Document):
            documents[key] = Document(
                known.uri, known.source, known.version, known.language_id, position_codec=codec
            )  # fmt: skip


class Places:
    """Converts places of findings to positions of the protocol."""

    def __init__(self, codec: PositionCodec) -> None:
        self._codec = codec

    def position(self, page: Page, row: int, column: int) -> types.Position:
        """The position of a character, by its line and column from 1."""
        line = page.lines[row - 1] if 1 <= row <= len(page.lines) else ""
        if row == 1 and line.startswith("\N{BYTE ORDER MARK}"):
            column += 1
        return types.Position(line=row - 1, character=self._units(line, min(column - 1, len(line))))

    def _units(self, line: str, column: int) -> int:
        """How many units of the client precede a character of a line; cached, since lines may be long."""
        if line.isascii() or self._codec.encoding == types.PositionEncodingKind.Utf32:
            return column
        if self._codec.encoding == types.PositionEncodingKind.Utf8:
            return byte_column(line, column)
        return column + bisect_left(_wide(line), column)

    def range(self, page: Page, row: int, column: int, end_row: int, end_column: int) -> types.Range:
        """The range between two characters."""
        return types.Range(start=self.position(page, row, column), end=self.position(page, end_row, end_column))

    def of(self, finding: Finding, page: Page) -> types.Range:
        """The range of a finding."""
        return self.range(page, finding.row, finding.column, finding.end_row, finding.end_column)

    def of_origin(self, origin: Origin, report: Report) -> types.Location:
        """The location of a line that a finding depends on."""
        page = _page_with(origin, report)
        uri = page.uri if page else from_fs_path(os.path.abspath(origin.filename)) or ""
        start, end = types.Position(origin.row - 1, 0), types.Position(origin.row, 0)
        if page:
            line = page.lines[origin.row - 1]
            start = self.position(page, origin.row, len(line) - len(line.lstrip()) + 1)
            end = self.position(page, origin.row, len(line) + 1)
        return types.Location(uri=uri, range=types.Range(start=start, end=end))


@lru_cache(maxsize=2)
def _wide(line: str) -> list[int]:
    return [found.start() for found in _WIDE.finditer(line)]


def _page_with(origin: Origin, report: Report) -> Page | None:
    """The page of the module that contains the line."""
    if os.path.abspath(origin.filename) != os.path.abspath(report.module.filename):
        return None
    page = report.module.pages[(origin.cell or 1) - 1]
    return page if origin.row <= len(page.lines) else None


def contains(outer: types.Range, position: types.Position) -> bool:
    """Whether the position is in the range or at one of its ends."""
    return _pair(outer.start) <= _pair(position) <= _pair(outer.end)


def meet(one: types.Range, other: types.Range) -> bool:
    """Whether the ranges share a position."""
    return _pair(one.start) <= _pair(other.end) and _pair(other.start) <= _pair(one.end)


def _pair(position: types.Position) -> tuple[int, int]:
    return position.line, position.character
