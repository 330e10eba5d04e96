"""Where is a file written before it replaces another? Next to it, under a name that only rnnlint uses.

A run that is killed leaves its temporary file behind. While the run lives, it holds a lock on the file, so a later run
can remove files that nobody writes any more, and nothing else.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import time

try:
    import fcntl
except ImportError:  # Windows
    _CAN_LOCK = False
else:
    _CAN_LOCK = True

_OURS = re.compile(r"\.rnnlint-[0-9a-f]{32}\.tmp")
_ABANDONED = 60 * 60
"""If files cannot be locked, one that was not written for so many seconds is left over."""

_CREATE = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_LOOK = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def create(folder: str) -> tuple[int, str]:
    """Create a temporary file for its owner alone; return its handle and its name. Raises OSError."""
    for _ in range(100):
        name = os.path.join(folder, f".rnnlint-{os.urandom(16).hex()}.tmp")
        handle = os.open(name, _CREATE, 0o600)
        # Between these two lines another run may have removed it as left over.
        if lock(handle) and os.fstat(handle).st_nlink:
            return handle, name
        os.close(handle)
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def lock(handle: int) -> bool:
    """Lock a file until it is closed; False if somebody else holds the lock. A file that cannot be locked counts as
    locked."""
    if not _CAN_LOCK:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EWOULDBLOCK, errno.EACCES)
    return True


def clear(folder: str) -> None:
    """Remove the temporary files that killed runs left in a folder: ours by name and owner, and not being written."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for name in [entry.name for entry in entries if _OURS.fullmatch(entry.name)]:
            with contextlib.suppress(OSError):
                _remove_if_abandoned(os.path.join(folder, name))


def _remove_if_abandoned(path: str) -> None:
    if not _is_plain(os.lstat(path)):
        return
    handle = os.open(path, _LOOK)
    try:
        status = os.fstat(handle)
        if _is_plain(status) and (_is_free(handle) if _CAN_LOCK else time.time() - status.st_mtime > _ABANDONED):
            os.unlink(path)
    finally:
        os.close(handle)


def _is_plain(status: os.stat_result) -> bool:
    """Whether it may be one of ours: a regular file with no other name, and owned by this user."""
    is_own = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1 and is_own


def _is_free(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
