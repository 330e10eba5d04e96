"""Which findings at uses only repeat the finding at their import, and how is that shown briefly?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from rnnlint.finding import Finding
from rnnlint.rules.watch import Report

Found = tuple[Report, Finding]


def without_repeats(found: Iterable[Found], report_uses: bool) -> list[Finding]:
    """The findings of a module. Those at uses name the place of the finding at their import.

    A finding that repeats the one at its import word for word points to it instead. With ``report_uses=False``, uses
    of a symbol whose import is reported are left out, even if their advice would be specific to their arguments.
    """
    found = list(found)
    by_import: dict[ast.AST, list[Finding]] = {}
    for report, finding in found:
        if report.is_import:
            by_import.setdefault(report.node, []).append(finding)
    return list(_shortened(found, by_import, report_uses)) if by_import else [finding for _, finding in found]


def _shortened(found: Iterable[Found], by_import: dict[ast.AST, list[Finding]], report_uses: bool) -> Iterator[Finding]:
    for report, finding in found:
        imports = [one for alias in report.imported_by for one in by_import.get(alias, ())]
        if not imports:
            yield finding
            continue
        same = next((one for one in imports if (one.code, one.api) == (finding.code, finding.api)), None)
        places = {_place(one) for one in ([same] if same is not None else imports)}
        # If a version switch has several imports, no single one of them imported the name of another symbol.
        placed = finding._replace(import_place=places.pop()) if len(places) == 1 else finding
        if same is None:
            yield placed
        elif report_uses:
            yield _pointing_to(same, placed) if same.message == finding.message else placed


def _place(finding: Finding) -> tuple[int, int, int]:
    return finding.cell or 0, finding.row, finding.column


def _pointing_to(imported: Finding, finding: Finding) -> Finding:
    where = f"on line {imported.row}"
    if imported.cell != finding.cell:
        where = f"in cell {imported.cell}, line {imported.row}"
    if not finding.help:
        return finding._replace(message=f"{finding.message} (imported {where})", repeats_import=True)
    help_ = f"see its import {where} for what to use"
    return finding._replace(message=f"{finding.statement}; {help_}", help=help_, repeats_import=True)
