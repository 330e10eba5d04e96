"""What does this file hold, if it is one that can be read?"""

from __future__ import annotations

import os
import stat

from rnnlint.read.problem import SourceError


def read_bytes(filename: str) -> bytes:
    """The content of a file that is one; devices and pipes would keep us waiting."""
    try:
        status = os.stat(filename)
        if stat.S_ISDIR(status.st_mode):
            raise SourceError(filename, 0, 0, "is a folder")
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(filename, 0, 0, "is not a regular file")
        # Read at once: a buffer for each file would take as long as reading it.
        with open(filename, "rb", buffering=0) as file:
            return file.read()
    except FileNotFoundError:
        reason = "dangling link" if os.path.islink(filename) else "no such file or folder"
        raise SourceError(filename, 0, 0, reason) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(filename, 0, 0, f"cannot be read: {reason}") from None
