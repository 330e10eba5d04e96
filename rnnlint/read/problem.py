"""What is reported about a file that cannot be read? One line that names the file and the place."""

from __future__ import annotations


class SourceError(Exception):
    """A file, or a part of it, that could not be read. Row 0 means the file as a whole."""

    def __init__(self, filename: str, row: int, column: int, reason: str) -> None:
        # All fields go to args, so that the error survives pickling in a worker process.
        super().__init__(filename, row, column, reason)
        self.filename = filename
        self.row = row
        self.column = column
        self.reason = " ".join(reason.split())

    def __str__(self) -> str:
        if self.row == 0:
            return f"{self.filename}: {self.reason}"
        return f"{self.filename}:{self.row}:{self.column}: {self.reason}"
