"""Which statements are there about the time that a call takes once its graph is there?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = ()
