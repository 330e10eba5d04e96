"""Which lines move with a bracket that edits move? Lines aligned with the text right after the bracket.

Lines within strings and lines indented with tabs stay.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rnnlint.finding import Edit
from rnnlint.read.encoding import decoded
from rnnlint.read.lexer import tokenize
from rnnlint.read.rows import row_starts
from rnnlint.read.splices import Edits, Splice, splices_of

_OPENERS = frozenset("([{")
_CLOSERS = frozenset(")]}")


def aligned(data: bytes, filename: str, edits: Edits) -> Edits:
    """The edits of a file plus the edits of its indentation that keep its lines aligned.

    Raises SourceError if the file has no such place.
    """
    if filename.endswith(".ipynb"):
        from rnnlint.read.edited_notebook import cell_texts

        texts = cell_texts(data)
        return {cell: aligned_in(texts.get(cell or 0, ""), filename, some) for cell, some in edits.items()}
    return {cell: aligned_in(decoded(data, filename).text, filename, some) for cell, some in edits.items()}


def aligned_in(text: str, filename: str, edits: Sequence[Edit]) -> Sequence[Edit]:
    """The same for one text. Edits outside it are returned unchanged."""
    starts = row_starts(text)
    if not edits or any(max(edit.row, edit.end_row) > len(starts) for edit in edits):
        return edits
    cell = edits[0].cell
    found = _Rows(text, starts, splices_of(text, edits, filename)).moved()
    return [*edits, *(Edit(row, 1, row, length + 1, indent, cell) for row, length, indent in found)]


class _Bracket(NamedTuple):
    """An opening bracket: its line from 0, and its offset in the text."""

    row: int
    place: int


class _Rows:
    """The lines of one text, and how edits move the columns of its brackets."""

    def __init__(self, text: str, starts: Sequence[int], splices: Sequence[Splice]) -> None:
        self.text, self.starts = text, starts
        self.splices = sorted(splices)
        self.ends = [end for _, end, _ in self.splices]
        self.shifts: dict[int, int] = {}
        """By how many columns the text of each moved line shifts."""

    def moved(self) -> Iterator[tuple[int, int, str]]:
        """The lines that move, from 1, with the length of their indentation and the new one."""
        beside: dict[_Bracket, int] = {}
        for row, bracket in self._continued():
            indent = self._indent(row)
            begin = self.starts[row] + len(indent)
            if not self.text[begin : begin + 1].strip() or self._is_changed(self.starts[row], begin):
                continue
            column = bracket.place - self.starts[bracket.row]
            if self._is_below(row, bracket, begin):
                shift = self._column(bracket.place) - column if not self._is_replaced(bracket.place) else 0
                beside[bracket] = shift
            elif bracket in beside and len(indent) > column:
                # Indented deeper than the previous line, like a continued argument.
                shift = beside[bracket]
            else:
                shift = self.shifts.get(bracket.row, 0)
            if shift > 0:
                new = indent + " " * shift
            elif shift and indent.endswith(" " * -shift):
                new = indent[:shift]
            else:
                continue
            self.shifts[row] = shift
            yield row + 1, len(indent), new

    def _continued(self) -> Iterator[tuple[int, _Bracket]]:
        """The lines that begin inside brackets and outside strings, with the innermost bracket."""
        tokens = tokenize(self.text)
        if tokens is None:
            return
        brackets: list[_Bracket] = []
        place, row = 0, 1
        for token in tokens:
            while row < len(self.starts) and self.starts[row] <= place:
                if brackets:
                    yield row, brackets[-1]
                row += 1
            if token.kind == "operator" and token.text in _OPENERS:
                brackets.append(_Bracket(row - 1, place))
            elif token.kind == "operator" and token.text in _CLOSERS and brackets:
                brackets.pop()
            place += len(token.text)
            if token.kind == "string":
                row = max(row, bisect_right(self.starts, place - 1))

    def _indent(self, row: int) -> str:
        line = self.text[self.starts[row] : self.starts[row + 1] if row + 1 < len(self.starts) else len(self.text)]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def _is_below(self, row: int, bracket: _Bracket, begin: int) -> bool:
        """Whether a line begins right below the text after its bracket, or below a closing bracket."""
        above, indent = self._indent(bracket.row), self._indent(row)
        column = bracket.place - self.starts[bracket.row] + 1
        rest = self.text[bracket.place + 1 : self.starts[bracket.row + 1]].split("#")[0]
        wanted = column - 1 if self.text[begin] in _CLOSERS and len(indent) < column else column
        is_same_tabs = indent[: len(above)] == above and "\t" not in indent[len(above) :]
        return bool(rest.strip()) and len(indent) == wanted and is_same_tabs

    def _is_changed(self, start: int, end: int) -> bool:
        """Whether an edit covers the beginning of a line, or reaches up to it."""
        at = bisect_left(self.ends, start)
        return at < len(self.splices) and self.splices[at][0] < end

    def _is_replaced(self, place: int) -> bool:
        at = bisect_right(self.ends, place)
        return at < len(self.splices) and self.splices[at][0] <= place < self.splices[at][1]

    def _column(self, place: int) -> int:
        """The column of a character after the edits."""
        row = bisect_right(self.starts, place) - 1
        at, column = place, 0
        for start, end, content in reversed(self.splices[: bisect_right(self.ends, place)]):
            if end < self.starts[row]:
                break
            column += at - end + len(content) - 1 - max(content.rfind("\n"), content.rfind("\r"))
            if "\n" in content or "\r" in content:
                return column
            at = start
            row = bisect_right(self.starts, at) - 1
        return column + at - self.starts[row] + self.shifts.get(row, 0)
