"""How does a file change at once or not at all? Written beside its place, then moved there."""

from __future__ import annotations

import contextlib
import os


def write_atomically(filename: str, content: str | bytes, durable: bool = False) -> None:
    """Write the file so that nobody ever reads half of it. Raises OSError, and leaves nothing behind.

    A link is followed, as by an ordinary write, and what is no file (a pipe, /dev/stdout) is written to directly.
    ``durable`` waits until the content is on the disk before it takes the place of what nobody can make again.
    """
    place = os.path.realpath(filename)
    data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    if os.path.exists(place) and not os.path.isfile(place):
        with open(filename, "wb") as stream:
            stream.write(data)
        return
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(place), prefix=".rnnlint-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        _give_owner(temporary, place)
        os.chmod(temporary, _mode(place))
        os.replace(temporary, place)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _give_owner(temporary: str, place: str) -> None:
    """An administrator's run leaves the files of others theirs; nobody else may give files away."""
    with contextlib.suppress(OSError, AttributeError):
        before, now = os.stat(place), os.stat(temporary)
        if (before.st_uid, before.st_gid) != (now.st_uid, now.st_gid):
            os.chown(temporary, before.st_uid, before.st_gid)


def _mode(place: str) -> int:
    """The permissions that the file has, or that a new one would get; mkstemp's are for its owner alone."""
    try:
        return os.stat(place).st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
