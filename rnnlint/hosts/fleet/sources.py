"""Which files or checkouts are the sources of a fleet, and which columns do they have?"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from rnnlint.hosts.fleet.columns import chosen
from rnnlint.hosts.fleet.folder import checkouts
from rnnlint.settings import SettingsError

_NAMES = {"repo": "repo", "path": "path", "content": "content"}


def found(paths: Sequence[str], given: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """The Parquet files with the columns that all of them have, or the checkouts.

    Raises SettingsError if a source cannot be used, and OSError if it cannot be read.
    """
    files: list[str] = []
    folders: list[str] = []
    for path in paths:
        if os.path.isdir(path):
            inside = _parquet_in(path)
            files += inside
            folders += [] if inside else checkouts(path)
        else:
            files.append(path)
    if files and folders:
        raise SettingsError("Parquet files and folders of checkouts cannot be checked in one run")
    if folders:
        if given:
            raise SettingsError("column options do not apply to a folder of checkouts")
        return folders, dict(_NAMES)
    wanted = {**_NAMES, **given}
    columns = [chosen(_columns(file), wanted, given, file) for file in files]
    if any(one != columns[0] for one in columns):
        raise SettingsError("only some of the sources have a repository column")
    return files, columns[0]


def _parquet_in(folder: str) -> list[str]:
    """The Parquet files in a folder, as written by Spark and other tools."""
    with os.scandir(folder) as scan:
        names = [one.path for one in scan if one.name.endswith(".parquet") and one.is_file()]
    return sorted(names)


def _columns(file: str) -> list[str]:
    try:
        names: list[str] = pq.read_schema(file).names
    except FileNotFoundError:
        raise SettingsError(f"{file}: no such file or folder") from None
    except (pa.ArrowException, OSError) as error:
        raise SettingsError(f"{file}: is not Parquet: {str(error).splitlines()[0]}") from None
    return names
