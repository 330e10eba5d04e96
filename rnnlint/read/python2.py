"""How would Python 3 spell this Python 2 source? Row by row, and with every change remembered."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlint.read.lexer import Token, tokenize
from rnnlint.read.python2_brackets import rewrite_brackets
from rnnlint.read.python2_statements import rewrite_statements
from rnnlint.read.python2_words import respell
from rnnlint.read.rows import Shifts, split_rows


@dataclass(frozen=True, slots=True)
class Translation:
    """Text that Python 3 may parse, and where its columns came from (by 1-based row)."""

    text: str
    shifts: dict[int, Shifts]


def translate(text: str) -> str | None:
    """The text of the translation alone."""
    translation = rewrite(text)
    return translation.text if translation else None


def rewrite(text: str) -> Translation | None:
    """The translation, or None where there is nothing to translate.

    What the result means is near to what was meant, but only names, bindings and calls are kept
    with care: `print x, y` may become any expression that reads x and y.
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
    """Every column from which on a row stands further right or left than it was written."""
    shifts: dict[int, Shifts] = {}
    row, now, written = 1, 0, 0
    pairs: list[tuple[int, int]] = []
    for token in tokens:
        # A parenthesis put before a token moves the token itself, other changes what follows.
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
