"""Can a result be written where the user wants it? Asked before minutes of work, and done after them."""

from __future__ import annotations

import os
import tempfile

from rnnlint.hosts.configuration import project_root
from rnnlint.report.atomic import write_atomically
from rnnlint.settings import SettingsError


def try_destination(filename: str | None) -> None:
    """Raises SettingsError, with one line, for a file that could not be written; None is no file."""
    if filename is None:
        return
    folder = os.path.dirname(os.path.abspath(filename))
    if not os.path.isdir(folder):
        raise SettingsError(f"{filename}: cannot be written: no such folder: {folder}")
    if os.path.isdir(filename):
        raise SettingsError(f"{filename}: cannot be written: is a folder")
    if os.path.exists(filename) and not os.path.isfile(filename):
        # A pipe or a device: what is written goes into it, not beside it.
        return
    try:
        # What is written goes through a file beside it; one byte finds a full disk as well.
        with tempfile.TemporaryFile(dir=folder) as attempt:
            attempt.write(b"\n")
    except OSError as error:
        raise SettingsError(f"{filename}: cannot be written: {error.strerror}") from None


def write_destination(filename: str, text: str) -> None:
    """Write it at once or not at all. Raises SettingsError, with one line."""
    try:
        write_atomically(filename, text, root=project_root(os.getcwd()))
    except OSError as error:
        raise SettingsError(f"{filename}: cannot be written: {error.strerror}") from None
