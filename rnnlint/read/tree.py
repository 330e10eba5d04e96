"""Where are the files of a project: on disk, or in memory?"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from rnnlint.read.content import read_bytes
from rnnlint.read.problem import SourceError


class Entry(NamedTuple):
    """The kind of a directory entry."""

    name: str
    path: str
    is_folder: bool


class Files(Protocol):
    """The files that answers about a project may depend on. Paths are absolute."""

    def read(self, path: str) -> bytes:
        """The content of a file. Raises SourceError if it cannot be read."""

    def names_in(self, folder: str) -> frozenset[str]:
        """The names in a folder; empty if it cannot be read."""

    def entries(self, folder: str) -> list[Entry]:
        """The files and folders in a folder, sorted by name. A link to a folder is not a folder."""


class OnDisk:
    """The files of this machine."""

    def read(self, path: str) -> bytes:
        """See `Files`."""
        return read_bytes(path)

    def names_in(self, folder: str) -> frozenset[str]:
        """See `Files`."""
        try:
            return frozenset(os.listdir(folder))
        except OSError:
            return frozenset()

    def entries(self, folder: str) -> list[Entry]:
        """See `Files`."""
        try:
            with os.scandir(folder) as scan:
                found = [Entry(one.name, one.path, one.is_dir(follow_symlinks=False)) for one in scan]
        except OSError:
            return []
        return sorted(found)


class InMemory:
    """Contents by absolute path. Nothing is read from disk."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents
        self._folders: dict[str, dict[str, bool]] = {}
        for path in contents:
            self._enter(path)

    def _enter(self, path: str) -> None:
        """Enter a file in its folder, and each new folder in its parent."""
        is_folder = False
        while True:
            above, name = os.path.split(path)
            if not name:
                return
            known = above in self._folders
            # A path that is a file for one row and a folder for another is both.
            names = self._folders.setdefault(above, {})
            names[name] = names.get(name, False) or is_folder
            if known:
                return
            path, is_folder = above, True

    def read(self, path: str) -> bytes:
        """See `Files`."""
        try:
            return self._contents[path]
        except KeyError:
            raise SourceError(path, 0, 0, "no such file") from None

    def names_in(self, folder: str) -> frozenset[str]:
        """See `Files`."""
        return frozenset(self._folders.get(folder, ()))

    def entries(self, folder: str) -> list[Entry]:
        """See `Files`."""
        names = sorted(self._folders.get(folder, {}).items())
        return [Entry(name, os.path.join(folder, name), is_folder) for name, is_folder in names]


ON_DISK = OnDisk()
