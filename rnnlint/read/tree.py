"""Where do the files of a project lie: on the disk, or in memory?"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from rnnlint.read.content import read_bytes
from rnnlint.read.problem import SourceError


class Entry(NamedTuple):
    """What lies in a folder under a name."""

    name: str
    path: str
    is_folder: bool


class Files(Protocol):
    """The files that answers about a project may rest on. Paths are absolute."""

    def read(self, path: str) -> bytes:
        """The content of a file. Raises SourceError where there is none that can be read."""

    def names_in(self, folder: str) -> frozenset[str]:
        """What lies in a folder; nothing where it cannot be read."""

    def entries(self, folder: str) -> list[Entry]:
        """The same with the folders told apart, in the order of the names. A link to a folder is none."""


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
    """Contents by absolute path. Nothing is read from the disk, whatever path is asked for."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents
        self._folders: dict[str, dict[str, bool]] = {}
        for path in contents:
            self._enter(path)

    def _enter(self, path: str) -> None:
        """Note a file in its folder, and each new folder in the one above."""
        is_folder = False
        while True:
            above, name = os.path.split(path)
            if not name:
                return
            known = above in self._folders
            # A path that is a file for one row and a folder for another is both: each is found as what was asked for.
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
