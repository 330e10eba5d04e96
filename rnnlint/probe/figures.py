"""Which figures can be made of the results of a run, and what does each say? Data alone; `plots` draws it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rnnlint.facts.break_even import about, calls_in_words

__all__ = ["ASKED", "Asked", "Figure", "Panel", "Series", "figure"]

Results = Mapping[str, Mapping[str, Any]]
"""`measured` of each claim that has numbers, by its id."""


@dataclass(frozen=True, slots=True)
class Series:
    """One set of points with its name in the legend."""

    name: str
    points: tuple[tuple[float, float], ...]
    """For bars and dots: the value, and the number of the row from the top."""
    color: int
    """A number of the style's palette."""
    style: Literal["solid", "dashed"] = "solid"
    marked: tuple[float, ...] = ()
    """The x at which something was measured; the rest lies on the law."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes."""

    kind: Literal["lines", "bars", "dots"]
    title: str
    x: str
    y: str
    series: tuple[Series, ...]
    log: bool = False
    rows: tuple[str, ...] = ()
    """What stands beside the rows of bars and dots."""
    line: float | None = None
    """A limit that the values are compared with."""
    line_name: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """Panels that belong together, their numbers as a table, and the sentence that they show."""

    caption: str
    panels: tuple[Panel, ...]
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure that the page would like to show."""

    id: str
    title: str
    claims: tuple[str, ...]
    """All of them bring its numbers."""
    make: Callable[[Results], Figure | None]


def figure(asked: Asked, results: Results) -> Figure | None:
    """The figure, or None where a claim has no numbers for it."""
    return asked.make(results) if all(results.get(claim) for claim in asked.claims) else None


_CELLS = ("BasicRNNCell", "LSTMCell", "GRUCell")
_LENGTHS = (1, 2, 5, 10, 20, 50, 100)


def _operations(results: Results) -> Figure | None:
    static, loop = (results[claim] for claim in ("static-graph-grows", "loop-graph-flat"))
    pairs = [(cell, _law(static, cell, "static_rnn"), _law(loop, cell, "dynamic_rnn")) for cell in _CELLS]
    found = [(cell, one, other) for cell, one, other in pairs if one and other]
    if not found:
        return None
    series: list[Series] = []
    for color, (cell, one, other) in enumerate(found):
        series += [
            _line(f"static_rnn of {cell}", one, color, "solid", static["lengths"]),
            _line(f"dynamic_rnn of {cell}", other, color, "dashed", loop["lengths"]),
        ]
    told = ", ".join(f"{law['b']} with {cell}" for cell, law, _ in found)
    flat = ", ".join(f"{law['a']} with {cell}" for cell, _, law in found)
    caption = (
        f"Each step adds the same number of operations to the graph of static_rnn ({told}); that of dynamic_rnn has as"
        f" many at every length ({flat}). Dots were measured, lines are the laws through them."
    )
    axes = ("steps T", "operations", tuple(series))
    panels = (Panel("lines", "Even scales", *axes), Panel("lines", "Logarithmic scales", *axes, log=True))
    table = tuple(
        (cell, f"{one['a']} + {one['b']}·T", str(other["a"]), f"{_longer_from(one, other):,}")
        for cell, one, other in found
    )
    return Figure(caption, panels, ("cell", "static_rnn", "dynamic_rnn", "static has more from T ="), table)


def _law(measured: Mapping[str, Any], cell: str, runner: str) -> Mapping[str, Any] | None:
    """The law of a call without anything special."""
    wanted = {"cell": cell, "runner": runner, "gradients": False, "sequence_length": False, "control_flow": 2,
              "batch_known": False}  # fmt: skip
    laws: Sequence[Mapping[str, Any]] = measured.get("laws", ())
    return next((law for law in laws if law["exact"] and wanted.items() <= law.items()), None)


def _line(
    name: str, law: Mapping[str, Any], color: int, style: Literal["solid", "dashed"], lengths: Sequence[int]
) -> Series:
    marked = tuple(float(steps) for steps in lengths if steps <= max(_LENGTHS))
    at = sorted({*map(float, _LENGTHS), *marked})
    return Series(name, tuple((steps, law["a"] + law["b"] * steps) for steps in at), color, style, marked)


def _longer_from(static: Mapping[str, Any], loop: Mapping[str, Any]) -> int:
    steps = (loop["a"] - static["a"]) // static["b"] + 1 if static["b"] > 0 else 1
    return int(max(1, steps))


def _building(results: Results) -> Figure | None:
    rows = results["build-time-grows"].get("ratios", ())
    if len(rows) < 2:
        return None
    static = _points(rows, "static_seconds", 1000)
    loop = _points(rows, "dynamic_seconds", 1000)
    seconds = (
        Series("static_rnn", static, 0, marked=tuple(x for x, _ in static)),
        Series("dynamic_rnn", loop, 1, "dashed", tuple(x for x, _ in loop)),
    )
    ratio = _points(rows, "static_to_dynamic", 1)
    ratios = (Series("static_rnn", ratio, 0, marked=tuple(x for x, _ in ratio)),)
    first, last = rows[0], rows[-1]
    caption = (
        f"Building the graph of an LSTM with its gradients: static_rnn took {first['static_to_dynamic']:.2g} times as"
        f" long as dynamic_rnn at {first['steps']} steps and {last['static_to_dynamic']:.2g} times at"
        f" {last['steps']} steps."
    )
    panels = (
        Panel("lines", "Time to build", "steps T", "milliseconds", seconds, log=True),
        Panel("lines", "Against the loop", "steps T", "times as long", ratios, True, (), 1.0, "as long as dynamic_rnn"),
    )
    table = tuple(
        (str(row["steps"]), f"{row['static_seconds'] * 1000:,.0f} ms", f"{row['dynamic_seconds'] * 1000:,.0f} ms",
         f"{row['static_to_dynamic']:.2f}") for row in rows
    )  # fmt: skip
    return Figure(caption, panels, ("steps", "static_rnn", "dynamic_rnn", "ratio"), table)


def _points(rows: Sequence[Mapping[str, Any]], key: str, factor: float) -> tuple[tuple[float, float], ...]:
    return tuple((float(row["steps"]), row[key] * factor) for row in rows)


_UNROLLS = ("static_rnn", "Keras unroll=True")


def _step_time(results: Results) -> Figure | None:
    timings: Sequence[Mapping[str, Any]] = results["unroll-lead-shrinks-with-size"].get("timings", ())
    unrolled = [row for row in timings if row["variant"] in _UNROLLS]
    shown = [row for row in unrolled if (row["mode"], row["steps"]) == ("training", 10)]
    paid = results["static-start-pays-back-late"].get("break_even_calls", {})
    if not shown or not paid:
        return None
    sizes = list(dict.fromkeys(_size(row) for row in shown))
    bars = tuple(
        Series(variant, tuple((row["ratio_to_loop"], sizes.index(_size(row))) for row in shown if row["variant"] ==
               variant), color) for color, variant in enumerate(_UNROLLS)
    )  # fmt: skip
    panels = [
        Panel("bars", "A training call of 10 steps", "of the loop's time", "", bars, False, tuple(sizes), 1.0,
              "the loop"),
        *_over_lengths(unrolled),
        *_paid_back(timings, paid),
    ]  # fmt: skip
    best = min(shown, key=lambda row: row["ratio_to_loop"])
    ranges = results["static-start-pays-back-late"].get("break_even_ranges", {})
    told = "; ".join(
        f"{name} {calls_in_words(*ranges[name]) if name in ranges else about(calls)}" for name, calls in paid.items()
    )
    caption = (
        f"Once warm, {best['variant']} takes as little as {best['ratio_to_loop']:.2f} of the loop's time"
        f" ({best['size']}). Its longer start over 20 steps is paid back late: {told}."
        " Where two lines cross is the break-even of one timing; single timings scatter."
    )
    table = tuple(
        (row["size"], row["mode"], str(row["steps"]), row["variant"],
         f"{row['seconds_per_call'] / row['steps'] * 1e6:,.0f}", f"{row['ratio_to_loop']:.2f}",
         _after(row)) for row in timings
    )  # fmt: skip
    columns = ("size", "mode", "steps", "variant", "µs a step", "of the loop's time", "paid back")
    return Figure(caption, tuple(panels), columns, table)


def _size(row: Mapping[str, Any]) -> str:
    name: str = row["size"].partition(":")[0]
    return name


def _after(row: Mapping[str, Any]) -> str:
    """When a start is paid back: the range where one was measured, else no more than its order of magnitude."""
    ends = row.get("break_even_range")
    return calls_in_words(*ends) if ends else about(row["break_even_calls"])


def _over_lengths(rows: Sequence[Mapping[str, Any]]) -> Iterator[Panel]:
    """How the lead of static_rnn goes with the length, where lengths were measured."""
    chosen = [row for row in rows if row["variant"] == "static_rnn" and row["mode"] == "training"]
    sizes = list(dict.fromkeys(_size(row) for row in chosen))
    points = [tuple((float(row["steps"]), row["ratio_to_loop"]) for row in chosen if _size(row) == size)
              for size in sizes]  # fmt: skip
    if any(len(one) > 2 for one in points):
        series = tuple(
            Series(f"static_rnn, {size}", tuple(sorted(one)), color + 2, marked=tuple(x for x, _ in one))
            for color, (size, one) in enumerate(zip(sizes, points))
        )
        yield Panel("lines", "Training, over the length", "steps T", "of the loop's time", series, True, (), 1.0,
                    "the loop")  # fmt: skip


def _paid_back(timings: Sequence[Mapping[str, Any]], paid: Mapping[str, Any]) -> Iterator[Panel]:
    """Where the times of both variants cross; where they do not, the calls alone."""
    late = [row for row in timings if row["variant"] == "static_rnn" and row["break_even_calls"]]
    if late:
        row = max(late, key=lambda one: (one["size"].startswith("tiny"), one["steps"] == 20, one["mode"] == "forward"))
        loop = next(one for one in timings if one["variant"] == "dynamic_rnn" and
                    all(one[key] == row[key] for key in ("size", "mode", "steps")))  # fmt: skip
        even = row["break_even_calls"]
        calls = [even * part / 10 for part in range(21)]
        per_call = (row["seconds_per_call"], row["seconds_per_call"] / row["ratio_to_loop"])
        pairs = zip(("static_rnn", "dynamic_rnn"), (row, loop), per_call, (0, 1), ("solid", "dashed"))
        series = tuple(
            Series(name, tuple((n, one["build_seconds"] + n * seconds) for n in calls), color, style)  # type: ignore[arg-type]
            for name, one, seconds, color, style in pairs
        )
        title, x = f"Break-even {_after(row)}", f"calls ({_size(row)}, {row['mode']}, {row['steps']} steps)"
        yield Panel("lines", title, x, "seconds since the start", series)
        return
    values = tuple((float(number), at) for at, number in enumerate(paid.values()) if number)
    if values:
        bars = (Series("calls until the start is paid back", values, 0),)
        yield Panel("bars", "Break-even, 20 steps forward", "calls", "", bars, True, tuple(paid))


def _padding(results: Results) -> Figure | None:
    masked = results["sequence-length-masks"].get("largest_absolute_difference", {})
    off = results["padding-changes-state"].get("state_off_by", {})
    names = [name for name in masked if name.startswith("dynamic_rnn") and f"{name}, zeros" in off]
    if not names:
        return None
    equal = [masked[name]["from_the_truncated_sequence"] for name in names]
    zeros, nines = ([off.get(f"{name}, {pad}", 0.0) for name in names] for pad in ("zeros", "nines"))
    allowed = float(results["sequence-length-masks"].get("allowed_for_rounding", 1e-5))
    series = tuple(
        Series(name, tuple((value, at) for at, value in enumerate(values)), color)
        for color, (name, values) in enumerate(
            (("with sequence_length", equal), ("zeros as padding, no lengths", zeros),
             ("nines as padding, no lengths", nines))
        )
    )  # fmt: skip
    cells = [name.removeprefix("dynamic_rnn over ") for name in names]
    rows = tuple(cell.replace("MultiRNNCell of 2 LSTMCell", "2 LSTMCell") for cell in cells)
    panel = Panel("dots", "Batch against its sequences", "largest absolute difference", "", series, True,
                  rows, allowed, "rounding")  # fmt: skip
    caption = (
        f"With sequence_length a padded batch gives what the truncated sequences give, within {max(equal):.1e};"
        f" without it zeros after the end move the final state by {min(zeros):.2f} to {max(zeros):.2f}, nines by"
        f" {min(nines):.2f} to {max(nines):.2f}."
    )
    table = tuple((row, f"{a:.1e}", f"{b:.3g}", f"{c:.3g}") for row, a, b, c in zip(rows, equal, zeros, nines))
    return Figure(caption, (panel,), ("dynamic_rnn over", "with sequence_length", "zeros", "nines"), table)


ASKED = (
    Asked("operations", "Operations over the number of steps", ("static-graph-grows", "loop-graph-flat"), _operations),
    Asked("building", "Time to build the graph", ("build-time-grows",), _building),
    Asked(
        "step-time", "Time of a step, and when the start is paid back",
        ("unroll-lead-shrinks-with-size", "static-start-pays-back-late"), _step_time,
    ),
    Asked("padding", "Padded against truncated", ("sequence-length-masks", "padding-changes-state"), _padding),
)  # fmt: skip
"""In the order of the page."""
