"""What do times decide? A claim about times holds, fails, or cannot be decided on a machine that is busy elsewhere.

Every ratio is of neighbours in time and is measured once a round. A bound holds where the whole range of its median
lies on the right side of the limit, and fails where the whole range lies on the wrong side of it.
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
"""How many times as long the measurement takes that is made again before anything is refuted."""

_DOUBT = 0.05
"""How likely the median lies outside of its range."""


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
        """Both ends, as they are recorded."""
        return [round(self.low, 3), round(self.high, 3)]


def spread(values: Iterable[float]) -> Spread:
    """The median of the rounds and its range: the order statistics that hold it in 95 of 100 cases.

    Fewer than six rounds cannot say so much: then it is from the least to the greatest. Raises
    statistics.StatisticsError where there is no round.
    """
    found = sorted(values)
    number, outside = len(found), 0
    while 2 * _at_most(outside + 1, number) <= _DOUBT:
        outside += 1
    return Spread(found[outside], median(found), found[number - 1 - outside])


def _at_most(successes: int, number: int) -> float:
    """The probability of so many heads at most in a number of tosses of a coin."""
    return float(sum(math.comb(number, one) for one in range(successes + 1)) / 2**number)


@dataclass(frozen=True, slots=True)
class Bound:
    """One clause of a claim: a ratio that lies above or below a limit."""

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
        """What was found and what should have been."""
        return f"{self.what}: {self.found.text}, not {self.side} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Timed:
    """What one measurement of times found."""

    measured: Mapping[str, Any]
    summary: str
    bounds: Sequence[Bound]
    """All of them have to hold."""


def settled(measure_once: Callable[[int], Timed]) -> Outcome:
    """The verdict of a measurement that is given how many times as long to take.

    What the first one does not confirm is measured again for longer, and refuted only where a bound that did not hold
    at first fails then. What neither holds nor fails is not decided.
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
