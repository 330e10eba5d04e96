"""Do the texts that people read keep to plain English? A list of words that read as if translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rnnlint.facts import claims
from rnnlint.report.rules import reported
from rnnlint.settings import OPTIONS

ROOT = Path(__file__).parents[1]

BAD = (
    r"(is|are) told", r"tells", r"shall", r"what holds", r"lets? go of", r"nobody can", r"nobody sa(ys|id)",
    r"is content with", r"is no harm", r"come by themselves", r"where it was measured", r"computed with as if",
    r"the code shall", r"taken for safe", r"as one wants", r"are told in",
    r"were slow in", r"whoever wants", r"are others", r"goes on like that", r"it goes on like", r"takes? \S+ away",
    r"is so on the", r"did not come to", r"no harm", r"what was kept", r"ruinous", r"waits? for `--",
)  # fmt: skip
_BAD = re.compile(rf"\b(?:{'|'.join(BAD)})\b", re.IGNORECASE)
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def texts() -> Iterator[tuple[str, str]]:
    """Each text that a user reads, with its name."""
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        yield name, (ROOT / name).read_text(encoding="utf-8")
    for path in sorted((ROOT / "docs").rglob("*.md")):
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    for rule in reported():
        yield rule.code, f"{rule.summary}\n{rule.why}\n{rule.message}"
    for option in OPTIONS:
        yield f"--{option.name}", option.help
    for claim in claims.CLAIMS:
        yield claim.id, claim.statement


@pytest.mark.parametrize(("name", "text"), texts(), ids=lambda one: one if len(one) < 60 else "")
def test_a_text_has_no_word_that_reads_as_if_translated(name: str, text: str) -> None:
    prose = _CODE.sub("", text)
    assert [found.group() for found in _BAD.finditer(prose)] == []
