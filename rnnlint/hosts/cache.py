"""Was this very file checked before? Outcomes by content, settings and version, kept between runs."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rnnlint import __version__
from rnnlint.hosts.outcome import Outcome, from_json, to_json
from rnnlint.report.atomic import write_atomically
from rnnlint.settings import Settings

_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of rnnlint; it can be deleted.\n"


class Cache:
    """A folder with a small file for each source file. It only ever saves time: what is broken, unreadable or
    out of date in it counts as absent, and where it cannot be written it is not."""

    def __init__(self, folder: str | None, flavour: str = "") -> None:
        """``folder`` None keeps nothing. ``flavour`` tells apart runs that ask for different things."""
        self._folder = folder
        self._flavour = flavour
        self._digests: dict[str, str | None] = {}

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
        self, filename: str, data: bytes, settings: Settings, outcome: Outcome, consulted: Mapping[str, str | None]
    ) -> None:
        """Keep an outcome with the files that it rests on."""
        if self._folder is None:
            return
        entry = {
            "key": self._key(filename, data, settings),
            # The engine knows no digest of files that it was handed; here they are as they were checked.
            "consulted": {path: digest or self._digest(path) for path, digest in consulted.items()},
            "outcome": to_json(outcome),
        }
        try:
            self._write(self._place(filename), json.dumps(entry))
        except (OSError, UnicodeError):
            self._folder = None

    def _key(self, filename: str, data: bytes, settings: Settings) -> str:
        parts = (_build(), self._flavour, repr(settings), filename, hashlib.sha256(data).hexdigest())
        return _sha256("\0".join(parts))

    def _place(self, filename: str) -> str:
        assert self._folder is not None
        name = _sha256(os.path.abspath(filename))
        return os.path.join(self._folder, name[:2], name[2:34] + ".json")

    def _write(self, place: str, text: str) -> None:
        assert self._folder is not None
        if not os.path.isdir(os.path.dirname(place)):
            os.makedirs(os.path.dirname(place), exist_ok=True)
            for name, content in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
                if not os.path.exists(os.path.join(self._folder, name)):
                    write_atomically(os.path.join(self._folder, name), content)
        write_atomically(place, text)

    def _holds(self, consulted: Mapping[str, Any]) -> bool:
        return all(self._digest(path) == digest for path, digest in consulted.items())

    def _digest(self, path: str) -> str | None:
        """The digest of what lies at a path, None where there is nothing to read; once a run for each path."""
        if path not in self._digests:
            try:
                self._digests[path] = _folder_digest(path) if os.path.isdir(path) else _file_digest(path)
            except (OSError, ValueError):
                self._digests[path] = None
        return self._digests[path]


def _file_digest(path: str) -> str | None:
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def _folder_digest(path: str) -> str:
    """Of the names in it that may be modules: an answer can rest on there being no others."""
    names = (name for name in os.listdir(path) if name.endswith(".py") or name.isidentifier())
    return _sha256("\0".join(sorted(name for name in names if name != "__pycache__")))


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


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
