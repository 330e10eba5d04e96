"""Where may this process import from? Never from the folder that is checked, whoever added it to ``sys.path``.

``python -m`` puts the working folder first, and pylint adds the folders of the files that it checks. A module there
with the name of a standard module would run at the next import of that name.
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
        # The folder was deleted, and nothing can be imported from it.
        here = ""
    return [entry for entry in sys.path if entry and (not here or os.path.abspath(entry) != here)]


_AT_START = _safe_path()
"""The path when a host loaded rnnlint, before it added the folders that it checks."""


def leave_out_the_working_folder() -> None:
    """Stop importing from the working folder. For our own commands, which no project can extend."""
    sys.path[:] = _safe_path()


@contextmanager
def as_at_start() -> Iterator[None]:
    """Import with the path from when the host loaded rnnlint, and restore the host's path afterwards."""
    kept = sys.path[:]
    sys.path[:] = _AT_START
    try:
        yield
    finally:
        sys.path[:] = kept
