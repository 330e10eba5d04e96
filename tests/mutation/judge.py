"""Do the tests see a mutant? Each is planted in a fork of a process that has imported and collected everything.

A fork costs milliseconds where a start of pytest costs seconds. What is made on import is made before the fork: such
mutants, and those of processes that tests start, are written into a copy of the tree and asked with a start of pytest.
"""

from __future__ import annotations

import ast
import gc
import importlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import types
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import pytest
from _pytest.runner import runtestprotocol
from mutants import Mutant
from record import Record

_TESTS_OF_A_FORK = 400
_TESTS_OF_A_START = 60
_SECONDS_OF_A_TEST = 60
_PASSED, _FAILED, _NOT_PLANTED = 0, 1, 3


class Judge:
    """A plugin of pytest that runs the tests of each mutant, in place of all tests once."""

    def __init__(
        self, root: Path, folder: Path, record: Record, seconds: int, told: Callable[[Mutant, str], None]
    ) -> None:
        self._root = root
        self._copy = folder
        self._record = record
        self._seconds = seconds
        self._told = told
        self._items: dict[str, pytest.Item] = {}
        self._passing: dict[str, bool] = {}
        self.chosen: list[Mutant] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._items = {item.nodeid: item for item in session.items}
        for name in sorted({one.filename for one in self.chosen}):
            # What is imported late is no function yet. A host that is not installed stays away.
            with suppress(ImportError):
                importlib.import_module(name.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        gc.freeze()
        for mutant in self.chosen:
            self._told(mutant, self._fate(mutant))
        return True

    def _fate(self, mutant: Mutant) -> str:
        """What becomes of it: "killed", "survived", or "no test"."""
        text = (self._root / mutant.filename).read_text(encoding="utf-8")
        function = _outermost_function(text, mutant)
        rows = range(mutant.row, mutant.row + 1) if function else None
        tests = [one for one in self._record.tests(mutant.filename, rows) if one in self._items]
        if not tests:
            return "no test"
        if function:
            code, failed = self._in_a_fork(mutant, function, tests[:_TESTS_OF_A_FORK])
            if code == _FAILED and failed and not self._passes_without(failed):
                del self._items[failed]
                return self._fate(mutant)
            # A signal: it ran too long, or took too much memory.
            if code not in (_PASSED, _NOT_PLANTED):
                return "killed"
            runs_before = self._record.runs_on_import(mutant.filename, mutant.row)
            if code == _PASSED and not runs_before and "/hosts/" not in mutant.filename:
                return "survived"
        return "killed" if self._fails_in_a_copy(mutant, tests[:_TESTS_OF_A_START]) else "survived"

    def _passes_without(self, test: str) -> bool:
        """Whether a test passes where there is no fault; one that never does detects none."""
        if test not in self._passing:
            self._passing[test] = self._in_a_fork(None, None, [test])[0] == _PASSED
        return self._passing[test]

    def _in_a_fork(self, mutant: Mutant | None, function: tuple[str, int] | None, tests: list[str]) -> tuple[int, str]:
        """The exit code of a process that runs the tests, and the test that failed."""
        failed = self._copy / "failed"
        failed.write_text("", encoding="utf-8")
        child = os.fork()
        if child == 0:
            self._run_in_child(mutant, function, [self._items[one] for one in tests], failed)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), failed.read_text(encoding="utf-8")

    def _run_in_child(
        self, mutant: Mutant | None, function: tuple[str, int] | None, items: list[pytest.Item], failed: Path
    ) -> NoReturn:
        try:
            limit = self._seconds + _SECONDS_OF_A_TEST
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
            resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(20 * limit)
            if mutant and function:
                text = mutant.planted((self._root / mutant.filename).read_text(encoding="utf-8"))
                if not _plant(text, mutant.filename, function):
                    os._exit(_NOT_PLANTED)
            began = time.process_time()
            for item, following in zip(items, [*items[1:], None]):
                if time.process_time() - began > self._seconds:
                    # Each test has ended in time: that is no sign of a fault.
                    break
                if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
                    failed.write_text(item.nodeid, encoding="utf-8")
                    os._exit(_FAILED)
            os._exit(_PASSED)
        except BaseException:
            os._exit(_FAILED)

    def _fails_in_a_copy(self, mutant: Mutant, tests: list[str]) -> bool:
        if not (self._copy / "tests").exists():
            for name in ("rnnlint", "tests", "docs"):
                shutil.copytree(self._root / name, self._copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            shutil.copy(self._root / "pyproject.toml", self._copy)
            # By content: a mutant of the same size and second is not mistaken for what was there.
            subprocess.run(
                [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "rnnlint"],
                cwd=self._copy,
                check=False,
            )
        path = self._copy / mutant.filename
        text = path.read_text(encoding="utf-8")
        path.write_text(mutant.planted(text), encoding="utf-8")
        try:
            return _fails(self._copy, tests, self._seconds)
        finally:
            path.write_text(text, encoding="utf-8")


def _fails(folder: Path, tests: list[str], seconds: int) -> bool:
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", *tests]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            # 5: nothing was collected, 1 and 2: a failure, or an error of an import.
            return process.wait(20 * (seconds + _SECONDS_OF_A_TEST)) not in (0, 5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
            return True


def _outermost_function(text: str, mutant: Mutant) -> tuple[str, int] | None:
    """The name of the function in whose body the mutant is, and the row where its code begins; None if on import."""
    for node in _functions(ast.parse(text)):
        body = range(node.body[0].lineno, (node.end_lineno or 0) + 1)
        if mutant.row in body:
            return node.name, min(one.lineno for one in [node, *node.decorator_list])
    return None


def _functions(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield child
        else:
            yield from _functions(child)


def _plant(text: str, filename: str, function: tuple[str, int]) -> bool:
    """Give the function its faulty code, wherever it is held; whether it is held anywhere."""
    name, row = function

    def found(code: types.CodeType) -> Iterator[types.CodeType]:
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                if (constant.co_name, constant.co_firstlineno) == function:
                    yield constant
                yield from found(constant)

    new = next(found(compile(text, filename, "exec", dont_inherit=True)))
    # Objects that were frozen are not listed.
    gc.unfreeze()
    planted = False
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType):
            code = one.__code__
            if code.co_firstlineno == row and code.co_name == name and code.co_filename.endswith(f"/{filename}"):
                one.__code__ = new
                planted = True
    return planted
