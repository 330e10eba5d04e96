"""Can the graph of a short unroll be read step by step?"""

from __future__ import annotations

from collections.abc import Iterator

from rnnlint.probe.measurement import Here, Outcome, judged, measures
from rnnlint.probe.steps import CELLS, Body, Unroll, loop_body, unroll

STEPS = 4


@measures("unroll-readable-by-step", seconds=1)
def unroll_readable_by_step(here: Here) -> Outcome:
    """Build a short unroll and a loop for each cell, and follow the steps."""
    rows, failures = {}, []
    for kind in CELLS.values():
        found, body = unroll(here, kind, STEPS), loop_body(here, kind)
        rows[kind] = {
            "operations_a_step": len(found.steps[0].operations),
            "scope": found.scope,
            "operations_in_the_body": len(body.operations),
        }
        failures += [f"{kind}: {failure}" for failure in _unreadable(found, body)]
    words = ", ".join(f"{kind} {row['operations_a_step']}" for kind, row in rows.items())
    unlike = len({failure.partition(":")[0] for failure in failures})
    summary = f"operations per step: {words}; steps that can be followed in {len(rows) - unlike} of {len(rows)} cells"
    return judged({"cells": rows}, summary, failures)


def _unreadable(found: Unroll, body: Body) -> Iterator[str]:
    types = [[one.type for one in step.operations] for step in found.steps]
    if len(found.steps) != STEPS:
        yield f"{len(found.steps)} steps were found"
    if any(one != types[0] for one in types):
        yield "the steps differ from the first in their operations or in the order"
    if types[0] != [one.type for one in body.operations if one.name.startswith(body.scope)]:
        yield "the loop differs from a step in its operations or in the order"
    if not found.scope or any(not one.name.startswith(found.scope) for step in found.steps for one in step.operations):
        yield "the steps share no name scope"
    for at, step in enumerate(found.steps):
        inputs = [name for name in step.reads if name.startswith("inputs:")]
        if inputs != [f"inputs:{at}"]:
            yield f"step {at + 1} reads {inputs}"
        before = {one.name for one in found.steps[at - 1].operations} if at else set()
        states = [name for name in step.reads if name not in inputs]
        if at and not (states and before.issuperset(states)):
            yield f"step {at + 1} reads values that do not come from the previous step: {states}"
