"""Which statements are there about the weights of legacy cells in Keras layers?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = ()
