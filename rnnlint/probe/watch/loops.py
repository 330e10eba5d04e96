"""Which calls of a cell are iterations of one loop? Those that one frame of the user's code makes at one place."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rnnlint.probe.watch.graph_size import Growth
from rnnlint.probe.watch.places import Line, Stack
from rnnlint.probe.watch.record import Place, Where

MOST_OPEN = 64
"""The most loops that may continue. Each keeps the frames of its last call alive."""


@dataclass(frozen=True, slots=True)
class Passes:
    """A finished loop. ``places`` begins with the line in the frame that loops; ``count`` may be 1."""

    api: str
    places: tuple[Place, ...]
    library: str
    count: int
    ops: int | None
    where: Where
    masked: bool
    made_variables: bool
    seconds: float


@dataclass(slots=True)
class _Open:
    """A loop that may continue. ``level`` counts the frames above the one that loops; None after one call only."""

    api: str
    cell: Any
    graph: Any
    stack: Stack
    made_variables: bool
    masked: bool
    start: float
    count: int = 0
    ops: int | None = 0
    end: float = 0.0
    where: Where = "graph"
    level: int | None = None

    def takes(self, stack: Stack) -> bool:
        """Whether a call with this stack is the next iteration; the level is then that of the common frame."""
        level = _shared(self.stack.lines, stack.lines)
        if level is None or self.level not in (None, level):
            return False
        self.level = level
        return True


def _shared(one: tuple[Line, ...], other: tuple[Line, ...]) -> int | None:
    """The distance of the innermost common frame from the outermost; None if it is at different calls."""
    level = None
    for number, (mine, its) in enumerate(zip(reversed(one), reversed(other))):
        if mine.frame is not its.frame:
            break
        level = number if mine.site == its.site else None
    return level


class Loops:
    """The loops that may continue; `add` returns those that it ends."""

    def __init__(self) -> None:
        self._open: list[_Open] = []

    def add(
        self, api: str, cell: Any, graph: Any, stack: Stack, growth: Growth, made: bool, masked: bool
    ) -> Iterator[Passes]:
        """One call of a cell in a graph (None if eager)."""
        mine = (one for one in reversed(self._open) if one.cell is cell and one.graph is graph)
        found = next((one for one in mine if one.takes(stack)), None)
        now = time.perf_counter()
        if found is None:
            found = _Open(api, cell, graph, stack, made, masked, now - growth.seconds)
        else:
            self._open.remove(found)
        self._open.append(found)
        found.stack, found.end, found.count = stack, now, found.count + 1
        found.ops = None if growth.ops is None or found.ops is None else found.ops + growth.ops
        found.where = growth.where if found.where != "raised" else "raised"
        if len(self._open) > MOST_OPEN:
            yield _closed(self._open.pop(0))

    def close(self) -> Iterator[Passes]:
        """All loops that are still open at the end of the program."""
        while self._open:
            yield _closed(self._open.pop(0))


def _closed(loop: _Open) -> Passes:
    lines = loop.stack.lines
    level = len(lines) - 1 if loop.level is None else loop.level
    looping = len(lines) - 1 - level
    places = dict.fromkeys(line.place for line in (lines[looping], *lines[:looping]))
    return Passes(
        api=loop.api,
        places=tuple(places),
        library=loop.stack.library,
        count=loop.count,
        ops=loop.ops,
        where=loop.where,
        masked=loop.masked,
        made_variables=loop.made_variables,
        seconds=loop.end - loop.start,
    )
