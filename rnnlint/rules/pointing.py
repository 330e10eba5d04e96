"""Which characters does a finding point at? Lines count from 1 and columns in bytes from 0, as in `ast`."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from rnnlint.read.rows import byte_column, character_column

if TYPE_CHECKING:
    from rnnlint.read.source import Source

_COLON = re.compile(r"[^:#]*:")


def start_of(node: ast.AST) -> tuple[int, int]:
    """The line where people put the comment that silences a finding, and the column: the last name of a dotted name."""
    if isinstance(node, ast.Call):
        return start_of(node.func)
    row, column = node.lineno, node.col_offset  # type: ignore[attr-defined]
    if isinstance(node, ast.Attribute) and node.end_lineno not in (None, row):
        assert node.end_lineno is not None and node.end_col_offset is not None
        return node.end_lineno, node.end_col_offset - len(node.attr.encode())
    return row, column


def end_of(node: ast.AST, source: Source) -> tuple[int, int]:
    """The position after the last character; for a loop, the end of its header."""
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return _colon_behind(node.iter, source)
    if isinstance(node, ast.While):
        return _colon_behind(node.test, source)
    row, column = start_of(node)
    end_row, end_column = getattr(node, "end_lineno", None), getattr(node, "end_col_offset", None)
    return end_row or row, column if end_column is None else end_column


def _colon_behind(node: ast.expr, source: Source) -> tuple[int, int]:
    """The position of the colon of a loop header that ends with this expression, after brackets and comments."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    row, column = node.end_lineno, node.end_col_offset
    at = character_column(source.row_as_parsed(row), column)
    while row <= len(source.lines):
        line = source.row_as_parsed(row)
        found = _COLON.match(line, at)
        if found is not None:
            return row, byte_column(line, found.end() - 1)
        row, at = row + 1, 0
    return node.end_lineno, node.end_col_offset
