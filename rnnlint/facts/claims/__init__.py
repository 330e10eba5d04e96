"""Which claims about TensorFlow do the rules rest on? One module for each family of claims.

One function of the probe measures each claim on the installed TensorFlow (``proved_by``), and the latest results are
recorded; see `rnnlint.facts.evidence`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from rnnlint.facts.claims import (
    any_length,
    api_state,
    keras_masks,
    kernels,
    lengths,
    masking,
    pitfalls,
    reading,
    run_time,
    tensorflow_2,
    unrolling,
    weights,
)
from rnnlint.facts.claims.claim import Claim

__all__ = ["CLAIMS", "Claim", "by_id"]

CLAIMS: tuple[Claim, ...] = (
    *unrolling.CLAIMS,
    *any_length.CLAIMS,
    *api_state.CLAIMS,
    *keras_masks.CLAIMS,
    *kernels.CLAIMS,
    *lengths.CLAIMS,
    *masking.CLAIMS,
    *pitfalls.CLAIMS,
    *reading.CLAIMS,
    *run_time.CLAIMS,
    *tensorflow_2.CLAIMS,
    *weights.CLAIMS,
)


@lru_cache(maxsize=1)
def by_id() -> Mapping[str, Claim]:
    """The claims by their id."""
    return MappingProxyType({claim.id: claim for claim in CLAIMS})
