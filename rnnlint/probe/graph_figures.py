"""Which figures show how large a graph is and how long it takes to build? Data for `plots`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from rnnlint.probe.panels import Figure, Panel, Results, Series

__all__ = ["building", "memory", "operations"]

_CELLS = ("BasicRNNCell", "LSTMCell", "GRUCell")
_NEAR, _FAR = 20, 100
"""The last steps of the two panels: around the crossing, and far beyond it."""


def operations(results: Results) -> Figure | None:
    """Operations over the number of steps; laws are straight lines."""
    static, loop = (results[claim] for claim in ("static-graph-grows", "loop-graph-flat"))
    pairs = [(cell, _law(static, cell, "static_rnn"), _law(loop, cell, "dynamic_rnn")) for cell in _CELLS]
    found = [(cell, one, other) for cell, one, other in pairs if one and other]
    if not found:
        return None
    listed = ", ".join(f"{law['b']} with {cell}" for cell, law, _ in found)
    flat = ", ".join(f"{law['a']} with {cell}" for cell, _, law in found)
    caption = (
        f"Each step adds the same number of operations to the graph of static_rnn ({listed}); dynamic_rnn has the same"
        f" number at every length ({flat}). Dots are measurements, lines the fitted laws; a ring marks the length from"
        " which the unroll has more operations than the loop."
    )
    panels = tuple(
        Panel("lines", f"Up to {last} steps", "steps T", "operations", _to(last, found, static, loop),
              crossings=_crossings(found) if last == _NEAR else ())
        for last in (_NEAR, _FAR)
    )  # fmt: skip
    table = tuple(
        (cell, f"{one['a']} + {one['b']}·T", str(other["a"]), f"{_longer_from(one, other):,}")
        for cell, one, other in found
    )
    return Figure(caption, panels, ("cell", "static_rnn", "dynamic_rnn", "static has more from T ="), table)


_Pair = tuple[str, Mapping[str, Any], Mapping[str, Any]]
"""A cell with both laws."""


def _to(last: int, found: Sequence[_Pair], static: Mapping[str, Any], loop: Mapping[str, Any]) -> tuple[Series, ...]:
    series: list[Series] = []
    for color, (cell, one, other) in enumerate(found):
        series += [
            _line(f"static_rnn of {cell}", one, color, "solid", static["lengths"], last),
            _line(f"dynamic_rnn of {cell}", other, color, "dashed", loop["lengths"], last),
        ]
    return tuple(series)


def _law(measured: Mapping[str, Any], cell: str, runner: str) -> Mapping[str, Any] | None:
    """The law of a plain call."""
    wanted = {"cell": cell, "runner": runner, "gradients": False, "sequence_length": False, "control_flow": 2,
              "batch_known": False}  # fmt: skip
    laws: Sequence[Mapping[str, Any]] = measured.get("laws", ())
    return next((law for law in laws if law["exact"] and wanted.items() <= law.items()), None)


def _line(
    name: str, law: Mapping[str, Any], color: int, style: Literal["solid", "dashed"], lengths: Sequence[int], last: int
) -> Series:
    marked = tuple(float(steps) for steps in lengths if steps <= last)
    at = sorted({1.0, *marked, float(last)})
    return Series(name, tuple((steps, law["a"] + law["b"] * steps) for steps in at), color, style, marked)


def _crossings(found: Sequence[_Pair]) -> tuple[tuple[float, float, str, int], ...]:
    """The point where both laws of a cell have equally many operations."""
    met = (
        ((other["a"] - one["a"]) / one["b"], float(other["a"]), f"T = {_longer_from(one, other)}", color)
        for color, (_, one, other) in enumerate(found)
        if one["b"] > 0
    )
    return tuple(one for one in met if 1 <= one[0] <= _NEAR)


def _longer_from(static: Mapping[str, Any], loop: Mapping[str, Any]) -> int:
    steps = (loop["a"] - static["a"]) // static["b"] + 1 if static["b"] > 0 else 1
    return int(max(1, steps))


def building(results: Results) -> Figure | None:
    """The time to build over the number of steps, and relative to the loop's."""
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
    ends = tuple((row["static_to_dynamic_range"][0], row["static_to_dynamic_range"][1]) for row in rows
                 if "static_to_dynamic_range" in row)  # fmt: skip
    ratios = (Series("static_rnn", ratio, 0, marked=tuple(x for x, _ in ratio), ranges=ends),)
    longer = results["build-time-grows"].get("static_takes_longer_from_steps")
    met = tuple((x, y, f"longer from T = {longer}", 0) for x, y in ratio if x == longer)
    first, last = rows[0], rows[-1]
    caption = (
        f"Building the graph of an LSTM with its gradients: static_rnn took {_ratio(first)} times as long as"
        f" dynamic_rnn at {first['steps']} steps and {_ratio(last)} times at {last['steps']} steps."
    )
    panels = (
        Panel("lines", "Time to build", "steps T", "milliseconds", seconds),
        Panel("lines", "Against the loop", "steps T", "times as long", ratios, True, (), 1.0, "as long as dynamic_rnn",
              met),
    )  # fmt: skip
    table = tuple(
        (str(row["steps"]), f"{row['static_seconds'] * 1000:,.0f} ms", f"{row['dynamic_seconds'] * 1000:,.0f} ms",
         _ratio(row)) for row in rows
    )  # fmt: skip
    return Figure(caption, panels, ("steps", "static_rnn", "dynamic_rnn", "ratio"), table)


def _points(rows: Sequence[Mapping[str, Any]], key: str, factor: float) -> tuple[tuple[float, float], ...]:
    return tuple((float(row["steps"]), row[key] * factor) for row in rows)


def _ratio(row: Mapping[str, Any]) -> str:
    ends = row.get("static_to_dynamic_range")
    return f"{row['static_to_dynamic']:.2g}" + (f" ({ends[0]:.2g} to {ends[1]:.2g})" if ends else "")


def memory(results: Results) -> Figure | None:
    """The peak memory until the first result, over the number of steps."""
    rows: Sequence[Mapping[str, Any]] = results["unroll-takes-memory"].get("megabytes", ())
    lengths = sorted({row["steps"] for row in rows})
    if len(lengths) < 2:
        return None
    marked = tuple(map(float, lengths))
    static, loop = (
        tuple((float(row["steps"]), row["first_run"]) for row in rows if row["runner"] == runner)
        for runner in ("static_rnn", "dynamic_rnn")
    )
    series = (Series("static_rnn", static, 0, "solid", marked), Series("dynamic_rnn", loop, 1, "dashed", marked))
    last = {row["runner"]: row["first_run"] for row in rows if row["steps"] == lengths[-1]}
    caption = (
        f"Peak memory until the first result of an LSTM in training, batch size 8, 16 units: at {lengths[-1]}"
        f" steps {last['static_rnn']:,.0f} MB more with static_rnn and {last['dynamic_rnn']:,.0f} MB more with"
        " dynamic_rnn, each in a process of its own."
    )
    panel = Panel("lines", "Memory until the first result", "steps T", "megabytes", series)
    table = tuple(
        (str(row["steps"]), row["runner"], f"{row['build']:,.1f}", f"{row['first_run']:,.1f}") for row in rows
    )
    return Figure(caption, (panel,), ("steps", "runner", "MB to build", "MB until the first result"), table)
