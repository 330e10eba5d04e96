"""What do code scanning services read? SARIF 2.1.0, with rules, related locations, fingerprints and fixes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rnnlint import __version__
from rnnlint.finding import Edit, Finding, Fix, Origin
from rnnlint.read.problem import SourceError
from rnnlint.report.fingerprint import VERSION, fingerprints
from rnnlint.report.rule_pages import page
from rnnlint.report.rules import reported, url_of
from rnnlint.report.run import Run, message_with_cell, path_from, place_in_file
from rnnlint.rules.rule import Rule

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "PROJECTROOT"


def sarif(run: Run) -> Iterator[str]:
    """One run with every rule of the tool, so that viewers can explain what they show."""
    yield json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(run)]}, indent=2) + "\n"


def _run(run: Run) -> dict[str, Any]:
    rules = reported()
    index = {rule.code: position for position, rule in enumerate(rules)}
    marked = zip(run.findings, fingerprints(run.findings, run.root), strict=True)
    return {
        "tool": {"driver": _driver(rules, run.docs_url)},
        "invocations": [_invocation(run)],
        "originalUriBaseIds": {_ROOT: {"uri": Path(os.path.abspath(run.root)).as_uri().rstrip("/") + "/"}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, mark, index, run.root) for finding, mark in marked],
    }


def _driver(rules: tuple[Rule, ...], docs_url: str) -> dict[str, Any]:
    return {
        "name": "rnnlint",
        "semanticVersion": __version__,
        **({"informationUri": docs_url} if docs_url else {}),
        "rules": [_rule(rule, docs_url) for rule in rules],
    }


def _rule(rule: Rule, docs_url: str) -> dict[str, Any]:
    url = url_of(rule.name, docs_url)
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": f"{rule.summary.rstrip('.')}."},
        "fullDescription": {"text": rule.why or rule.summary},
        "help": {"text": f"{rule.why}\n\nSee `rnnlint rule {rule.code}`.", "markdown": page(rule)},
        **({"helpUri": url} if url else {}),
        "defaultConfiguration": {"enabled": not rule.opt_in, "level": rule.severities[-1]},
        "properties": {"tags": ["tensorflow", "rnn"]},
    }


def _invocation(run: Run) -> dict[str, Any]:
    invocation: dict[str, Any] = {"executionSuccessful": not run.problems}
    if run.problems:
        invocation["toolExecutionNotifications"] = [_notification(problem, run.root) for problem in run.problems]
    return invocation


def _notification(problem: SourceError, root: str) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": _artifact(problem.filename, root)}
    if problem.row:
        location["region"] = {"startLine": problem.row, "startColumn": max(problem.column, 1)}
    return {
        "level": "error",
        "message": {"text": problem.reason},
        "locations": [{"physicalLocation": location}],
    }


def _result(finding: Finding, fingerprint: str, index: dict[str, int], root: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": finding.severity,
        "message": {"text": message_with_cell(finding)},
        "locations": [_location(finding, root)],
        "partialFingerprints": {f"rnnlint/{VERSION}": fingerprint},
        "properties": _properties(finding),
    }
    if finding.code in index:
        result["ruleIndex"] = index[finding.code]
    if finding.because:
        result["relatedLocations"] = [
            {"id": number, **_related(origin, root)} for number, origin in enumerate(finding.because, 1)
        ]
    # Regions of notebook cells are not regions of the file, and "display" fixes are only shown.
    if finding.fix is not None and finding.cell is None and finding.fix.applicability != "display":
        result["fixes"] = [_fix(finding.fix, finding.filename, root)]
    return result


def _related(origin: Origin, root: str) -> dict[str, Any]:
    """A line that the finding depends on; for a cell it points at the whole notebook, and the text names the place."""
    place: dict[str, Any] = {"artifactLocation": _artifact(origin.filename, root)}
    if origin.cell is not None:
        text = f"cell {origin.cell}:{origin.row}: {origin.text}"
        return {"message": {"text": text}, "physicalLocation": place}
    place["region"] = {"startLine": origin.row}
    return {"message": {"text": origin.text}, "physicalLocation": place}


def _properties(finding: Finding) -> dict[str, Any]:
    known = {
        "api": finding.api,
        "unrollLength": finding.unroll_length,
        "graphOps": finding.graph_ops,
        "cell": finding.cell,
    }
    return {key: value for key, value in known.items() if value is not None}


def _location(finding: Finding, root: str) -> dict[str, Any]:
    row, column, end_row, end_column = place_in_file(finding)
    place: dict[str, Any] = {
        "artifactLocation": _artifact(finding.filename, root),
        "region": _region(row, column, end_row, end_column),
    }
    if finding.line and finding.cell is None and row == end_row:
        place["contextRegion"] = {"startLine": row, "endLine": row, "snippet": {"text": finding.line}}
    return {"physicalLocation": place}


def _region(row: int, column: int, end_row: int, end_column: int) -> dict[str, int]:
    return {"startLine": row, "startColumn": column, "endLine": end_row, "endColumn": end_column}


def _artifact(filename: str, root: str) -> dict[str, str]:
    """Relative to the root for files below it, so that the report means the same on another machine."""
    path = path_from(root, filename)
    if path.startswith("../") or os.path.isabs(path):
        return {"uri": Path(os.path.abspath(filename)).as_uri()}
    return {"uri": quote(os.fsencode(path)), "uriBaseId": _ROOT}


def _fix(fix: Fix, filename: str, root: str) -> dict[str, Any]:
    return {
        "description": {"text": fix.message},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(filename, root),
                "replacements": [_replacement(edit) for edit in fix.edits],
            }
        ],
    }


def _replacement(edit: Edit) -> dict[str, Any]:
    return {
        "deletedRegion": _region(edit.row, edit.column, edit.end_row, edit.end_column),
        "insertedContent": {"text": edit.content},
    }
