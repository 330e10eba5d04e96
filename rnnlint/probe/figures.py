"""Which figures can be made from the results of a run, and what does each show? Data for `plots`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rnnlint.probe.graph_figures import building, memory, operations
from rnnlint.probe.panels import Figure, Panel, Results, Series
from rnnlint.probe.time_figures import region, step_time

__all__ = ["ASKED", "Asked", "figure"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure that the page can show."""

    id: str
    title: str
    claims: tuple[str, ...]
    """The claims whose numbers it needs."""
    make: Callable[[Results], Figure | None]


def figure(asked: Asked, results: Results) -> Figure | None:
    """The figure, or None if a claim has no numbers for it."""
    return asked.make(results) if all(results.get(claim) for claim in asked.claims) else None


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
        f"With sequence_length, a padded batch gives the results of the truncated sequences, within {max(equal):.1e};"
        f" without it zeros after the end change the final state by {min(zeros):.2f} to {max(zeros):.2f}, nines by"
        f" {min(nines):.2f} to {max(nines):.2f}."
    )
    table = tuple((row, f"{a:.1e}", f"{b:.3g}", f"{c:.3g}") for row, a, b, c in zip(rows, equal, zeros, nines))
    return Figure(caption, (panel,), ("dynamic_rnn over", "with sequence_length", "zeros", "nines"), table)


ASKED = (
    Asked("operations", "Operations over the number of steps", ("static-graph-grows", "loop-graph-flat"), operations),
    Asked("building", "Time to build the graph", ("build-time-grows",), building),
    Asked("memory", "Memory until the first result", ("unroll-takes-memory",), memory),
    Asked(
        "step-time", "Time per step, and when the start pays off",
        ("unroll-lead-shrinks-with-size", "static-start-pays-back-late"), step_time,
    ),
    Asked("region", "Where an unroll is ahead", ("unroll-lead-has-a-region",), region),
    Asked("padding", "Padded against truncated", ("sequence-length-masks", "padding-changes-state"), _padding),
)  # fmt: skip
"""In the order of the page."""
