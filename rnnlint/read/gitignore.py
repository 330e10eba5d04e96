"""What does git ignore here? The .gitignore files from the repository's root down, and info/exclude."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rnnlint.read.content import read_regular
from rnnlint.read.shortest import for_good

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


_MOST = 2**18
"""The largest ignore file in bytes; a larger one is skipped."""

_LONGEST = 4096
"""The longest pattern in characters; no path is longer."""

_STAR = "[^/]*"
_FOLDERS = "(?:.+/)?"


class Ignores(NamedTuple):
    """The ignore files that apply to one folder, in order of increasing priority."""

    files: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def ignore(self, path: str, is_folder: bool) -> bool:
        """Whether git ignores an absolute path; the nearest file with a matching pattern decides."""
        for folder, spec in reversed(self.files):
            relative = path[len(folder) :].lstrip(os.sep) + ("/" if is_folder else "")
            verdict = spec.check_file(relative).include
            if verdict is not None:
                return verdict
        return False

    def within(self, folder: str) -> Ignores:
        """The ignore files for this folder, if self has those for its parent."""
        return self._with(folder, os.path.join(folder, ".gitignore"))

    def _with(self, folder: str, filename: str) -> Ignores:
        try:
            # Links are skipped, as in git.
            text = read_regular(filename, _MOST, follow=False).decode("utf-8-sig", "surrogateescape")
            spec = _spec(text.replace("\r\n", "\n").split("\n"))
        except OSError:
            return self
        return Ignores((*self.files, (folder, spec))) if spec is not None else self


def ignores_around(folder: str) -> Ignores:
    """The ignore files of the folders above an absolute folder."""
    above = [folder]
    while not os.path.exists(os.path.join(above[-1], ".git")):
        parent = os.path.dirname(above[-1])
        if parent == above[-1]:
            return Ignores()  # not in a repository: only the visited folders count
        above.append(parent)
    root = above[-1]
    ignores = Ignores()._with(root, os.path.join(_git_folder(root), "info", "exclude"))
    for outer, inner in pairwise(reversed(above)):
        ignores = ignores.within(outer)
        if ignores.ignore(inner, True):
            # A user who names an ignored folder still wants its content checked.
            return Ignores()
    return ignores


def _git_folder(root: str) -> str:
    """Work trees and submodules have a file instead of the .git folder, which points to it."""
    path = os.path.join(root, ".git")
    if os.path.isdir(path):
        return path
    try:
        named = read_regular(path, _MOST, follow=False).decode("utf-8", "surrogateescape")
        folder = os.path.join(root, named.removeprefix("gitdir:").strip())
        common = read_regular(os.path.join(folder, "commondir"), _MOST).decode("utf-8")
        return os.path.join(folder, common.strip())
    except (OSError, ValueError):
        return path


def _spec(lines: Iterable[str]) -> GitIgnoreSpec | None:
    from pathspec import GitIgnoreSpec

    kept = []
    # The last match decides, so only the last of equal patterns counts.
    for line in reversed(dict.fromkeys(reversed([*lines]))):
        if not line.strip() or line.startswith("#") or len(line) > _LONGEST:
            continue
        try:
            patterns = list(GitIgnoreSpec.from_lines([line]).patterns)
        except ValueError:
            continue  # git skips patterns that it cannot read, and so do we
        for pattern in patterns:
            if pattern.regex is not None and line.count("*") > 1:
                pattern.regex = re.compile(_linear(pattern.regex.pattern), pattern.regex.flags)
            kept.append(pattern)
    return GitIgnoreSpec(kept) if kept else None


def _linear(expression: str) -> str:
    """The expression of a pattern, in which each star except the last of a name matches the shortest text that fits.

    The same holds for each part that crosses folders, except the last, which decides whether a folder or its content
    matched.
    """
    first, *rest = re.sub(r"(?:\[\^/\]\*)+", lambda _: _STAR, expression).split(_STAR)
    parts = [first]
    for number, text in enumerate(rest):
        is_last = number == len(rest) - 1 or "/" in text
        parts.append(f"{_STAR}{text}" if is_last else for_good(f"[^/]*?{text}", f"s{number}"))
    first, *rest = "".join(parts).replace("(?:/.+)?/", f"/{_FOLDERS}").split(_FOLDERS)
    inner = [for_good(f"(?:.+?/)??{text}", f"f{number}") for number, text in enumerate(rest[:-1])]
    return "".join([first, *inner, *(f"{_FOLDERS}{text}" for text in rest[-1:])])
