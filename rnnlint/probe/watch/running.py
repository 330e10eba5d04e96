"""How is a program run and recorded? In this process, which ends with the program."""

from __future__ import annotations

import atexit
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

from rnnlint.probe.watch import children, program, traces
from rnnlint.probe.watch.record import Record, to_json
from rnnlint.probe.watch.versions import keras_generation, versions
from rnnlint.probe.watch.watcher import Watcher


class Writer:
    """Writes the record when the process ends, however it ends; each forked process writes a separate one."""

    def __init__(self, path: str, watcher: Watcher) -> None:
        self._path, self._watcher, self._filename = path, watcher, ""
        self._process = os.getpid()
        self._ending = Record()
        self._children = children.Children()
        self._exit = os._exit
        os._exit = self._leave
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forked)
        # Registered first and so called last: after the threads, and after the program's own handlers.
        atexit.register(self.write)

    def begins(self, filename: str) -> None:
        """Set the program's file."""
        self._filename = filename
        self._watcher.files.are_of(filename)

    def forget(self) -> None:
        """Write nothing: there is no program."""
        atexit.unregister(self.write)

    def ends(self, status: int, raised: str = "") -> None:
        """Set the exit status of the program."""
        self._ending = replace(self._ending, status=status, raised=raised)

    def _forked(self) -> None:
        self._watcher.forget()
        self._children = children.Children()
        # A pool ends its workers like this; a program that manages its processes itself is left alone.
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, self._ended)

    def _ended(self, number: int, _: object) -> None:
        self.write()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def write(self) -> None:
        """Write the record atomically; a forked process writes it next to that of its parent."""
        own = os.getpid() == self._process
        record = replace(
            self._ending,
            calls=self._watcher.seen(),
            files=self._files(),
            versions=versions(),
            keras=keras_generation(),
            children=self._children.forked,
            strangers=self._children.started,
        )
        path = self._path if own else f"{self._path}.{os.getpid()}"
        with open(f"{path}.part", "w", encoding="utf-8") as file:
            json.dump(to_json(record), file)
        os.replace(f"{path}.part", path)

    def _leave(self, status: int) -> NoReturn:
        self.ends(status)
        self.write()
        self._exit(status)

    def _files(self) -> tuple[str, ...]:
        loaded = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
        found = [self._watcher.files.path(name) for name in [self._filename, *loaded] if isinstance(name, str)]
        return tuple(sorted({path for path in found if path is not None and path.endswith(".py")}))


def run(path: str, words: Sequence[str], watcher: Watcher) -> int:
    """Run ``SCRIPT ARGS…`` or ``-m MODULE ARGS…``; the record is written to ``path`` when the process ends.

    Returns the exit status. Raises SystemExit if the program does; any other error is shown.
    """
    writer = Writer(path, watcher)
    first, *rest = words
    try:
        found = program.from_module(rest[0], rest[1:]) if first == "-m" else program.from_file(first, rest)
        writer.begins(found.filename)
        program.execute(found)
    except program.ProgramError as error:
        writer.forget()
        print(f"error: {error}", file=sys.stderr)
        return 2
    except SystemExit as error:
        writer.ends(error.code if isinstance(error.code, int) else int(error.code is not None))
        raise
    except BaseException as error:
        writer.ends(1, traces.in_one_line(error))
        traces.show(error)
        return 1
    return 0
