"""Which lines of the user's code are running? The stack frames that do not belong to a library."""

from __future__ import annotations

import os
import sys
import sysconfig
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import CodeType, FrameType
from typing import Any

import rnnlint
from rnnlint.probe.watch.record import Place

_OWN = os.path.dirname(os.path.abspath(rnnlint.__file__))
_INSTALLED = ("site-packages", "dist-packages")
_GENERATED = "__autograph_generated_file"
_PASSED_OVER = {"rnnlint", "tensorflow", "keras", "tf_keras", "wrapt", "absl", "numpy", "ml_dtypes"}
"""Packages that may be between the user's code and an observed call without being its author, such as the watcher."""

MOST_FRAMES = 40


@dataclass(frozen=True, slots=True)
class Line:
    """A frame of the user's code and its current line. ``site`` distinguishes calls on one line."""

    frame: FrameType
    place: Place
    site: int
    function: str


@dataclass(frozen=True, slots=True)
class Stack:
    """The user's frames, innermost first, and the library between them and TensorFlow, or ""."""

    lines: tuple[Line, ...]
    library: str


class UserFiles:
    """Which files are the user's: all except the standard library and installed packages, unless one is the program."""

    def __init__(self) -> None:
        self._program = ""
        paths = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
        whole = (of(path) for path in paths for of in (os.path.realpath, os.path.abspath))
        self._standard = tuple(os.path.join(path, "") for path in whole)
        self._known: dict[str, str | None] = {}

    def are_of(self, filename: str) -> None:
        """Set the program's file: if it is installed, its folder counts as user code."""
        folder = os.path.dirname(os.path.abspath(filename))
        self._program = os.path.join(folder, "") if _in_installed(folder) else ""
        self._known.clear()

    def path(self, filename: str) -> str | None:
        """The absolute path of a user's file; None for any other."""
        if filename not in self._known:
            self._known[filename] = self._path(filename)
        return self._known[filename]

    def _path(self, filename: str) -> str | None:
        if filename.startswith("<") or not filename or _GENERATED in filename:
            return None
        path = os.path.abspath(filename)
        if self._program and path.startswith(self._program):
            return path
        if path.startswith(os.path.join(_OWN, "")) or _in_installed(path):
            return None
        # Debian links sitecustomize.py of the standard library to a file in /etc.
        return None if path.startswith(self._standard) or os.path.realpath(path).startswith(self._standard) else path

    def stack(self) -> Stack:
        """The current place."""
        lines: list[Line] = []
        library = ""
        generated = _source_map()
        for frame in _frames():
            filename, row, column = frame.f_code.co_filename, frame.f_lineno, None
            if _GENERATED in filename:
                filename, row, _ = generated.get((filename, row), (filename, row, ""))
                path = self.path(filename)
            elif (path := self.path(filename)) is not None:
                column = _column(frame.f_code, frame.f_lasti)
            if path is not None:
                lines.append(Line(frame, Place(path, row, column), frame.f_lasti, frame.f_code.co_name))
            elif not lines and not library:
                library = _library(frame)
            if len(lines) >= MOST_FRAMES:
                break
        return Stack(tuple(lines), library)


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


@lru_cache(maxsize=4096)
def _column(code: CodeType, instruction: int) -> int | None:
    """The column of the running call in its line, from 1; None before Python 3.11, which does not know it."""
    positions = getattr(code, "co_positions", None)
    if positions is None or instruction < 0:
        return None
    _, _, column, _ = next(islice(positions(), instruction // 2, None), (None,) * 4)
    return None if column is None else column + 1


def _source_map() -> Any:
    """(file, line) of the code that AutoGraph generated -> (file, line, function) of the user's code."""
    stacks = sys.modules.get("tensorflow.python.util.tf_stack")
    try:
        return stacks._source_mapper_stacks[threading.get_ident()][-1].get_effective_source_map()  # type: ignore[union-attr]
    except (AttributeError, LookupError):
        return {}


def _in_installed(path: str) -> bool:
    return not set(_INSTALLED).isdisjoint(path.split(os.sep))


def _library(frame: FrameType) -> str:
    """The package of a frame, if it takes part in the call."""
    if frame.f_code.co_name == "from_config":
        # Keras may recreate a layer from its config: no line of the user's code shows that.
        return "keras"
    parts = frame.f_code.co_filename.split(os.sep)
    for folder in _INSTALLED:
        if folder in parts[:-1]:
            package = parts[parts.index(folder) + 1].removesuffix(".py")
            return "" if package in _PASSED_OVER else package
    return ""
