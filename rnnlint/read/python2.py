"""How is this Python 2 source written in Python 3? Line by line, with every change recorded."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlint.read.lexer import Token, tokenize
from rnnlint.read.python2_brackets import rewrite_brackets
from rnnlint.read.python2_statements import rewrite_statements
from rnnlint.read.python2_words import respell
from rnnlint.read.rows import Shifts, split_rows


@dataclass(frozen=True, slots=True)
class Translation:
    """Text that Python 3 may parse, and the origin of its columns (by 1-based line)."""

    text: str
    shifts: dict[int, Shifts]


def translate(text: str) -> str | None:
    """The text of the translation alone."""
    translation = rewrite(text)
    return translation.text if translation else None


def rewrite(text: str) -> Translation | None:
    """The translation, or None if there is nothing to translate.

    It only approximates the meaning; names, bindings and calls are preserved carefully: `print x, y` may become any
    expression that reads x and y.
    """
    tokens = tokenize(text)
    if tokens is None:
        return None
    respell(tokens)
    rewrite_statements(tokens)
    rewrite_brackets(tokens)
    if all(token.new == token.text for token in tokens):
        return None
    return Translation("".join(token.new for token in tokens), _shifts(tokens))


def _shifts(tokens: list[Token]) -> dict[int, Shifts]:
    """Every column from which a line is shifted against the original."""
    shifts: dict[int, Shifts] = {}
    row, now, written = 1, 0, 0
    pairs: list[tuple[int, int]] = []
    for token in tokens:
        # A parenthesis before a token moves the token itself; other changes move what follows.
        moved = len(token.new) - len(token.text) if token.new.endswith(token.text) else 0
        if now + moved - written != (pairs[-1][0] - pairs[-1][1] if pairs else 0):
            pairs.append((now + moved, written))
        if "\n" not in token.text and "\r" not in token.text:
            now += len(token.new)
            written += len(token.text)
            continue
        rows = split_rows(token.text + "|")
        if pairs:
            shifts[row] = tuple(pairs)
            pairs = []
        row += len(rows) - 1
        now, written = len(split_rows(token.new + "|")[-1]) - 1, len(rows[-1]) - 1
    if pairs:
        shifts[row] = tuple(pairs)
    return shifts
