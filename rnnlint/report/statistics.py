"""How often did each rule speak? The answer to --statistics, in place of the findings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from rnnlint.report.color import painter
from rnnlint.report.run import Run, is_offered
from rnnlint.report.text import summary


def as_text(run: Run) -> Iterator[str]:
    """Count, code and name, the most frequent first; what can be fixed has a star, as in ruff."""
    paint = painter(run.color)
    rows = _rows(run)
    width = max((len(str(count)) for _, _, count, _ in rows), default=0)
    any_fix = any(fixable for _, _, _, fixable in rows)
    for code, name, count, fixable in rows:
        star = ("[*] " if fixable else "[ ] ") if any_fix else ""
        yield f"{paint(f'{count:>{width}}', 'bold')}\t{paint(code, 'code')}\t{star}{name}\n"
    yield from summary(run, paint)


def as_json(run: Run) -> Iterator[str]:
    """The same as an array."""
    keys = ("code", "name", "count", "fixable")
    yield json.dumps([dict(zip(keys, row, strict=True)) for row in _rows(run)], indent=2) + "\n"


def _rows(run: Run) -> list[tuple[str, str, int, bool]]:
    names = {finding.code: finding.name for finding in run.findings}
    fixable = {finding.code for finding in run.findings if is_offered(finding, run.unsafe)}
    counts = Counter(finding.code for finding in run.findings)
    ordered = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return [(code, names[code], count, code in fixable) for code, count in ordered]
