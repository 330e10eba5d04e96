"""What does the terminal show? Each claim with its verdict and numbers, and a summary line."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

__all__ = ["WORDS", "render", "runs", "verdicts"]

Paint = Callable[[str, str], str]
"""(text, style) -> text."""

_STYLES = {"confirmed": "good", "refuted": "error", "undecided": "bold", "not-measurable": "frame"}
WORDS = {
    "confirmed": "confirmed",
    "refuted": "REFUTED",
    "undecided": "not decidable here",
    "not-measurable": "not measurable here",
}
"""The words for each verdict."""


def render(rows: Sequence[Mapping[str, Any]], width: int, paint: Paint) -> Iterator[str]:
    """The rows of `rnnlint.probe.rows`, wrapped to `width` characters."""
    device = "GPU" if any(row.get("run", {}).get("device") == "gpu" for row in rows) else "CPU"
    for environment in _environments(rows):
        yield f"{environment}, on the {device}\n"
    for run in runs(rows):
        yield f"{run}\n"
    for row in rows:
        yield "\n"
        yield from _block(row, width, paint)
    yield f"\n{verdicts(rows)}\n"


def verdicts(rows: Sequence[Mapping[str, Any]]) -> str:
    """How often each verdict was given."""
    counted = Counter(row["verdict"] for row in rows)
    shown = [f"{counted[name]} {word.lower()}" for name, word in WORDS.items() if counted[name]]
    return f"{len(rows)} claims: {', '.join(shown)}." if len(rows) != 1 else f"1 claim: {', '.join(shown)}."


def _environments(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The environments of the measurements, once each: some claims need another Keras than others."""
    found = dict.fromkeys(_environment(row["environment"]) for row in rows)
    return list(found)


def runs(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """When, on what and how much was measured, in one line for runs that differ only in time and load."""
    together: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for run in (row.get("run", {}) for row in rows):
        if run.get("date"):
            together.setdefault((run["rnnlint"], run["full"], run["cpu"], run["cores"]), []).append(run)
    return [
        _described(*of, dates=_ends(one["date"] for one in found), load=_ends(one.get("load") for one in found))
        for of, found in together.items()
    ]


def _ends(values: Iterable[Any]) -> str:
    """The first and the last, or the only one; empty if there is none."""
    found = sorted({value for value in values if value is not None})
    return " to ".join(str(one) for one in dict.fromkeys((found[0], found[-1]))) if found else ""


def _described(version: str, full: bool, cpu: str, cores: int, *, dates: str, load: str) -> str:
    much = "all sizes" if full else "quick"
    return f"{dates}, rnnlint {version}, {much}, {cpu}, {cores} cores{f', load {load}' if load else ''}"


def _environment(versions: Mapping[str, Any]) -> str:
    beside = versions["tf_keras"]
    note = f" (tf-keras {beside} is installed)" if beside and beside != versions["keras"] else ""
    return f"TensorFlow {versions['tensorflow']}, Keras {versions['keras']}{note}, Python {versions['python']}"


def _block(row: Mapping[str, Any], width: int, paint: Paint) -> Iterator[str]:
    rules = f"  {' '.join(row['rules'])}" if row["rules"] else ""
    verdict = paint(WORDS[row["verdict"]], _STYLES[row["verdict"]])
    yield f"{paint(row['claim'], 'bold')}  {verdict}{rules}\n"
    for text in (row["statement"], row["summary"] and f"Measured: {row['summary']}", row["why"] and _why(row)):
        if text:
            filled = textwrap.fill(text, width, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
            yield f"{filled}\n"


def _why(row: Mapping[str, Any]) -> str:
    return f"{'Failed' if row['verdict'] == 'refuted' else 'Because'}: {row['why']}"
