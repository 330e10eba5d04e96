"""How far is the run? A progress line on the terminal, for runs that take long."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from types import TracebackType
from typing import TextIO

_PATIENCE = 1.0
_PAUSE = 0.1
_BAR = 24


class Progress:
    """Counts files. Draws nothing during the first second, and nothing at all if standard error is not a terminal."""

    def __init__(self, total: int, quiet: bool, stream: TextIO | None = None, what: str = "files") -> None:
        self._what = what
        self._stream = stream or sys.stderr
        self._total = total
        self._done = 0
        self._shown = False
        self._visible = not quiet and self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._next = time.monotonic() + _PATIENCE

    @property
    def visible(self) -> bool:
        """Whether the bar is visible to anyone."""
        return self._visible

    def step(self) -> None:
        """Count one file as done."""
        self._done += 1
        if self._visible and time.monotonic() >= self._next:
            self._next = time.monotonic() + _PAUSE
            self._draw("")

    def at(self, done: int, total: int) -> None:
        """Set the number of finished items and the total."""
        self._total, self._done = total, done - 1
        self.step()

    def doing(self, name: str) -> None:
        """Note that an item that takes seconds has begun: its name is drawn at once."""
        if self._visible:
            self._draw(f": {name}")

    def _draw(self, rest: str) -> None:
        self._shown = True
        filled = "#" * (_BAR * self._done // max(self._total, 1))
        self._stream.write(f"\r\x1b[K[{filled:<{_BAR}}] {self._done} of {self._total} {self._what}{rest}")
        self._stream.flush()

    def clear(self) -> None:
        """Clear the line, for an error or at the end."""
        if self._shown:
            self._shown = False
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()


class Left:
    """Shows what is done and how long the rest will take, next to a bar or as one line per finished item."""

    def __init__(self, seconds: Mapping[str, float]) -> None:
        self._left = dict(seconds)
        self._total = sum(seconds.values())
        self._number = len(seconds)
        self._begin = time.monotonic()

    def done(self, name: str) -> None:
        """Count ``name`` as done."""
        self._left.pop(name)

    @property
    def more(self) -> str:
        """``, about 40 s left``: an estimate from the usual seconds of each item and the time so far."""
        rest, gone = sum(self._left.values()), time.monotonic() - self._begin
        # Until the first item is done, assume a machine of usual speed.
        about = gone * rest / (self._total - rest) if rest < self._total else max(0.0, rest - gone)
        return f", about {about:.0f} s left" if self._left else ""

    def line(self, name: str, what: str) -> str:
        """The line for a log when ``name`` is done."""
        return f"{self._number - len(self._left)} of {self._number}: {name} {what}{self.more}"
