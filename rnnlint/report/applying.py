"""Which fixes can be applied at once? Those whose edits do not touch each other, the first ones first."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from rnnlint.finding import Edit, Finding

if TYPE_CHECKING:
    from rnnlint.read.splices import Edits

Span: TypeAlias = "tuple[tuple[int, int], tuple[int, int]]"
"""The line and column where an edit begins, and those after its end."""


def compatible(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of one file whose fixes can be applied together; each fix is applied completely or not at all.

    If several fixes contain the same edit, or imports from one module at one place, it is applied once. A fix that
    names another file than its finding is ignored: nothing was found there.
    """
    with_fix = [finding for finding in findings if edits_with_cells(finding) and _stays_in_its_file(finding)]
    chosen: list[Finding] = []
    taken: dict[int, list[Span]] = {}
    made: set[tuple[int, Span, str]] = set()
    for finding in sorted(with_fix, key=_place):
        new = {(cell, _span(edit), _frame(edit)) for cell, edit in edits_with_cells(finding)} - made
        if not any(_touches(span, taken.get(cell, ())) for cell, span, _ in new):
            chosen.append(finding)
            made |= new
            for cell, span, _ in new:
                insort(taken.setdefault(cell, []), span)
    return chosen


def edits_of(findings: Sequence[Finding]) -> Edits:
    """The edits of findings of one file, by the cell that they change; each once."""
    found: dict[int | None, dict[tuple[Span, str], Edit]] = {}
    for finding in findings:
        for cell, edit in edits_with_cells(finding):
            edits, key = found.setdefault(cell or None, {}), (_span(edit), _frame(edit))
            edits[key] = _joined(edits[key], edit) if key in edits else edit
    return {cell: list(edits.values()) for cell, edits in found.items()}


def edits_with_cells(finding: Finding) -> list[tuple[int, Edit]]:
    """The edits of a finding with their cells, 0 outside notebooks."""
    if finding.fix is None:
        return []
    return [((finding.cell if edit.cell is None else edit.cell) or 0, edit) for edit in finding.fix.edits]


def _frame(edit: Edit) -> str:
    """The content of an edit without the names that it imports, by which such edits can be merged."""
    before, _, after = edit.content.rpartition(edit.names) if edit.names else (edit.content, "", "")
    return f"{before}\0{after}" if edit.names else before


def _joined(one: Edit, other: Edit) -> Edit:
    """The edit that replaces two that differ only in the names that they import."""
    if one.names == other.names:
        return one
    names = ", ".join(sorted({*one.names.split(", "), *other.names.split(", ")}))
    return one._replace(content=_frame(one).replace("\0", names), names=names)


def _stays_in_its_file(finding: Finding) -> bool:
    return finding.fix is None or all(edit.filename in (finding.filename, None) for edit in finding.fix.edits)


def _place(finding: Finding) -> tuple[int, Span, str]:
    cell, span = min((cell, _span(edit)) for cell, edit in edits_with_cells(finding))
    return cell, span, finding.code


def _span(edit: Edit) -> Span:
    return (edit.row, edit.column), (edit.end_row, edit.end_column)


def _touches(span: Span, taken: Sequence[Span]) -> bool:
    """Whether an edit overlaps one of these, or inserts its text at the same place.

    They are sorted and do not overlap, so only the previous and the next one can.
    """
    at = bisect_left(taken, span)
    before, behind = taken[at - 1 : at] if at else (), taken[at : at + 1]
    return any(_touch(one, span) for one in before) or any(_touch(span, one) for one in behind)


def _touch(first: Span, second: Span) -> bool:
    return first[1] > second[0] or first[0] == second[0]
