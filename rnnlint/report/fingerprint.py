"""Is this the finding of an earlier run? A digest that survives moved lines, changes around it and reformatting."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from rnnlint.finding import Finding
from rnnlint.report.run import path_from

VERSION = "v1"
"""Increase this when the recipe below changes, because baselines and dashboards store the digests."""


def fingerprints(findings: Iterable[Finding], root: str) -> list[str]:
    """One digest for each finding, in order. No two are equal.

    Each comes from the path relative to ``root``, the code, the API, and the source line without its spacing; equal
    ones are numbered from the top of the file. Line numbers are not part of it, because they change with every edit
    above.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    digests = []
    for finding in findings:
        path = path_from(root, finding.filename)
        parts = (path, finding.code, finding.api or "", "".join(finding.line.split()))
        recipe = "\0".join((*parts, str(seen[parts])))
        seen[parts] += 1
        digests.append(hashlib.sha256(recipe.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return digests
