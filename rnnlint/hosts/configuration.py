"""Which settings apply to a file? Those of the nearest pyproject.toml, overridden by flags."""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from rnnlint.read.content import read_regular, unreadable
from rnnlint.report.run import path_from
from rnnlint.settings import OPTIONS, Settings, SettingsError, checked_values

FILENAME = "pyproject.toml"
_MOST = 2**20
"""The largest configuration file, in bytes."""
_DOTTED = re.compile(rb"(?<![\w\"'-])(?:[\w\"'-]+[ \t]*\.[ \t]*)+")
_MOST_PARTS = 40
"""The limit on the parts of a dotted key: Python's TOML parser takes quadratic time in them."""
_MARKERS = (FILENAME, ".git", ".hg")
_ADDED = ("extend_select", "extend_ignore", "extend_exclude")
"""Options that add to the value of the extended file and, as flags, to that of the file; the others replace it."""


class Configuration(NamedTuple):
    """Settings, and the source of each that is not a default: a file or ``--flag``."""

    settings: Settings = Settings()
    run: Mapping[str, Any] = {}
    """The values of the options of the run, by attribute; unset ones are absent."""
    origins: Mapping[str, str] = {}
    filename: str | None = None


class Configurations:
    """The configurations of one run: each file uses the nearest pyproject.toml with a [tool.rnnlint] table.

    ``flags`` are option names and values; so are the settings of an ``editor``, which flags override. ``config_file``
    replaces every pyproject.toml, and its patterns are relative to the current folder, as in ruff. With ``isolated`` no
    file is read. ``given_by`` names the source of the flags in errors.
    """

    def __init__(
        self,
        flags: Mapping[str, Any],
        cwd: str,
        config_file: str | None = None,
        isolated: bool = False,
        editor: Mapping[str, Any] | None = None,
        given_by: str = "command line",
    ) -> None:
        self._cwd = os.path.abspath(cwd)
        self._isolated = isolated
        self._flags = _anchored(_checked(editor or {}, "settings of the editor"), self._cwd)
        for key, value in _anchored(_checked(flags, given_by), self._cwd).items():
            self._flags[key] = (*self._flags.get(key, ()), *value) if key in _ADDED else value
        self._by_folder: dict[str, Configuration] = {}
        self._fixed: Configuration | None = None
        if config_file is not None:
            values = read_table(config_file)
            if values is None:
                raise SettingsError(f"{config_file}: has no [tool.rnnlint] table")
            self._fixed = self._laid_over(values, config_file, self._cwd)
        elif isolated:
            self._fixed = self._laid_over({}, None, self._cwd)

    @classmethod
    def of(cls, settings: Settings) -> Configurations:
        """The same settings for every file, regardless of its folder."""
        made = cls({}, os.curdir, isolated=True)
        made._fixed = Configuration(settings)
        return made

    def for_file(self, filename: str) -> Configuration:
        """The configuration of a file, by its folder."""
        return self._fixed or self.for_folder(os.path.dirname(os.path.abspath(filename)))

    def for_folder(self, folder: str) -> Configuration:
        """The configuration of a folder. Raises SettingsError if its pyproject.toml cannot be used."""
        if self._fixed is not None:
            return self._fixed
        folder = os.path.abspath(folder)
        if folder not in self._by_folder:
            self._by_folder[folder] = self._nearest(folder)
        return self._by_folder[folder]

    def _nearest(self, folder: str) -> Configuration:
        candidate = os.path.join(folder, FILENAME)
        values = read_table(candidate) if os.path.isfile(candidate) else None
        if values is not None:
            return self._laid_over(values, candidate, folder)
        above = os.path.dirname(folder)
        if above == folder:
            return self._laid_over({}, None, folder)
        return self.for_folder(above)

    def _laid_over(self, values: Mapping[str, Any], filename: str | None, folder: str) -> Configuration:
        """The flags override the values of a file, and these override those of the file that it extends."""
        merged, origins = self._with_extended(values, filename, folder, ()) if filename is not None else ({}, {})
        for key, value in self._flags.items():
            merged[key] = (*merged.get(key, ()), *value) if key in _ADDED else value
            origins[key] = "--" + key.replace("_", "-")
        settings = Settings(**{key: value for key, value in merged.items() if key in Settings._fields})
        run = {key: value for key, value in merged.items() if key not in Settings._fields}
        return Configuration(settings, run, origins, filename)

    def _with_extended(
        self, values: Mapping[str, Any], filename: str, folder: str, above: tuple[str, ...]
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """The checked values of a file, which override those of the file that it extends, and the source of each.

        ``above`` are the files that extend this one. Raises SettingsError if a file extends itself in a circle.
        """
        shown = os.path.relpath(filename, self._cwd)
        own = _anchored(_checked(values, f"{shown} [tool.rnnlint]"), folder)
        if "baseline" in own:
            # As a flag the path is relative to the current folder, in a file to the folder of the file.
            own["baseline"] = path_from(self._cwd, os.path.join(folder, os.path.expanduser(own["baseline"])))
        extended = own.get("extend")
        if extended is None:
            return own, dict.fromkeys(own, shown)
        where = os.path.abspath(os.path.join(os.path.dirname(filename), os.path.expanduser(extended)))
        path = (*above, os.path.abspath(filename))
        if where in path:
            circle = " -> ".join(os.path.relpath(one, self._cwd) for one in (*path[path.index(where) :], where))
            raise SettingsError(f"{shown} [tool.rnnlint]: circular extend: {circle}")
        found = os.path.relpath(where, self._cwd)
        # A pipe or a device could block forever.
        below = read_table(where) if os.path.isfile(where) else None
        if below is None:
            lacks = "has no [tool.rnnlint] table" if os.path.isfile(where) else "is not a file"
            raise SettingsError(f"{shown} [tool.rnnlint]: extend: {found} {lacks}")
        merged, origins = self._with_extended(below, where, os.path.dirname(where), path)
        for key, value in own.items():
            merged[key] = (*merged.get(key, ()), *value) if key in _ADDED else value
            origins[key] = shown
        return merged, origins


def project_root(cwd: str) -> str:
    """The folder of the project: the nearest one with a pyproject.toml or a repository, else ``cwd``."""
    folder = cwd = os.path.abspath(cwd)
    while not any(os.path.lexists(os.path.join(folder, marker)) for marker in _MARKERS):
        above = os.path.dirname(folder)
        if above == folder:
            return cwd
        folder = above
    return folder


def read_table(filename: str) -> dict[str, Any] | None:
    """The [tool.rnnlint] table of a TOML file; None if it has none. Raises SettingsError for a broken file."""
    try:
        data = read_regular(filename, _MOST)
    except (OSError, ValueError) as error:
        raise SettingsError(f"{filename}: {unreadable(error, filename)}") from None
    if b"rnnlint" not in data:
        return None
    tool = _parsed(data, filename).get("tool", {})
    table = tool.get("rnnlint") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(f"{filename}: [tool.rnnlint] must be a table")
    return table


def _parsed(data: bytes, filename: str) -> dict[str, Any]:
    # Import the TOML parser only for a file that mentions rnnlint: it takes longer than the rest of the start.
    toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        if any(found[0].count(b".") > _MOST_PARTS for found in _DOTTED.finditer(data)):
            raise ValueError(f"a key has more than {_MOST_PARTS} parts")
        document: dict[str, Any] = toml.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise SettingsError(f"{filename}: is not UTF-8 (byte {error.start})") from None
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{filename}: is not TOML: {' '.join(str(error).split())}") from None
    return document


def _checked(values: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The values in their types, with codes that exist. Raises SettingsError."""
    checked = checked_values(values, where)
    for option in OPTIONS:
        value = checked.get(option.key)
        if option.kind == "codes" and value:
            _refuse_unknown(value, f"{where}: {option.name}")
        elif option.kind == "map" and value:
            for words in value.values():
                _refuse_unknown(words, f"{where}: {option.name}")
    return checked


def _refuse_unknown(words: Iterable[str], where: str) -> None:
    from rnnlint.report import unused_noqa
    from rnnlint.rules import chosen

    for word in words:
        if word.upper() == unused_noqa.RULE.code or word == unused_noqa.RULE.name:
            raise SettingsError(f"{where}: {word} cannot be selected; use --report-unused-noqa")
    chosen(words, where)


def _anchored(values: dict[str, Any], folder: str) -> dict[str, Any]:
    """Patterns with a slash are relative to the folder of their file; make them absolute."""
    anchored = dict(values)
    for key in ("exclude", "extend_exclude"):
        if anchored.get(key):
            anchored[key] = tuple(_anchor(pattern, folder) for pattern in anchored[key])
    if anchored.get("per_file_ignores"):
        ignores = anchored["per_file_ignores"]
        anchored["per_file_ignores"] = {_anchor(pattern, folder): codes for pattern, codes in ignores.items()}
    return anchored


def _anchor(pattern: str, folder: str) -> str:
    pattern = pattern.replace(os.sep, "/")
    if "/" not in pattern.rstrip("/") or os.path.isabs(pattern):
        return pattern
    import glob

    return glob.escape(folder).replace(os.sep, "/").rstrip("/") + "/" + pattern.removeprefix("./")
