"""What is shown? The findings of one run, and the folders that their paths are relative to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rnnlint.finding import Finding
from rnnlint.read.problem import SourceError


class Run(NamedTuple):
    """Everything that a format may use. ``root`` is the folder of the project: paths for other machines (baselines,
    SARIF, CI annotations) are relative to it, and paths for people to ``cwd``. ``fixed`` is how many findings were
    fixed and in which files; None if fixing was not requested."""

    findings: Sequence[Finding]
    root: str
    cwd: str
    problems: Sequence[SourceError] = ()
    color: bool = False
    quiet: bool = False
    fixed: tuple[int, frozenset[str]] | None = None
    migrates: bool = False
    """Whether names that still run on the target are reported too, including those that a fix has written."""
    docs_url: str = ""
    """The URL where the rule pages are hosted; empty if they are not."""
    unsafe: bool = False
    """Whether fixes that may change results are offered like safe ones."""


@lru_cache(maxsize=1024)
def path_from(folder: str, filename: str) -> str:
    """The path with forward slashes, relative to the folder; absolute if it is on another drive."""
    try:
        relative = os.path.relpath(filename, folder)
    except ValueError:
        relative = os.path.abspath(filename)
    return relative.replace(os.sep, "/")


def path_for_people(cwd: str, filename: str) -> str:
    """The path for a terminal: relative inside the current folder, as given elsewhere.

    GitHub reads a line that begins with two colons as a command, so no path does.
    """
    relative = path_from(cwd, filename)
    path = filename if relative.startswith("../") or relative == ".." else relative
    return f"./{path}" if path.lstrip().startswith("::") else path


def place_in_file(finding: Finding) -> tuple[int, int, int, int]:
    """Line, column and their ends for readers that do not support cells: they point at a notebook as a whole."""
    if finding.cell is not None:
        return 1, 1, 1, 1
    return finding.row, finding.column, finding.end_row, finding.end_column


def message_with_cell(finding: Finding) -> str:
    """The message; for a notebook preceded by the place that `place_in_file` cannot express."""
    if finding.cell is None:
        return finding.message
    return f"cell {finding.cell}:{finding.row}:{finding.column}: {finding.message}"


def is_offered(finding: Finding, unsafe: bool) -> bool:
    """Whether a finding has a fix that the user allows; "display" fixes are never applied."""
    return finding.fix is not None and (finding.fix.applicability == "safe" or unsafe and is_hidden(finding))


def is_hidden(finding: Finding) -> bool:
    """Whether a finding has a fix that needs ``--unsafe-fixes``."""
    return finding.fix is not None and finding.fix.applicability == "unsafe"


def counted(number: int, one: str, many: str = "") -> str:
    """'1 finding', '2 findings'."""
    return f"{number} {one if number == 1 else many or one + 's'}"
