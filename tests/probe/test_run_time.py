"""Do times decide what they should? The times are made up here, so that nothing has to be fast or idle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from rnnlint.facts.break_even import about, calls_in_words
from rnnlint.probe import stopwatch
from rnnlint.probe.claims import first_runs, run_time
from rnnlint.probe.settled import LONGER, Spread, settled, spread
from rnnlint.probe.stopwatch import LOOP_OF, Point, Timing


def timing(static: list[float], loop: list[float], build: tuple[list[float], list[float]]) -> Timing:
    """That of static_rnn, from the seconds per call of each round and the seconds of all builds."""
    started = dict(zip(("static_rnn", "dynamic_rnn"), build, strict=True))
    return stopwatch._timing("static_rnn", started, {"static_rnn": static, "dynamic_rnn": loop})


def test_the_ratio_is_the_median_of_those_of_neighbours_in_time() -> None:
    # The second round was disturbed; each round for itself says a half.
    found = timing([1.0, 8.0, 1.0], [2.0, 16.0, 2.0], ([1.0], [1.0]))
    assert (found.ratio_to_loop.middle, found.seconds_per_call) == (0.5, 1.0)


@pytest.mark.parametrize(
    ("static", "loop", "build", "calls"),
    [
        (1.0, 2.0, (10.0, 4.0), 6),
        (1.0, 2.0, (10.5, 4.0), 7),
        (1.0, 2.0, (3.0, 4.0), 0),
        (2.0, 1.0, (10.0, 4.0), math.inf),
        (2.0, 2.0, (10.0, 4.0), math.inf),
        # Ahead at first and behind for ever after: there is no number of calls that pays anything back.
        (2.0, 1.0, (3.0, 4.0), math.inf),
    ],
)
def test_a_longer_start_is_paid_back_by_what_each_call_gains(
    static: float, loop: float, build: tuple[float, float], calls: float
) -> None:
    found = timing([static], [loop], ([build[0]], [build[1]])).break_even
    assert (found.low, found.middle, found.high) == (calls, calls, calls)


def test_a_break_even_has_the_range_that_its_builds_and_rounds_have() -> None:
    found = timing([1.0, 1.0, 1.0], [2.0, 3.0, 1.0], ([10.0, 12.0, 8.0], [4.0, 4.0, 4.0])).break_even
    assert (found.low, found.middle, found.high) == (2, 6, math.inf)


def test_a_loop_is_compared_with_itself() -> None:
    found = stopwatch._timing("dynamic_rnn", {"dynamic_rnn": [1.0]}, {"dynamic_rnn": [1.0, 3.0, 2.0]})
    assert (found.seconds_per_call, found.build_seconds) == (2.0, 1.0)
    assert (found.ratio_to_loop.range, found.break_even.middle) == ([1.0, 1.0], 0)


def around(middle: float, width: float = 0.0) -> Spread:
    return Spread(middle - width, middle, middle + width)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What measures by `ratios` (by size and variant), and by the seconds behind and gained of each variant."""
    made: Any = SimpleNamespace(full=False, ratios={}, started={}, times=[], width=0.0)

    def timed(_: Any, point: Point, unrolls: tuple[str, ...], times: int, builds: int = 1) -> list[Timing]:
        made.times.append(times)
        found = []
        for unroll in unrolls:
            ratio = around(made.ratios.get((point.size.name, unroll), 0.5), made.width)
            behind, gained = made.started.get(unroll, (1.0, 0.01))
            found.append(Timing(unroll, 0.1, 1.0, ratio, around(behind), (gained,) * 5))
            found.append(Timing(LOOP_OF[unroll], 0.2, 1.0, around(1.0), around(0.0), (0.0,) * 5))
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
    assert max(here.times) == LONGER
    here.times.clear()
    here.ratios = {("tiny", "static_rnn with sequence_length"): 0.9}
    assert run_time.sequence_length_shrinks_lead(here).verdict == "confirmed"
    assert max(here.times) == 1


@pytest.mark.parametrize("middle", [0.55, 0.62, 0.8])
def test_ratios_that_scatter_over_the_limit_decide_nothing(here: Any, middle: float) -> None:
    here.ratios, here.width = {("tiny", "static_rnn with sequence_length"): middle}, 0.2
    found = run_time.sequence_length_shrinks_lead(here)
    assert found.verdict == "undecided"
    assert found.why.startswith("undecided, because the machine is too noisy: what sequence_length takes of the lead")


def test_one_unroll_that_keeps_its_lead_is_enough_to_refute(here: Any) -> None:
    here.ratios = {("large", "static_rnn"): 1.0, ("large", "Keras unroll=True"): 0.5}
    assert run_time.unroll_lead_shrinks_with_size(here).verdict == "refuted"


