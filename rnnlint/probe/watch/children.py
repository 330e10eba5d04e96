"""Which processes does the program start? Forked ones, which can be observed, and newly started ones."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

SPAWNING = tuple(f"multiprocessing.popen_{how}" for how in ("spawn_posix", "forkserver", "spawn_win32"))
"""The modules with which multiprocessing starts a new process."""

_seen: list[Children] = []
"""The current counter."""


class Children:
    """Counts the children of this process."""

    def __init__(self) -> None:
        self.forked = 0
        self.started = 0
        first = not _seen
        _seen[:] = [self]
        if first:
            # Neither hook can be removed, so each is installed once for a process and its forks.
            if hasattr(os, "register_at_fork"):
                os.register_at_fork(after_in_parent=_forked)
            sys.addaudithook(_heard)


def watch_spawning(module: ModuleType) -> None:
    """Count the processes that a module in `SPAWNING` starts."""
    start = module.Popen.__init__

    def counted(self: Any, *arguments: Any, **options: Any) -> None:
        _seen[0].started += 1
        start(self, *arguments, **options)

    module.Popen.__init__ = counted


def _forked() -> None:
    _seen[0].forked += 1


def _heard(event: str, arguments: Sequence[Any]) -> None:
    """Python processes started by subprocess or similar; other programs cannot use TensorFlow's Python API."""
    if event in ("subprocess.Popen", "os.posix_spawn", "os.spawn", "os.exec") and _is_python(arguments):
        _seen[0].started += 1


def _is_python(arguments: Sequence[Any]) -> bool:
    words = [*arguments[:1], *(arguments[1][:1] if isinstance(arguments[1], (list, tuple)) else [])]
    texts = [os.fsdecode(word) for word in words if isinstance(word, (str, bytes, os.PathLike))]
    return any(os.path.basename(text).startswith(("python", "pypy")) for text in texts)
