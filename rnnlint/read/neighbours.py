"""Which files surround this one in its project? Those of its outermost package, or of its folder."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection
from functools import lru_cache
from operator import methodcaller
from typing import NamedTuple

from rnnlint.read.problem import SourceError
from rnnlint.read.tree import ON_DISK, Files

MOST = 400
"""How many surrounding files are searched for calls of a file's functions."""

PROJECT_MARKERS = frozenset({"pyproject.toml", "setup.py", "setup.cfg", ".git", ".hg", "tox.ini"})
"""Files and folders that mark the root of a project."""

_SCRIPTS_ABOVE = 2
"""How many folders above one of plain modules may contain scripts that import from it."""

_MOST_SCRIPTS = 40

_ABOVE_PACKAGE = 3
"""How many folders above the outermost package are searched if nothing marks the project's root."""

_WHOLE = os.sep + "**"

NamesIn = Callable[[str], Collection[str]]


def top_of(filename: str, names_in: NamesIn, files: Files) -> str:
    """The folder of the outermost package that contains a file, or its own folder.

    The root of a project is not a package of its surroundings, even if it has an ``__init__.py``. ``names_in`` has the
    names in folders of ``files``, as far as they were listed before.
    """
    top = os.path.dirname(os.path.abspath(filename))
    while os.path.basename(top).isidentifier():
        names = names_in(top)
        if "__init__.py" not in names or not PROJECT_MARKERS.isdisjoint(names):
            break
        top = os.path.dirname(top)
    return _with_scripts_above(top, names_in, files)


def _with_scripts_above(top: str, names_in: NamesIn, files: Files) -> str:
    """The parent of a folder of plain modules, if it contains scripts: ``from tides.net import …`` needs no package."""
    for _ in range(_SCRIPTS_ABOVE):
        above = os.path.dirname(top)
        names = names_in(top)
        if not os.path.basename(top).isidentifier() or not PROJECT_MARKERS.isdisjoint(names):
            break
        scripts = sorted(name for name in names_in(above) if name.endswith(".py"))[:_MOST_SCRIPTS]
        if not any(_imports(os.path.join(above, name), os.path.basename(top), files) for name in scripts):
            break
        top = above
    return top


def _imports(path: str, package: str, files: Files) -> bool:
    """Whether a script imports from a folder."""
    try:
        text = files.read(path)
    except SourceError:
        return False
    return re.search(rb"^[ \t]*(?:from|import)[ \t]+%s\b" % re.escape(package.encode()), text, re.MULTILINE) is not None


class Around(NamedTuple):
    """The surroundings of a file: Python files and notebooks, nearest first, and the folders that were searched."""

    files: list[str]
    folders: list[str]


def around(top: str, files: Files = ON_DISK) -> Around:
    """The Python files and notebooks in a folder and its subfolders; a limited number."""
    found: list[str] = []
    folders = [top]
    at = 0
    while at < len(folders) and len(found) < MOST:
        for entry in files.entries(folders[at]):
            if entry.name.endswith((".py", ".ipynb")):
                found.append(entry.path)
            elif not entry.name.startswith(".") and entry.is_folder:
                folders.append(entry.path)
        at += 1
    return Around(found, folders[:at])


def modules_below(top: str) -> list[str]:
    """The files of `around`."""
    return around(top).files


@lru_cache(maxsize=1024)
def folders_around(folder: str) -> tuple[str, ...]:
    """A folder and those above it, nearest first."""
    found = [folder]
    while (above := os.path.dirname(found[-1])) != found[-1]:
        found.append(above)
    return tuple(found)


def search_path(here: str, names_in: NamesIn) -> tuple[str, ...]:
    """The folders from which an absolute import of a file in this folder may start, nearest first."""
    folders: list[str] = []
    folder, left = here, _ABOVE_PACKAGE
    while True:
        folders += [folder]
        if "src" in names_in(folder):
            folders += [os.path.join(folder, "src")]
        above = os.path.dirname(folder)
        marked = not PROJECT_MARKERS.isdisjoint(names_in(folder))
        left -= 0 if "__init__.py" in names_in(folder) else 1
        if marked or above == folder or left < 0:
            break
        folder = above
    return tuple(folders)


def text_of(content: bytes, path: str) -> bytes:
    """The Python text of a file; for a notebook, its code."""
    if not path.endswith(".ipynb"):
        return content
    from rnnlint.read.notebook import code_of

    return code_of(content, path)


def whole(top: str) -> str:
    """The name of all modules below a folder, for an answer that depends on all of them, as if they were one file."""
    return top + _WHOLE


def rests_on(consulted: Collection[str], path: str) -> bool:
    """Whether an answer depends on a file, by its own name or by that of all files in a folder."""
    if path in consulted:
        return True
    return any(path.startswith(top + os.sep) for name in consulted if (top := whole_of(name)) is not None)


is_whole = methodcaller("endswith", _WHOLE)
"""Whether a path stands for a folder: a function in C, because it is called for each file that findings depend on."""


def whole_of(path: str) -> str | None:
    """The folder that such a name stands for; None for the path of a file."""
    return path.removesuffix(_WHOLE) if path.endswith(_WHOLE) else None
