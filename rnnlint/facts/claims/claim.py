"""What is a claim?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that a measurement can confirm or refute."""

    id: str
    statement: str
    """The sentence that pages print; it must not claim more than was measured."""
    measured: str
    """What is counted or timed, in which unit."""
    holds_when: str
    proved_by: str
    """The function of the probe that measures it: module of `rnnlint.probe.claims` and function."""
