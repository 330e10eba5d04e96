"""What do people say about unrolled and looped RNNs, and is it true?

Verdicts are written by hand; their numbers come from the evidence of the newest recorded TensorFlow. `docs/claims.md`
is generated from this package.
"""

from __future__ import annotations

from rnnlint.facts.statements import graphs, masks, modern, use
from rnnlint.facts.statements.statement import Statement

__all__ = ["STATEMENTS", "Statement"]

STATEMENTS: tuple[Statement, ...] = (*graphs.STATEMENTS, *masks.STATEMENTS, *use.STATEMENTS, *modern.STATEMENTS)