@pytest.mark.parametrize(("masked", "verdict"), [(0.9, "confirmed"), (0.55, "refuted")])
def test_a_lead_that_lengths_do_not_touch_refutes_that_they_shrink_it(here: Any, masked: float, verdict: str) -> None:
    here.ratios = {("tiny", "static_rnn with sequence_length"): masked}
    assert run_time.sequence_length_shrinks_lead(here).verdict == verdict


@pytest.mark.parametrize(
    ("without", "masked", "verdict"),
    # Seconds behind at the start, and gained by each call.
    [((1.0, 0.01), (5.0, 0.01), "confirmed"), ((1.0, 0.01), (5.0, -0.01), "confirmed"),
     ((1.0, 0.5), (5.0, 0.01), "refuted"), ((1.0, 0.01), (1.0, 0.02), "refuted")],
)  # fmt: skip
def test_a_start_that_is_paid_back_soon_refutes_that_it_is_not(
    here: Any, without: tuple[float, float], masked: tuple[float, float], verdict: str
) -> None:
    here.started = dict(zip(run_time.MASKED, (without, masked), strict=True))
    assert run_time.static_start_pays_back_late(here).verdict == verdict


def test_an_unroll_that_is_never_faster_refutes_that_its_start_is_paid_back_late(here: Any) -> None:
    here.ratios = {("tiny", one): 1.2 for one in run_time.MASKED}
    here.started = dict.fromkeys(run_time.MASKED, (1.0, -0.01))
    found = run_time.static_start_pays_back_late(here)
    assert found.verdict == "refuted"
    assert "static_rnn, of the loop's time per call: 1.20" in found.why


def rounds_with(loop_factor: Sequence[float], static_factor: Sequence[float]) -> list[dict[tuple[str, int], float]]:
    """Rounds in which static_rnn takes a second for 5 steps, and so many times as long for 30."""
    return [
        {("static_rnn", 5): 1.0, ("static_rnn", 30): static, ("dynamic_rnn", 5): 1.0, ("dynamic_rnn", 30): loop}
        for loop, static in zip(loop_factor, static_factor, strict=True)
    ]


@pytest.mark.parametrize(
    ("loop", "static", "verdict"),
    [
        ([1.0, 1.1, 0.9], [5.0, 5.5, 4.5], "confirmed"),
        # A burst of load in one round of three.
        ([1.0, 9.0, 0.1], [5.0, 5.5, 0.6], "undecided"),
        ([1.0, 1.1, 0.9], [1.2, 1.3, 1.1], "refuted"),
        ([3.0, 3.1, 2.9], [5.0, 5.5, 4.5], "refuted"),
    ],
)
def test_a_burst_of_load_refutes_no_first_run(loop: list[float], static: list[float], verdict: str) -> None:
    found = settled(lambda _: first_runs.grown(rounds_with(loop, static), first_runs.RUNNERS))
    assert found.verdict == verdict


@pytest.mark.parametrize(("number", "left_out"), [(1, 0), (3, 0), (5, 0), (9, 1), (12, 2), (15, 3), (60, 21)])
def test_the_range_of_a_median_leaves_out_what_it_may(number: int, left_out: int) -> None:
    found = spread(float(one) for one in range(number))
    assert (found.low, found.high) == (left_out, number - 1 - left_out)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(310, 310, "after about 300 calls"), (240, 1740, "after 200 to 2,000 calls"), (0, 0, "at once"),
     (0, 12, "after 0 to 10 calls"), (700, None, "after 700 calls or more, or never"), (math.inf, math.inf, "never"),
     (0, None, "at once, late, or never")],
)  # fmt: skip
def test_no_number_of_calls_is_passed_to_the_digit(low: float, high: float | None, words: str) -> None:
    assert calls_in_words(low, high) == words


@pytest.mark.parametrize(
    ("calls", "words"), [(None, "never"), (0, "at once"), (310, "after hundreds of calls"),
                         (4178, "after thousands of calls"), (70000, "after tens of thousands of calls or more")],
)  # fmt: skip
def test_what_has_no_range_on_record_has_an_order_of_magnitude(calls: int | None, words: str) -> None:
    assert about(calls) == words


def test_the_numbers_that_are_recorded_have_one_row_for_each_variant(here: Any) -> None:
    rows = run_time.unroll_lead_shrinks_with_size(here).measured["timings"]
    assert [row["variant"] for row in rows] == 2 * [name for one in run_time.PLAIN for name in (one, LOOP_OF[one])]
    assert set(rows[0]) == {
        "size", "mode", "steps", "variant", "seconds_per_call", "build_seconds", "ratio_to_loop",
        "ratio_to_loop_range", "break_even_calls", "break_even_range",
    }  # fmt: skip


def test_the_full_form_measures_all_sizes_modes_and_lengths(here: Any) -> None:
    here.full = True
    rows = run_time.unroll_lead_shrinks_with_size(here).measured["timings"]
    assert len({row["size"] for row in rows}) == 3
    assert {row["mode"] for row in rows} == set(run_time.MODES)
    assert {row["steps"] for row in rows if row["mode"] == "forward"} == set(run_time.LENGTHS)
