"""What would change in a file? A unified diff; that of a notebook tells each cell, and not its JSON."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from rnnlint.read.encoding import decoded

_NO_NEWLINE = "\\ No newline at end of file\n"


def unified(before: bytes, after: bytes, filename: str, shown: str) -> Iterator[str]:
    """The lines of the diff, each with its newline. ``shown`` is the path that it names."""
    if filename.endswith(".ipynb"):
        from rnnlint.read.edited_notebook import cell_texts

        old, new = cell_texts(before), cell_texts(after)
        for number in old:
            yield from _diff(old[number], new[number], f"{shown}:cell {number}", is_file=False)
    else:
        yield from _diff(_text(before, filename), _text(after, filename), shown, is_file=True)


def _text(data: bytes, filename: str) -> str:
    """The text with its byte order mark, which programs that apply the diff look for."""
    found = decoded(data, filename)
    return found.mark.decode("utf-8") + found.text


def _diff(before: str, after: str, name: str, is_file: bool) -> Iterator[str]:
    for line in difflib.unified_diff(_lines(before), _lines(after), name, name):
        if line.endswith("\n"):
            yield line
        else:
            # The last line of a cell has no newline, and nobody misses it there.
            yield f"{line}\n{_NO_NEWLINE if is_file else ''}"


def _lines(text: str) -> list[str]:
    """As programs that apply diffs split them: a carriage return belongs to its line."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]
