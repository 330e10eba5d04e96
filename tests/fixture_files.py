"""What do the fixtures say that rnnlint must find, and what that it does not find yet?

A fixture is a file, or a folder that is one project, in `tests/fixtures/<group>/`. Comments say what is expected:

    run(cell, xs)      # want RNN101 RNN201 "500 copies"
    other(cell, xs)    # want RNN101  # missed RNN201 "a length from another process"
    # with target-tensorflow = "1.15"

`want` names every code that the line gives, each as often as it does; a quoted text must stand in the message of
the code before it. `missed` names an alarm that ought to be raised and is not; the quoted text says why.
`with`, on a line of its own, chooses an option for the file.

A golden twin, `<name>.fixed.py` or `<name>.fixed.ipynb`, is what a fixture is after all of its fixes, unsafe ones too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnlint.read.source import Source, from_bytes
from rnnlint.report.comments import comments

FIXTURES = Path(__file__).parent / "fixtures"
SUFFIXES = (".py", ".ipynb")

_TWIN = ".fixed"
_DIRECTIVE = re.compile(r"#\s*(want|missed)\b([^#]*)")
_OPTION = re.compile(r"#\s*with ([a-z-]+) = (.+)")
_WORD = re.compile(r'"(?P<text>[^"]*)"|(?P<code>RNN\d{3})|(?P<stray>\S+)')


@dataclass(frozen=True, slots=True)
class Expected:
    """A code on a line; ``text`` is a part of the message, or for a missed alarm the reason."""

    row: int
    code: str
    text: str
    missed: bool
    line: str
    """The code on that line, without its comments."""


@dataclass(frozen=True, slots=True)
class Expectations:
    """What one file expects. Rows count from the top of the file, in a notebook over all cells."""

    source: Source
    findings: tuple[Expected, ...]
    options: dict[str, Any]


def fixtures() -> list[Path]:
    """Every fixture: files, and folders that are one project, in the order of their names."""
    return sorted(
        path
        for group in FIXTURES.iterdir()
        for path in group.iterdir()
        if not is_twin(path) and (path.suffix in SUFFIXES or _holds_code(path))
    )


def files_of(fixture: Path) -> list[Path]:
    """The files of a fixture that are checked."""
    if fixture.is_file():
        return [fixture]
    return sorted(path for path in fixture.rglob("*") if path.suffix in SUFFIXES and not is_twin(path))


def is_twin(path: Path) -> bool:
    """Whether a file is what another one is after its fixes."""
    return path.stem.endswith(_TWIN)


def twins() -> list[tuple[Path, Path]]:
    """Each file that has a golden twin, with the twin."""
    files = [path for fixture in fixtures() for path in files_of(fixture)]
    pairs = [(path, path.with_name(f"{path.stem}{_TWIN}{path.suffix}")) for path in files]
    return [(path, twin) for path, twin in pairs if twin.exists()]


def _holds_code(path: Path) -> bool:
    return path.is_dir() and path.name != "__pycache__" and any(path.rglob("*.py"))


def read(path: Path) -> Expectations:
    """What the comments of a file say."""
    source = from_bytes(path.read_bytes(), str(path))
    found: list[Expected] = []
    options: dict[str, Any] = {}
    for comment in comments(source.lines):
        line = source.lines[comment.row - 1][: comment.column - 1].strip()
        if option := _OPTION.fullmatch(comment.text):
            options[option[1]] = json.loads(option[2])
        for kind, rest in _DIRECTIVE.findall(comment.text):
            found += _expected(rest, comment.row, kind == "missed", line, path)
    return Expectations(source, tuple(found), options)


def _expected(words: str, row: int, missed: bool, line: str, path: Path) -> Iterator[Expected]:
    pending: list[str] = []
    for word in _WORD.finditer(words):
        if word["stray"] or word["text"] is not None and not pending:
            raise ValueError(f"{path}:{row}: cannot read {word.group()!r} in {words.strip()!r}")
        if word["code"]:
            pending += [word["code"], ""]
        else:
            pending[-1] = word["text"]
    if not pending:
        raise ValueError(f"{path}:{row}: names no code")
    for code, text in zip(pending[::2], pending[1::2]):
        yield Expected(row, code, text, missed, line)


def known_gaps() -> dict[str, list[str]]:
    """The missed alarms of all fixtures by code, as Markdown; for the pages of the rules."""
    gaps: dict[str, list[str]] = {}
    for fixture in fixtures():
        for path in files_of(fixture):
            for expected in read(path).findings:
                if expected.missed:
                    reason = f": {expected.text}" if expected.text else ""
                    gaps.setdefault(expected.code, []).append(f"`{expected.line}`{reason}")
    return gaps
