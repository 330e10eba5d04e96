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
    r"speaks? of", r"so many", r"as if it stood", r"stands? (behind|beside|in)", r"lies? (behind|beside|there)",
    r"(lays?|laid) (it|them|what|beside)", r"is no (part|recurrent)", r"what tells", r"hand(s|ed)? on", r"taken up",
    r"anew", r"surely", r"that is why", r"puts? together", r"of ours", r"in turns", r"scatters?", r"gets? at",
    r"is none", r"where there (is|are)", r"where (no|neither|something)", r"somebody",
    r"of which a half", r"knows? codes", r"left as it", r"goes by", r"stays? as it is", r"by itself",
    r"on record", r"also where", r"left alone", r"(is|are) asked", r"asked for", r"stands? at", r"meets",
    r"behind (it|them)", r"such as have", r"lies", r"mend(s|ed|ing)?", r"(inside|outside) of", r"silences? nothing",
    r"rests? on", r"people wrote", r"computes? with (the )?padding", r"takes? \S+ for data", r"handed about",
    r"(are|is) what counts", r"comes? of it", r"made up for", r"paid back", r"data sets?", r"stock layers?",
    r"(is|are) not known",
)  # fmt: skip
IN_CODE = (
    r"(is|are|be) told", r"tells?", r"surely", r"anew", r"hand(s|ed)? on", r"None where", r"Raises? \w+ where",
    r"tak(es?|en) (out|away)", r"(is|are) asked for", r"speaks? of", r"looked (for|through)", r"by themselves",
    r"written out", r"learnt", r"nobody (can|knows|says)", r"stands? (at|beside|behind|before|around)", r"so that who",
    r"what (there is to|comes of)", r"lets? go of", r"(is|are) gone", r"of which nothing",
)  # fmt: skip
"""For docstrings and comments: none of these is the field's term for what it says."""

_BAD = re.compile(rf"\b(?:{'|'.join(BAD)})\b", re.IGNORECASE)
_BAD_IN_CODE = re.compile(rf"\b(?:{'|'.join(IN_CODE)})\b")
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
_DOCUMENTED = re.compile(r'"""(.*?)"""|(?:^|\s)# (.*?)$', re.DOTALL | re.MULTILINE)


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


@pytest.mark.parametrize(("name", "text"), list(texts()), ids=lambda one: one if len(one) < 60 else "")
def test_a_text_has_no_word_that_reads_as_if_translated(name: str, text: str) -> None:
    prose = _CODE.sub("", text)
    assert [found.group() for found in _BAD.finditer(prose)] == []


def test_docstrings_and_comments_keep_to_plain_english() -> None:
    found = []
    files = [path for folder in ("rnnlint", "docs") for path in sorted((ROOT / folder).rglob("*.py"))]
    for path in files:
        text = path.read_text(encoding="utf-8")
        for part in _DOCUMENTED.finditer(text):
            prose = _CODE.sub("", part[1] or part[2] or "")
            row = text.count("\n", 0, part.start()) + 1
            found += [f"{path.relative_to(ROOT)}:{row}: {bad.group()}" for bad in _BAD_IN_CODE.finditer(prose)]
    assert found == []


def test_each_change_is_in_the_changelog_once_and_under_a_heading() -> None:
    """Merging keeps the lines of both sides, so an entry that was rewritten may come back."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    before, *parts = re.split(r"^###? .*$", text, flags=re.MULTILINE)
    assert "\n- " not in before + parts[0], "an entry stands above the first heading"
    entries = [entry[:50] for part in parts for entry in part.split("\n- ")[1:]]
    assert sorted(set(entries)) == sorted(entries)
    assert len(re.findall(r"^### ", text, flags=re.MULTILINE)) == len(set(re.findall(r"^### .*", text, re.MULTILINE)))
