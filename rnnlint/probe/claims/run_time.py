"""Where is an unrolled graph ahead of a loop once it is warm, and when is its start paid back?

Only ratios of times from one process decide anything; the seconds are recorded beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from rnnlint.probe.measurement import Here, Outcome, judged, measures
from rnnlint.probe.stopwatch import LOOP_OF, Point, Size, Timing, measure

TINY = Size("tiny", 1, 8, 16)
SMALL = Size("small", 32, 32, 64)
LARGE = Size("large", 64, 128, 256)
LENGTHS = (1, 2, 5, 10, 20, 50, 100, 200)
MODES = ("forward", "training")
PLAIN = ("static_rnn", "Keras unroll=True")
MASKED = ("static_rnn", "static_rnn with sequence_length")
ROUNDS = 7


@measures("unroll-lead-shrinks-with-size", seconds=6, timed=True)
def unroll_lead_shrinks_with_size(here: Here) -> Outcome:
    """Training over 10 steps at two sizes; with all sizes, both modes over all lengths."""
    points = [Point(size, "training", 10) for size in (TINY, LARGE)]
    tiny, large = (_ratios(_timed(here, point, PLAIN)) for point in points)
    failures = [
        f"{unroll} takes {tiny[unroll]:.2f} of the loop's time at {TINY}" for unroll in PLAIN if tiny[unroll] > 0.9
    ]
    failures += [
        f"{unroll} takes {large[unroll]:.2f} of the loop's time at {LARGE}, {tiny[unroll]:.2f} at {TINY}"
        for unroll in PLAIN
        if 1 - large[unroll] > (1 - tiny[unroll]) / 2
    ]
    told = "; ".join(f"{unroll} {tiny[unroll]:.2f} and {large[unroll]:.2f}" for unroll in PLAIN)
    everywhere = _all_points() if here.full else points
    measured = {
        "ratios": {
            f"{unroll}, {size}": round(found[unroll], 3)
            for size, found in (("tiny", tiny), ("large", large))
            for unroll in PLAIN
        },
        "timings": _rows(here, everywhere, PLAIN),
    }
    return judged(measured, f"of the loop's time per call, tiny and large: {told}", failures)


@measures("sequence-length-shrinks-lead", seconds=3, timed=True)
def sequence_length_shrinks_lead(here: Here) -> Outcome:
    """20 steps forward, both runners with sequence_length and both without; with all sizes, all lengths."""
    point = Point(TINY, "forward", 20)
    without, masked = (_ratios(_timed(here, point, MASKED))[unroll] for unroll in MASKED)
    failures = [] if masked > without + 0.1 else [f"{masked:.2f} with it, {without:.2f} without"]
    everywhere = (
        [Point(size, "forward", steps) for size in (TINY, SMALL) for steps in LENGTHS] if here.full else [point]
    )
    measured = {
        "ratios": {"without": round(without, 3), "with": round(masked, 3)},
        "timings": _rows(here, everywhere, MASKED),
    }
    summary = f"static_rnn takes {without:.2f} of the time of dynamic_rnn without and {masked:.2f} with sequence_length"
    return judged(measured, summary, failures)


@measures("static-start-pays-back-late", seconds=0, timed=True)
def static_start_pays_back_late(here: Here) -> Outcome:
    """20 steps forward: the calls after which static_rnn has made up for its longer start."""
    found = {one.variant: one for one in _timed(here, Point(TINY, "forward", 20), MASKED)}
    calls = {unroll: found[unroll].break_even_calls for unroll in MASKED}
    without, masked = calls.values()
    failures = [] if without is None or without > 20 else [f"paid back after {without} calls"]
    if masked is not None and (without is None or masked <= without):
        failures.append(f"with sequence_length after {masked} calls, without after {without}")
    told = [f"{unroll}: {_calls(number)}" for unroll, number in calls.items()]
    return judged({"break_even_calls": calls}, f"paid back, {'; '.join(told)}", failures)


def _calls(number: int | None) -> str:
    return "never" if number is None else f"after {number:,} calls" if number else "at once"


def _all_points() -> list[Point]:
    """All sizes, modes and lengths, without those whose graph would take minutes to build."""
    return [
        Point(size, mode, steps)
        for size in (TINY, SMALL, LARGE)
        for mode in MODES
        for steps in LENGTHS
        if steps <= (100 if mode == "training" else 200) and (size != LARGE or steps <= 50)
    ]


@cache
def _timed(here: Here, point: Point, unrolls: tuple[str, ...]) -> tuple[Timing, ...]:
    _warm_up(here)
    variants = [variant for unroll in unrolls for variant in (unroll, LOOP_OF[unroll])]
    return tuple(measure(here, point, variants, ROUNDS))


@lru_cache(maxsize=1)
def _warm_up(here: Here) -> None:
    """The first graphs of a process pay for more than themselves."""
    measure(here, Point(TINY, "training", 2), [name for one in PLAIN for name in (one, LOOP_OF[one])], 1)


def _ratios(timings: Iterable[Timing]) -> Mapping[str, float]:
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
            "ratio_to_loop": round(one.ratio_to_loop, 3),
            "break_even_calls": one.break_even_calls,
        }
        for point in points
        for one in _timed(here, point, unrolls)
    ]
