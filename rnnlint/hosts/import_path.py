"""From where may this process import? Never from the folder that is checked, whoever put it on ``sys.path``.

``python -m`` puts the working folder first, and pylint the folders of the files that it checks. A module there named
like one of Python's own would be run when it is next imported.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def _safe_path() -> list[str]:
    """The import path without the working folder."""
    try:
        here = os.getcwd()
    except OSError:
        # It is gone, and nothing can be imported from it.
        here = ""
    return [entry for entry in sys.path if entry and (not here or os.path.abspath(entry) != here)]


_AT_START = _safe_path()
"""The path when a host loaded us: before it added what it checks."""


def leave_out_the_working_folder() -> None:
    """Import nothing from the working folder any more. For our own commands, which no project can extend."""
    sys.path[:] = _safe_path()


@contextmanager
def as_at_start() -> Iterator[None]:
    """Import as when the host loaded us, and give the host its path back afterwards."""
    kept = sys.path[:]
    sys.path[:] = _AT_START
    try:
        yield
    finally:
        sys.path[:] = kept
