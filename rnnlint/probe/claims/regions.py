"""Where is an unrolled graph ahead of a loop, by mode, length, batch, units and sequence_length?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any

from rnnlint.probe.measurement import Here, Outcome, measures
from rnnlint.probe.settled import Bound, Spread, Timed, settled
from rnnlint.probe.stopwatch import LOOP_OF, Point, Size, measure

BATCHES, UNITS, LENGTHS = (1, 64), (16, 256), (2, 10, 50)
FEW = 10
PLAIN, MASKED, KERAS = LOOP_OF
ROUNDS = 7
CLEAR = 0.03
"""The smallest relative difference from the loop's time that counts."""


def size(batch: int, units: int) -> Size:
    """The batch size and units of a point; the input depth is half the units."""
    return Size(f"batch {batch}, {units} units", batch, units // 2, units)


@measures("unroll-lead-has-a-region", seconds=14, timed=True)
def unroll_lead_has_a_region(here: Here) -> Outcome:
    """The three most informative points; with all sizes the whole grid.

    The points with sequence_length decide nothing: over 50 steps of training, the ratio was 0.6 in one run and 1.9 in
    another on the same machine.
    """
    return settled(lambda times: _region(here, times))


def _region(here: Here, times: int) -> Timed:
    few = {batch: _ratios(here, Point(size(batch, 16), "training", FEW), (PLAIN,), times)[PLAIN] for batch in BATCHES}
    large = _ratios(here, Point(size(64, 256), "forward", FEW), (PLAIN,), times)[PLAIN]
    bounds = [
        *(Bound(f"static_rnn, 16 units, batch {batch}, training over {FEW} steps", found, "below", 0.9)
          for batch, found in few.items()),
        Bound(f"static_rnn, 256 units, batch 64, forward over {FEW} steps", large, "above", 0.66),
    ]  # fmt: skip
    grid = _grid(here) if here.full else []
    measured = {
        "ratios": {one.what: round(one.found.middle, 3) for one in bounds},
        "ranges": {one.what: one.found.range for one in bounds},
        "grid": grid,
    }
    listed = "; ".join(f"{one.what} {one.found.text}" for one in bounds)
    return Timed(measured, f"of the loop's time per call: {listed}{_counted(grid)}", bounds)


def _counted(grid: Sequence[Mapping[str, Any]]) -> str:
    """How often the unroll was ahead and behind, with sequence_length and without."""
    listed = []
    for variant in (PLAIN, MASKED, KERAS) if grid else ():
        ranges = [row["ratio_to_loop_range"] for row in grid if row["variant"] == variant]
        ahead, behind = (sum(one) for one in ([high < 1 - CLEAR for _, high in ranges],
                                              [low > 1 + CLEAR for low, _ in ranges]))  # fmt: skip
        listed.append(f"{variant} is ahead at {ahead} of {len(ranges)} points and behind at {behind}")
    return "".join(f"; {one}" for one in listed)


def _grid(here: Here) -> list[dict[str, Any]]:
    return [
        {"batch": batch, "units": units, "mode": mode, "steps": steps, "variant": name,
         "ratio_to_loop": round(found.middle, 3), "ratio_to_loop_range": found.range}
        for batch, units, mode, steps in product(BATCHES, UNITS, ("forward", "training"), LENGTHS)
        for name, found in _ratios(here, Point(size(batch, units), mode, steps), tuple(LOOP_OF), 1).items()
    ]  # fmt: skip


@cache
def _ratios(here: Here, point: Point, unrolls: tuple[str, ...], times: int) -> Mapping[str, Spread]:
    _warm_up(here)
    variants = [variant for unroll in unrolls for variant in (unroll, LOOP_OF[unroll])]
    found: Iterator[tuple[str, Spread]] = (
        (one.variant, one.ratio_to_loop) for one in measure(here, point, variants, times * ROUNDS)
    )
    return {name: ratio for name, ratio in found if name in unrolls}


@cache
def _warm_up(here: Here) -> None:
    """The first graphs of a process have extra costs."""
    measure(here, Point(size(1, 16), "training", 2), list({**LOOP_OF, **dict(zip(LOOP_OF.values(), LOOP_OF))}), 1)
