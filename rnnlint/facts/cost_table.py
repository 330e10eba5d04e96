"""What does each part of an RNN call add to the graph? The rows of ``graph_cost.tsv``, and their sum as a line."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from functools import lru_cache

__all__ = ["COLUMNS", "LARGE", "NUMBERS", "Fact", "Law", "fact", "sure", "table"]

_TABLE = os.path.join(os.path.dirname(__file__), "graph_cost.tsv")

LARGE = 1000
"""TensorFlow writes zeros of fewer numbers than this as one Const."""


@dataclass(frozen=True, slots=True)
class Law:
    """Operations as a straight line over the number of steps: fixed + per_step * steps."""

    fixed: int
    """Operations that are added once."""
    per_step: int
    """Operations that each step adds; 0 for a loop."""
    exact: bool = field(default=True, compare=False)
    """False if something unknown could add a few operations more: 2 for each cell without known `Cell.units` (a
    large bias), or those of unnamed keep probability tensors that may differ."""

    def at(self, steps: int) -> int:
        """The number of operations for this many steps, at least one."""
        return self.fixed + self.per_step * steps

    def __add__(self, other: Law) -> Law:
        return Law(self.fixed + other.fixed, self.per_step + other.per_step, self.exact and other.exact)


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the table: what a part adds, and under which conditions."""

    part: str
    option: str = ""
    batch: str = "any"
    """``known``, ``unknown`` or ``any``; so is `time`, the number of steps of a loop's input."""
    time: str = "any"
    sequence_length: str = "any"
    """``yes``, ``no`` or ``any``."""
    control_flow: str = "any"
    """``1``, ``2`` or ``any``."""
    per_call: int = 0
    """Operations, as are the six fields that follow."""
    per_step: int = 0
    per_state: int = 0
    """For each state tensor of the cell, once."""
    per_state_step: int = 0
    per_capture: int = 0
    """For each tensor from outside that the cell reads (variables, keep probabilities), once."""
    per_capture_step: int = 0
    kernels: int = 0
    """Variables of the cell that its initializer fills."""
    biases: int = 0
    bias_width: int = 0
    """The size, per unit, of the largest bias that starts as zeros."""
    states: int = 0
    """State tensors of the cell."""
    cell_copies: int = 0
    """Calls of the cell outside the steps."""
    measured_on: str = ""
    meaning: str = ""

    def holds(self, conditions: dict[str, str]) -> bool:
        """Whether the row applies under these conditions; a condition that is not given counts as met."""
        return all(getattr(self, name) in ("any", wanted) for name, wanted in conditions.items())


COLUMNS = tuple(one.name for one in fields(Fact))
NUMBERS = tuple(one.name for one in fields(Fact) if one.type == "int")


def _row(line: str) -> Fact:
    cells = dict(zip(COLUMNS, line.split("\t")))
    numbers = {name: int(cells.pop(name) or 0) for name in NUMBERS}
    return Fact(**cells, **numbers)  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def table() -> tuple[Fact, ...]:
    """All rows, in the order of the file."""
    with open(_TABLE, encoding="utf-8") as file:
        return tuple(map(_row, file.read().splitlines()[1:]))


@lru_cache(maxsize=1)
def _by_key() -> dict[tuple[str, str], tuple[Fact, ...]]:
    found: dict[tuple[str, str], tuple[Fact, ...]] = {}
    for row in table():
        key = (row.part, row.option)
        found[key] = (*found.get(key, ()), row)
    return found


@lru_cache(maxsize=4096)
def fact(part: str, option: str = "", **conditions: str) -> Fact | None:
    """The sum of the rows of a part and option that apply; None if there are no such rows."""
    rows = _by_key().get((part, option))
    if rows is None:
        return None
    holding = [row for row in rows if row.holds(conditions)]
    return Fact(part, option, **{name: sum(getattr(row, name) for row in holding) for name in NUMBERS})


def sure(part: str, option: str = "", **conditions: str) -> Fact:
    """The same for a part that the code names; if no row applies, nothing is added."""
    return fact(part, option, **conditions) or Fact(part, option)
