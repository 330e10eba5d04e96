"""How does a file that somebody edits get new content? Only if it is unchanged since it was read, and completely."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator

from rnnlint.read.content import read_bytes
from rnnlint.report.atomic import put
from rnnlint.report.temporary import lock

_HERE = -100
"""AT_FDCWD: names are relative to the current folder."""
_SWAP = 2
"""RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS."""
_CANNOT = frozenset([errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP])


class ChangedMeanwhile(Exception):
    """The file no longer contains what was read; it stays as it is."""


def replace(place: str, before: bytes, after: bytes) -> None:
    """Replace the content that was read from a file, which is not a link.

    Raises OSError, SourceError, or ChangedMeanwhile if somebody else has changed the file; their version then stays.
    """

    def move(temporary: str) -> None:
        if read_bytes(place) != before:
            raise ChangedMeanwhile
        with _held(place):
            if not _swap(temporary, place):
                os.replace(temporary, place)
                return
            # The file that was there at that moment now has our name, so no edit can slip in between.
            if read_bytes(temporary) != before:
                _swap(temporary, place)
                if read_bytes(temporary) != after:
                    # They wrote once more in between: that is the newer of the two.
                    _swap(temporary, place)
                raise ChangedMeanwhile
            os.unlink(temporary)

    put(place, after, move, durable=True)


@contextlib.contextmanager
def _held(place: str) -> Iterator[None]:
    """Lock the old file, so that no other run removes it as left over while it has our name."""
    if os.name == "nt":
        yield
        return
    handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        lock(handle)
        yield
    finally:
        os.close(handle)


def _swap(one: str, other: str) -> bool:
    """Exchange the names of two files atomically. Returns False if the system cannot; raises OSError."""
    try:
        import ctypes

        library = ctypes.CDLL(None, use_errno=True)
        names = os.fsencode(one), os.fsencode(other)
        if sys.platform == "linux":
            failed = library.renameat2(_HERE, names[0], _HERE, names[1], _SWAP)
        elif sys.platform == "darwin":
            failed = library.renamex_np(*names, _SWAP)
        else:
            return False
    except (ImportError, AttributeError, OSError, TypeError):
        return False
    if not failed:
        return True
    reason = ctypes.get_errno()
    if reason in _CANNOT:
        return False
    raise OSError(reason, os.strerror(reason))
