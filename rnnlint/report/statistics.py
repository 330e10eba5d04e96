"""How many findings are there of each kind? The output of --statistics, instead of the findings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from rnnlint.finding import Finding
from rnnlint.report.color import painter
from rnnlint.report.excerpt import printable
from rnnlint.report.run import Run, is_offered, path_for_people, path_from
from rnnlint.report.text import summary


class _Row(NamedTuple):
    """Findings that are counted together. ``name`` is the name that people use for the key, if it differs."""

    key: str
    name: str
    number: int
    fixable: bool


def as_text(run: Run, by: str) -> Iterator[str]:
    """Number and key (``rule``, ``api`` or ``file``), the most frequent first.

    A star marks what can be fixed, as in ruff.
    """
    paint = painter(run.color)
    rows = _rows(run, by, run.cwd)
    width = max((len(str(row.number)) for row in rows), default=0)
    any_fix = any(row.fixable for row in rows)
    for row in rows:
        star = ("[*] " if row.fixable else "[ ] ") if any_fix else ""
        shown = f"{paint(row.key, 'code')}\t{star}{row.name}" if by == "rule" else f"{star}{printable(row.key)}"
        yield f"{paint(f'{row.number:>{width}}', 'bold')}\t{shown}\n"
    yield from summary(run, paint)


def as_json(run: Run, by: str) -> Iterator[str]:
    """The same as a JSON array."""
    rows = _rows(run, by, None)
    yield json.dumps([_fields(row, by) for row in rows], indent=2) + "\n"


def _fields(row: _Row, by: str) -> dict[str, object]:
    if by == "rule":
        return {"code": row.key, "name": row.name, "count": row.number, "fixable": row.fixable}
    return {by: row.key or None, "count": row.number, "fixable": row.fixable}


def _rows(run: Run, by: str, cwd: str | None) -> list[_Row]:
    key = _key(by, run, cwd)
    names = {key(finding): finding.name for finding in run.findings}
    fixable = {key(finding) for finding in run.findings if is_offered(finding, run.unsafe)}
    counts = Counter(key(finding) for finding in run.findings)
    ordered = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return [_Row(one, names[one], count, one in fixable) for one, count in ordered]


def _key(by: str, run: Run, cwd: str | None) -> Callable[[Finding], str]:
    if by == "rule":
        return lambda finding: finding.code
    if by == "api":
        return lambda finding: finding.api or finding.name
    if cwd is not None:
        return lambda finding: path_for_people(cwd, finding.filename)
    return lambda finding: path_from(run.root, finding.filename)
