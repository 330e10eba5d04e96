"""What does `rnnlint check --add-noqa` do? It silences all current findings with comments, so that only new ones are
reported."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import groupby

from rnnlint.finding import Edit, Finding
from rnnlint.hosts.fixing import write
from rnnlint.read.content import read_bytes
from rnnlint.read.edited import edited
from rnnlint.read.problem import SourceError
from rnnlint.read.source import Source, from_bytes
from rnnlint.report import unused_noqa
from rnnlint.report.noqa_edit import NoqaEdits
from rnnlint.report.run import counted


def add_noqa(findings: Iterable[Finding], root: str, quiet: bool) -> list[SourceError]:
    """Add a comment to the line of each finding; return the errors. Each file is replaced as a whole or left as it was.

    ``root`` is the folder of the project; nothing outside of it is written through a link.
    """
    comments, files, problems = 0, 0, []
    wanted = (finding for finding in findings if finding.code != unused_noqa.RULE.code)
    for filename, together in groupby(wanted, key=lambda finding: finding.filename):
        try:
            comments += _silence(filename, root, list(together))
            files += 1
        except SourceError as error:
            problems.append(error)
    if not quiet:
        added = f"Added {counted(comments, 'noqa comment')} in {counted(files, 'file')}."
        print(added if comments else "No noqa comment added.", file=sys.stderr)
    return problems


def _silence(filename: str, root: str, findings: Sequence[Finding]) -> int:
    """The number of comments added or extended. Raises SourceError if the file cannot be changed."""
    before = read_bytes(filename)
    source = from_bytes(before, filename, in_part=True)
    edits: dict[int | None, list[Edit]] = {}
    for cell, together in groupby(findings, key=lambda finding: finding.cell):
        edits[cell] = NoqaEdits(_lines(source, cell)).of(together)
    after = edited(before, filename, edits)
    if source.broken is None and not source.problems:
        _refuse_broken(after, filename)
    problem = write(filename, before, after, root)
    if problem is not None:
        raise SourceError(filename, problem.row, problem.column, problem.reason.replace("not fixed", "not silenced"))
    return sum(map(len, edits.values()))


def _refuse_broken(data: bytes, filename: str) -> None:
    try:
        problems = from_bytes(data, filename).problems
    except SourceError as error:
        problems = [error]
    if problems:
        reason = f"noqa comments not added: the file would no longer parse ({problems[0].reason})"
        raise SourceError(filename, 0, 0, reason)


def _lines(source: Source, cell: int | None) -> list[str]:
    """The lines of a file, or of one cell of a notebook."""
    if cell is None:
        return source.lines
    return [line for line, (number, _) in zip(source.lines, source.cells, strict=False) if number == cell]
