"""Does every line of every fixture give exactly the findings that it asks for?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import fixture_files
import kept
import pytest
from fixture_files import Expectations, Expected, files_of, fixtures

from rnnlint import engine
from rnnlint.finding import Finding
from rnnlint.settings import from_mapping


def complaints(fixture: Path) -> list[str]:
    """What is wrong in a fixture: one line for each place, none if all is as it should be."""
    return [text for expected, findings in findings_of(fixture) for text in _in_file(expected, findings)]


def findings_of(fixture: Path) -> list[tuple[Expectations, tuple[Finding, ...]]]:
    """What is found in each file of a fixture, beside what it asks for."""
    project = engine.Project()
    found = []
    for path in files_of(fixture):
        expected = fixture_files.read(path)
        settings = from_mapping(expected.options, path.name)
        found.append((expected, tuple(engine.check_source(expected.source, settings, project).findings)))
    return found


def _in_file(expected: Expectations, findings: tuple[Finding, ...]) -> list[str]:
    found: list[str] = []
    by_row: dict[int, list[Finding]] = {}
    for finding in findings:
        by_row.setdefault(_row(finding, expected.source.cells), []).append(finding)
    asked: dict[int, list[Expected]] = {}
    for item in expected.findings:
        asked.setdefault(item.row, []).append(item)
    for row in sorted({*by_row, *asked}):
        found += [
            f"{expected.source.filename}:{row}: {text}" for text in _on_line(by_row.get(row, []), asked.get(row, []))
        ]
    return found


def _row(finding: Finding, cells: tuple[tuple[int, int], ...]) -> int:
    return finding.row if finding.cell is None else cells.index((finding.cell, finding.row)) + 1


def _on_line(findings: list[Finding], expected: list[Expected]) -> list[str]:
    got = Counter(finding.code for finding in findings)
    wanted = Counter(item.code for item in expected if not item.missed)
    texts = []
    for item in expected:
        if item.missed and got[item.code] > wanted[item.code]:
            texts.append(f"{item.code} is raised now: say want instead of missed")
            got[item.code] = wanted[item.code]
    texts += [f"{code} is missed" for code in (wanted - got).elements()]
    texts += [f"{code} is a false alarm: {_messages(findings, code)}" for code in (got - wanted).elements()]
    for item in expected:
        messages = _messages(findings, item.code)
        if not item.missed and item.text not in messages and got[item.code]:
            texts.append(f"{item.code} says {messages!r}, not {item.text!r}")
    return texts


def _messages(findings: list[Finding], code: str) -> str:
    return "\n".join(finding.message for finding in findings if finding.code == code)


@pytest.mark.parametrize("fixture", fixtures(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_each_line_gives_what_it_asks_for(fixture: Path) -> None:
    found = findings_of(fixture)
    assert [text for expected, findings in found for text in _in_file(expected, findings)] == []
    said = kept.shown((finding for _, findings in found for finding in findings), fixture)
    kept.same(f"fixtures_{fixture.parent.name}", fixture.name, said)


def write(folder: Path, text: str) -> Path:
    path = folder / "group" / "case.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


LEGACY = "import tensorflow as tf\n\ntf.nn.dynamic_rnn(cell, xs)"


@pytest.mark.parametrize(
    ("comment", "complaint"),
    [
        ("  # want RNN102", None),
        ('  # want RNN102 "removed"', None),
        ("", "RNN102 is a false alarm"),
        ("  # want RNN101", "RNN101 is missed"),
        ("  # want RNN102 RNN102", "RNN102 is missed"),
        ('  # want RNN102 "500 copies"', "not '500 copies'"),
        ("  # missed RNN102", "RNN102 is raised now"),
        ("  # want RNN102  # missed RNN101", None),
    ],
)
def test_the_harness_tells_what_is_wrong(tmp_path: Path, comment: str, complaint: str | None) -> None:
    found = complaints(write(tmp_path, f"{LEGACY}{comment}\n"))
    assert len(found) == (complaint is not None) or complaint == "RNN101 is missed"
    assert complaint is None or complaint in found[0]


def test_a_fixture_may_choose_options(tmp_path: Path) -> None:
    options = '# with profile = "maintain"\n# with target-tensorflow = "1.15"\n'
    assert complaints(write(tmp_path, f"{options}{LEGACY}\n")) == []


@pytest.mark.parametrize("comment", ["# want", "# want nothing", '# want "text"'])
def test_an_expectation_that_means_nothing_is_refused(tmp_path: Path, comment: str) -> None:
    with pytest.raises(ValueError, match=r"case\.py:1: "):
        fixture_files.read(write(tmp_path, f"x = 1  {comment}\n"))


def test_directives_in_strings_mean_nothing(tmp_path: Path) -> None:
    assert fixture_files.read(write(tmp_path, 'x = "# want RNN101"\n')).findings == ()
