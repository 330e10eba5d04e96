"""How is a file replaced atomically? It is written next to its place, then moved there."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable

from rnnlint.report.temporary import create


def write_atomically(filename: str, content: str | bytes, durable: bool = False, root: str | None = None) -> None:
    """Write the file so that nobody ever reads half of it. Raises OSError, and leaves no temporary file.

    A link is followed, but not out of the project ``root``: it may have come with the project. A pipe that somebody
    reads, or a device such as /dev/stdout, is written to directly. ``durable`` waits until the content is on the disk
    before it replaces a file that cannot be recreated.
    """
    place = os.path.realpath(filename)
    data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    if os.path.exists(place) and not os.path.isfile(place):
        _write_into(filename, data)
        return
    if root is not None and _leads_out(filename, place, root):
        raise OSError(errno.ELOOP, f"it links outside the project, to {place}", filename)
    put(place, data, lambda temporary: os.replace(temporary, place), durable)


def _leads_out(filename: str, place: str, root: str) -> bool:
    """Whether a file is in a project by its name but outside by its links."""
    is_inside = os.path.abspath(filename).startswith(os.path.join(os.path.abspath(root), ""))
    return is_inside and not place.startswith(os.path.join(os.path.realpath(root), ""))


def _write_into(filename: str, data: bytes) -> None:
    """Write to a pipe or device. A pipe without a reader is an error, since writing would block."""
    flags = os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(filename, flags)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "it is a pipe or a socket without a reader", filename) from None
        raise
    with os.fdopen(handle, "wb") as stream:
        if os.name != "nt":
            os.set_blocking(handle, True)
        stream.write(data)


def put(place: str, data: bytes, move: Callable[[str], None], durable: bool) -> None:
    """Write a file next to its place, with the owner, permissions and attributes of the old one, and move it.

    Raises OSError, and leaves no temporary file.
    """
    handle, temporary = create(os.path.dirname(place))
    own = os.fstat(handle)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            _be_like(temporary, place)
            if durable:
                os.fsync(handle)
            if os.name != "nt":
                # The file is locked while it is open, so no other run removes it as left over.
                move(temporary)
        if os.name == "nt":
            move(temporary)
    except BaseException:
        with contextlib.suppress(OSError):
            # The moved file may have been replaced under its old name.
            if os.path.samestat(own, os.lstat(temporary)):
                os.unlink(temporary)
        raise


def _be_like(temporary: str, place: str) -> None:
    """The owner, permissions and attributes of the existing file, or those of a new one."""
    try:
        before = os.stat(place)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        return
    mode = stat.S_IMODE(before.st_mode)
    if not _give_owner(temporary, before):
        # It would run with the rights of another user than the one who granted them.
        mode &= ~(stat.S_ISUID | stat.S_ISGID)
    # The order matters: a new owner clears bits, and the access list is part of the permissions.
    os.chmod(temporary, mode)
    _give_attributes(temporary, place)


def _give_owner(temporary: str, before: os.stat_result) -> bool:
    """Keep the owner of a file in an administrator's run; other users cannot give files away."""
    if not hasattr(os, "chown"):
        return True
    for owner in (before.st_uid, -1):
        now = os.stat(temporary)
        if (before.st_uid, before.st_gid) != (now.st_uid, now.st_gid):
            with contextlib.suppress(OSError):
                os.chown(temporary, owner, before.st_gid)
    now = os.stat(temporary)
    return (before.st_uid, before.st_gid) == (now.st_uid, now.st_gid)


def _give_attributes(temporary: str, place: str) -> None:
    """Copy extended attributes, if the system has them. Raises OSError if an access list cannot be kept."""
    if not hasattr(os, "listxattr"):
        return
    try:
        names = os.listxattr(place)
    except OSError:
        return
    for name in names:
        try:
            os.setxattr(temporary, name, os.getxattr(place, name))
        except OSError:
            # Not every user may set system labels; but without its access list a file is open to more people.
            if name == "system.posix_acl_access":
                raise
