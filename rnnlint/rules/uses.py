"""Which findings at uses say what the one at their import says already, and how is that told in few words?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from rnnlint.finding import Finding
from rnnlint.rules.watch import Report

Found = tuple[Report, Finding]


def told_by_imports(found: Iterable[Found], report_uses: bool) -> list[Finding]:
    """The findings of a module. Those at uses know the finding at their import.

    One that repeats it word for word points to it instead. Where ``report_uses`` is false, each use of a symbol whose
    import is reported is left out, whatever it has to say of its arguments.
    """
    found = list(found)
    by_import: dict[ast.AST, list[Finding]] = {}
    for report, finding in found:
        if report.is_import:
            by_import.setdefault(report.node, []).append(finding)
    return list(_told(found, by_import, report_uses)) if by_import else [finding for _, finding in found]


def _told(found: Iterable[Found], by_import: dict[ast.AST, list[Finding]], report_uses: bool) -> Iterator[Finding]:
    for report, finding in found:
        imports = [one for alias in report.imported_by for one in by_import.get(alias, ())]
        if not imports:
            yield finding
            continue
        same = next((one for one in imports if (one.code, one.api) == (finding.code, finding.api)), None)
        places = {_place(one) for one in ([same] if same is not None else imports)}
        # Where a version switch has several imports, none of them alone brought the name of another symbol.
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
