"""Where are results stored between runs, without reading, writing or removing anything else?

A folder is ours if it is new, empty, or contains our tag file. In it, links are not followed, only regular files are
read, and only files with our naming pattern are removed.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
import time
from collections.abc import Iterator

from rnnlint.read.content import read_regular

_TAG = "CACHEDIR.TAG"
_TAG_TEXT = b"Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of rnnlint; it can be deleted.\n"
_KEY = "key"
_KEY_LENGTH = 32
_SWEPT = "swept"
_DAY = 24 * 60 * 60
_KEPT = 60 * _DAY
"""How many seconds entries are kept after they were written; they are reviewed once a day."""
_MOST = 16 * 2**20
"""The largest entry, in bytes."""

_SHARD = re.compile(r"[0-9a-f]{2}")
_ENTRY = re.compile(r"[0-9a-f]{30}\.json")
_TEMPORARY = re.compile(r"\.rnnlint-[0-9a-f]{32}\.tmp")
_OPEN_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_HAS_HANDLES = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
"""Whether a folder can be held open, so that it cannot be replaced by a link. Not on Windows."""


def user_folder() -> str | None:
    """The folder of rnnlint in this user's cache folder; None if the user has none."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or ""
        if not os.path.isabs(base):  # the standard passes over a relative one
            base = os.path.join(home, ".cache")
    return os.path.join(base, "rnnlint") if os.path.isabs(base) else None


def chosen_folder(named: str | None = None) -> str | None:
    """The absolute folder for results: the one given as an argument or in the environment, else the default."""
    named = named or os.environ.get("RNNLINT_CACHE_DIR")
    return os.path.abspath(named) if named else user_folder()


def refusal(path: str) -> str | None:
    """Why a folder is not used for results, as the rest of a sentence that begins with its path; None if it is."""
    if os.path.islink(path):
        return "is a link; name the folder that it points to"
    if not os.path.lexists(path):
        return None
    if not os.path.isdir(path):
        return "is not a folder"
    with contextlib.suppress(OSError), Folder(path) as folder:
        if folder.is_ours() or folder.is_empty():
            return None
        return "contains files that rnnlint did not write; name a new or empty folder"
    return "cannot be opened"


