"""Where is an unrolled graph ahead of a loop once it is warm, and when is its start paid back?

Only ratios of times from one process decide anything; the seconds are recorded beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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
ROUNDS, ROUNDS_OF_LARGE = 15, 7
BUILDS = 2
"""The time of one building is too easily disturbed where it decides."""
LONGER = 4
"""How many times as long the measurement takes that is made again before anything is refuted."""


def _firmly(measure_once: Callable[[int], Outcome]) -> Outcome:
    """What a measurement finds, given how many times as long to take.

    Refuted is told after a second and longer one only, which then decides alone: other programs that run disturb a
    short one for as long as it takes.
    """
    first = measure_once(1)
    return first if first.verdict == "confirmed" else measure_once(LONGER)


@measures("unroll-lead-shrinks-with-size", seconds=6, timed=True)
def unroll_lead_shrinks_with_size(here: Here) -> Outcome:
    """Training over 10 steps at two sizes; with all sizes, both modes over all lengths."""
    return _firmly(lambda times: _lead_by_size(here, times))


def _lead_by_size(here: Here, times: int) -> Outcome:
    points = [Point(size, "training", 10) for size in (TINY, LARGE)]
    tiny, large = (_ratios(_timed(here, point, PLAIN, times)) for point in points)
    failures = [f"{name} takes {tiny[name]:.2f} of the loop's time at {TINY}" for name in PLAIN if tiny[name] > 0.9]
    failures += [
        f"{name} takes {large[name]:.2f} of the loop's time at {LARGE}, {tiny[name]:.2f} at {TINY}"
        for name in PLAIN
        if 1 - large[name] > (1 - tiny[name]) / 2
    ]
    told = "; ".join(f"{name} {tiny[name]:.2f} and {large[name]:.2f}" for name in PLAIN)
    sizes = (("tiny", tiny), ("large", large))
    measured = {
        "ratios": {f"{name}, {size}": round(found[name], 3) for size, found in sizes for name in PLAIN},
        "timings": _rows(here, _all_points() if here.full else points, PLAIN),
    }
    return judged(measured, f"of the loop's time per call, tiny and large: {told}", failures)


@measures("sequence-length-shrinks-lead", seconds=2, timed=True)
def sequence_length_shrinks_lead(here: Here) -> Outcome:
    """Training over 5 steps, both runners with sequence_length and without; in the full form more lengths, forward."""
    return _firmly(lambda times: _lead_by_lengths(here, times))


def _lead_by_lengths(here: Here, times: int) -> Outcome:
    point = Point(TINY, "training", 5)
    without, masked = (_ratios(_timed(here, point, MASKED, times))[name] for name in MASKED)
    failures = [] if masked > without + 0.1 else [f"{masked:.2f} with it, {without:.2f} without"]
    more = [Point(size, "forward", steps) for size in (TINY, SMALL) for steps in LENGTHS] if here.full else []
    measured = {
        "ratios": {"without": round(without, 3), "with": round(masked, 3)},
        "timings": _rows(here, [point, *more], MASKED),
    }
    summary = f"static_rnn takes {without:.2f} of the time of dynamic_rnn without and {masked:.2f} with sequence_length"
    return judged(measured, summary, failures)


@measures("static-start-pays-back-late", seconds=4, timed=True)
def static_start_pays_back_late(here: Here) -> Outcome:
    """20 steps forward: the calls after which static_rnn has made up for its longer start."""
    return _firmly(lambda times: _paid_back(here, times))


def _paid_back(here: Here, times: int) -> Outcome:
    found = {one.variant: one for one in _timed(here, Point(TINY, "forward", 20), MASKED, times, BUILDS)}
    calls = {name: found[name].break_even_calls for name in MASKED}
    without, masked = calls.values()
    failures = [] if without is None or without > 20 else [f"paid back after {without} calls"]
    if masked is not None and (without is None or masked <= without):
        failures.append(f"with sequence_length after {masked} calls, without after {without}")
    told = [f"{name}: {_calls(number)}" for name, number in calls.items()]
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
def _timed(here: Here, point: Point, unrolls: tuple[str, ...], times: int, builds: int = 1) -> tuple[Timing, ...]:
    _warm_up(here)
    variants = [variant for unroll in unrolls for variant in (unroll, LOOP_OF[unroll])]
    rounds = ROUNDS_OF_LARGE if point.size is LARGE else ROUNDS
    return tuple(measure(here, point, variants, times * rounds, builds))


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
        for one in _timed(here, point, unrolls, 1)
    ]
