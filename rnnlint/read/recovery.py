"""Which part of this text can be parsed, if not all of it? Lines that Python rejects are set aside one by one."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from rnnlint.read.parsing import parse
from rnnlint.read.problem import SourceError
from rnnlint.read.rows import Shifts, split_rows

_MOST_REPAIRS = 40
_BEGINS = re.compile(r"[^\s#)\]}]")
_NO_BLOCK = re.compile(r"expected an indented block after .* on line (\d+)")
_GOES_ON = re.compile(r"(?:else|elif|except|finally)\b")


@dataclass(frozen=True, slots=True)
class Recovered:
    """A tree of the rest, with the parsed lines; lines that were moved to the left have shifts."""

    tree: ast.Module
    rows: list[str]
    shifts: dict[int, Shifts]
    error: SourceError
    """Python's error for the text as it is."""


def recover(text: str, filename: str) -> Recovered | None:
    """The part of a text that can be parsed; None if there is none, or if it takes too many repairs."""
    rows = split_rows(text)
    shifts: dict[int, Shifts] = {}
    tried: dict[int, int] = {}
    first: SourceError | None = None
    for _ in range(_MOST_REPAIRS):
        try:
            tree = parse("\n".join(rows) + "\n", filename)
        except SourceError as error:
            first = first or error
            if not rows:
                return None
            index = min(max(error.row, 1), len(rows)) - 1
            _repair(rows, index, tried.get(index, 0), error.reason, shifts)
            tried[index] = tried.get(index, 0) + 1
            continue
        is_left = any(not isinstance(statement, ast.Pass) for statement in tree.body)
        return Recovered(tree, rows, shifts, first) if first is not None and is_left else None
    return None


def _repair(rows: list[str], index: int, before: int, reason: str, shifts: dict[int, Shifts]) -> None:
    """Change a line that Python reports, more with each error."""
    row = rows[index]
    indent = len(row) - len(row.lstrip())
    header = _NO_BLOCK.search(reason)
    if before == 0 and "unexpected indent" in reason:
        _move_left(rows, index, indent, shifts)
    elif before == 0 and header is not None and int(header[1]) <= index:
        _repair(rows, int(header[1]) - 1, 0, "", shifts)
    elif "triple-quoted" in reason:
        # It is unclear where the text was meant to end.
        rows[index:] = [""] * (len(rows) - index)
    elif before <= 1 and row.strip():
        rows[index] = " " * indent + "pass"
    else:
        start, end = _around(rows, index)
        rows[start:end] = [""] * (end - start)


def _move_left(rows: list[str], index: int, indent: int, shifts: dict[int, Shifts]) -> None:
    above = next((row for row in reversed(rows[:index]) if row.strip()), "")
    by = indent - (len(above) - len(above.lstrip()))
    while index < len(rows) and (not rows[index].strip() or len(rows[index]) - len(rows[index].lstrip()) >= indent):
        if rows[index].strip() and by > 0:
            rows[index] = rows[index][by:]
            shifts[index + 1] = ((0, by),)
        index += 1


def _around(rows: list[str], index: int) -> tuple[int, int]:
    """The lines of the top-level statement that contains a line, judged by indentation."""
    start = index
    while start > 0 and not _is_start(rows[start]):
        start -= 1
    end = index + 1
    while end < len(rows) and not _is_start(rows[end]):
        end += 1
    return start, end


def _is_start(row: str) -> bool:
    return _BEGINS.match(row) is not None and _GOES_ON.match(row) is None
