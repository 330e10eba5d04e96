"""What does git ignore here? The .gitignore files from the repository's root down, and info/exclude."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Ignores(NamedTuple):
    """The files that have a say in one folder, from the one that yields to all others on."""

    files: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def ignore(self, path: str, is_folder: bool) -> bool:
        """Whether git ignores an absolute path; the nearest file with an opinion decides."""
        for folder, spec in reversed(self.files):
            relative = path[len(folder) :].lstrip(os.sep) + ("/" if is_folder else "")
            verdict = spec.check_file(relative).include
            if verdict is not None:
                return verdict
        return False

    def within(self, folder: str) -> Ignores:
        """What has a say in this folder, when self has in the one around it."""
        return self._with(folder, os.path.join(folder, ".gitignore"))

    def _with(self, folder: str, filename: str) -> Ignores:
        try:
            with open(filename, encoding="utf-8-sig", errors="surrogateescape") as file:
                spec = _spec(file.read().split("\n"))
        except OSError:
            return self
        return Ignores((*self.files, (folder, spec))) if spec is not None else self


def ignores_around(folder: str) -> Ignores:
    """What the folders above an absolute folder say about its content."""
    above = [folder]
    while not os.path.exists(os.path.join(above[-1], ".git")):
        parent = os.path.dirname(above[-1])
        if parent == above[-1]:
            return Ignores()  # not in a repository: only the folders that are walked count
        above.append(parent)
    root = above[-1]
    ignores = Ignores()._with(root, os.path.join(_git_folder(root), "info", "exclude"))
    for outer, inner in pairwise(reversed(above)):
        ignores = ignores.within(outer)
        if ignores.ignore(inner, True):
            # Who names an ignored folder wants to see its content all the same.
            return Ignores()
    return ignores


def _git_folder(root: str) -> str:
    """Work trees and submodules have a file in place of the folder, which names it."""
    path = os.path.join(root, ".git")
    if os.path.isdir(path):
        return path
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            folder = os.path.join(root, file.read().removeprefix("gitdir:").strip())
        with open(os.path.join(folder, "commondir"), encoding="utf-8") as file:
            return os.path.join(folder, file.read().strip())
    except (OSError, ValueError):
        return path


def _spec(lines: Iterable[str]) -> GitIgnoreSpec | None:
    from pathspec import GitIgnoreSpec

    patterns = [line for line in lines if line.strip() and not line.startswith("#")]
    kept = []
    for pattern in patterns:
        try:
            GitIgnoreSpec.from_lines([pattern])
        except ValueError:
            continue  # git passes over what it cannot read, and so do we
        kept.append(pattern)
    return GitIgnoreSpec.from_lines(kept) if kept else None
