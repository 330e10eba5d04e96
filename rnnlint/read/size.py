"""Is this text too large to be parsed? A tree takes up to 1.5 kB for each name and number."""

from __future__ import annotations

import re

from rnnlint.read.problem import SourceError

MOST_WORDS = 500_000
"""The limit on names, keywords and numbers outside strings and comments: their tree takes up to 750 MB."""

_SMALL = 1_000_000
"""A text of at most this many characters needs no count."""

_PIECE = re.compile(r"\"\"\"|'''|[\"'#]|\w+")
_REST = {
    '"': re.compile(r'[^"\\\n]*(?:\\.[^"\\\n]*)*"?', re.DOTALL),
    "'": re.compile(r"[^'\\\n]*(?:\\.[^'\\\n]*)*'?", re.DOTALL),
    "#": re.compile(r"[^\n]*"),
}
"""The continuation of a string or a comment; for one over several lines, its end is searched."""


def refuse_large(text: str, filename: str) -> None:
    """Raise SourceError for a text whose tree would not fit into the memory of an ordinary machine."""
    if len(text) <= _SMALL:
        return
    left, at = MOST_WORDS, 0
    while left:
        found = _PIECE.search(text, at)
        if found is None:
            return
        at = found.end()
        piece = found.group()
        if piece in _REST:
            rest = _REST[piece].match(text, at)
            at = rest.end() if rest is not None else at
        elif piece in ('"""', "'''"):
            end = text.find(piece, at)
            at = end + len(piece) if end >= 0 else len(text)
        else:
            left -= 1
    row = text.count("\n", 0, at) + 1
    raise SourceError(filename, row, 1, f"too large: more than {MOST_WORDS:,} names and numbers")
