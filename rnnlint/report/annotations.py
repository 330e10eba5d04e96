"""What do GitHub and GitLab show next to the code? Workflow commands and a Code Quality report."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any

from rnnlint.finding import Finding
from rnnlint.report.excerpt import printable
from rnnlint.report.fingerprint import fingerprints
from rnnlint.report.run import Run, message_with_cell, path_from, place_in_file

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}
"""GitLab's names for the severities."""


def github(run: Run) -> Iterator[str]:
    """One workflow command per finding, by severity; paths are relative to the checkout, wherever the step runs."""
    root = os.environ.get("GITHUB_WORKSPACE") or run.root
    for finding in run.findings:
        row, column, end_row, end_column = place_in_file(finding)
        properties = {
            "title": f"rnnlint ({finding.code})",
            "file": path_from(root, finding.filename),
            "line": str(row),
            "endLine": str(end_row),
            "col": str(column),
            "endColumn": str(end_column),
        }
        listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        yield f"::{_COMMANDS[finding.severity]} {listed}::{_data(f'{finding.code} {message_with_cell(finding)}')}\n"


def _data(text: str) -> str:
    """Escape a message as GitHub's toolkit does; control characters are removed."""
    text = "".join(part if part in "\r\n" else printable(part) for part in re.split("([\r\n])", text))
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def gitlab(run: Run) -> Iterator[str]:
    """A Code Quality report: an array of issues, each with its own fingerprint."""
    root = os.environ.get("CI_PROJECT_DIR") or run.root
    marked = zip(run.findings, fingerprints(run.findings, run.root), strict=True)
    yield json.dumps([_issue(finding, fingerprint, root) for finding, fingerprint in marked], indent=2) + "\n"


def _issue(finding: Finding, fingerprint: str, root: str) -> dict[str, Any]:
    row, column, end_row, end_column = place_in_file(finding)
    return {
        "description": f"{finding.code}: {message_with_cell(finding)}",
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": path_from(root, finding.filename),
            "lines": {"begin": row, "end": end_row},
            "positions": {"begin": {"line": row, "column": column}, "end": {"line": end_row, "column": end_column}},
        },
    }
