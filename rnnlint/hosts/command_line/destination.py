"""Can a result be written to the file that the user named? Checked before minutes of work, and written after them."""

from __future__ import annotations

import os
import tempfile

from rnnlint.hosts.configuration import project_root
from rnnlint.report.atomic import write_atomically
from rnnlint.settings import SettingsError


def try_destination(filename: str | None) -> None:
    """Raise SettingsError, with a one-line message, if a file cannot be written. None means no file."""
    if filename is None:
        return
    folder = os.path.dirname(os.path.abspath(filename))
    if not os.path.isdir(folder):
        raise SettingsError(f"{filename}: cannot be written: no such folder: {folder}")
    if os.path.isdir(filename):
        raise SettingsError(f"{filename}: cannot be written: is a folder")
    if os.path.exists(filename) and not os.path.isfile(filename):
        # A pipe or a device is written directly, not through a temporary file.
        return
    try:
        # The temporary file next to the target is tried with one byte, which also detects a full disk.
        with tempfile.TemporaryFile(dir=folder) as attempt:
            attempt.write(b"\n")
    except OSError as error:
        raise SettingsError(f"{filename}: cannot be written: {error.strerror}") from None


def write_destination(filename: str, text: str) -> None:
    """Write the file completely or not at all. Raises SettingsError, with a one-line message."""
    try:
        write_atomically(filename, text, root=project_root(os.getcwd()))
    except OSError as error:
        raise SettingsError(f"{filename}: cannot be written: {error.strerror}") from None
