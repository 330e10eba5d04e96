"""What do programs read? Findings with ruff's field names and the facts that only rnnlint reports."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from rnnlint.finding import Edit, Finding, Fix
from rnnlint.report.rules import url_of
from rnnlint.report.run import Run


def array(run: Run) -> Iterator[str]:
    """One array; each finding has its own lines, so that two outputs can be compared."""
    yield json.dumps([fields(finding, run.docs_url) for finding in run.findings], indent=2) + "\n"


def lines(run: Run) -> Iterator[str]:
    """One object per line."""
    for finding in run.findings:
        yield json.dumps(fields(finding, run.docs_url)) + "\n"


def fields(finding: Finding, docs_url: str = "") -> dict[str, Any]:
    """The finding as JSON; the field names are stable."""
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "message": finding.message,
        "help": finding.help or None,
        "filename": _absolute(finding.filename),
        "location": _location(finding.row, finding.column),
        "end_location": _location(finding.end_row, finding.end_column),
        "cell": finding.cell,
        "api": finding.api,
        "unroll_length": finding.unroll_length,
        "graph_ops": finding.graph_ops,
        "because": [
            {"filename": _absolute(origin.filename), "cell": origin.cell, "row": origin.row, "text": origin.text}
            for origin in finding.because
        ],
        "is_import": finding.is_import,
        "imported_at": _import(finding),
        "repeats_import": finding.repeats_import,
        "fix": None if finding.fix is None else _fix(finding.fix),
        "url": url_of(finding.name, docs_url),
    }


def _import(finding: Finding) -> dict[str, Any] | None:
    """The place of the finding at the import that bound the name."""
    if finding.import_place is None:
        return None
    cell, row, column = finding.import_place
    return {"cell": cell or None, **_location(row, column)}


def _absolute(filename: str) -> str:
    """The location in ruff's format; standard input has no file name."""
    return filename if filename == "-" else os.path.abspath(filename)


def _location(row: int, column: int) -> dict[str, int]:
    return {"row": row, "column": column}


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "message": fix.message,
        "applicability": fix.applicability,
        "edits": [_edit(edit) for edit in fix.edits],
    }


def _edit(edit: Edit) -> dict[str, Any]:
    return {
        "content": edit.content,
        "cell": edit.cell,
        "location": _location(edit.row, edit.column),
        "end_location": _location(edit.end_row, edit.end_column),
    }
