"""What does this file contain, and where in it is a node of its tree? The entry point of this room."""

from __future__ import annotations

import ast

from rnnlint.read.encoding import decode
from rnnlint.read.parsed import Dialect, Place, Source
from rnnlint.read.parsing import parse, refuse_deep
from rnnlint.read.problem import SourceError
from rnnlint.read.rows import split_rows
from rnnlint.read.size import refuse_large

__all__ = [
    "Dialect", "Place", "Source", "SourceError", "from_bytes", "from_text", "from_tree",
]  # fmt: skip


def from_bytes(data: bytes, filename: str, in_part: bool = False) -> Source:
    """Read the content of a file, as a notebook if its name says so; see `from_text`. Raises SourceError."""
    if filename.endswith(".ipynb"):
        return _from_notebook(data, filename)
    return from_text(decode(data, filename), filename, in_part)


def from_text(text: str, filename: str, in_part: bool = False) -> Source:
    """Read decoded text, as Python 3 or else as Python 2. Raises SourceError.

    With ``in_part``, the part that can be parsed is used if the whole cannot; ``broken`` then says why.
    """
    if filename.endswith(".ipynb"):
        return _from_notebook(text, filename)
    text = text.removeprefix("\N{BYTE ORDER MARK}")
    refuse_large(text, filename)
    try:
        return Source(filename, text, split_rows(text), parse(text, filename))
    except SourceError as error:
        found = _from_python2(text, filename) or (_in_part(text, filename) if in_part else None)
        if found is None:
            raise error from None
        return found


def from_tree(tree: ast.Module, lines: list[str], filename: str) -> Source:
    """Use the text and tree that a host has read; lines may include their newlines."""
    text = "".join(lines)
    rows = split_rows(text)
    refuse_deep(tree, rows, filename)
    return Source(filename, text, rows, tree)


def _from_python2(text: str, filename: str) -> Source | None:
    from rnnlint.read.python2 import rewrite

    translation = rewrite(text)
    if translation is None:
        return None
    try:
        tree = parse(translation.text, filename)
    except SourceError:
        return None
    lines = split_rows(text)
    parsed = {
        row: new
        for row, (new, old) in enumerate(zip(split_rows(translation.text), lines, strict=True), 1)
        if new != old
    }
    return Source(filename, text, lines, tree, "python2", parsed_lines=parsed, shifts=translation.shifts)


def _in_part(text: str, filename: str) -> Source | None:
    """The part that can be parsed of a text that neither Python accepts, or of its translation."""
    from rnnlint.read.python2 import rewrite
    from rnnlint.read.recovery import recover

    translation = rewrite(text)
    found = recover(translation.text if translation is not None else text, filename)
    if found is None:
        return None
    lines = split_rows(text)
    parsed = {row: new for row, (new, old) in enumerate(zip(found.rows, lines, strict=True), 1) if new != old}
    shifts = {**(translation.shifts if translation is not None else {}), **found.shifts}
    dialect: Dialect = "python2" if translation is not None else "python3"
    return Source(filename, text, lines, found.tree, dialect, parsed_lines=parsed, shifts=shifts, broken=found.error)


def _from_notebook(content: bytes | str, filename: str) -> Source:
    from rnnlint.read.notebook import read_notebook

    return read_notebook(content, filename)
