"""What does a host find that passes one file at a time? Its findings, from the cache if nothing has changed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rnnlint.finding import Finding
from rnnlint.hosts.cache import Cache
from rnnlint.hosts.collecting import seldom_collecting
from rnnlint.hosts.import_path import as_at_start
from rnnlint.hosts.outcome import Outcome
from rnnlint.hosts.store import chosen_folder
from rnnlint.read.problem import SourceError
from rnnlint.settings import Settings

if TYPE_CHECKING:
    from rnnlint.engine import Checked


class Kept:
    """The findings of one run. The engine is imported only if a file has to be checked."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._caches: dict[str, Cache] = {}

    def findings(
        self, filename: str, data: bytes, settings: Settings, check: Callable[[], Checked], where: str = ""
    ) -> Sequence[Finding]:
        """The findings in a file with this content. ``where`` describes what else in the host an answer may depend on.

        Raises SourceError if the content cannot be checked.
        """
        # The checked folders may be on the path by now, with modules named like those that we import.
        with as_at_start():
            return self._findings(filename, data, settings, check, where)

    def _findings(
        self, filename: str, data: bytes, settings: Settings, check: Callable[[], Checked], where: str
    ) -> Sequence[Finding]:
        if where not in self._caches:
            self._caches[where] = Cache(chosen_folder() if settings.cache else None, f"{self._host} {where}")
        cache = self._caches[where]
        kept = cache.get(filename, data, settings)
        if kept is not None:
            return kept.findings
        since = time.time_ns()
        with seldom_collecting():
            checked = self._checked(filename, check)
        if checked.failed is None:
            cache.put(filename, data, settings, Outcome(checked.findings), checked.consulted, since)
        return checked.findings

    def _checked(self, filename: str, check: Callable[[], Checked]) -> Checked:
        """The result of the engine. A bug in rnnlint must not end the run of the host, for other plugins and files."""
        from rnnlint import engine

        try:
            checked = check()
        except SourceError:
            raise
        except Exception as error:
            if os.environ.get("RNNLINT_DEBUG"):
                raise
            checked = engine.Checked(failed=SourceError(filename, 0, 0, engine.fault(error)))
        if checked.failed is not None:
            from rnnlint.report.excerpt import printable

            print(printable(f"rnnlint: {filename}: {checked.failed.reason}"), file=sys.stderr)
        return checked
