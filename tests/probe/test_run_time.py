"""Do times decide what they should? The times are made up here, so that nothing has to be fast or idle."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from rnnlint.probe import stopwatch
from rnnlint.probe.claims import run_time
from rnnlint.probe.stopwatch import LOOP_OF, Point, Timing

Taken = dict[str, list[float]]


def timing(static: list[float], loop: list[float], build: tuple[float, float]) -> Timing:
    """That of static_rnn, from the seconds per call of each round and the seconds of both builds."""
    ready: Any = {
        "static_rnn": SimpleNamespace(build_seconds=build[0]),
        "dynamic_rnn": SimpleNamespace(build_seconds=build[1]),
    }
    return stopwatch._timing("static_rnn", ready, {"static_rnn": static, "dynamic_rnn": loop})


def test_the_ratio_is_the_median_of_those_of_neighbours_in_time() -> None:
    # The second round was disturbed; each round for itself says a half.
    found = timing([1.0, 8.0, 1.0], [2.0, 16.0, 2.0], (1.0, 1.0))
    assert (found.ratio_to_loop, found.seconds_per_call) == (0.5, 1.0)


@pytest.mark.parametrize(
    ("static", "loop", "build", "calls"),
    [
        (1.0, 2.0, (10.0, 4.0), 6),
        (1.0, 2.0, (10.5, 4.0), 7),
        (1.0, 2.0, (3.0, 4.0), 0),
        (2.0, 1.0, (10.0, 4.0), None),
        (2.0, 2.0, (10.0, 4.0), None),
        # Ahead at first and behind for ever after: there is no number of calls that pays anything back.
        (2.0, 1.0, (3.0, 4.0), None),
    ],
)
def test_a_longer_start_is_paid_back_by_what_each_call_gains(
    static: float, loop: float, build: tuple[float, float], calls: int | None
) -> None:
    assert timing([static], [loop], build).break_even_calls == calls


def test_a_loop_is_compared_with_itself() -> None:
    ready: Any = {"dynamic_rnn": SimpleNamespace(build_seconds=1.0)}
    found = stopwatch._timing("dynamic_rnn", ready, {"dynamic_rnn": [1.0, 3.0, 2.0]})
    assert found == Timing("dynamic_rnn", 2.0, 1.0, 1.0, 0)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What measures by `ratios` and `calls`, by size and variant."""
    made: Any = SimpleNamespace(full=False, ratios={}, calls={}, times=[])

    def timed(_: Any, point: Point, unrolls: tuple[str, ...], times: int, builds: int = 1) -> list[Timing]:
        made.times.append(times)
        found = []
        for unroll in unrolls:
            key = (point.size.name, unroll)
            found.append(Timing(unroll, 0.1, 1.0, made.ratios.get(key, 0.5), made.calls.get(unroll, 100)))
            found.append(Timing(LOOP_OF[unroll], 0.2, 1.0, 1.0, 0))
        return found

    monkeypatch.setattr(run_time, "_timed", timed)
    return made


@pytest.mark.parametrize(
    ("tiny", "large", "verdict"),
    [(0.4, 0.95, "confirmed"), (0.4, 1.3, "confirmed"), (0.4, 0.5, "refuted"), (0.95, 0.99, "refuted")],
)
def test_a_lead_that_stays_refutes_that_it_shrinks(here: Any, tiny: float, large: float, verdict: str) -> None:
    here.ratios = {(size, one): ratio for one in run_time.PLAIN for size, ratio in (("tiny", tiny), ("large", large))}
    found = run_time.unroll_lead_shrinks_with_size(here)
    assert found.verdict == verdict
    assert (found.why == "") == (verdict == "confirmed")


def test_nothing_is_refuted_before_it_was_measured_again_for_longer(here: Any) -> None:
    assert run_time.sequence_length_shrinks_lead(here).verdict == "refuted"
    assert max(here.times) == run_time.LONGER
    here.times.clear()
    here.ratios = {("tiny", "static_rnn with sequence_length"): 0.9}
    assert run_time.sequence_length_shrinks_lead(here).verdict == "confirmed"
    assert max(here.times) == 1


def test_one_unroll_that_keeps_its_lead_is_enough_to_refute(here: Any) -> None:
    here.ratios = {("large", "static_rnn"): 1.0, ("large", "Keras unroll=True"): 0.5}
    assert run_time.unroll_lead_shrinks_with_size(here).verdict == "refuted"


@pytest.mark.parametrize(("masked", "verdict"), [(0.9, "confirmed"), (0.55, "refuted")])
def test_a_lead_that_lengths_do_not_touch_refutes_that_they_shrink_it(here: Any, masked: float, verdict: str) -> None:
    here.ratios = {("tiny", "static_rnn with sequence_length"): masked}
    assert run_time.sequence_length_shrinks_lead(here).verdict == verdict


@pytest.mark.parametrize(
    ("without", "masked", "verdict"),
    [(100, 5000, "confirmed"), (100, None, "confirmed"), (None, None, "confirmed"), (5, 5000, "refuted"),
     (100, 50, "refuted"), (None, 50, "refuted")],
)  # fmt: skip
def test_a_start_that_is_paid_back_soon_refutes_that_it_is_not(
    here: Any, without: int | None, masked: int | None, verdict: str
) -> None:
    here.calls = dict(zip(run_time.MASKED, (without, masked), strict=True))
    assert run_time.static_start_pays_back_late(here).verdict == verdict


def test_the_numbers_that_are_recorded_have_one_row_for_each_variant(here: Any) -> None:
    rows = run_time.unroll_lead_shrinks_with_size(here).measured["timings"]
    assert [row["variant"] for row in rows] == 2 * [name for one in run_time.PLAIN for name in (one, LOOP_OF[one])]
    assert set(rows[0]) == {
        "size", "mode", "steps", "variant", "seconds_per_call", "build_seconds", "ratio_to_loop", "break_even_calls",
    }  # fmt: skip


def test_the_full_form_measures_all_sizes_modes_and_lengths(here: Any) -> None:
    here.full = True
    rows = run_time.unroll_lead_shrinks_with_size(here).measured["timings"]
    assert len({row["size"] for row in rows}) == 3
    assert {row["mode"] for row in rows} == set(run_time.MODES)
    assert {row["steps"] for row in rows if row["mode"] == "forward"} == set(run_time.LENGTHS)
