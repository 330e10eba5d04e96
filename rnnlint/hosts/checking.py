"""How is one file checked on the command line? By the engine, then noqa comments, with the cache around both."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from rnnlint.hosts.cache import Cache
from rnnlint.hosts.configuration import Configurations
from rnnlint.hosts.outcome import Outcome
from rnnlint.read.content import read_bytes
from rnnlint.read.prefilter import may_matter
from rnnlint.read.problem import SourceError
from rnnlint.read.tree import ON_DISK, Files
from rnnlint.settings import Settings

if TYPE_CHECKING:
    from rnnlint.engine import Checked, Project

Cells = tuple[tuple[int, int], ...]

NOTHING = Outcome()


class Checker:
    """Checks the files of one run, which share their configurations, parsed modules and the cache."""

    def __init__(
        self, configurations: Configurations, judge_noqa: bool, cache_folder: str | None, files: Files = ON_DISK
    ) -> None:
        self._configurations = configurations
        self._judge_noqa = judge_noqa
        self._cache = Cache(cache_folder, flavour="noqa" if judge_noqa else "")
        self._files = files
        self._project: Project | None = None

    def uncached(self) -> Checker:
        """A checker that caches nothing, for files that are about to change."""
        return Checker(self._configurations, self._judge_noqa, None, self._files)

    def changed(self, filename: str) -> None:
        """Note that a file was written after it was read."""
        if self._project is not None:
            self._project.changed(filename)

    def end(self) -> None:
        """Free what is held in memory about the files, after the last one is checked."""
        if self._project is not None:
            self._project.end()
            self._project = None

    def check_file(self, filename: str) -> Outcome:
        """The outcome for a file, from the cache if nothing has changed."""
        try:
            return self.check_content(read_bytes(filename), filename)
        except SourceError as error:
            return Outcome(error=error)

    def check_content(self, data: bytes, filename: str) -> Outcome:
        """The outcome for the content of a file, from the cache if nothing has changed."""
        settings = self._configurations.for_file(filename).settings
        outcome = self._known(data, filename, settings)
        if outcome is None:
            since = time.time_ns()
            checked, outcome = self._check(data, filename, settings, None if self._judge_noqa else True)
            if checked is not None:
                self._cache.put(filename, data, settings, outcome, checked.consulted, since)
        return outcome

    def _known(self, data: bytes, filename: str, settings: Settings) -> Outcome | None:
        """The outcome for content that needs no check: it cannot have findings, or it has not changed."""
        if not (self._judge_noqa or may_matter(data)):
            # Most files have no findings at this point; a lookup in the cache would take longer.
            return NOTHING
        return self._cache.get(filename, data, settings)

    def check_bytes(self, data: bytes, filename: str) -> Outcome:
        """The outcome for content that may differ from the file of that name."""
        return self._check(data, filename, self._configurations.for_file(filename).settings)[1]

    def _check(
        self, data: bytes, filename: str, settings: Settings, matters: bool | None = None
    ) -> tuple[Checked | None, Outcome]:
        """The outcome, with the result of the engine if it got that far. ``matters`` is passed to the engine."""
        # Imported only if a file has to be checked: the import takes longer than finding that nothing has changed.
        from rnnlint import engine

        try:
            self._project = self._project or engine.Project(files=self._files)
            self._project.let_go()
            checked = engine.check_bytes(data, filename, settings, self._project, self._judge_noqa, matters)
            cells = partial(_cells, data, filename)
            outcome = after_comments(checked, cells, settings, self._judge_noqa, filename)
            outcome = outcome._replace(is_python2=checked.is_python2, is_over_budget=checked.is_over_budget)
            if checked.broken is not None:
                row, column, reason = checked.broken.row, checked.broken.column, checked.broken.reason
                error = SourceError(filename, row, column, f"{reason} (the rest was checked)")
                outcome = outcome._replace(error=error)
            elif checked.failed is not None:
                outcome = outcome._replace(error=checked.failed)
            return checked, outcome
        except SourceError as error:
            return None, Outcome(error=error)
        except Exception as error:
            # A file that rnnlint cannot handle must not hide the findings in all others.
            if os.environ.get("RNNLINT_DEBUG"):
                raise
            return None, Outcome(error=SourceError(filename, 0, 0, engine.fault(error)))


def after_comments(
    checked: Checked, cells_of: Callable[[], Cells], settings: Settings, judge_noqa: bool, filename: str
) -> Outcome:
    """The findings that remain after noqa comments. ``cells_of`` returns Source.cells and is called only if needed."""
    # The code that reads comments is imported only if there is such a comment: it takes longer than a small file.
    if not (checked.findings or judge_noqa) or not any("noqa" in line.lower() for line in checked.lines):
        return Outcome(checked.findings, problems=checked.problems)
    from rnnlint import engine
    from rnnlint.report import noqa, unused_noqa
    from rnnlint.rules import all_rules

    noqas = noqa.directives(checked.lines)
    if not noqas:
        return Outcome(checked.findings, problems=checked.problems)
    cells = cells_of()
    sifted = noqa.sift(checked.findings, noqas, cells)
    unused = []
    if judge_noqa:
        known = {rule.code: rule.name for rule in all_rules()}
        enabled = {code: known[code] for code in engine.codes_for(settings, filename)}
        unused = list(unused_noqa.unused(noqas, sifted.used, enabled, known, filename, checked.lines, cells))
    if checked.broken or checked.problems:
        # As in the engine: if only part of a file was parsed, an edit may affect the rest.
        unused = [finding._replace(fix=None) for finding in unused]
    return Outcome(sifted.kept, sifted.silenced, unused, checked.problems)


def _cells(data: bytes, filename: str) -> Cells:
    """Findings in a notebook count lines per cell; its comments count the lines of all cells."""
    from rnnlint.read.source import from_bytes

    return from_bytes(data, filename).cells if filename.endswith(".ipynb") else ()
