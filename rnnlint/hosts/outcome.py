"""What is the outcome of checking one file? The findings after noqa comments; also as JSON, for the cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rnnlint.finding import Edit, Finding, Fix, Origin
from rnnlint.read.problem import SourceError


class Outcome(NamedTuple):
    """``error`` is set if the file could not be checked at all; ``problems`` concern parts of it."""

    findings: Sequence[Finding] = ()
    silenced: Sequence[Finding] = ()
    unused_noqa: Sequence[Finding] = ()
    problems: Sequence[SourceError] = ()
    error: SourceError | None = None
    is_python2: bool = False
    is_over_budget: bool = False


def to_json(outcome: Outcome) -> dict[str, Any]:
    """The outcome as lists and dicts."""
    return {
        "findings": [_as_dict(finding) for finding in outcome.findings],
        "silenced": [_as_dict(finding) for finding in outcome.silenced],
        "unused_noqa": [_as_dict(finding) for finding in outcome.unused_noqa],
        "problems": [problem.args for problem in outcome.problems],
        "error": outcome.error.args if outcome.error else None,
        "is_python2": outcome.is_python2,
        "is_over_budget": outcome.is_over_budget,
    }


def _as_dict(finding: Finding) -> dict[str, Any]:
    fix = finding.fix
    return {
        **finding._asdict(),
        "because": [origin._asdict() for origin in finding.because],
        "fix": {**fix._asdict(), "edits": [edit._asdict() for edit in fix.edits]} if fix is not None else None,
    }


def from_json(data: Mapping[str, Any]) -> Outcome:
    """The outcome from its JSON. Raises KeyError, TypeError or AttributeError for anything else."""
    return Outcome(
        findings=[_finding(row) for row in data["findings"]],
        silenced=[_finding(row) for row in data["silenced"]],
        unused_noqa=[_finding(row) for row in data["unused_noqa"]],
        problems=[SourceError(*row) for row in data["problems"]],
        error=SourceError(*data["error"]) if data["error"] else None,
        is_python2=data["is_python2"] is True,
        is_over_budget=data["is_over_budget"] is True,
    )


def _finding(row: Mapping[str, Any]) -> Finding:
    because = tuple(Origin(**origin) for origin in row["because"])
    fix = row["fix"]
    if fix is not None:
        fix = Fix(fix["message"], fix["applicability"], tuple(Edit(**edit) for edit in fix["edits"]))
    place = tuple(row["import_place"]) if row["import_place"] else None
    return Finding(**{**row, "because": because, "fix": fix, "import_place": place})
