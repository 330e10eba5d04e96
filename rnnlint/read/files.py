"""Which files are checked? Named files always, and the Python files and notebooks in named folders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from rnnlint.read.content import read_beginning
from rnnlint.read.exclusion import DEFAULT_EXCLUDES, Exclusion
from rnnlint.read.gitignore import Ignores, ignores_around
from rnnlint.read.problem import SourceError

SUFFIXES = (".py", ".pyi", ".pyw", ".ipynb")
_NAME = attrgetter("name")
_ROW = 100
_SHEBANG = re.compile(rb"#!.*\bpython[\d.]*\b")


def find(
    path: str,
    exclude: Sequence[str] | None = None,
    extend_exclude: Sequence[str] = (),
    respect_gitignore: bool = True,
    root: str = ".",
) -> Iterator[str | SourceError]:
    """The file, or all files below the folder sorted by name; a problem for each that cannot be read.

    `exclude` replaces the default patterns; relative patterns start from `root`.
    """
    path = path if ".." in path.split(os.sep) else os.path.normpath(path)  # with .. it may go through links
    if not os.path.isdir(path):
        return _named(path)
    patterns = DEFAULT_EXCLUDES if exclude is None else exclude
    return _walk(path, Exclusion([*patterns, *extend_exclude], root), respect_gitignore)


def _named(path: str) -> Iterator[str | SourceError]:
    """A path that the user named: it is checked whatever its suffix, and no pattern excludes it."""
    if os.path.exists(path):
        yield path
    else:
        reason = "dangling link" if os.path.islink(path) else "no such file or folder"
        yield SourceError(path, 0, 0, reason)


class _Folder(NamedTuple):
    path: str  # as displayed
    absolute: str  # as patterns see it
    ignores: Ignores | None


def _walk(start: str, exclusion: Exclusion, respect_gitignore: bool) -> Iterator[str | SourceError]:
    """The files below a folder, without recursion: folders may be nested deeper than Python's stack."""
    absolute = os.path.abspath(start)
    around = ignores_around(absolute) if respect_gitignore else None
    waiting: list[_Folder | str | SourceError] = [_Folder(start, absolute, around)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, _Folder):
            waiting.extend(reversed(_content(item, exclusion)))
        else:
            yield item


def _content(folder: _Folder, exclusion: Exclusion) -> list[_Folder | str | SourceError]:
    try:
        with os.scandir(folder.path) as scan:
            entries = sorted(scan, key=_NAME)
    except FileNotFoundError:
        return [SourceError(folder.path, 0, 0, "the folder no longer exists")]
    except OSError as error:
        return [SourceError(folder.path, 0, 0, f"cannot be read: {error.strerror}")]
    ignores = folder.ignores
    if ignores is not None and any(entry.name == ".gitignore" for entry in entries):
        ignores = ignores.within(folder.absolute)
    content = [_judge(entry, folder, ignores, exclusion) for entry in entries]
    return [item for item in content if item is not None]


def _judge(
    entry: os.DirEntry[str], folder: _Folder, ignores: Ignores | None, exclusion: Exclusion
) -> _Folder | str | SourceError | None:
    """The result for one entry. Links to folders are not followed, as in git, flake8 and ruff."""
    try:
        is_folder = entry.is_dir(follow_symlinks=False)
    except OSError as error:
        return SourceError(os.path.join(folder.path, entry.name), 0, 0, f"cannot be read: {error.strerror}")
    if not is_folder and not entry.name.endswith(SUFFIXES) and "." in entry.name:
        return None
    absolute = os.path.join(folder.absolute, entry.name)
    if exclusion.leaves_out(entry.name, absolute):
        return None
    if ignores is not None and ignores.ignore(absolute, is_folder):
        return None
    path = entry.name if folder.path == os.curdir else entry.path
    if is_folder:
        return _Folder(path, absolute, ignores)
    if "." not in entry.name and not _is_script(path):
        return None
    if not entry.is_symlink():
        # This works even if the folder may be listed but not entered; reading then reports the error.
        return path if entry.is_file(follow_symlinks=False) else None
    if os.path.exists(path):
        return path if os.path.isfile(path) else None
    return SourceError(path, 0, 0, "dangling link")


def _is_script(path: str) -> bool:
    """Whether the first line of a file without a suffix says that Python runs it."""
    try:
        return _SHEBANG.match(read_beginning(path, _ROW)) is not None
    except OSError:
        return False


def is_python(name: str, content: bytes) -> bool:
    """The same for a file whose content is already loaded: whether it is checked as part of its folder."""
    if "." in name:
        return name.endswith(SUFFIXES)
    return _SHEBANG.match(content[:_ROW]) is not None
