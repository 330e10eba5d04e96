"""What is the content of this file, if it can be read?"""

from __future__ import annotations

import errno
import os
import stat

from rnnlint.read.problem import SourceError

MOST = 128 * 2**20
"""The largest source in bytes; notebooks with pictures are usually well below."""

_LOOK = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK: int = getattr(os, "O_NOFOLLOW", 0)


def read_regular(path: str, most: int = MOST, follow: bool = True, dir_fd: int | None = None) -> bytes:
    """The content of a regular file of limited size. Never waits for a device or a pipe.

    With ``follow=False`` the last part of the path must not be a link. Raises OSError, with a message for users, for
    anything else.
    """
    if not follow and not _NO_LINK and os.path.islink(path):
        raise OSError(errno.ELOOP, "is a link", path)
    handle = os.open(path, _LOOK | (0 if follow else _NO_LINK), dir_fd=dir_fd)
    try:
        status = os.fstat(handle)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, "is a folder", path)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "is not a regular file", path)
        if status.st_size > most:
            raise _too_large(path, most)
        data = os.read(handle, status.st_size + 1)
        if len(data) == status.st_size and data:
            return data
        # The size may be wrong: in /proc, or while somebody writes.
        parts, length = [data], len(data)
        while parts[-1]:
            parts.append(os.read(handle, 2**20))
            length += len(parts[-1])
            if length > most:
                raise _too_large(path, most)
        return b"".join(parts)
    finally:
        os.close(handle)


def read_beginning(path: str, size: int) -> bytes:
    """The first bytes of a regular file; empty for anything else. Raises OSError if it cannot be read."""
    handle = os.open(path, _LOOK)
    try:
        return os.read(handle, size) if stat.S_ISREG(os.fstat(handle).st_mode) else b""
    finally:
        os.close(handle)


def _too_large(path: str, most: int) -> OSError:
    return OSError(errno.EFBIG, f"is larger than {most // 2**20} MiB", path)


def read_bytes(filename: str) -> bytes:
    """Open a regular file; devices and pipes could block."""
    try:
        return read_regular(filename)
    except FileNotFoundError:
        reason = "dangling link" if os.path.islink(filename) else "no such file or folder"
        raise SourceError(filename, 0, 0, reason) from None
    except (OSError, ValueError) as error:
        raise SourceError(filename, 0, 0, unreadable(error, filename)) from None


def unreadable(error: OSError | ValueError, path: str) -> str:
    """Why a file cannot be read, as the rest of a sentence that begins with its name."""
    reason = getattr(error, "strerror", None) or str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENXIO, errno.EOPNOTSUPP):
        return "is not a regular file"  # a socket
    return reason if reason.startswith("is ") else f"cannot be read: {reason}"
