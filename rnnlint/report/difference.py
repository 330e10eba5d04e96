"""What would change in a file? A unified diff; for a notebook, one per cell and not of its JSON."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from rnnlint.read.encoding import decoded

_NO_NEWLINE = "\\ No newline at end of file\n"

_ESCAPES = {"\a": r"\a", "\b": r"\b", "\t": r"\t", "\n": r"\n", "\v": r"\v", "\f": r"\f", "\r": r"\r"}
_ESCAPES |= {'"': r"\"", "\\": r"\\"}


def unified(before: bytes, after: bytes, filename: str, shown: str) -> Iterator[str]:
    """The lines of the diff, each with its newline. ``shown`` is the path that it names."""
    if filename.endswith(".ipynb"):
        from rnnlint.read.edited_notebook import cell_texts

        old, new = cell_texts(before), cell_texts(after)
        for number in old:
            yield from _diff(old[number], new[number], quoted(f"{shown}:cell {number}"), is_file=False)
    else:
        yield from _diff(_text(before, filename), _text(after, filename), quoted(shown), is_file=True)


def quoted(name: str) -> str:
    """A file name as git writes it in a diff, so that no tool misreads part of the name.

    A name with a quotation mark, a backslash, a leading space or unprintable characters becomes a C string, with its
    UTF-8 bytes in octal; after a name that contains a space, a tab ends the name.
    """
    if name.isprintable() and not set(name) & {'"', "\\"} and not name.startswith(" "):
        return f"{name}\t" if " " in name else name
    return f'"{"".join(map(_escaped, name))}"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))


def _text(data: bytes, filename: str) -> str:
    """The text with its byte order mark, which programs that apply the diff expect."""
    found = decoded(data, filename)
    return found.mark.decode("utf-8") + found.text


def _diff(before: str, after: str, name: str, is_file: bool) -> Iterator[str]:
    for line in difflib.unified_diff(_lines(before), _lines(after), name, name):
        if line.endswith("\n"):
            yield line
        else:
            # The last line of a cell has no newline, and that is normal.
            yield f"{line}\n{_NO_NEWLINE if is_file else ''}"


def _lines(text: str) -> list[str]:
    """Split lines as programs that apply diffs do: a carriage return belongs to its line."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]
