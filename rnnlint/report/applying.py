"""Which fixes can be made at once? Those whose edits do not touch each other, the first ones first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rnnlint.finding import Edit, Finding

if TYPE_CHECKING:
    from rnnlint.read.edited import Edits


def compatible(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of one file whose fixes can be made together; all of a fix is made or nothing."""
    with_fix = [finding for finding in findings if finding.fix is not None and finding.fix.edits]
    chosen: list[Finding] = []
    taken: list[tuple[int, Edit]] = []
    for finding in sorted(with_fix, key=_place):
        edits = _edits(finding)
        if not any(_touch(one, other) for one in edits for other in taken):
            chosen.append(finding)
            taken += edits
    return chosen


def edits_of(findings: Sequence[Finding]) -> Edits:
    """The edits of findings of one file, by cell."""
    found: dict[int | None, list[Edit]] = {}
    for finding in findings:
        if finding.fix is not None:
            found.setdefault(finding.cell, []).extend(finding.fix.edits)
    return found


def _edits(finding: Finding) -> list[tuple[int, Edit]]:
    return [(finding.cell or 0, edit) for edit in finding.fix.edits] if finding.fix is not None else []


def _place(finding: Finding) -> tuple[int, int, int, int, int, str]:
    cell, edit = min((cell, edit) for cell, edit in _edits(finding))
    return cell, edit.row, edit.column, edit.end_row, edit.end_column, finding.code


def _touch(one: tuple[int, Edit], other: tuple[int, Edit]) -> bool:
    """Whether two edits share characters, or put their texts at one place."""
    if one[0] != other[0]:
        return False
    (first, second) = sorted((one[1], other[1]))
    end, start = (first.end_row, first.end_column), (second.row, second.column)
    return end > start or (first.row, first.column) == start
