"""Which measurements share a process, and what does a verdict consist of?"""

from __future__ import annotations

import pytest

from rnnlint.probe.measurement import Measurement, Outcome, confirmed, judged, measurements, measures, not_measurable
from rnnlint.probe.processes import batches, environment, lanes


def one(claim: str, seconds: float = 1, alone: bool = False, together: str = "", **needs: str) -> Measurement:
    return Measurement(claim, lambda here: confirmed({}, ""), needs, seconds, alone, False, together)


def names(groups: list[list[Measurement]]) -> list[list[str]]:
    return [[item.claim for item in group] for group in groups]


def test_the_same_environment_shares_a_process_and_another_does_not() -> None:
    chosen = [one("a"), one("b", X="1"), one("c"), one("d", alone=True), one("e", X="1")]
    assert names(batches(chosen)) == [["a", "c"], ["b", "e"], ["d"]]


def test_lanes_have_about_as_much_to_do_and_lose_nothing() -> None:
    chosen = [one("a", 9), one("b", 8), one("c", 2), one("d", 1), one("e", 5, X="1")]
    found = lanes(chosen, 2)
    assert sorted(item.claim for lane in found for batch in lane for item in batch) == ["a", "b", "c", "d", "e"]
    loads = [sum(item.seconds for batch in lane for item in batch) for lane in found]
    assert max(loads) < 2 * min(loads)
    assert lanes([], 2) == []
    assert [len(lane) for lane in lanes([one("a")], 2)] == [1]


def test_what_measures_together_is_not_divided() -> None:
    chosen = [one("a", together="x"), one("b", 9), one("c", together="x"), one("d", 8)]
    assert sorted(names(batches(chosen))) == [["a", "c"], ["b", "d"]]
    assert sorted(names([batch for lane in lanes(chosen, 2) for batch in lane])) == [["a", "c"], ["b"], ["d"]]
    assert names(lanes(chosen[::2], 2)[0]) == [["a", "c"]]


def test_the_environment_of_a_worker_is_ours() -> None:
    inherited = {
        "PATH": "/bin",
        "TF_USE_LEGACY_KERAS": "1",
        "KERAS_BACKEND": "jax",
        "XLA_FLAGS": "x",
        "TF2_BEHAVIOR": "0",
    }
    found = environment(inherited, {"TF_NEW": "1"}, "home")
    assert found["PATH"] == "/bin" and found["TF_NEW"] == "1"
    assert found["KERAS_BACKEND"] == "tensorflow" and found["CUDA_VISIBLE_DEVICES"] == "-1"
    assert {"TF_USE_LEGACY_KERAS", "XLA_FLAGS", "TF2_BEHAVIOR"}.isdisjoint(found)


def test_a_verdict_is_refuted_by_its_first_failures() -> None:
    assert judged({"n": 1}, "one", []) == Outcome("confirmed", {"n": 1}, "one")
    found = judged({"n": 1}, "one", ["a", "b", "c", "d"])
    assert (found.verdict, found.why) == ("refuted", "a; b; c; and 1 more")
    assert not_measurable("because").verdict == "not-measurable"


def test_a_claim_has_one_measurement_only() -> None:
    assert "static-graph-grows" in measurements()
    with pytest.raises(ValueError, match=r"static-graph-grows is already measured by unrolling\.static_graph_grows"):
        measures("static-graph-grows")(lambda here: confirmed({}, ""))
