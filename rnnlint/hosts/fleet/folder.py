"""How is a checkout in a local folder checked? With the same result as `rnnlint check`."""

from __future__ import annotations

import os
from collections.abc import Iterator

from rnnlint.hosts.checking import Checker
from rnnlint.hosts.configuration import Configurations
from rnnlint.hosts.fleet.repository import Came, error, records
from rnnlint.read.files import find
from rnnlint.settings import Settings, SettingsError


def checkouts(folder: str) -> list[str]:
    """The subfolders of a folder, each a repository of that name. Raises SettingsError if there are none."""
    with os.scandir(folder) as scan:
        found = sorted(one.path for one in scan if one.is_dir(follow_symlinks=False) and not one.name.startswith("."))
    if not found:
        raise SettingsError(f"{folder}: has no subfolders; a folder of checkouts needs one per repository")
    return found


def check_checkout(folder: str, settings: Settings) -> Iterator[Came]:
    """The result of each file of a checkout."""
    folder = os.path.abspath(folder)
    repo = os.path.basename(folder)
    checker = Checker(Configurations.of(settings), False, None)
    for item in find(folder, settings.exclude, settings.extend_exclude, settings.respect_gitignore, root=folder):
        name = item if isinstance(item, str) else item.filename
        path = os.path.relpath(name, folder).replace(os.sep, "/")
        if isinstance(item, str):
            yield Came(*records(checker.check_file(item), repo, path, folder), 1)
        else:
            yield Came([], [error(repo, path, item.reason)], 0)
    checker.end()
