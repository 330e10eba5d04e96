"""What do measured times decide? A claim about times is confirmed, refuted, or undecided on a busy machine.

Each ratio is of consecutive runs and is measured once per round. A bound is met if the whole range of its median is on
the right side of the limit, and violated if the whole range is on the wrong side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

from rnnlint.probe.measurement import Outcome, confirmed, refuted, undecided

__all__ = ["LONGER", "Bound", "Spread", "Timed", "settled", "spread"]

LONGER = 4
"""How many times as long a repeated measurement takes before anything is refuted."""

_DOUBT = 0.05
"""The probability that the median is outside its range."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A median, and the range in which it lies."""

    low: float
    middle: float
    high: float

    @property
    def text(self) -> str:
        """``0.38 (0.35 to 0.41)``"""
        return f"{self.middle:.2f} ({self.low:.2f} to {self.high:.2f})"

    @property
    def range(self) -> list[float]:
        """Both ends, in recorded form."""
        return [round(self.low, 3), round(self.high, 3)]


def spread(values: Iterable[float]) -> Spread:
    """The median of the rounds and its range: order statistics with a confidence of 95 %.

    With fewer than six rounds it is the range of all values. Raises statistics.StatisticsError without rounds.
    """
    found = sorted(values)
    number, outside = len(found), 0
    while 2 * _at_most(outside + 1, number) <= _DOUBT:
        outside += 1
    return Spread(found[outside], median(found), found[number - 1 - outside])


def _at_most(successes: int, number: int) -> float:
    """The probability of at most this many heads in a number of coin tosses."""
    return float(sum(math.comb(number, one) for one in range(successes + 1)) / 2**number)


@dataclass(frozen=True, slots=True)
class Bound:
    """One condition of a claim: a ratio that is above or below a limit."""

    what: str
    """What was compared, such as ``static_rnn at 30 steps against 5``."""
    found: Spread
    side: Literal["above", "below"]
    limit: float

    @property
    def holds(self) -> bool:
        """Whether the whole range is on the right side."""
        return self.found.low > self.limit if self.side == "above" else self.found.high < self.limit

    @property
    def fails(self) -> bool:
        """Whether the whole range is on the wrong side."""
        return self.found.high <= self.limit if self.side == "above" else self.found.low >= self.limit

    @property
    def text(self) -> str:
        """The measured and the required value, as text."""
        return f"{self.what}: {self.found.text}, not {self.side} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Timed:
    """The result of one measurement of times."""

    measured: Mapping[str, Any]
    summary: str
    bounds: Sequence[Bound]
    """The bounds, all of which must be met."""


def settled(measure_once: Callable[[int], Timed]) -> Outcome:
    """The verdict of a measurement, which is called with a factor for its duration.

    If the first run does not confirm the claim, a longer one follows, and only bounds that fail in both refute it.
    Otherwise the claim is undecided.
    """
    first = measure_once(1)
    if all(one.holds for one in first.bounds):
        return confirmed(first.measured, first.summary)
    again = measure_once(LONGER)
    held = {one.what for one in first.bounds if one.holds}
    failing = [one.text for one in again.bounds if one.fails and one.what not in held]
    if failing:
        return refuted(again.measured, again.summary, "; ".join(failing))
    open_ones = [one.text for one in again.bounds if not one.holds]
    if not open_ones:
        return confirmed(again.measured, again.summary)
    why = f"undecided, because the machine is too noisy: {'; '.join(open_ones)}"
    return undecided(again.measured, again.summary, why)
