"""Where is a place after edits? Needed to recognize a finding in the file that its fix has changed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from rnnlint.finding import Edit, Finding
from rnnlint.report.applying import Span, edits_with_cells

if TYPE_CHECKING:
    from rnnlint.read.splices import Edits

Point: TypeAlias = tuple[int, int]
"""A line and a column, both from 1."""


class Moved:
    """The places of one text before and after edits, which do not overlap."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._begins: list[Point] = []
        self._ends: list[Point] = []
        self._now: list[Span] = []
        for edit in sorted(edits):
            begin = self.point((edit.row, edit.column))
            self._begins.append((edit.row, edit.column))
            self._ends.append((edit.end_row, edit.end_column))
            self._now.append((begin, _behind(begin, edit.content)))

    def point(self, before: Point) -> Point:
        """The new place of a character; the start of its replacement if it was replaced."""
        at = bisect_right(self._begins, before) - 1
        if at < 0:
            return before
        end, (begin, now) = self._ends[at], self._now[at]
        if before < end:
            return begin
        if before[0] > end[0]:
            return before[0] - end[0] + now[0], before[1]
        return now[0], now[1] + before[1] - end[1]

    def before(self, point: Point) -> Point:
        """The place of a character if no earlier edit had been applied."""
        at = bisect_left(self._begins, point)
        return self._now[at][0] if self._begins[at : at + 1] == [point] else self.point(point)

    def span(self, edit: Edit) -> Span:
        """The range that the text of an edit covers now."""
        return self._now[bisect_right(self._begins, (edit.row, edit.column)) - 1]


def unresolved(fixed: Sequence[Finding], edits: Edits, after: Iterable[Finding]) -> list[Finding]:
    """The findings whose fix was applied and that come back, with a fix at the same first place.

    ``edits`` are all edits that were applied, including those of the fixes.

    A finding that remains without a fix needs work by hand, and one whose next fix is elsewhere is fixed step by step.
    One that asks for the same change again would do so forever.
    """
    moved = {cell: Moved(some) for cell, some in edits.items()}
    again = {one.identity[1:]: one for one in after if one.fix is not None}
    found = []
    for finding in fixed:
        places = {_at(finding, moved).identity[1:], _at(finding, moved, Moved.before).identity[1:]}
        if any(place in again and _repeats(finding, again[place], moved) for place in places):
            found.append(finding)
    return found


def moved_on(findings: Iterable[Finding], edits: Edits) -> list[Finding]:
    """The findings at their places after the edits."""
    moved = {cell: Moved(some) for cell, some in edits.items()}
    return [_at(finding, moved) for finding in findings]


def _at(
    finding: Finding, moved: Mapping[int | None, Moved], where: Callable[[Moved, Point], Point] = Moved.point
) -> Finding:
    its_cell = moved.get(finding.cell)
    if its_cell is None:
        return finding
    row, column = where(its_cell, (finding.row, finding.column))
    return finding._replace(row=row, column=column)


def _repeats(finding: Finding, other: Finding, moved: Mapping[int | None, Moved]) -> bool:
    written = [(cell, moved[cell or None].span(edit)) for cell, edit in edits_with_cells(finding)]
    return any(
        cell == its and begin <= (edit.end_row, edit.end_column) and (edit.row, edit.column) <= end
        for cell, (begin, end) in written
        for its, edit in edits_with_cells(other)
    )


def _behind(begin: Point, content: str) -> Point:
    """The place after the last character of a text that begins there."""
    lines = content.split("\n")
    return (begin[0] + len(lines) - 1, len(lines[-1]) + (begin[1] if len(lines) == 1 else 1))
