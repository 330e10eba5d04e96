"""Which figures show the time of a call, and when a longer start pays off? Data for `plots`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rnnlint.facts.break_even import about, calls_in_words
from rnnlint.probe.panels import Figure, Panel, Results, Series

__all__ = ["region", "step_time"]

_UNROLLS = ("static_rnn", "Keras unroll=True")
_MASKED = "static_rnn with sequence_length"

Row = Mapping[str, Any]


def step_time(results: Results) -> Figure | None:
    """Time per call relative to the loop's, by size and by length, and the break-even of the start."""
    timings: Sequence[Row] = results["unroll-lead-shrinks-with-size"].get("timings", ())
    unrolled = [row for row in timings if row["variant"] in _UNROLLS]
    shown = [row for row in unrolled if (row["mode"], row["steps"]) == ("training", 10)]
    paid = results["static-start-pays-back-late"].get("break_even_calls", {})
    if not shown or not paid:
        return None
    sizes = list(dict.fromkeys(_size(row) for row in shown))
    bars = tuple(
        _series(variant, [row for row in shown if row["variant"] == variant], color, bars=sizes)
        for color, variant in enumerate(_UNROLLS)
    )
    panels = [
        Panel("bars", "A training call of 10 steps", "of the loop's time", "", bars, False, tuple(sizes), 1.0, "loop"),
        *_over_lengths(unrolled),
        *_with_lengths(results.get("sequence-length-shrinks-lead", {}).get("timings", ())),
        *_paid_back(timings, paid),
    ]
    best = min(shown, key=lambda row: row["ratio_to_loop"])
    ranges = results["static-start-pays-back-late"].get("break_even_ranges", {})
    listed = "; ".join(
        f"{name} {calls_in_words(*ranges[name]) if name in ranges else about(calls)}" for name, calls in paid.items()
    )
    explained = "; ".join(dict.fromkeys(row["size"] for row in shown))
    caption = (
        f"Once warm, {best['variant']} takes as little as {best['ratio_to_loop']:.2f} of the loop's time. Sizes are"
        f" {explained}. Its longer start over 20 steps pays off late: {listed}. Thin lines are the ranges of the"
        " medians. Two lines cross at the break-even of one timing; single timings vary."
    )
    table = tuple(
        (row["size"], row["mode"], str(row["steps"]), row["variant"],
         f"{row['seconds_per_call'] / row['steps'] * 1e6:,.0f}", _ratio(row), _after(row)) for row in timings
    )  # fmt: skip
    columns = ("size", "mode", "steps", "variant", "µs a step", "of the loop's time", "pays off")
    return Figure(caption, tuple(panels), columns, table)


def _size(row: Row) -> str:
    name: str = row["size"].partition(":")[0]
    return name


def _ratio(row: Row) -> str:
    ends = row.get("ratio_to_loop_range")
    return f"{row['ratio_to_loop']:.2f}" + (f" ({ends[0]:.2f} to {ends[1]:.2f})" if ends else "")


def _after(row: Row) -> str:
    """When a start pays off: the range if one was measured, else only its order of magnitude."""
    ends = row.get("break_even_range")
    return calls_in_words(*ends) if ends else about(row["break_even_calls"])


def _series(name: str, rows: Sequence[Row], color: int, bars: Sequence[str] = (), dashed: bool = False) -> Series:
    """Ratios to the loop with their ranges: over the steps, or as bars by size."""
    sorted_rows = sorted(rows, key=lambda row: bars.index(_size(row)) if bars else row["steps"])
    points = tuple(
        (row["ratio_to_loop"], float(bars.index(_size(row)))) if bars else (float(row["steps"]), row["ratio_to_loop"])
        for row in sorted_rows
    )
    ends = tuple(tuple(row["ratio_to_loop_range"]) for row in sorted_rows if row.get("ratio_to_loop_range"))
    marked = () if bars else tuple(x for x, _ in points)
    return Series(name, points, color, "dashed" if dashed else "solid", marked,
                  ends if len(ends) == len(points) else ())  # fmt: skip


def _over_lengths(rows: Sequence[Row]) -> Iterator[Panel]:
    """How the lead of static_rnn depends on the length, if several lengths were measured."""
    chosen = [row for row in rows if row["variant"] == "static_rnn" and row["mode"] == "training"]
    by_size = {size: [row for row in chosen if _size(row) == size] for size in dict.fromkeys(map(_size, chosen))}
    if any(len(mine) > 2 for mine in by_size.values()):
        series = tuple(_series(f"static_rnn, {size}", mine, color + 2) for color, (size, mine) in
                       enumerate(by_size.items()))  # fmt: skip
        yield Panel("lines", "Training, over the length", "steps T", "of the loop's time", series, True, (), 1.0,
                    "the loop")  # fmt: skip


