"""What may an editor send? Messages of bounded size; anything else ends the session with a reason."""

from __future__ import annotations

import logging
import re
from typing import BinaryIO

MOST = 256 * 2**20
"""The largest message in bytes: more than the largest source that is read, encoded as JSON."""
_MOST_HEADER = 4096
_LENGTH = re.compile(rb"Content-Length:[ \t]*(\d{1,12})[ \t]*\r?\n", re.IGNORECASE)


class Messages:
    """Standard input in the form that pygls reads: header lines, then a body. ``refused`` says why reading stopped."""

    def __init__(self, stream: BinaryIO) -> None:
        self.refused = ""
        self._stream = stream

    def readline(self) -> bytes:
        """The next header line; empty at the end, or if what follows is not a message."""
        line = self._stream.readline(_MOST_HEADER)
        if len(line) == _MOST_HEADER:
            self.refused = "the editor sent a header without an end"
        elif line.lower().startswith(b"content-length"):
            found = _LENGTH.fullmatch(line)
            if found is None or not 0 < int(found[1]) <= MOST:
                self.refused = f"the editor sent a message whose length is not from 1 to {MOST}"
            else:
                # pygls accepts only one spelling.
                line = b"Content-Length: %d\r\n" % int(found[1])
        return b"" if self.refused else line

    def read(self, size: int) -> bytes:
        """The next bytes of a body."""
        return self._stream.read(size)


def without_traceback(record: logging.LogRecord) -> bool:
    """Reduce an error of pygls about the editor's input to one line."""
    rows = [row for row in record.getMessage().splitlines() if row.strip()]
    if record.exc_info:
        rows.append(" ".join(str(record.exc_info[1]).split()))
    record.msg, record.args, record.exc_info = ": ".join(rows[:1] + rows[1:][-1:])[:300], (), None
    return True
