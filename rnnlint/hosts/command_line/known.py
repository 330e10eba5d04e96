"""Which findings are new? The baseline of a run, read before checking and applied or written afterwards."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rnnlint import engine
from rnnlint.finding import Finding
from rnnlint.hosts.configuration import Configurations
from rnnlint.report import baseline, unused_noqa
from rnnlint.report.baseline import Entry, Scope
from rnnlint.report.run import counted, path_from
from rnnlint.settings import SettingsError


@dataclass(frozen=True, slots=True)
class Known:
    """The baseline file and its content when the run began."""

    filename: str
    entries: Sequence[Entry]


def open_known(filename: str, may_be_new: bool) -> Known:
    """Read the baseline. Raises SettingsError if it cannot be used."""
    if may_be_new and not os.path.exists(filename):
        return Known(filename, ())
    return Known(filename, baseline.read(filename))


def scope_of(files: Sequence[str], configurations: Configurations, root: str) -> Scope:
    """The files and codes that this run checked. A code counts if any file had it enabled."""
    codes = {code for file in files for code in engine.codes_for(configurations.for_file(file).settings, file)}
    paths = frozenset(path_from(root, file) for file in files)
    return Scope(root, paths, frozenset(codes | {unused_noqa.RULE.code}))


def without_known(findings: Sequence[Finding], known: Known, scope: Scope, quiet: bool) -> list[Finding]:
    """The new findings. Reports how many known ones are hidden, and how many entries are stale."""
    new = baseline.new_findings(findings, known.entries, scope.root)
    stale = baseline.stale_entries(findings, known.entries, scope)
    if not quiet:
        hidden = len(findings) - len(new)
        if hidden:
            _tell(f"{counted(hidden, 'known finding')} hidden by {known.filename}")
        if stale:
            entries = counted(len(stale), "stale entry", "stale entries")
            _tell(f"{entries} in {known.filename}: no longer found; --write-baseline removes them")
    return new


def write_known(findings: Sequence[Finding], known: Known, scope: Scope, quiet: bool) -> None:
    """Write the findings of this run, and keep the entries for files and codes that it did not check."""
    try:
        total = baseline.write(known.filename, findings, known.entries, scope)
    except OSError as error:
        raise SettingsError(f"{known.filename}: cannot be written: {error.strerror}") from None
    if not quiet:
        _tell(f"wrote {counted(total, 'finding')} to {known.filename}")


def _tell(text: str) -> None:
    print(text, file=sys.stderr)
