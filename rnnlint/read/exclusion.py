"""Which files and folders does the user exclude? Glob patterns for names and relative paths."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterable

from rnnlint.read.shortest import for_good

# Ruff's list, so that both check the same files, and __pycache__.
DEFAULT_EXCLUDES = (
    ".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints",
    ".mypy_cache", ".nox", ".pants.d", ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache",
    ".svn", ".tox", ".venv", ".vscode", "__pycache__", "__pypackages__", "_build", "buck-out",
    "build", "dist", "node_modules", "site-packages", "venv",
)  # fmt: skip


class Exclusion:
    """All patterns of a run; relative ones with a slash start from the configuration's folder."""

    __slots__ = ("_names", "_paths", "_plain", "_root")

    def __init__(self, patterns: Iterable[str], root: str) -> None:
        self._root = os.path.abspath(root)
        globs = [os.path.normpath(pattern).replace(os.sep, "/") for pattern in patterns if pattern]
        names = [glob for glob in globs if "/" not in glob]
        # Almost all patterns are plain names, which a set can match without globbing.
        self._plain = frozenset(name for name in names if not re.search(r"[*?\[]", name))
        self._names = _any_of(name for name in names if name not in self._plain)
        self._paths = _any_of(glob for glob in globs if "/" in glob)

    def leaves_out(self, name: str, path: str) -> bool:
        """Whether a pattern matches the name, or the absolute path as seen from the root."""
        if name in self._plain or (self._names and self._names.match(name)):
            return True
        if not self._paths:
            return False
        path = path.replace(os.sep, "/")
        relative = path.removeprefix(self._root.replace(os.sep, "/").rstrip("/") + "/")
        return bool(self._paths.match(relative) or self._paths.match(path))


def _any_of(globs: Iterable[str]) -> re.Pattern[str] | None:
    expressions = [_expression(glob, f"g{number}_") for number, glob in enumerate(globs)]
    return re.compile("|".join(expressions)) if expressions else None


_SEPARATORS = re.compile(r"(?P<folders>(?:^|(?<=/))\*\*/)|(?P<star>\*+)")


def _expression(glob: str, names: str) -> str:
    """A regular expression as in fnmatch, where a star crosses slashes, except that `**/` may also match nothing."""
    parts = [["", ""]]
    at = 0
    while at < len(glob):
        if found := _SEPARATORS.match(glob, at):
            parts.append(["(?:.*?/)??" if found["folders"] else ".*?", ""])
            end = found.end()
        else:
            # A star in a set is one of its characters; an unclosed bracket is itself.
            first = at + 2 + glob.startswith("[!", at)
            end = max(glob.find("]", first) if glob[at] == "[" else at, at) + 1
            parts[-1][1] += glob[at:end]
        at = end
    inner = [star + _fixed(text) for star, text in parts]
    kept = [for_good(text, f"{names}{number}") for number, text in enumerate(inner[:-1])]
    # The last star may match more than the shortest text, since it ends where the path does.
    return f"(?s:{''.join(kept)}{inner[-1]})\\Z"


def _fixed(text: str) -> str:
    """The regular expression of a glob without stars."""
    return re.sub(r"\)\\[Zz]\Z", "", fnmatch.translate(text).removeprefix("(?s:"))
