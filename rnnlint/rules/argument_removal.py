"""Which edits remove an argument from a call, with its comma, and keep comments and layout?"""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from rnnlint.finding import Edit
from rnnlint.read.source import Source
from rnnlint.rules.edits import Point, edit_of, end_of, start_of, text_between

_NOISE = re.compile(r"(?:[ \t\f\n]|\\\n|#[^\n]*)*")
_BLANK = re.compile(r"(?:[ \t\f\n]|\\\n)*")
"""Between brackets a newline has no meaning, nor does a backslash before it."""


class _Around(NamedTuple):
    """The text from the end of the previous argument (or the function) to the bracket or argument that follows."""

    text: str
    start: int
    """Where in it the keyword begins."""
    end: int
    """Where it ends."""
    comma_before: int | None
    comma_after: int | None


def removal(source: Source, call: ast.Call, keyword: ast.keyword) -> tuple[Edit, ...] | None:
    """The edits, or None if it is unclear what to remove."""
    begin = _end_of_previous(source, call, keyword)
    after = _after(source, call, keyword)
    start, end = start_of(source, keyword), end_of(source, keyword)
    before = text_between(source, begin, start)
    inside, rest = text_between(source, start, end), text_between(source, end, after)
    around = _around(before, inside, rest)
    if around is None or around.comma_after is None and source.dialect == "python2" and _ends_in_stars(call, keyword):
        return None
    span = _span(around)
    if span is None:
        return None
    first, last = span
    edit = edit_of(source, _moved(begin, around.text, first), _moved(begin, around.text, last), "")
    return None if edit is None else (edit,)


def _end_of_previous(source: Source, call: ast.Call, keyword: ast.keyword) -> Point:
    """The end of what precedes the argument: another argument, or the function."""
    own = start_of(source, keyword)
    nodes: list[ast.expr | ast.keyword] = [call.func, *call.args, *call.keywords]
    ends = (end_of(source, one) for one in nodes if one is not keyword)
    return max(end for end in ends if end <= own)


def _after(source: Source, call: ast.Call, keyword: ast.keyword) -> Point:
    """Where the next argument begins, or the end of the call."""
    own = end_of(source, keyword)
    nodes: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    starts = (start_of(source, one) for one in nodes)
    return min((start for start in starts if start >= own), default=end_of(source, call))


def _ends_in_stars(call: ast.Call, keyword: ast.keyword) -> bool:
    """Whether a starred argument follows: Python 2 allows no comma after ``*arguments``."""
    return any(one.arg is None for one in call.keywords) or any(isinstance(one, ast.Starred) for one in call.args)


def _around(before: str, inside: str, rest: str) -> _Around | None:
    """The surrounding text, if it consists of commas, brackets, comments and whitespace as expected; else None."""
    at, comma = 0, None
    while (at := _noise(before, at)) < len(before):
        if before[at] == ",":
            comma = at
        elif before[at] not in "()":
            return None
        at += 1
    start, end = len(before), len(before) + len(inside)
    text = before + inside + rest
    after = _noise(text, end)
    has_comma = after < len(text) and text[after] == ","
    if not has_comma and text[after : after + 1] != ")" or comma is None and "(" not in before:
        return None
    return _Around(text, start, end, comma, after if has_comma else None)


def _noise(text: str, at: int) -> int:
    found = _NOISE.match(text, at)
    assert found is not None
    return found.end()


def _blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    assert found is not None
    return found.end()


def _span(around: _Around) -> tuple[int, int] | None:
    """The span to remove: the whole line if nothing else is on it, except a comment, which stays."""
    text, start, end = around.text, around.start, around.end
    row = text.rfind("\n", 0, start) + 1
    alone = row > 0 and not text[row:start].strip(" \t\f")
    if around.comma_after is not None:
        if "#" in text[end : around.comma_after]:
            return None
        end = around.comma_after + 1
    elif around.comma_before is not None and _blank(text, around.comma_before + 1) == start:
        return around.comma_before, end
    line_end = text.find("\n", end)
    tail = text[end : line_end if line_end >= 0 else len(text)].strip(" \t\f\\")
    if line_end < 0 and not tail or tail and not tail.startswith(("#", ")")):
        # The next argument follows on the same line.
        return start, _blank(text, end)
    if alone and line_end >= 0 and not tail:
        return row, line_end + 1
    if alone:
        return start, len(text) - len(text[end:].lstrip(" \t\f"))
    return len(text[:start].rstrip(" \t\f")), end


def _moved(begin: Point, text: str, offset: int) -> Point:
    """The point of the character at an offset of a text that begins at a point."""
    before = text[:offset]
    rows = before.count("\n")
    return Point(begin.row + rows, len(before) - before.rfind("\n") - 1 if rows else begin.column + offset)
