"""How is a repository checked whose files are rows of a table? In memory: nothing is written or opened."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from rnnlint.hosts.checking import Checker
from rnnlint.hosts.configuration import Configurations
from rnnlint.hosts.outcome import Outcome
from rnnlint.read import encoding
from rnnlint.read.exclusion import DEFAULT_EXCLUDES, Exclusion
from rnnlint.read.files import is_python
from rnnlint.read.problem import SourceError
from rnnlint.read.tree import InMemory
from rnnlint.report.as_json import fields
from rnnlint.settings import Settings

MOST_OF_A_FILE = 32 * 2**20
"""The largest file that is checked, in bytes; notebooks with pictures are usually smaller."""

MOST_OF_A_REPOSITORY = 256 * 2**20
"""The largest repository, in bytes of Python files, that is held in memory; larger ones are checked file by file."""

Record = dict[str, Any]
"""A row of an output, by column."""


class Row(NamedTuple):
    """A file of the table."""

    path: str | None
    content: bytes | None


class Came(NamedTuple):
    """The results of some rows."""

    findings: list[Record]
    errors: list[Record]
    files: int
    """How many files were checked."""


def check_repository(repo: str | None, rows: Iterable[Row], settings: Settings) -> Came:
    """Check the files of one repository, which can import each other. A row that cannot be checked becomes an error."""
    tree = _Tree(repo, settings)
    errors: list[Record] = []
    for row in rows:
        problem = tree.add(row)
        if problem is not None:
            errors.append(error(repo, row.path, problem))
    contents: dict[str, bytes] = {}
    for filename, _, content in tree.files:
        # If two rows have the same path, both are checked, and imports use the first.
        contents.setdefault(filename, content)
    contents = {**tree.others, **contents}
    checker = Checker(Configurations.of(settings), False, None, InMemory(contents))
    findings: list[Record] = []
    for filename, path, content in tree.files:
        outcome = checker.check_bytes(content, filename)
        if outcome.error is None:
            outcome = outcome._replace(error=_undecoded(content, filename))
        found, failed = records(outcome, repo, path, tree.root)
        findings += found
        errors += failed
    checker.end()
    return Came(findings, errors, len(tree.files))


def check_alone(repo: str | None, rows: Iterable[Row], settings: Settings) -> Came:
    """The same for files that cannot import each other."""
    parts = [check_repository(repo, [row], settings) for row in rows]
    return Came(
        [finding for part in parts for finding in part.findings],
        [one for part in parts for one in part.errors],
        sum(part.files for part in parts),
    )


def too_large(repo: str | None) -> Record:
    """The note for a repository whose files were not checked together."""
    most = MOST_OF_A_REPOSITORY // 2**20
    return error(repo, None, f"has more than {most} MiB of Python: each file was checked separately", "note")


class _Tree:
    """The rows of a repository as files below a folder that does not exist."""

    def __init__(self, repo: str | None, settings: Settings) -> None:
        name = (repo or "").replace("\\", "/").rstrip("/").rpartition("/")[2].replace("\0", "")
        # The name of a checkout's folder determines where packages begin.
        self.root = os.path.abspath(os.sep + (name if name not in ("", ".", "..") else "repository"))
        patterns = DEFAULT_EXCLUDES if settings.exclude is None else settings.exclude
        self._exclusion = Exclusion([*patterns, *settings.extend_exclude], self.root)
        self.files: list[tuple[str, str, bytes]] = []
        """The files to check: their path in the tree, their path in the table, and their content."""
        self.others: dict[str, bytes] = {}
        """Files that are only imported by others: ignored ones, and empty entries for files that are not Python."""

    def add(self, row: Row) -> str | None:
        """Add a row to the tree; return why that is not possible."""
        if not row.path:
            return "has no path"
        parts = _parts(row.path)
        if parts is None:
            return "its path is outside the repository"
        filename = os.path.join(self.root, *parts)
        if not is_python(parts[-1], row.content or b""):
            self.others.setdefault(filename, b"")
            return None
        if row.content is None:
            return "has no content"
        if len(row.content) > MOST_OF_A_FILE:
            return f"is larger than {MOST_OF_A_FILE // 2**20} MiB"
        if self._is_excluded(parts):
            self.others.setdefault(filename, row.content)
        else:
            self.files.append((filename, row.path, row.content))
        return None

    def _is_excluded(self, parts: Sequence[str]) -> bool:
        absolute = self.root
        for part in parts:
            absolute = os.path.join(absolute, part)
            if self._exclusion.leaves_out(part, absolute):
                return True
        return False


def _parts(path: str) -> list[str] | None:
    """The names in a path, from the top of the repository; None if it names no file below it."""
    parts: list[str] = []
    for part in path.replace("\\", "/").split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif "\0" in part or part.endswith(":") and not parts:
            return None
        elif part not in ("", "."):
            parts.append(part)
    return parts or None


def _undecoded(content: bytes, filename: str) -> SourceError | None:
    """Why a file is not text. A file that cannot have findings was not even decoded."""
    try:
        content.decode()
    except UnicodeDecodeError:
        try:
            encoding.decode(content, filename)
        except SourceError as error:
            return error
    return None


def records(outcome: Outcome, repo: str | None, path: str, root: str) -> tuple[list[Record], list[Record]]:
    """The findings and the errors of a file, as rows of the outputs."""
    listed = [*((one, "note") for one in outcome.problems), *([(outcome.error, "error")] if outcome.error else [])]
    failed = [error(repo, path, one.reason, kind, one.row, one.column) for one, kind in listed]
    return [_record(fields(finding), repo, path, root) for finding in outcome.findings], failed


def error(
    repo: str | None, path: str | None, reason: str, kind: str = "error", row: int = 0, column: int = 0
) -> Record:
    """A row of the errors; line and column are None if there is no place in the file."""
    return {
        "repo": repo, "path": path, "row": row or None, "column": column or None, "kind": kind, "reason": reason,
    }  # fmt: skip


def _record(finding: Record, repo: str | None, path: str, root: str) -> Record:
    """The JSON of a finding with the repository and path of the table."""
    del finding["filename"]
    for origin in finding["because"]:
        origin["path"] = os.path.relpath(origin.pop("filename"), root).replace(os.sep, "/")
    return {"repo": repo, "path": path, **finding}
