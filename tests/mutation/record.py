"""Which test runs which line? Coverage's record of one run of the tests, with the name of each test."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from coverage import Coverage, CoverageData


class Recorder:
    """A plugin of pytest: what runs in a test is recorded under the test's own name, with its parameters."""

    def __init__(self, filename: Path) -> None:
        self._coverage = Coverage(
            data_file=str(filename), config_file=False, source_pkgs=["rnnlint"], omit=["*/rnnlint/probe/*"]
        )

    def pytest_sessionstart(self) -> None:
        self._coverage.erase()
        self._coverage.start()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._coverage.switch_context(item.nodeid)
        yield
        self._coverage.switch_context("")

    def pytest_sessionfinish(self) -> None:
        self._coverage.stop()
        self._coverage.save()


class Record:
    """What such a run has left."""

    def __init__(self, filename: Path) -> None:
        data = CoverageData(str(filename))
        data.read()
        self._lines: dict[str, dict[int, list[str]]] = {}
        self._sizes: Counter[str] = Counter()
        for measured in data.measured_files():
            by_line = data.contexts_by_lineno(measured)
            self._lines["rnnlint" + measured.replace(os.sep, "/").rpartition("/rnnlint")[2]] = by_line
            for contexts in by_line.values():
                self._sizes.update(contexts)

    def tests(self, filename: str, rows: range | None) -> list[str]:
        """The tests that run one of these rows, or any row of the file; those that run the fewest lines first."""
        lines = self._lines.get(filename, {})
        wanted = [lines.get(row, ()) for row in rows] if rows else lines.values()
        found = {test for tests in wanted for test in tests} - {""}
        return sorted(found, key=lambda one: (self._sizes[one], one))

    def runs_on_import(self, filename: str, row: int) -> bool:
        """Does the row run before any test does?"""
        return "" in self._lines.get(filename, {}).get(row, ())
