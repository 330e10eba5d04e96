"""What is a statement, and where do its numbers come from?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rnnlint.facts import evidence

__all__ = ["KNOWN", "Said", "Statement", "law", "line", "loop", "measured", "newest", "ranged", "static"]

Said = Callable[[], str]

KNOWN = ("BasicRNNCell", "LSTMCell", "GRUCell")
"""The cells that a sentence names if it cannot name all."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A common statement, with a verdict and the evidence for it."""

    text: str
    verdict: str
    """In a few words."""
    claims: tuple[str, ...]
    """The claims that the verdict rests on, the most important first."""
    said: Said
    """The measured sentences, as Markdown. Raises LookupError if the evidence lacks a number."""


@cache
def newest(claim: str) -> evidence.Record:
    """The record of the newest TensorFlow that confirmed a claim, with the newest Keras if there are several.

    Raises LookupError if none did.
    """
    for record in evidence.of_claim(claim):
        if record.verdict == "confirmed":
            return record
    raise LookupError(f"no record confirms {claim}")


def measured(claim: str) -> Mapping[str, Any]:
    """The numbers of the newest record."""
    return newest(claim).measured


def ranged(found: Mapping[str, Any], name: str, digits: int = 1) -> str:
    """A ratio with the range of its median, ``4.2 (3.9 to 4.6)``; without it if the record has no range."""
    ends = found.get("ranges", {}).get(name)
    listed = f"{found['ratios'][name]:,.{digits}f}"
    return listed if ends is None else f"{listed} ({ends[0]:,.{digits}f} to {ends[1]:,.{digits}f})"


def law(claim: str, cell: str, runner: str, **flags: bool) -> Mapping[str, Any]:
    """A row of the cost laws: forward and with default settings, unless flags say otherwise. Raises LookupError."""
    wanted = {"cell": cell, "runner": runner, "gradients": False, "sequence_length": False, "control_flow": 2}
    wanted |= {"batch_known": False, **flags}
    for row in measured(claim)["laws"]:
        if all(row[name] == value for name, value in wanted.items()):
            return row  # type: ignore[no-any-return]
    raise LookupError(f"{claim} has no law of {wanted}")


def line(row: Mapping[str, Any]) -> str:
    """A law as a formula: ``a + b·T``, or a constant."""
    return f"{row['a']} + {row['b']}·T" if row["b"] else str(row["a"])


def static(cell: str, **flags: bool) -> Mapping[str, Any]:
    """The law of static_rnn over a cell."""
    return law("static-graph-grows", cell, "static_rnn", **flags)


def loop(cell: str, **flags: bool) -> Mapping[str, Any]:
    """The law of dynamic_rnn over a cell."""
    return law("loop-graph-flat", cell, "dynamic_rnn", **flags)
