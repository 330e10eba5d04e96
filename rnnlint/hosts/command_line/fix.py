"""What do `rnnlint check --fix` and `--diff` do? They apply the offered fixes, or show them as a diff."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from rnnlint.finding import Finding
from rnnlint.hosts.checking import Checker
from rnnlint.hosts.command_line.known import Known
from rnnlint.hosts.fixing import Fixed, fixed, write
from rnnlint.hosts.outcome import Outcome
from rnnlint.read.content import read_bytes
from rnnlint.read.problem import SourceError
from rnnlint.report import baseline
from rnnlint.report.difference import unified
from rnnlint.report.excerpt import printable
from rnnlint.report.run import counted, is_hidden, is_offered, path_for_people
from rnnlint.report.temporary import clear

_MOST_PASSES = 5
"""Fixing a file may change the findings in files that import it, so those are checked again, up to this many times."""

Findings = tuple[list[Finding], list[SourceError]]
CheckAgain = Callable[[], Findings]


@dataclass(slots=True)
class Made:
    """The fixes of a run."""

    fixes: int = 0
    files: set[str] = field(default_factory=set)
    problems: dict[str, SourceError] = field(default_factory=dict)
    """Why a file was not fixed, by its name."""


@dataclass(frozen=True, slots=True)
class Mender:
    """Applies the fixes of one run."""

    arguments: argparse.Namespace
    make_checker: Callable[[], Checker]
    wanted: Callable[[Outcome], list[Finding]]
    """The findings of an outcome that the user selected."""
    known: Known | None
    root: str
    cwd: str

    def mend(self, found: Findings, check_again: CheckAgain) -> tuple[Findings, Made]:
        """Fix the files of these findings until nothing is left to fix; return the remaining findings and the fixes
        made."""
        made = Made()
        for _ in range(1 if self.known else _MOST_PASSES):
            names = [name for name in self._names(found[0]) if name not in made.problems]
            for folder in dict.fromkeys(os.path.dirname(os.path.realpath(name)) for name in names):
                clear(folder)
            checker = self.make_checker().uncached()
            changed = [self._mend_file(name, checker, made) for name in names]
            if not any(changed):
                break
            found = check_again()
        return found, made

    def show(self, found: Findings) -> Made:
        """Print what would change in the files of these findings."""
        made, checker = Made(), self.make_checker()
        for name in self._names(found[0]):
            try:
                data = read_bytes(name)
            except SourceError as error:
                made.problems[name] = error
                continue
            self.show_content(data, name, self._fixed(data, name, checker.check_content), made)
        return made

    def show_content(self, before: bytes, name: str, after: Fixed, made: Made) -> None:
        """Print what would change in one file."""
        if _count(after, name, made) and after.data != before:
            for line in unified(before, after.data, name, path_for_people(self.cwd, name)):
                sys.stdout.write(_steady(line) if sys.stdout.isatty() else line)

    def fix_content(self, data: bytes, name: str) -> tuple[Fixed, Made]:
        """The fixes for content that is not in a file."""
        made = Made()
        result = self._fixed(data, name, self.make_checker().check_bytes)
        if not self.arguments.diff:
            _count(result, name, made)
        return result, made

    def _mend_file(self, name: str, checker: Checker, made: Made) -> bool:
        """Whether the file has changed since its fixes were computed, perhaps by another program."""
        try:
            before = read_bytes(name)
        except SourceError as error:
            made.problems[name] = error
            return False
        try:
            after = self._fixed(before, name, checker.check_content)
            problem = write(name, before, after.data, self.root) if after.data != before else None
            # Cached answers about other files may depend on this file.
            checker.changed(name)
        except MemoryError:
            made.problems[name] = SourceError(name, 0, 0, "not fixed: too large for the memory of this process")
            return False
        return _count(after if problem is None else Fixed(before, problem=problem), name, made)

    def _fixed(self, data: bytes, name: str, check: Callable[[bytes, str], Outcome]) -> Fixed:
        # Edits change the fingerprints of known findings, so the baseline is applied before the first round.
        return fixed(data, name, check, self._choose, **({"rounds": 1} if self.known else {}))

    def _choose(self, outcome: Outcome) -> Sequence[Finding]:
        findings = self.wanted(outcome)
        if self.known is not None:
            findings = baseline.new_findings(findings, self.known.entries, self.root)
        return [finding for finding in findings if is_offered(finding, self.arguments.unsafe_fixes)]

    def _names(self, findings: Iterable[Finding]) -> list[str]:
        return list(dict.fromkeys(f.filename for f in findings if is_offered(f, self.arguments.unsafe_fixes)))


def _count(result: Fixed, name: str, made: Made) -> bool:
    """Whether anything may have changed."""
    if result.problem is not None:
        made.problems[name] = result.problem
    if result.made:
        made.fixes += result.made
        made.files.add(name)
    return result.problem is None or result.made > 0


def _steady(line: str) -> str:
    """The text without control characters that affect a terminal."""
    return printable(line.rstrip("\r\n").replace("\t", "    ")) + "\n"


def tell_diff(made: Made, findings: Sequence[Finding], unsafe: bool) -> None:
    """Summarize the diff, which is on standard output, on standard error."""
    hidden = 0 if unsafe else sum(map(is_hidden, findings))
    more = f"; --unsafe-fixes would add {hidden}" if hidden else ""
    if made.fixes:
        where = counted(len(made.files), "file")
        print(f"Would fix {counted(made.fixes, 'finding')} in {where}{more}.", file=sys.stderr)
    else:
        print(f"Nothing would be fixed{more}.", file=sys.stderr)
