"""Which tokens does this text have, in any Python version? Unlike `tokenize`, it reads text that no longer parses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["space", "comment", "newline", "string", "number", "name", "operator"]

_TOKEN = re.compile(
    r"""
    (?P<space>(?:[ \t\f]|\\(?:\r\n|\r|\n))+)
  | (?P<comment>\#[^\r\n]*)
  | (?P<newline>\r\n|\r|\n)
  | (?P<string>(?i:[uf]r?|r[bf]?|br?|)(?:
        \"\"\"[^\\"]*(?:(?:\\(?s:.)|"(?!""))[^\\"]*)*\"\"\"
      | '''[^\\']*(?:(?:\\(?s:.)|'(?!''))[^\\']*)*'''
      | "(?!"")[^\\"\r\n]*(?:\\(?:\r\n|(?s:.))[^\\"\r\n]*)*"
      | '(?!'')[^\\'\r\n]*(?:\\(?:\r\n|(?s:.))[^\\'\r\n]*)*'
    ))
  | (?P<number>
        0[xX][0-9a-fA-F_]+[lL]? | 0[bB][01_]+[lL]? | 0[oO][0-7_]+[lL]?
      | (?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9_]+)?[jJlL]?
    )
  | (?P<name>[^\W\d]\w*)
  | (?P<operator><>|->|:=|\*\*=?|//=?|>>=?|<<=?|[-+*/%&|^@=!<>]=?|(?s:.))
    """,
    re.VERBOSE,
)
_OPENERS = "([{"
_CLOSERS = ")]}"
_MOST_BRACKETS = 200  # of Python itself


@dataclass(slots=True)
class Token:
    """A piece of the text; a translation changes `new`. Brackets have the depth of their surroundings."""

    kind: Kind
    text: str
    depth: int
    within: str  # the innermost open bracket around it
    new: str = field(init=False)

    def __post_init__(self) -> None:
        self.new = self.text


def tokenize(text: str) -> list[Token] | None:
    """The whole text as tokens, or None if that is hopeless. Backquotes count as brackets."""
    tokens: list[Token] = []
    open_brackets: list[str] = []
    for found in _TOKEN.finditer(text):
        kind: Kind = found.lastgroup  # type: ignore[assignment]
        piece = found.group()
        depth = len(open_brackets)
        if kind == "newline" and depth:
            kind = "space"
        elif kind == "operator":
            depth = _step(piece, open_brackets)
            if piece in "'\"" or depth > _MOST_BRACKETS:
                return None
        tokens.append(Token(kind, piece, depth, open_brackets[depth - 1] if depth else ""))
    return tokens


def _step(piece: str, open_brackets: list[str]) -> int:
    """Open or close a bracket; returns the depth around it."""
    closes = piece in _CLOSERS or (piece == "`" and open_brackets[-1:] == ["`"])
    if closes and open_brackets:
        open_brackets.pop()
    depth = len(open_brackets)
    if not closes and piece in _OPENERS + "`":
        open_brackets.append(piece)
    return depth


def significant(tokens: list[Token]) -> list[int]:
    """The positions of the tokens that the grammar sees, including the newlines that end statements."""
    return [at for at, token in enumerate(tokens) if token.kind not in ("space", "comment")]
