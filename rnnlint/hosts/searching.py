"""Which files do these paths refer to? Each file once, filtered by the patterns of its configuration."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from rnnlint.hosts.configuration import Configurations
from rnnlint.read.files import find
from rnnlint.read.problem import SourceError


def files_of(paths: Sequence[str], configurations: Configurations, cwd: str) -> Iterator[str | SourceError]:
    """The files to check, in order, and an error for each path that cannot be reached."""
    seen: set[str] = set()
    for path in paths:
        settings = configurations.for_folder(path if os.path.isdir(path) else os.path.dirname(path)).settings
        found = find(path, settings.exclude, settings.extend_exclude, settings.respect_gitignore, root=cwd)
        if len(paths) == 1:
            yield from found
            return
        for item in found:
            key = os.path.abspath(item) if isinstance(item, str) else str(item)
            if key not in seen:
                seen.add(key)
                yield item
