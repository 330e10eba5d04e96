"""What do the tests of the command line run on? A temporary folder, and an engine that only reports `legacy()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from rnnlint import engine
from rnnlint.finding import Finding
from rnnlint.hosts.command_line import main
from rnnlint.read.source import from_bytes


@dataclass(frozen=True)
class Result:
    """What a command did."""

    code: int
    out: str
    err: str


class FakeEngine:
    """Finds RNN102 in each line with `legacy(` and RNN103 in each with `cell(`; counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.consulted: frozenset[str] = frozenset()
        self.is_over_budget = False

    def check_bytes(self, data, filename, settings, project, with_lines=False, matters=None):
        self.asked.append(filename)
        source = from_bytes(data, filename)
        codes = engine.codes_for(settings, filename)
        findings = [
            finding
            for row, line in enumerate(source.lines, 1)
            for word, code in (("legacy(", "RNN102"), ("cell(", "RNN103"))
            if word in line and code in codes
            for finding in [_finding(source, row, line, word, code)]
        ]
        checked = engine.Checked(sorted(findings), source.problems, source.lines, self.consulted)
        return checked._replace(is_python2=source.dialect == "python2", is_over_budget=self.is_over_budget)


def _finding(source, row, line, word, code):
    column = line.index(word)
    place = source.place(row, column)
    return Finding(
        filename=source.filename,
        cell=place.cell,
        row=place.row,
        column=place.column,
        code=code,
        end_row=place.row,
        end_column=place.column + len(word) - 1,
        name={"RNN102": "legacy-dynamic-runner", "RNN103": "legacy-cell"}[code],
        message=f"{word[:-1]} is legacy",
        line=line,
    )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, empty but for a mark that it is a project's root."""
    monkeypatch.chdir(tmp_path)
    for name in ("FORCE_COLOR", "NO_COLOR", "GITHUB_WORKSPACE", "CI_PROJECT_DIR", "RNNLINT_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """The engine that stands in for the real one."""
    stand_in = FakeEngine()
    monkeypatch.setattr("rnnlint.engine.check_bytes", stand_in.check_bytes)
    # Its words are not ours.
    monkeypatch.setattr("rnnlint.hosts.checking.may_matter", lambda data: True)
    return stand_in


@pytest.fixture
def run(project: Path, fake: FakeEngine, capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Run a command in the project."""

    def ran(*argv: str) -> Result:
        code = main(list(argv))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return ran
