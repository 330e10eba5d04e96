"""What does an unrolled graph look like step by step, next to the body of a loop?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

from rnnlint.probe import processes
from rnnlint.probe.steps import CELLS, Body, Operation, Step, Unroll, loop_body, unroll

__all__ = ["MOST_STEPS", "inspect", "main", "side_by_side"]

MOST_STEPS = 20
"""More steps would be unreadable."""

_GAP = "  "


def inspect(cell: str, steps: int, width: int = 120) -> str:
    """The operations of each step of ``static_rnn``, next to the body of the loop of ``dynamic_rnn``.

    `cell` is a name in `CELLS`, `width` the number of columns. TensorFlow runs in a separate process. Raises ValueError
    for other arguments, and RuntimeError if TensorFlow cannot answer, each with a one-line message.
    """
    if cell not in CELLS:
        raise ValueError(f"unknown cell {cell!r}; choose from {', '.join(CELLS)}")
    if not 1 <= steps <= MOST_STEPS:
        raise ValueError(f"steps must be from 1 to {MOST_STEPS}, not {steps}")
    if not processes.installed("tensorflow"):
        raise RuntimeError("rnnlint probe needs TensorFlow: pip install 'rnnlint[probe]'")
    page: str = processes.answer_of("inspection", [cell, steps, width])
    return page


def main() -> int:
    """Print the answer to standard input, in a process that may import TensorFlow."""
    from rnnlint.probe.worker import one_line, open_here

    cell, steps, width = json.load(sys.stdin)
    try:
        here, kind = open_here(full=False), CELLS[cell]
    except Exception as error:
        print(f"TensorFlow cannot be used: {one_line(error)}", file=sys.stderr)
        return 1
    # As JSON it is one line of ASCII, which no pipe encoding can break.
    print(json.dumps(side_by_side(kind, unroll(here, kind, steps), loop_body(here, kind), width)))
    return 0


def side_by_side(kind: str, unrolled: Unroll, body: Body, width: int) -> str:
    """The page for a terminal of this width; steps that do not fit go below."""
    count = len(unrolled.steps[0].operations)
    numbers = "1 step" if len(unrolled.steps) == 1 else f"{len(unrolled.steps)} steps"
    around = [
        f"{kind} over {numbers}",
        "",
        *wrap(
            f"static_rnn adds {count} operations per step. All their names begin with {unrolled.scope}; only the order"
            " and the increasing numbers distinguish the steps.",
            width,
        ),
        *wrap(
            f"dynamic_rnn has them once, under {body.scope} in the body of its loop: the function {body.function} with"
            f" {len(body.operations)} operations.",
            width,
        ),
    ]
    for number, steps, loop in _blocks(unrolled, body, width):
        around += ["", *_table(_columns(unrolled, number, steps, loop))]
    return "".join(f"{line}\n" for line in around)


@dataclass(frozen=True, slots=True)
class _Loop:
    """The body in three parts: before the cell, the cell, and after it."""

    before: tuple[Operation, ...]
    cell: tuple[Operation, ...]
    after: tuple[Operation, ...]


def _parts(body: Body) -> _Loop:
    own = [one.name.startswith(body.scope) for one in body.operations]
    first, last = own.index(True), len(own) - own[::-1].index(True)
    cell = tuple(replace(one, name=one.name.removeprefix(body.scope)) for one in body.operations[first:last])
    return _Loop(*(tuple(map(_shortened, part)) for part in (body.operations[:first], cell, body.operations[last:])))


def _shortened(one: Operation) -> Operation:
    """Only the last part of a long name, so that the steps have enough room."""
    parts = one.name.split("/")
    return replace(one, name=f"…/{parts[-1]}") if len(one.name) > 20 and len(parts) > 1 else one


def _blocks(unrolled: Unroll, body: Body, width: int) -> Iterator[tuple[int, tuple[Step, ...], _Loop | None]]:
    """The number of the first step of each block, its steps, and the loop next to the first block."""
    loop = _parts(body)
    types = [len(one.type) for one in body.operations]
    wide = max(len(one.name) - len(unrolled.scope) for step in unrolled.steps for one in step.operations)
    beside = max(len(one.name) for one in (*loop.before, *loop.cell, *loop.after))
    at = 0
    while at < len(unrolled.steps):
        room = width - max(types) - (beside + len(_GAP) if at == 0 else 0)
        fit = max(1, room // (wide + len(_GAP)))
        yield at + 1, unrolled.steps[at : at + fit], loop if at == 0 else None
        at += fit


Section = list[str]
"""Cells of a column without a dividing line."""


def _columns(unrolled: Unroll, number: int, steps: Sequence[Step], loop: _Loop | None) -> list[list[Section]]:
    """The columns of one block, each in the same sections."""
    before, after = (loop.before, loop.after) if loop else ((), ())
    types = [[one.type for one in part] for part in (before, steps[0].operations, after)]
    columns = [[["operation"], *types, ["input", "state"]]]
    for at, step in enumerate(steps):
        names = [one.name.removeprefix(unrolled.scope) for one in step.operations]
        columns.append([[f"step {number + at}"], [""] * len(before), names, [""] * len(after), _reads(step)])
    if loop:
        named = [[one.name for one in part] for part in (loop.before, loop.cell, loop.after)]
        columns.append([["loop"], *named, ["", ""]])
    return columns


def _reads(step: Step) -> list[str]:
    given = [name for name in step.reads if name.startswith("inputs:")]
    state = [name.rpartition("/")[2] for name in step.reads if name not in given]
    return [", ".join(given), ", ".join(state)]


def _table(columns: Sequence[Sequence[Section]]) -> Iterator[str]:
    widths = [max(len(cell) for section in column for cell in section) for column in columns]
    line = _GAP.join("-" * size for size in widths)
    for at, sections in enumerate(section for section in zip(*columns) if section[0]):
        if at:
            yield line
        for row in zip(*sections):
            yield _GAP.join(cell.ljust(size) for cell, size in zip(row, widths)).rstrip()