class Folder:
    """A folder that is held open. Raises OSError if it is not a folder, or a link."""

    def __init__(self, path: str, within: Folder | None = None) -> None:
        self._path: str = path if within is None else os.path.join(within._path, path)
        self._handle: int | None = None
        if _HAS_HANDLES:
            self._handle = os.open(path, _OPEN_FOLDER, dir_fd=within._handle if within is not None else None)
        elif not stat.S_ISDIR(os.lstat(self._path).st_mode):
            raise NotADirectoryError(self._path)

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the folder."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _at(self, name: str) -> str:
        return name if self._handle is not None else os.path.join(self._path, name)

    def is_ours(self) -> bool:
        """Whether it contains our tag file."""
        try:
            return self.read(_TAG) == _TAG_TEXT
        except OSError:
            return False

    def is_empty(self) -> bool:
        """Whether it is empty, except for files that another run is writing at the moment."""
        return all(_TEMPORARY.fullmatch(name) for name in self.names())

    def names(self) -> list[str]:
        """The names in the folder."""
        return os.listdir(self._handle if self._handle is not None else self._path)

    def read(self, name: str) -> bytes:
        """The content of a regular file that is not a link. Raises OSError."""
        return read_regular(self._at(name), _MOST, follow=False, dir_fd=self._handle)

    def status(self, name: str) -> os.stat_result:
        """The status of a name, without following links. Raises OSError."""
        return os.stat(self._at(name), dir_fd=self._handle, follow_symlinks=False)

    def make(self, name: str) -> None:
        """A subfolder, which is created if it does not exist. Raises OSError."""
        with contextlib.suppress(FileExistsError):
            os.mkdir(self._at(name), 0o700, dir_fd=self._handle)

    def write(self, name: str, data: bytes) -> None:
        """Replace or create a file atomically. Raises OSError."""
        with self._written(data) as temporary:
            os.replace(temporary, self._at(name), src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def add(self, name: str, data: bytes) -> None:
        """Create a file unless it exists; a file from another run stays. Raises OSError."""
        with self._written(data) as temporary, contextlib.suppress(FileExistsError):
            os.link(temporary, self._at(name), src_dir_fd=self._handle, dst_dir_fd=self._handle)

    @contextlib.contextmanager
    def _written(self, data: bytes) -> Iterator[str]:
        temporary = self._at(f".rnnlint-{os.urandom(16).hex()}.tmp")
        with os.fdopen(os.open(temporary, _CREATE, 0o600, dir_fd=self._handle), "wb") as stream:
            try:
                stream.write(data)
            except BaseException:
                self.remove(temporary)
                raise
        try:
            yield temporary
        finally:
            self.remove(temporary)

    def remove(self, name: str) -> None:
        """Remove a file, if it exists and can be removed."""
        with contextlib.suppress(OSError):
            os.unlink(self._at(name) if not os.path.isabs(name) else name, dir_fd=self._handle)

    def remove_old(self, pattern: re.Pattern[str], age: float) -> None:
        """Remove the regular files with such names that are older than so many seconds."""
        for name in self.names():
            if pattern.fullmatch(name):
                found = self.status(name)
                if stat.S_ISREG(found.st_mode) and time.time() - found.st_mtime > age:
                    self.remove(name)

    def remove_named(self, pattern: re.Pattern[str]) -> int:
        """Remove the regular files with such names; return how many there were."""
        names = [name for name in self.names() if pattern.fullmatch(name) and stat.S_ISREG(self.status(name).st_mode)]
        for name in names:
            self.remove(name)
        return len(names)

    def remove_folder(self, name: str) -> None:
        """Remove a subfolder that is empty."""
        with contextlib.suppress(OSError):
            os.rmdir(self._at(name), dir_fd=self._handle)


class Store:
    """The entries in a folder, with names of 32 hexadecimal digits. Raises OSError if the folder is not ours."""

    def __init__(self, path: str, make: bool) -> None:
        if make:
            os.makedirs(path, 0o700, exist_ok=True)
        self._folder = Folder(path)
        self._is_swept = False
        if not self._folder.is_ours():
            if not (make and self._folder.is_empty()):
                self._folder.close()
                raise PermissionError(path)
            self._folder.write(_TAG, _TAG_TEXT)
            self._folder.write(".gitignore", b"*\n")

    def close(self) -> None:
        """Close the folder."""
        self._folder.close()

    def secret(self) -> bytes:
        """The key of this user, which is created if there is none. Raises OSError if it cannot be trusted."""
        try:
            return self._secret()
        except FileNotFoundError:
            self._folder.add(_KEY, os.urandom(_KEY_LENGTH))
            return self._secret()

    def _secret(self) -> bytes:
        found = self._folder.status(_KEY)
        if hasattr(os, "geteuid") and (found.st_uid != os.geteuid() or found.st_mode & 0o077):
            raise PermissionError(_KEY)
        key = self._folder.read(_KEY)
        if len(key) != _KEY_LENGTH:
            raise PermissionError(_KEY)
        return key

    def read(self, name: str) -> bytes:
        """Read an entry. Raises OSError."""
        with Folder(name[:2], self._folder) as shard:
            return shard.read(name[2:] + ".json")

    def write(self, name: str, data: bytes) -> None:
        """Store an entry. Raises OSError."""
        self._folder.make(name[:2])
        with Folder(name[:2], self._folder) as shard:
            shard.write(name[2:] + ".json", data)
        if not self._is_swept:
            self._is_swept = True
            with contextlib.suppress(OSError):
                self._sweep()

    def _sweep(self) -> None:
        """Remove old entries, so that a folder that many projects share does not grow without limit."""
        with contextlib.suppress(FileNotFoundError):
            if time.time() - self._folder.status(_SWEPT).st_mtime < _DAY:
                return
        self._folder.write(_SWEPT, b"")
        self._folder.remove_old(_TEMPORARY, _DAY)
        for name in self._folder.names():
            if _SHARD.fullmatch(name):
                with contextlib.suppress(OSError), Folder(name, self._folder) as shard:
                    shard.remove_old(_ENTRY, _KEPT)
                    shard.remove_old(_TEMPORARY, _DAY)


def clear(path: str) -> int | None:
    """Remove our files from the folder, and the folder if it is then empty; return the number of entries.

    None if the folder is not ours. The tag file goes last, so an interrupted run can be repeated.
    """
    try:
        folder = Folder(path)
    except OSError:
        return None
    removed = 0
    with folder:
        if not folder.is_ours():
            return None
        for name in folder.names():
            if _SHARD.fullmatch(name):
                with contextlib.suppress(OSError), Folder(name, folder) as shard:
                    removed += shard.remove_named(_ENTRY)
                    shard.remove_named(_TEMPORARY)
                folder.remove_folder(name)
        folder.remove_named(_TEMPORARY)
        for name in (_KEY, _SWEPT, ".gitignore", _TAG):
            folder.remove(name)
    with contextlib.suppress(OSError):
        os.rmdir(path)
    return removed
