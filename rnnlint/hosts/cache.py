"""Was this file checked before? Outcomes by content, settings and version, kept between runs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection
from functools import lru_cache
from typing import Any, TypeAlias

from rnnlint import __version__
from rnnlint.hosts.outcome import Outcome, from_json, to_json
from rnnlint.hosts.store import Store, user_folder
from rnnlint.read.content import read_regular
from rnnlint.read.neighbours import modules_below, whole_of
from rnnlint.settings import Settings

_UNSURE = 2 * 10**9
"""In nanoseconds: a file changed within this time may change again and keep its timestamp, so its content is compared.
"""

Stamp: TypeAlias = list[int] | None
"""Size, times, and the newest of these times. While all of them are unchanged and old, a file is not read again. None
for a missing file."""


class Cache:
    """A folder with a small file for each source file. It only saves time: an entry that is broken, unreadable or out
    of date counts as missing, and failure to write one is ignored."""

    def __init__(self, folder: str | None, flavour: str = "") -> None:
        """``folder=None`` caches nothing. ``flavour`` separates runs with different options."""
        self._folder = folder
        self._flavour = flavour
        self._store: Store | None = None
        self._secret = b""
        self._stamps: dict[str, Stamp] = {}
        self._digests: dict[str, str | None] = {}
        self._written: dict[str, int] = {}

    def get(self, filename: str, data: bytes, settings: Settings) -> Outcome | None:
        """The outcome for the same content, unless a file that it depends on has changed."""
        store = self._opened(make=False)
        if store is None:
            return None
        try:
            data_kept = store.read(self._name(filename))
            mac, _, text = data_kept.partition(b"\n")
            if mac != self._mac(text):
                return None
            entry = json.loads(text)
            if entry["key"] != self._key(filename, data, settings) or not self._holds(entry["consulted"], entry["at"]):
                return None
            return from_json(entry["outcome"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def put(
        self, filename: str, data: bytes, settings: Settings, outcome: Outcome, consulted: Collection[str], since: int
    ) -> None:
        """Store an outcome with the files that it depends on, unless one of them was written after the check began.

        ``since`` is when the check began, in nanoseconds since the epoch, as `time.time_ns` returns it.
        """
        if self._folder is None:
            return
        stamps = {path: [self._stamp(path), self._digest(path)] for path in sorted(consulted)}
        # The order matters: a file written after its digest was taken is noticed when the entry is read.
        if any(self._newest(path) > since for path in consulted):
            return
        entry = {
            "key": self._key(filename, data, settings),
            "at": since,
            "consulted": stamps,
            "outcome": to_json(outcome),
        }
        store = self._opened(make=True)
        if store is None:
            return
        try:
            text = json.dumps(entry).encode("utf-8")
            store.write(self._name(filename), self._mac(text) + b"\n" + text)
        except (OSError, UnicodeError):
            self._let_go()

    def _opened(self, make: bool) -> Store | None:
        """The entries, if they can be used: a folder that rnnlint did not make is left alone."""
        if self._store is None and self._folder is not None and (make or os.path.isdir(self._folder)):
            try:
                self._store = Store(self._folder, make)
                self._secret = _secret(self._folder, self._store)
            except OSError:
                self._let_go()
        return self._store

    def _let_go(self) -> None:
        if self._store is not None:
            self._store.close()
        self._store = self._folder = None

    def _mac(self, text: bytes) -> bytes:
        """The signature of an entry, which only this user can make."""
        import hashlib

        return hashlib.blake2b(text, key=self._secret, digest_size=32).hexdigest().encode()

    def _key(self, filename: str, data: bytes, settings: Settings) -> str:
        parts = (_build(), self._flavour, repr(settings), filename, _sha256(data))
        return _sha256("\0".join(parts))

    def _name(self, filename: str) -> str:
        return _sha256(f"{os.path.abspath(filename)}\0{self._flavour}")[:32]

    def _holds(self, consulted: dict[str, Any], at: int) -> bool:
        """Whether all files are unchanged since the check began, ``at`` this time in nanoseconds."""
        return all(self._is_same(path, stamp, digest, at) for path, (stamp, digest) in consulted.items())

    def _is_same(self, path: str, stamp: Stamp, digest: str | None, at: int) -> bool:
        now = self._stamp(path)
        if now == stamp and (now is None or now[-1] < at - _UNSURE):
            return True
        return self._digest(path) == digest

    def _stamp(self, path: str) -> Stamp:
        if path not in self._stamps:
            self._stamps[path] = _whole_stamp(top) if (top := whole_of(path)) is not None else _stamp(path)
        return self._stamps[path]

    def _newest(self, path: str) -> int:
        """When the file or folder at a path was last written, computed once per run for all modules of a folder."""
        if whole_of(path) is None:
            return _newest(path)
        if path not in self._written:
            self._written[path] = _newest(path)
        return self._written[path]

    def _digest(self, path: str) -> str | None:
        """The digest of the file at a path, computed once per run; None if there is nothing to read."""
        if path not in self._digests:
            try:
                self._digests[path] = _digest(path)
            except (OSError, ValueError):
                self._digests[path] = None
        return self._digests[path]


def _stamp(path: str) -> Stamp:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return [
        found.st_size,
        found.st_mtime_ns,
        found.st_ctime_ns,
        max(found.st_mtime_ns, found.st_ctime_ns),
    ]


def _newest(path: str) -> int:
    """When the file at a path was last written; 0 if there is none."""
    top = whole_of(path)
    return max(((_stamp(one) or [0, 0])[1] for one in (modules_below(top) if top is not None else [path])), default=0)


def _whole_stamp(top: str) -> Stamp:
    """A digest of all modules below a folder: their number, their size, and their times."""
    stamps = [(path, _stamp(path) or [0, 0, 0, 0]) for path in modules_below(top)]
    times = _sha256("\0".join(f"{path} {stamp}" for path, stamp in stamps))
    newest = max((stamp[-1] for _, stamp in stamps), default=0)
    return [len(stamps), sum(stamp[0] for _, stamp in stamps), int(times[:12], 16), newest]


def _digest(path: str) -> str | None:
    top = whole_of(path)
    if top is not None:
        files = modules_below(top)
        return _sha256("\0".join(f"{os.path.relpath(file, top)} {_file_digest(file)}" for file in files))
    return _file_digest(path)


def _file_digest(path: str) -> str | None:
    try:
        return _sha256(read_regular(path))
    except OSError:
        return None


def _secret(folder: str, store: Store) -> bytes:
    """This user's key. It is stored in the user's cache folder, so no project or restored folder can supply one."""
    home = user_folder()
    if home is None:
        raise FileNotFoundError("no cache folder of the user")
    if os.path.abspath(home) == folder:
        return store.secret()
    own = Store(home, make=True)
    try:
        return own.secret()
    finally:
        own.close()


@lru_cache(maxsize=1)
def _build() -> str:
    """The versions of rnnlint and Python. The times of our own files are included for people who change a rule and try
    it."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    newest, count = 0, 0
    for folder, folders, names in os.walk(package):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            newest = max(newest, os.stat(os.path.join(folder, name)).st_mtime_ns)
            count += 1
    return f"{__version__} {newest} {count} {sys.version}"


def _sha256(content: str | bytes) -> str:
    # Imported only when something is stored, since it loads OpenSSL.
    import hashlib

    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()
