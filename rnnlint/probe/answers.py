"""Is a static unroll faster, and how long is too long? The numbers of a run that answer both, as data for `page`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rnnlint.facts.break_even import about, calls_in_words

__all__ = ["Answer", "answers"]

Results = Mapping[str, Mapping[str, Any]]
"""`measured` of each claim that has numbers, by its id."""

_CLEAR = 0.03
"""A difference from the loop's time that is not noise."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One question, and the answers of this run: each has a few words, what they are about, and the claim."""

    question: str
    lines: tuple[tuple[str, str, str], ...]


def answers(results: Results) -> list[Answer]:
    """Both answers; those without numbers in this run are left out."""
    found = [
        Answer("Is a static unroll faster?", tuple(_faster(results))),
        Answer("How long is too long?", tuple(_too_long(results))),
    ]
    return [one for one in found if one.lines]


def _faster(results: Results) -> Iterator[tuple[str, str, str]]:
    claim = "unroll-lead-shrinks-with-size"
    ratios = results.get(claim, {}).get("ratios", {})
    ranges = results.get(claim, {}).get("ranges", {})
    for size, words in (("tiny", "16 units, batch size 1"), ("large", "256 units, batch size 64")):
        name = f"static_rnn, {size}"
        if name in ratios:
            yield _compared(ratios[name], ranges.get(name)), f"per training call of 10 steps, LSTM of {words}", claim
    claim = "sequence-length-shrinks-lead"
    found = results.get(claim, {})
    if "with" in found.get("ratios", {}):
        with_it = _compared(found["ratios"]["with"], found.get("ranges", {}).get("with"))
        yield with_it, "the same over 5 steps, 16 units, with sequence_length", claim
    claim = "static-start-pays-back-late"
    found = results.get(claim, {})
    for name, calls in found.get("break_even_calls", {}).items():
        ends = found.get("break_even_ranges", {}).get(name)
        yield calls_in_words(*ends) if ends else about(calls), f"until the start of {name} pays off, 20 steps", claim


def _compared(ratio: float, ends: Sequence[float] | None) -> str:
    """``0.33 of the loop's time (0.32 to 0.34)``"""
    return f"{ratio:.2f} of the loop's time" + (f" ({ends[0]:.2f} to {ends[1]:.2f})" if ends else "")


def _too_long(results: Results) -> Iterator[tuple[str, str, str]]:
    static, loop = (results.get(claim, {}).get("laws", ()) for claim in ("static-graph-grows", "loop-graph-flat"))
    for cell in ("LSTMCell", "GRUCell"):
        unrolled, looped = (_law(laws, cell) for laws in (static, loop))
        if unrolled and looped and unrolled["b"] > 0:
            steps = max(1, (looped["a"] - unrolled["a"]) // unrolled["b"] + 1)
            yield f"from T = {steps}", f"more operations in the graph than the loop, {cell}", "static-graph-grows"
    claim = "build-time-grows"
    rows = results.get(claim, {}).get("ratios", ())
    if rows:
        longer = results[claim].get("static_takes_longer_from_steps")
        words = f"from T = {longer}" if longer else f"beyond T = {rows[-1]['steps']}"
        ends = rows[-1].get("static_to_dynamic_range")
        scatter = f", {ends[0]:.1f} to {ends[1]:.1f}" if ends else ""
        last = f"at {rows[-1]['steps']} steps {rows[-1]['static_to_dynamic']:.1f} times{scatter}"
        yield words, f"a longer time to build than the loop, LSTM with gradients ({last})", claim
    claim = "first-run-grows"
    found = results.get(claim, {})
    if "at_30_steps" in found.get("ratios", {}):
        ends = found.get("ranges", {}).get("at_30_steps")
        times = f"{found['ratios']['at_30_steps']:.1f} times" + (f" ({ends[0]:.1f} to {ends[1]:.1f})" if ends else "")
        yield f"at T = 30 {times}", "as long as the loop until the first result, LSTM with gradients", claim
    yield from _per_call(results)


def _law(laws: Sequence[Mapping[str, Any]], cell: str) -> Mapping[str, Any] | None:
    plain = {"cell": cell, "gradients": False, "sequence_length": False, "control_flow": 2, "batch_known": False}
    runners = ("static_rnn", "dynamic_rnn")
    return next((law for law in laws if law["runner"] in runners and plain.items() <= law.items()), None)


def _per_call(results: Results) -> Iterator[tuple[str, str, str]]:
    """The first length at which a call clearly takes longer than the loop's, if several were measured."""
    claim = "unroll-lead-shrinks-with-size"
    rows = [row for row in results.get(claim, {}).get("timings", ()) if row["variant"] == "static_rnn"]
    for size in dict.fromkeys(row["size"] for row in rows):
        mine = [row for row in rows if row["size"] == size and row["mode"] == "training"]
        lengths = sorted(row["steps"] for row in mine)
        slower = sorted(row["steps"] for row in mine if row["ratio_to_loop"] > 1 + _CLEAR)
        if len(lengths) > 2:
            words = f"from T = {slower[0]}" if slower else f"not up to T = {lengths[-1]}"
            yield words, f"a longer time per training call than the loop, {size}", claim
