"""What do people say about unrolled and looped RNNs, and what of it is true?

A verdict is written by hand and its numbers are not: they come from the evidence of the newest TensorFlow on record.
`docs/claims.md` is made from this.
"""

from __future__ import annotations

from rnnlint.facts.statements import graphs, masks, modern, use
from rnnlint.facts.statements.statement import Statement

__all__ = ["STATEMENTS", "Statement"]

STATEMENTS: tuple[Statement, ...] = (*graphs.STATEMENTS, *masks.STATEMENTS, *use.STATEMENTS, *modern.STATEMENTS)
