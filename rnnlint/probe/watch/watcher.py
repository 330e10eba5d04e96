"""What was observed so far? Every outermost observed call, merged by place."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rnnlint.probe.watch.graph_size import Growth, Mark, in_graph_loop, mark, since
from rnnlint.probe.watch.loops import Loops, Passes
from rnnlint.probe.watch.places import Stack, UserFiles
from rnnlint.probe.watch.record import Place, Run, Sort, Watched, Where


@dataclass(frozen=True, slots=True)
class Call:
    """A call that begins. ``places`` are those of a layer's construction; empty for functions, whose place is the
    call."""

    sort: Sort
    api: str
    unrolled: bool
    steps: int | None
    masked: bool = False
    makes_variables: bool = False
    batch_known: bool = False
    symbolic: bool = False
    places: tuple[Place, ...] = ()
    library: str = ""
    cell: Any = None


_Key = tuple[Sort, str, bool, tuple[Place, ...], str]
_Same = tuple[int | None, int | None, Where, bool, bool, bool, Place | None]


class Watcher:
    """Collects the calls of the wrapped functions of TensorFlow and Keras. Thread-safe."""

    def __init__(self, files: UserFiles) -> None:
        self.files = files
        self._inside = threading.local()
        self._lock = threading.RLock()
        self._seen: dict[_Key, dict[_Same, tuple[int, float]]] = {}
        self._loops = Loops()

    def run(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        describe: Callable[[], Call | None],
    ) -> Any:
        """Call a TensorFlow function and record what it does, unless it is within another observed call."""
        call: Call | None = None if getattr(self._inside, "now", False) else tried(describe)
        begun = tried(lambda: (self.files.stack(), mark())) if call is not None else None
        if call is None or begun is None:
            return function(*args, **kwargs)
        stack, before = begun
        self._inside.now = True
        done = False
        try:
            result = function(*args, **kwargs)
            done = True
            return result
        finally:
            self._inside.now = False
            tried(lambda: self._note(call, stack, before, done))

    def seen(self) -> tuple[Watched, ...]:
        """All records, in the order in which the places were first reached."""
        with self._lock:
            for passes in self._loops.close():
                self._add_passes(passes)
            return tuple(
                Watched(
                    *key,
                    runs=tuple(Run(*same[:-1], calls=n, seconds=s, called=same[-1]) for same, (n, s) in runs.items()),
                )
                for key, runs in self._seen.items()
            )

    def forget(self) -> None:
        """Start empty in a forked process: earlier records belong to the parent."""
        self._lock = threading.RLock()
        self._seen.clear()
        self._loops = Loops()

    def _note(self, call: Call, stack: Stack, before: Mark, done: bool) -> None:
        growth = since(before)
        if not done or call.symbolic:
            growth = Growth("symbolic" if done else "raised", None, growth.seconds)
        with self._lock:
            if call.cell is not None:
                made, masked = call.makes_variables, call.masked
                if stack.lines and in_graph_loop(before.graph):
                    key: _Key = ("loop", call.api, False, tuple(line.place for line in stack.lines), stack.library)
                    self._add(key, (None, growth.ops, growth.where, masked, made, False, None), growth.seconds)
                elif stack.lines:
                    for passes in self._loops.add(call.api, call.cell, before.graph, stack, growth, made, masked):
                        self._add_passes(passes)
                return
            places = call.places or tuple(line.place for line in stack.lines[:1])
            key = (call.sort, call.api, call.unrolled, places, call.library if call.places else stack.library)
            called = stack.lines[0].place if call.sort == "layer" and stack.lines else None
            same = (call.steps, growth.ops, growth.where, call.masked, call.makes_variables, call.batch_known, called)
            self._add(key, same, growth.seconds)

    def _add_passes(self, passes: Passes) -> None:
        key: _Key = ("loop", passes.api, True, passes.places, passes.library)
        same = (passes.count, passes.ops, passes.where, passes.masked, passes.made_variables, False, None)
        self._add(key, same, passes.seconds)

    def _add(self, key: _Key, same: _Same, seconds: float) -> None:
        if not key[3]:
            return
        runs = self._seen.setdefault(key, {})
        calls, first = runs.get(same, (0, seconds))
        runs[same] = (calls + 1, first)


def tried(action: Callable[[], Any]) -> Any:
    """The result of a part of the recording; None if it fails, since our bugs must not become errors of the program."""
    try:
        return action()
    except Exception:
        if os.environ.get("RNNLINT_DEBUG"):
            raise
        return None
