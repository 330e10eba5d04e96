"""Where is an unrolled graph faster than a loop once it is warm, and when does its start pay off?

Only ratios of times from one process decide; the seconds are recorded as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from rnnlint.facts.break_even import calls_in_words
from rnnlint.probe.claims.first_runs import recorded
from rnnlint.probe.measurement import Here, Outcome, measures
from rnnlint.probe.settled import Bound, Spread, Timed, settled, spread
from rnnlint.probe.stopwatch import LOOP_OF, Point, Size, Timing, measure

TINY = Size("tiny", 1, 8, 16)
SMALL = Size("small", 32, 32, 64)
LARGE = Size("large", 64, 128, 256)
LENGTHS = (1, 2, 5, 10, 20, 50, 100, 200)
MODES = ("forward", "training")
PLAIN = ("static_rnn", "Keras unroll=True")
MASKED = ("static_rnn", "static_rnn with sequence_length")
ROUNDS, ROUNDS_OF_LARGE = 15, 7
BUILDS = 3
"""Measure building several times where it decides, because a single time is easily disturbed."""


@measures("unroll-lead-shrinks-with-size", seconds=6, timed=True)
def unroll_lead_shrinks_with_size(here: Here) -> Outcome:
    """Train over 10 steps at two sizes; with all sizes, both modes at all lengths."""
    return settled(lambda times: _lead_by_size(here, times))


def _lead_by_size(here: Here, times: int) -> Timed:
    points = [Point(size, "training", 10) for size in (TINY, LARGE)]
    tiny, large = (_ratios(_timed(here, point, PLAIN, times)) for point in points)
    bounds = [Bound(f"{name} at {TINY}, of the loop's time", tiny[name], "below", 0.9) for name in PLAIN]
    bounds += [Bound(f"{name}, what {LARGE} leaves of the lead", _left(tiny[name], large[name]), "below", 0.5)
               for name in PLAIN]  # fmt: skip
    listed = "; ".join(f"{name} {tiny[name].text} and {large[name].text}" for name in PLAIN)
    found = {f"{name}, {size}": of[name] for size, of in (("tiny", tiny), ("large", large)) for name in PLAIN}
    measured = {**recorded(found), "timings": _rows(here, _all_points() if here.full else points, PLAIN)}
    return Timed(measured, f"of the loop's time per call, tiny and large: {listed}", bounds)


def _left(tiny: Spread, large: Spread) -> Spread:
    """The fraction of the lead at one size that remains at the other, from the ends of both ranges.

    Infinity if there may be no lead at the first size: then nothing can be said about the rest.
    """
    pairs = ((large.high, tiny.low), (large.middle, tiny.middle), (large.low, tiny.high))
    low, middle, high = ((1 - one) / (1 - other) if other < 1 else math.inf for one, other in pairs)
    return Spread(low, middle, high)


@measures("sequence-length-shrinks-lead", seconds=2, timed=True)
def sequence_length_shrinks_lead(here: Here) -> Outcome:
    """Train over 5 steps, both runners with sequence_length and without; in the full run more lengths, and forward."""
    return settled(lambda times: _lead_by_lengths(here, times))


def _lead_by_lengths(here: Here, times: int) -> Timed:
    point = Point(TINY, "training", 5)
    without, masked = (_ratios(_timed(here, point, MASKED, times))[name] for name in MASKED)
    lost = Spread(masked.low - without.high, masked.middle - without.middle, masked.high - without.low)
    bounds = [
        Bound("static_rnn without sequence_length, of the loop's time", without, "below", 0.9),
        Bound("what sequence_length takes of the lead", lost, "above", 0.1),
    ]
    more = [Point(size, "forward", steps) for size in (TINY, SMALL) for steps in LENGTHS] if here.full else []
    measured = {**recorded({"without": without, "with": masked}), "timings": _rows(here, [point, *more], MASKED)}
    summary = (
        f"static_rnn takes {without.text} of the time of dynamic_rnn without and {masked.text} with sequence_length"
    )
    return Timed(measured, summary, bounds)


@measures("static-start-pays-back-late", seconds=4, timed=True)
def static_start_pays_back_late(here: Here) -> Outcome:
    """Run 20 steps forward: the calls after which the longer start of static_rnn pays off."""
    return settled(lambda times: _paid_back(here, times))


def _paid_back(here: Here, times: int) -> Timed:
    found = {one.variant: one for one in _timed(here, Point(TINY, "forward", 20), MASKED, times, BUILDS)}
    without, masked = (found[name] for name in MASKED)
    bounds = [
        # An unroll that is not faster never pays off, which is not late: the claim is about one that is faster.
        Bound("static_rnn, of the loop's time per call", without.ratio_to_loop, "below", 1),
        Bound("calls until the start of static_rnn pays off", without.break_even, "above", 20),
        Bound("with sequence_length, gain per second of its later start against that without", _slower(masked, without),
              "below", 1),
    ]  # fmt: skip
    calls = {name: found[name].break_even for name in MASKED}
    measured = {
        "break_even_calls": {name: _number(one.middle) for name, one in calls.items()},
        "break_even_ranges": {name: [_number(one.low), _number(one.high)] for name, one in calls.items()},
    }
    listed = "; ".join(f"{name} {calls_in_words(one.low, one.high)}" for name, one in calls.items())
    return Timed(measured, f"the start pays off: {listed}", bounds)


def _slower(masked: Timing, plain: Timing) -> Spread:
    """How fast one makes up for its start compared with the other, round by round; 0 or less means never."""
    if masked.behind.middle <= 0 or plain.behind.middle <= 0:
        return Spread(math.inf, math.inf, math.inf)
    scale = plain.behind.middle / masked.behind.middle
    rounds = zip(masked.gained, plain.gained)
    return spread(scale * one / other if other > 0 else math.inf for one, other in rounds)


def _number(calls: float) -> int | None:
    return None if math.isinf(calls) else int(calls)


def _all_points() -> list[Point]:
    """All sizes, modes and lengths, except those whose graph would take minutes to build."""
    return [
        Point(size, mode, steps)
        for size in (TINY, SMALL, LARGE)
        for mode in MODES
        for steps in LENGTHS
        if steps <= (100 if mode == "training" else 200) and (size != LARGE or steps <= 50)
    ]


@cache
def _timed(here: Here, point: Point, unrolls: tuple[str, ...], times: int, builds: int = 1) -> tuple[Timing, ...]:
    _warm_up(here)
    variants = [variant for unroll in unrolls for variant in (unroll, LOOP_OF[unroll])]
    rounds = ROUNDS_OF_LARGE if point.size is LARGE else ROUNDS
    return tuple(measure(here, point, variants, times * rounds, builds))


@lru_cache(maxsize=1)
def _warm_up(here: Here) -> None:
    """The first graphs of a process have extra costs."""
    measure(here, Point(TINY, "training", 2), [name for one in PLAIN for name in (one, LOOP_OF[one])], 1)


def _ratios(timings: Iterable[Timing]) -> Mapping[str, Spread]:
    return {one.variant: one.ratio_to_loop for one in timings}


def _rows(here: Here, points: Iterable[Point], unrolls: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {
            "size": str(point.size),
            "mode": point.mode,
            "steps": point.steps,
            "variant": one.variant,
            "seconds_per_call": float(f"{one.seconds_per_call:.3g}"),
            "build_seconds": round(one.build_seconds, 3),
            "ratio_to_loop": round(one.ratio_to_loop.middle, 3),
            "ratio_to_loop_range": one.ratio_to_loop.range,
            "break_even_calls": _number(one.break_even.middle),
            "break_even_range": [_number(one.break_even.low), _number(one.break_even.high)],
        }
        for point in points
        for one in _timed(here, point, unrolls, 1)
    ]
