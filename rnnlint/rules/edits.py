"""Which edit of the original file changes this piece of the parsed code?"""

from __future__ import annotations

import ast
from typing import NamedTuple

from rnnlint.finding import Edit
from rnnlint.read.rows import byte_column, character_column
from rnnlint.read.source import Source


class Point(NamedTuple):
    """A character of the parsed lines: the line counts from 1, the column from 0."""

    row: int
    column: int


def start_of(source: Source, node: ast.expr | ast.keyword | ast.alias | ast.stmt) -> Point:
    """Where a node begins."""
    return _point(source, node.lineno, node.col_offset)


def end_of(source: Source, node: ast.expr | ast.keyword | ast.alias | ast.stmt) -> Point:
    """The point after the last character of a node."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    return _point(source, node.end_lineno, node.end_col_offset)


def _point(source: Source, row: int, byte: int) -> Point:
    return Point(row, character_column(source.row_as_parsed(row), byte))


def text_between(source: Source, start: Point, end: Point) -> str:
    """The parsed text from one point up to another."""
    return _between([source.row_as_parsed(row) for row in range(start.row, end.row + 1)], start.column, end.column)


def edit_of(source: Source, start: Point, end: Point, content: str) -> Edit | None:
    """The edit that replaces the text between two points.

    None if the file differs there from what was parsed: Python 2 syntax, or an IPython command.
    """
    first, last = (
        source.place(point.row, byte_column(source.row_as_parsed(point.row), point.column)) for point in (start, end)
    )
    written = _between(source.lines[start.row - 1 : end.row], first.column - 1, last.column - 1)
    if first.cell != last.cell or written != text_between(source, start, end):
        return None
    return Edit(first.row, first.column, last.row, last.column, content, first.cell, source.filename)


def _between(rows: list[str], start: int, end: int) -> str:
    if len(rows) < 2:
        return rows[0][start:end] if rows else ""
    return "\n".join([rows[0][start:], *rows[1:-1], rows[-1][:end]])
