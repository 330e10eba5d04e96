"""Was this very file checked before? Outcomes by content, settings and version, kept between runs."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Collection
from functools import lru_cache
from typing import Any, TypeAlias

from rnnlint import __version__
from rnnlint.hosts.outcome import Outcome, from_json, to_json
from rnnlint.read.neighbours import modules_below, whole_of
from rnnlint.report.atomic import write_atomically
from rnnlint.settings import Settings

_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of rnnlint; it can be deleted.\n"
_SWEPT = "swept"
_DAY = 24 * 60 * 60
_KEPT = 60 * _DAY
"""Entries are kept for so many seconds after they were written, and looked through once a day."""

Stamp: TypeAlias = list[int] | None
"""Size and time of change: while they are the same, a file is not read again. None for an absent one."""


def user_folder() -> str:
    """Where hosts that may not write into the user's project keep outcomes."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    return os.environ.get("RNNLINT_CACHE_DIR") or os.path.join(base, "rnnlint")


class Cache:
    """A folder with a small file for each source file. It only ever saves time: what is broken, unreadable or
    out of date in it counts as absent, and where it cannot be written it is not."""

    def __init__(self, folder: str | None, flavour: str = "") -> None:
        """``folder`` None keeps nothing. ``flavour`` tells apart runs that ask for different things."""
        self._folder = folder
        self._flavour = flavour
        self._stamps: dict[str, Stamp] = {}
        self._digests: dict[str, str | None] = {}
        self._has_written = False

    def get(self, filename: str, data: bytes, settings: Settings) -> Outcome | None:
        """What the same content came to, unless a file that the answer rests on has changed."""
        if self._folder is None:
            return None
        try:
            with open(self._place(filename), encoding="utf-8") as file:
                entry = json.load(file)
            if entry["key"] != self._key(filename, data, settings) or not self._holds(entry["consulted"]):
                return None
            return from_json(entry["outcome"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def put(
        self, filename: str, data: bytes, settings: Settings, outcome: Outcome, consulted: Collection[str], since: int
    ) -> None:
        """Keep an outcome with the files that it rests on, unless one of them was written ``since`` it was begun.

        ``since`` is in nanoseconds since the epoch, as `time.time_ns` gives them.
        """
        if self._folder is None or any(_newest(path) > since for path in consulted):
            return
        entry = {
            "key": self._key(filename, data, settings),
            "consulted": {path: [self._stamp(path), self._digest(path)] for path in sorted(consulted)},
            "outcome": to_json(outcome),
        }
        try:
            self._write(self._place(filename), json.dumps(entry))
        except (OSError, UnicodeError):
            self._folder = None

    def _key(self, filename: str, data: bytes, settings: Settings) -> str:
        parts = (_build(), self._flavour, repr(settings), filename, _sha256(data))
        return _sha256("\0".join(parts))

    def _place(self, filename: str) -> str:
        assert self._folder is not None
        name = _sha256(f"{os.path.abspath(filename)}\0{self._flavour}")
        return os.path.join(self._folder, name[:2], name[2:34] + ".json")

    def _write(self, place: str, text: str) -> None:
        assert self._folder is not None
        if not os.path.isdir(os.path.dirname(place)):
            os.makedirs(os.path.dirname(place), exist_ok=True)
            for name, content in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
                if not os.path.exists(os.path.join(self._folder, name)):
                    write_atomically(os.path.join(self._folder, name), content)
        write_atomically(place, text)
        if not self._has_written:
            self._has_written = True
            _sweep(self._folder)

    def _holds(self, consulted: dict[str, Any]) -> bool:
        return all(
            self._stamp(path) == stamp or self._digest(path) == digest for path, (stamp, digest) in consulted.items()
        )

    def _stamp(self, path: str) -> Stamp:
        if path not in self._stamps:
            self._stamps[path] = _whole_stamp(top) if (top := whole_of(path)) is not None else _stamp(path)
        return self._stamps[path]

    def _digest(self, path: str) -> str | None:
        """The digest of what lies at a path, None where there is nothing to read; once a run for each path."""
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
    return [found.st_size, found.st_mtime_ns]


def _newest(path: str) -> int:
    """When what lies at a path was last written; 0 where there is nothing."""
    top = whole_of(path)
    return max(((_stamp(one) or [0, 0])[1] for one in (modules_below(top) if top is not None else [path])), default=0)


def _whole_stamp(top: str) -> Stamp:
    """Of all modules below a folder: how many, how large, and a number that any change of a time changes."""
    stamps = [(path, _stamp(path) or [0, 0]) for path in modules_below(top)]
    times = _sha256("\0".join(f"{path} {stamp}" for path, stamp in stamps))
    return [len(stamps), sum(size for _, (size, _) in stamps), int(times[:12], 16)]


def _digest(path: str) -> str | None:
    top = whole_of(path)
    if top is not None:
        files = modules_below(top)
        return _sha256("\0".join(f"{os.path.relpath(file, top)} {_file_digest(file)}" for file in files))
    return _file_digest(path)


def _file_digest(path: str) -> str | None:
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return _sha256(file.read())


def _sweep(folder: str) -> None:
    """Remove what was written long ago, so that a folder that many projects share does not grow for ever."""
    marker, now = os.path.join(folder, _SWEPT), time.time()
    try:
        if os.path.exists(marker) and now - os.stat(marker).st_mtime < _DAY:
            return
        write_atomically(marker, "")
        for shard in os.scandir(folder):
            for entry in os.scandir(shard.path) if shard.is_dir() else ():
                if now - entry.stat().st_mtime > _KEPT:
                    os.unlink(entry.path)
    except OSError:
        return


@lru_cache(maxsize=1)
def _build() -> str:
    """Our own version and Python's. The times of our files are for those who change a rule and try it."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    newest, count = 0, 0
    for folder, folders, names in os.walk(package):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            newest = max(newest, os.stat(os.path.join(folder, name)).st_mtime_ns)
            count += 1
    return f"{__version__} {newest} {count} {sys.version}"


def _sha256(content: str | bytes) -> str:
    # Imported where something is kept: it brings OpenSSL.
    import hashlib

    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()
