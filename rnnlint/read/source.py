"""What does this file say, and where in it stands a node of its tree? The door of this floor."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

from rnnlint.read.encoding import decode
from rnnlint.read.parsing import parse, refuse_deep
from rnnlint.read.problem import SourceError
from rnnlint.read.rows import Shifts, character_column, column_as_written, split_rows

__all__ = [
    "Dialect", "Place", "Source", "SourceError", "from_bytes", "from_text", "from_tree",
]  # fmt: skip

Dialect = Literal["python3", "python2", "notebook"]

_UNSHIFTED: Mapping[int, Shifts] = {}


class Place(NamedTuple):
    """A character in the file as it was written: rows, columns and cells count from 1."""

    row: int
    column: int
    cell: int | None = None


class Source(NamedTuple):
    """A module as it was written and as Python sees it; rows of the tree are rows of `lines`."""

    filename: str
    text: str
    lines: list[str]  # without their newlines
    tree: ast.Module
    dialect: Dialect = "python3"
    problems: Sequence[SourceError] = ()
    # What was parsed where that is not what was written: the row's text, and its columns.
    parsed_lines: Mapping[int, str] = MappingProxyType({})
    shifts: Mapping[int, Shifts] = MappingProxyType({})
    # Notebooks: the cell and the row in it for every row of the module.
    cells: tuple[tuple[int, int], ...] = ()
    broken: SourceError | None = None
    """What Python says of the text where only a part of it could be parsed."""

    def place(self, row: int, byte_column: int) -> Place:
        """The place of a node, by the row and the UTF-8 byte column that `ast` gives it."""
        if not 1 <= row <= len(self.lines):
            return self._in_cell(row, byte_column + 1)
        column = character_column(self.row_as_parsed(row), byte_column)
        if row in self.shifts:
            column = column_as_written(self.shifts[row], column)
        return self._in_cell(row, column + 1)

    def line_at(self, place: Place) -> str:
        """The line as it was written, without its newline; empty beyond the end."""
        row = place.row
        if place.cell is not None:
            # Cells are in order, and so are the rows of each.
            wanted = (place.cell, place.row)
            at = bisect_left(self.cells, wanted)
            row = at + 1 if self.cells[at : at + 1] == (wanted,) else 0
        return self.lines[row - 1] if 1 <= row <= len(self.lines) else ""

    def row_as_parsed(self, row: int) -> str:
        """One row of the text that `tree` was parsed from, counted from 1; empty where there is none."""
        line = self.parsed_lines.get(row)
        if line is not None:
            return line
        return self.lines[row - 1] if 1 <= row <= len(self.lines) else ""

    @property
    def rows(self) -> list[str]:
        """The rows of the text that `tree` was parsed from."""
        if not self.parsed_lines:
            return self.lines
        return [self.parsed_lines.get(row, line) for row, line in enumerate(self.lines, 1)]

    def _in_cell(self, row: int, column: int) -> Place:
        if not self.cells:
            return Place(row, column)
        cell, row_in_cell = self.cells[min(max(row, 1), len(self.cells)) - 1]
        return Place(row_in_cell, column, cell)


def from_bytes(data: bytes, filename: str, in_part: bool = False) -> Source:
    """Read the content of a file, as a notebook if its name says so; see `from_text`."""
    if filename.endswith(".ipynb"):
        return _from_notebook(data, filename)
    return from_text(decode(data, filename), filename, in_part)


def from_text(text: str, filename: str, in_part: bool = False) -> Source:
    """Read text that was decoded already, as Python 3 or else as Python 2.

    ``in_part`` takes what can be parsed of a text that cannot as a whole; then ``broken`` says why.
    """
    if filename.endswith(".ipynb"):
        return _from_notebook(text, filename)
    text = text.removeprefix("\N{BYTE ORDER MARK}")
    try:
        return Source(filename, text, split_rows(text), parse(text, filename))
    except SourceError as error:
        found = _from_python2(text, filename) or (_in_part(text, filename) if in_part else None)
        if found is None:
            raise error from None
        return found


def from_tree(tree: ast.Module, lines: list[str], filename: str) -> Source:
    """Take over what a host has read and parsed; lines may come with their newlines."""
    text = "".join(lines)
    rows = split_rows(text)
    refuse_deep(tree, rows, filename)
    return Source(filename, text, rows, tree)


def _from_python2(text: str, filename: str) -> Source | None:
    from rnnlint.read.python2 import rewrite

    translation = rewrite(text)
    if translation is None:
        return None
    try:
        tree = parse(translation.text, filename)
    except SourceError:
        return None
    lines = split_rows(text)
    parsed = {
        row: new
        for row, (new, old) in enumerate(zip(split_rows(translation.text), lines, strict=True), 1)
        if new != old
    }
    return Source(filename, text, lines, tree, "python2", parsed_lines=parsed, shifts=translation.shifts)


def _in_part(text: str, filename: str) -> Source | None:
    """What can be parsed of a text that neither Python takes: of its translation, where there is one."""
    from rnnlint.read.python2 import rewrite
    from rnnlint.read.recovery import recover

    translation = rewrite(text)
    found = recover(translation.text if translation is not None else text, filename)
    if found is None:
        return None
    lines = split_rows(text)
    parsed = {row: new for row, (new, old) in enumerate(zip(found.rows, lines, strict=True), 1) if new != old}
    shifts = {**(translation.shifts if translation is not None else {}), **found.shifts}
    dialect: Dialect = "python2" if translation is not None else "python3"
    return Source(filename, text, lines, found.tree, dialect, parsed_lines=parsed, shifts=shifts, broken=found.error)


def _from_notebook(content: bytes | str, filename: str) -> Source:
    from rnnlint.read.notebook import read_notebook

    return read_notebook(content, filename)
