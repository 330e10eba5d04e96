"""What is a parsed source? The text, its tree, and the place of each node in the file."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

from rnnlint.read.problem import SourceError
from rnnlint.read.rows import Shifts, character_column, column_as_written

Dialect = Literal["python3", "python2", "notebook"]

_UNSHIFTED: Mapping[int, Shifts] = {}


class Place(NamedTuple):
    """A character in the original file: lines, columns and cells count from 1."""

    row: int
    column: int
    cell: int | None = None


class Source(NamedTuple):
    """A module as written and as Python sees it; lines of the tree are lines of `lines`."""

    filename: str
    text: str
    lines: list[str]  # without their newlines
    tree: ast.Module
    dialect: Dialect = "python3"
    problems: Sequence[SourceError] = ()
    # The parsed text of each line that differs from the original, and its columns.
    parsed_lines: Mapping[int, str] = MappingProxyType({})
    shifts: Mapping[int, Shifts] = MappingProxyType({})
    # Notebooks: the cell, and the line in it, for every line of the module.
    cells: tuple[tuple[int, int], ...] = ()
    broken: SourceError | None = None
    """Python's syntax error, if only part of the text could be parsed."""

    def place(self, row: int, byte_column: int) -> Place:
        """The place of a node, from the line and the UTF-8 byte column of `ast`."""
        if not 1 <= row <= len(self.lines):
            return self._in_cell(row, byte_column + 1)
        column = character_column(self.row_as_parsed(row), byte_column)
        if row in self.shifts:
            column = column_as_written(self.shifts[row], column)
        return self._in_cell(row, column + 1)

    def line_at(self, place: Place) -> str:
        """The original line, without its newline; empty past the end."""
        row = place.row
        if place.cell is not None:
            # Cells are in order, and so are the lines of each.
            wanted = (place.cell, place.row)
            at = bisect_left(self.cells, wanted)
            row = at + 1 if self.cells[at : at + 1] == (wanted,) else 0
        return self.lines[row - 1] if 1 <= row <= len(self.lines) else ""

    def row_as_parsed(self, row: int) -> str:
        """One line of the text that `tree` was parsed from, counted from 1; empty if there is none."""
        line = self.parsed_lines.get(row)
        if line is not None:
            return line
        return self.lines[row - 1] if 1 <= row <= len(self.lines) else ""

    @property
    def rows(self) -> list[str]:
        """The lines of the text that `tree` was parsed from."""
        if not self.parsed_lines:
            return self.lines
        return [self.parsed_lines.get(row, line) for row, line in enumerate(self.lines, 1)]

    def _in_cell(self, row: int, column: int) -> Place:
        if not self.cells:
            return Place(row, column)
        cell, row_in_cell = self.cells[min(max(row, 1), len(self.cells)) - 1]
        return Place(row_in_cell, column, cell)
