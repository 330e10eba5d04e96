"""Which characters does a finding point at? Rows from 1 and columns in bytes from 0, as `ast` counts them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnnlint.read.source import Source


def start_of(node: ast.AST) -> tuple[int, int]:
    """Where people put the comment that silences a finding: the row of the last name of a dotted expression."""
    if isinstance(node, ast.Call):
        return start_of(node.func)
    row, column = node.lineno, node.col_offset  # type: ignore[attr-defined]
    if isinstance(node, ast.Attribute) and node.end_lineno not in (None, row):
        assert node.end_lineno is not None and node.end_col_offset is not None
        return node.end_lineno, node.end_col_offset - len(node.attr.encode())
    return row, column


def end_of(node: ast.AST, source: Source) -> tuple[int, int]:
    """Behind the last character: of a loop that of its header, since the body is what it is, whoever runs it."""
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return _colon_behind(node.iter, source)
    if isinstance(node, ast.While):
        return _colon_behind(node.test, source)
    row, column = start_of(node)
    end_row, end_column = getattr(node, "end_lineno", None), getattr(node, "end_col_offset", None)
    return end_row or row, column if end_column is None else end_column


def _colon_behind(node: ast.expr, source: Source) -> tuple[int, int]:
    """Where the colon of the header stands that ends with this expression: only brackets and comments come before."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    row, column = node.end_lineno, node.end_col_offset
    rows = source.rows
    while row <= len(rows):
        line = rows[row - 1].encode("utf-8", "surrogatepass")
        code = line[column:].partition(b"#")[0]
        if b":" in code:
            return row, column + code.index(b":")
        row, column = row + 1, 0
    return node.end_lineno, node.end_col_offset
