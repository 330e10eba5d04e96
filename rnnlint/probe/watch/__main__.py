"""What does `rnnlint probe run` start? The user's program, watched; RECORD is where the record of it is written.

``python -m rnnlint.probe.watch RECORD (SCRIPT | -m MODULE) [ARGS…]``
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import sys
import warnings
from dataclasses import replace
from typing import NoReturn

from rnnlint.probe.watch import program, traces
from rnnlint.probe.watch.imports import install
from rnnlint.probe.watch.places import UserFiles
from rnnlint.probe.watch.record import Record, to_json
from rnnlint.probe.watch.versions import keras_generation, versions
from rnnlint.probe.watch.watcher import Watcher

LOG_LEVEL = "TF_CPP_MIN_LOG_LEVEL"


class Writer:
    """Writes the record when the process ends, however it ends; a process that it forked writes nothing."""

    def __init__(self, path: str, watcher: Watcher) -> None:
        self._path, self._watcher, self._filename = path, watcher, ""
        self._process = os.getpid()
        self._ending = Record()
        self._exit = os._exit
        os._exit = self._leave
        # Registered first, called last: after the threads, and after what the program has registered.
        atexit.register(self.write)

    def begins(self, filename: str) -> None:
        """Say which file the program is."""
        self._filename = filename
        self._watcher.files.are_of(filename)

    def forget(self) -> None:
        """Write nothing: there is no program."""
        atexit.unregister(self.write)

    def ends(self, status: int, raised: str = "") -> None:
        """Say what the program ends with."""
        self._ending = replace(self._ending, status=status, raised=raised)

    def write(self) -> None:
        """Write it, in one piece."""
        if os.getpid() != self._process:
            return
        record = replace(
            self._ending,
            calls=self._watcher.seen(),
            files=self._files(),
            versions=versions(),
            keras=keras_generation(),
        )
        with open(self._path, "w", encoding="utf-8") as file:
            json.dump(to_json(record), file)

    def _leave(self, status: int) -> NoReturn:
        self.ends(status)
        self.write()
        self._exit(status)

    def _files(self) -> tuple[str, ...]:
        loaded = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
        found = [self._watcher.files.path(name) for name in [self._filename, *loaded] if isinstance(name, str)]
        return tuple(sorted({path for path in found if path is not None and path.endswith(".py")}))


def main() -> int:
    """Run the program; the result is the status that it ends with, where that is a number."""
    path, *words = sys.argv[1:]
    _quieten()
    files = UserFiles()
    watcher = Watcher(files)
    # Before the program is found: a package on the way to it may import TensorFlow.
    install(watcher)
    writer = Writer(path, watcher)
    try:
        found = program.from_module(words[1], words[2:]) if words[0] == "-m" else program.from_file(words[0], words[1:])
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


def _quieten() -> None:
    """Keep TensorFlow's own noise away, unless the user has said how much of it is wanted."""
    if LOG_LEVEL in os.environ:
        return
    os.environ[LOG_LEVEL] = "3"
    # That these functions are deprecated is what the linter says, with more.
    logging.getLogger("tensorflow").addFilter(lambda record: "is deprecated" not in record.getMessage())
    if not sys.warnoptions:
        warnings.filterwarnings("ignore", r"`(tf\.nn\.rnn_cell\.|layer\.add_variable)")


if __name__ == "__main__":
    sys.exit(main())
