"""Which statements are there about the lengths that a graph takes?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = ()