def _with_lengths(timings: Sequence[Row]) -> Iterator[Panel]:
    """How sequence_length changes the lead, compared with the plain case."""
    rows = [row for row in timings if row["mode"] == "forward" and _size(row) == "tiny"]
    names = (("static_rnn", "static_rnn, tiny, no lengths"), (_MASKED, f"{_MASKED}, tiny"))
    series = tuple(
        _series(name, [row for row in rows if row["variant"] == variant], color * 4, dashed=color == 1)
        for color, (variant, name) in enumerate(names)
    )
    if all(len(one.points) > 2 for one in series):
        yield Panel("lines", "Forward, with sequence_length", "steps T", "of the loop's time", series, True, (), 1.0,
                    "the loop")  # fmt: skip


def _paid_back(timings: Sequence[Row], paid: Mapping[str, Any]) -> Iterator[Panel]:
    """Where the times of both variants cross; otherwise only the calls."""
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
        met = ((float(even), row["build_seconds"] + even * per_call[0], "pays off", 0),)
        yield Panel("lines", title, x, "seconds since the start", series, crossings=met)
        return
    values = tuple((float(number), at) for at, number in enumerate(paid.values()) if number)
    if values:
        bars = (Series("calls until the start pays off", values, 0),)
        yield Panel("bars", "Break-even, 20 steps forward", "calls", "", bars, True, tuple(paid))


def region(results: Results) -> Figure | None:
    """Where static_rnn is ahead: by batch, units and length, in training, with sequence_length and without."""
    found = results["unroll-lead-has-a-region"]
    grid: Sequence[Row] = found.get("grid", ())
    if not grid:
        return _few_points(found)
    panels = []
    for variant, title in (("static_rnn", "Training, no lengths"), (_MASKED, "Training, with sequence_length")):
        rows = [row for row in grid if row["variant"] == variant and row["mode"] == "training"]
        sizes = dict.fromkeys((row["batch"], row["units"]) for row in rows)
        series = tuple(
            _series(f"batch size {batch}, {units} units",
                    [row for row in rows if (row["batch"], row["units"]) == (batch, units)], color, dashed=units > 16)
            for color, (batch, units) in enumerate(sizes)
        )  # fmt: skip
        panels.append(Panel("lines", title, "steps T", "of the loop's time", series, True, (), 1.0, "the loop"))
    counted = [(variant, [row for row in grid if row["variant"] == variant]) for variant in
               dict.fromkeys(row["variant"] for row in grid)]  # fmt: skip
    listed = "; ".join(f"{variant} {_sides(rows)}" for variant, rows in counted)
    caption = (
        "Below the line the unroll is faster per call. A point counts as ahead or behind if its whole range is 3 % or"
        f" more on that side, in forward and training together: {listed}."
    )
    table = tuple((str(row["batch"]), str(row["units"]), row["mode"], str(row["steps"]), row["variant"], _ratio(row))
                  for row in grid)  # fmt: skip
    return Figure(caption, tuple(panels), ("batch", "units", "mode", "steps", "variant", "of the loop's time"), table)


def _sides(rows: Sequence[Row]) -> str:
    ahead, behind = (sum(one) for one in ([row["ratio_to_loop_range"][1] < 0.97 for row in rows],
                                          [row["ratio_to_loop_range"][0] > 1.03 for row in rows]))  # fmt: skip
    return f"ahead at {ahead} and behind at {behind} of {len(rows)}"


def _few_points(found: Mapping[str, Any]) -> Figure | None:
    """The results of the quick run."""
    ratios = found.get("ratios", {})
    if not ratios:
        return None
    # The name begins with the runner, which is the same for all.
    names = tuple(name.removeprefix("static_rnn").removeprefix(", ").strip() for name in ratios)
    rows = tuple(
        name.replace(", training over ", "\ntraining, ").replace(", forward over ", "\nforward, ") for name in names
    )
    series = Series("static_rnn", tuple((value, float(at)) for at, value in enumerate(ratios.values())), 0,
                    ranges=tuple(tuple(found["ranges"][name]) for name in ratios))  # fmt: skip
    panel = Panel("bars", "Time per call", "of the loop's time", "", (series,), False, rows, 1.0, "loop")
    caption = "Below 1 the unroll is faster per call. Use --full for all sizes, lengths and modes."
    table = tuple((name, f"{value:.2f}", " to ".join(f"{end:.2f}" for end in found["ranges"][name])) for name, value in
                  ratios.items())  # fmt: skip
    return Figure(caption, (panel,), ("static_rnn", "of the loop's time", "range"), table)
