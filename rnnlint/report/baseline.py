"""Which findings are already known? A file lists them, so that only new ones fail."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass

from rnnlint.finding import Finding
from rnnlint.read.content import read_regular, unreadable
from rnnlint.report.atomic import write_atomically
from rnnlint.report.fingerprint import fingerprints
from rnnlint.report.run import path_from
from rnnlint.settings import SettingsError

_FORMAT = "rnnlint baseline 1"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A known finding. Only the fingerprint counts; the rest is for people and diffs."""

    path: str
    code: str
    api: str
    line: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Scope:
    """The files and codes that a run checked: only for these can it call an entry stale."""

    root: str
    paths: frozenset[str]
    codes: frozenset[str]

    def holds(self, entry: Entry) -> bool:
        """Whether this run would have found the finding if it still existed."""
        looked = entry.path in self.paths or not os.path.lexists(os.path.join(self.root, entry.path))
        return looked and entry.code in self.codes


def read(filename: str) -> list[Entry]:
    """The entries of a baseline. Raises SettingsError, with a one-line message, for a file that is not a baseline."""
    try:
        data = json.loads(read_regular(filename).decode("utf-8"))
        if data["format"] != _FORMAT:
            raise SettingsError(f"{filename}: the baseline has another version; delete it and write a new one")
        return [Entry(**{key: str(row[key]) for key in Entry.__slots__}) for row in data["findings"]]
    except FileNotFoundError:
        raise SettingsError(f"{filename}: no such baseline; create it with --write-baseline") from None
    except OSError as error:
        raise SettingsError(f"{filename}: {unreadable(error, filename)}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SettingsError(f"{filename}: not a baseline; delete it or name another file") from None


def write(filename: str, findings: Sequence[Finding], old: Iterable[Entry], scope: Scope) -> int:
    """Write a baseline of these findings and of the old entries outside the scope; return the number of entries."""
    entries = {entry.fingerprint: entry for entry in old if not scope.holds(entry)}
    for finding, fingerprint in zip(findings, fingerprints(findings, scope.root), strict=True):
        path = path_from(scope.root, finding.filename)
        entries[fingerprint] = Entry(path, finding.code, finding.api or "", finding.line.strip(), fingerprint)
    data = {"format": _FORMAT, "findings": [asdict(entry) for entry in sorted(entries.values())]}
    write_atomically(filename, json.dumps(data, indent=1) + "\n", root=scope.root)
    return len(entries)


def new_findings(findings: Sequence[Finding], entries: Collection[Entry], root: str) -> list[Finding]:
    """The findings that are not in the baseline."""
    known = {entry.fingerprint for entry in entries}
    marked = zip(findings, fingerprints(findings, root), strict=True)
    return [finding for finding, fingerprint in marked if fingerprint not in known]


def stale_entries(findings: Sequence[Finding], entries: Iterable[Entry], scope: Scope) -> list[Entry]:
    """The entries that this run checked for and did not find: they have been fixed."""
    found = set(fingerprints(findings, scope.root))
    return [entry for entry in entries if entry.fingerprint not in found and scope.holds(entry)]
