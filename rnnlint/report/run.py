"""What is there to show? The findings of one run, and the folders from which their paths are told."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rnnlint.finding import Finding
from rnnlint.read.problem import SourceError


class Run(NamedTuple):
    """Everything that a format may use. ``root`` is the folder of the project: what other machines read
    (baselines, SARIF, CI annotations) is told from there, what a person reads is told from ``cwd``.
    ``fixed`` is how many findings were fixed and in which files; None where nobody asked for it."""

    findings: Sequence[Finding]
    root: str
    cwd: str
    problems: Sequence[SourceError] = ()
    color: bool = False
    quiet: bool = False
    fixed: tuple[int, frozenset[str]] | None = None
    migrates: bool = False
    """Whether names are reported that still run on the target, as those are that a fix has written."""
    docs_url: str = ""
    """Where the rule pages are hosted; empty where they are not."""
    unsafe: bool = False
    """Whether fixes that may change what is computed are offered as the safe ones are."""


@lru_cache(maxsize=1024)
def path_from(folder: str, filename: str) -> str:
    """The path with forward slashes, relative to the folder; absolute where it lies on another drive."""
    try:
        relative = os.path.relpath(filename, folder)
    except ValueError:
        relative = os.path.abspath(filename)
    return relative.replace(os.sep, "/")


def path_for_people(cwd: str, filename: str) -> str:
    """The path as a terminal wants it: short inside the current folder, as it was given elsewhere.

    GitHub takes a row that begins with two colons for a command, so no path does.
    """
    relative = path_from(cwd, filename)
    path = filename if relative.startswith("../") or relative == ".." else relative
    return f"./{path}" if path.lstrip().startswith("::") else path


def place_in_file(finding: Finding) -> tuple[int, int, int, int]:
    """Row, column and their ends for readers that know no cells: a notebook is pointed at as a whole."""
    if finding.cell is not None:
        return 1, 1, 1, 1
    return finding.row, finding.column, finding.end_row, finding.end_column


def message_with_cell(finding: Finding) -> str:
    """The message; for a notebook with the place in front that `place_in_file` cannot tell."""
    if finding.cell is None:
        return finding.message
    return f"cell {finding.cell}:{finding.row}:{finding.column}: {finding.message}"


def is_offered(finding: Finding, unsafe: bool) -> bool:
    """Whether a finding has a fix that the user lets us make; what is for display only is never made."""
    return finding.fix is not None and (finding.fix.applicability == "safe" or unsafe and is_hidden(finding))


def is_hidden(finding: Finding) -> bool:
    """Whether a finding has a fix that waits for ``--unsafe-fixes``."""
    return finding.fix is not None and finding.fix.applicability == "unsafe"


def counted(number: int, one: str, many: str = "") -> str:
    """'1 finding', '2 findings'."""
    return f"{number} {one if number == 1 else many or one + 's'}"
