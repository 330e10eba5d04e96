"""Which processes does the program start? Those that it forks, which can be watched, and those that begin anew."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

SPAWNING = tuple(f"multiprocessing.popen_{how}" for how in ("spawn_posix", "forkserver", "spawn_win32"))
"""The modules by which multiprocessing starts a process anew."""

_seen: list[Children] = []
"""The one that counts now."""


class Children:
    """Counts the children of this process."""

    def __init__(self) -> None:
        self.forked = 0
        self.started = 0
        first = not _seen
        _seen[:] = [self]
        if first:
            # Neither can be taken back, so each is put in once for a process and those that it forks.
            if hasattr(os, "register_at_fork"):
                os.register_at_fork(after_in_parent=_forked)
            sys.addaudithook(_heard)


def watch_spawning(module: ModuleType) -> None:
    """Count what one of the modules in `SPAWNING` starts."""
    start = module.Popen.__init__

    def counted(self: Any, *arguments: Any, **options: Any) -> None:
        _seen[0].started += 1
        start(self, *arguments, **options)

    module.Popen.__init__ = counted


def _forked() -> None:
    _seen[0].forked += 1


def _heard(event: str, arguments: Sequence[Any]) -> None:
    """Python that was started by subprocess or the like; any other program cannot hold TensorFlow's Python."""
    if event in ("subprocess.Popen", "os.posix_spawn", "os.spawn", "os.exec") and _is_python(arguments):
        _seen[0].started += 1


def _is_python(arguments: Sequence[Any]) -> bool:
    words = [*arguments[:1], *(arguments[1][:1] if isinstance(arguments[1], (list, tuple)) else [])]
    texts = [os.fsdecode(word) for word in words if isinstance(word, (str, bytes, os.PathLike))]
    return any(os.path.basename(text).startswith(("python", "pypy")) for text in texts)
