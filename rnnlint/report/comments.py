"""Which comments does a source have, and which lines does each apply to? Works even if Python cannot tokenize it."""

from __future__ import annotations

import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rnnlint.read import lexer


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its ``#``. Line and column count from 1.

    It applies to the lines ``first_row`` to ``row``: its own, and previous lines that a multi-line string or a
    backslash joins to it, because they cannot hold a comment. flake8 joins the same lines.
    """

    text: str
    row: int
    column: int
    first_row: int


class _Piece(NamedTuple):
    """A token, with what comments need."""

    is_comment: bool
    ends_line: bool
    text: str
    row: int
    column: int
    end_row: int


def comments(lines: Sequence[str]) -> list[Comment]:
    """The comments of a source, given as its lines without newlines."""
    try:
        return list(_joined(_by_python(lines)))
    except (tokenize.TokenError, SyntaxError):
        # Python 2, a cell magic, or an incomplete file: source that Python cannot tokenize still has comments.
        pieces = _by_lexer(lines)
        return list(_joined(pieces)) if pieces is not None else list(_by_eye(lines))


def _joined(pieces: Iterable[_Piece]) -> Iterator[Comment]:
    first_row, last_comment = 0, None
    for piece in pieces:
        first_row = first_row or piece.row
        if piece.is_comment:
            last_comment = piece
        if piece.ends_line:
            if last_comment is not None:
                yield _comment(last_comment, first_row)
            first_row, last_comment = 0, None
    if last_comment is not None:
        yield _comment(last_comment, first_row)


def _comment(piece: _Piece, first_row: int) -> Comment:
    return Comment(piece.text, piece.row, piece.column, first_row)


_INVISIBLE = (tokenize.DEDENT, tokenize.ENDMARKER)
_LINE_ENDS = (tokenize.NL, tokenize.NEWLINE)


def _by_python(lines: Sequence[str]) -> Iterator[_Piece]:
    rows = (line + "\n" for line in lines)
    for kind, text, (row, column), (end_row, _), _ in tokenize.generate_tokens(lambda: next(rows, "")):
        if kind not in _INVISIBLE:
            yield _Piece(kind == tokenize.COMMENT, kind in _LINE_ENDS, text, row, column + 1, end_row)


def _by_lexer(lines: Sequence[str]) -> list[_Piece] | None:
    tokens = lexer.tokenize("".join(line + "\n" for line in lines))
    if tokens is None:
        return None
    pieces, row, column = [], 1, 1
    for token in tokens:
        # Inside brackets the lexer treats a newline as space; comments can still follow there.
        ends_line = token.text == "\n"
        newlines = token.text.count("\n")
        end_row = row if ends_line else row + newlines
        pieces.append(_Piece(token.kind == "comment", ends_line, token.text, row, column, end_row))
        row += newlines
        column = len(token.text) - token.text.rindex("\n") if newlines else column + len(token.text)
    return pieces


def _by_eye(lines: Sequence[str]) -> Iterator[Comment]:
    """The last resort, for a string that never ends: everything after a number sign."""
    for row, line in enumerate(lines, 1):
        column = line.find("#")
        if column >= 0:
            yield Comment(line[column:], row, column + 1, row)
