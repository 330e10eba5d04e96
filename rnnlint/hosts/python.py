"""How is rnnlint used from Python? With `rnnlint.check_source` and `rnnlint.check_paths`, the public functions."""

from __future__ import annotations

import io
import os
import tokenize
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rnnlint.finding import Finding
from rnnlint.hosts.checking import Checker
from rnnlint.hosts.configuration import Configurations
from rnnlint.hosts.searching import files_of
from rnnlint.read.problem import SourceError

__all__ = ["Result", "check_paths", "check_source"]


class Result(NamedTuple):
    """The findings, and the errors for files that could not be checked."""

    findings: tuple[Finding, ...]
    """Sorted by file, then line. Findings that a noqa comment silences are left out."""
    errors: tuple[SourceError, ...]
    """One error for each file that could not be read or parsed completely; the parts that parse are checked."""


def check_source(
    source: str | bytes, filename: str = "<string>", options: Mapping[str, object] | None = None
) -> tuple[Finding, ...]:
    """Check one source, which need not be in a file, and return its findings.

    ``options`` are those of ``[tool.rnnlint]``, by their names in that table; no configuration file is read. A
    ``filename`` that ends in ``.ipynb`` makes the source a notebook. If the file name lies in a folder, modules that
    the source imports from there are read.

    A source that cannot name TensorFlow or Keras is not parsed and has no findings.

    Raises `rnnlint.SourceError` if the source cannot be parsed, and `rnnlint.SettingsError` for an unknown option or a
    wrong value.
    """
    checker = _checker(options, isolated=True)[0]
    outcome = checker.check_bytes(_encoded(source, filename) if isinstance(source, str) else source, filename)
    if outcome.error is not None:
        raise outcome.error
    return tuple(sorted(outcome.findings))


def check_paths(
    paths: Iterable[str | os.PathLike[str]], options: Mapping[str, object] | None = None, isolated: bool = False
) -> Result:
    """Check files and folders like ``rnnlint check``, in this process, and return the findings and errors.

    Each file has the settings of the closest ``pyproject.toml``, unless ``isolated``; ``options`` override these. The
    cache and the baseline are not used.

    Raises `rnnlint.SettingsError` for an unknown option, a wrong value, or a configuration file that cannot be used.
    Files that cannot be checked do not raise: they are in `Result.errors`.
    """
    checker, configurations = _checker(options, isolated)
    findings: list[Finding] = []
    errors: list[SourceError] = []
    for found in files_of([os.fspath(path) for path in paths], configurations, os.getcwd()):
        if isinstance(found, SourceError):
            errors.append(found)
            continue
        outcome = checker.check_file(found)
        findings += sorted(outcome.findings)
        if outcome.error is not None:
            errors.append(outcome.error)
    return Result(tuple(findings), tuple(errors))


def _encoded(source: str, filename: str) -> bytes:
    """The text as the bytes of a file, in the encoding that it declares."""
    data = source.encode(errors="surrogateescape")
    if filename.endswith(".ipynb"):
        return data
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        return data if encoding.startswith("utf-8") else source.encode(encoding)
    except (SyntaxError, UnicodeEncodeError) as error:
        raise SourceError(filename, 0, 0, str(error)) from None


def _checker(options: Mapping[str, object] | None, isolated: bool) -> tuple[Checker, Configurations]:
    configurations = Configurations(options or {}, os.getcwd(), isolated=isolated, given_by="options")
    return Checker(configurations, judge_noqa=False, cache_folder=None), configurations
