"""Which lines of the user's code are running? The frames of the stack that are not a library's."""

from __future__ import annotations

import os
import sys
import sysconfig
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

import rnnlint
from rnnlint.probe.watch.record import Place

_OWN = os.path.dirname(os.path.abspath(rnnlint.__file__))
_INSTALLED = ("site-packages", "dist-packages")
_GENERATED = "__autograph_generated_file"
_PASSED_OVER = {"tensorflow", "keras", "tf_keras", "wrapt", "absl", "numpy", "ml_dtypes"}
"""Packages that stand between user's code and a watched call without being its author."""

MOST_FRAMES = 40


@dataclass(frozen=True, slots=True)
class Line:
    """A frame of the user's code and the line that it is at. ``site`` tells calls on one line apart."""

    frame: FrameType
    place: Place
    site: int
    function: str


@dataclass(frozen=True, slots=True)
class Stack:
    """The user's frames, innermost first, and the library that stands between them and TensorFlow, or ""."""

    lines: tuple[Line, ...]
    library: str


class UserFiles:
    """Which files are the user's: all but the standard library and what is installed, unless it is the program."""

    def __init__(self, program_folder: str = "") -> None:
        self._program = _in_installed(program_folder) and program_folder
        self._standard = tuple(
            os.path.join(os.path.realpath(path), "")
            for path in {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
        )
        self._known: dict[str, str | None] = {}

    def path(self, filename: str) -> str | None:
        """The whole path of a user's file; None for any other."""
        if filename not in self._known:
            self._known[filename] = self._path(filename)
        return self._known[filename]

    def _path(self, filename: str) -> str | None:
        if filename.startswith("<") or _GENERATED in filename:
            return None
        path = os.path.abspath(filename)
        if self._program and path.startswith(os.path.join(self._program, "")):
            return path
        if path.startswith(os.path.join(_OWN, "")) or _in_installed(path):
            return None
        return None if os.path.realpath(path).startswith(self._standard) else path

    def stack(self) -> Stack:
        """What is running now."""
        lines: list[Line] = []
        library = ""
        generated = _source_map()
        for frame in _frames():
            filename, row = frame.f_code.co_filename, frame.f_lineno
            if _GENERATED in filename:
                filename, row, _ = generated.get((filename, row), (filename, row, ""))
            path = self.path(filename)
            if path is not None:
                lines.append(Line(frame, Place(path, row), frame.f_lasti, frame.f_code.co_name))
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


def _source_map() -> Any:
    """(file, row) of the code that AutoGraph has made -> (file, row, function) of the user's code."""
    stacks = sys.modules.get("tensorflow.python.util.tf_stack")
    try:
        return stacks._source_mapper_stacks[threading.get_ident()][-1].get_effective_source_map()  # type: ignore[union-attr]
    except (AttributeError, LookupError):
        return {}


def _in_installed(path: str) -> bool:
    return any(f"{os.sep}{folder}{os.sep}" in path for folder in _INSTALLED)


def _library(frame: FrameType) -> str:
    """The package that a frame is of, where that has a part in what is called."""
    if frame.f_code.co_name == "from_config":
        # Keras makes a layer from what it wrote down of another: no line of the user says which.
        return "keras"
    parts = frame.f_code.co_filename.split(os.sep)
    for folder in _INSTALLED:
        if folder in parts[:-1]:
            package = parts[parts.index(folder) + 1].removesuffix(".py")
            return "" if package in _PASSED_OVER else package
    return ""
