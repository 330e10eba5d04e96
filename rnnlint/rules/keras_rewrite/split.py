"""How do the layers of a stack run one after the other, with what is dropped between them?

A stack computes the same in either order: no cell reads what a later one gives.
"""

from __future__ import annotations

from typing import NamedTuple

from rnnlint.rules.keras_rewrite.cells import Taken
from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.dropout import drops


class OneByOne(NamedTuple):
    """What the lines are made of, as it is written."""

    inputs: str
    mask: str
    """``mask=…``; or empty."""
    layers: str
    """The list."""
    initial_states: str
    """One for each layer; or empty."""
    outputs: str
    """The name that gets the outputs of the last layer."""
    states: str
    """The name that gets the states of all; or empty."""
    gives_state: bool
    """Whether the layers give states."""


def lines_of_stack(run: OneByOne, taken: Taken, code: Code, target: str, tf: str) -> list[str]:
    """The lines, without the indent of the first."""
    layer, given, found = code.free("layer"), [run.outputs], []
    over, rows = f"{layer} in {run.layers}", []
    if run.mask:
        mask = code.free("mask")
        found.append(f"{mask} = {run.mask.removeprefix('mask=')}")
        given.append(f"mask={mask}")
    if run.initial_states:
        first = code.free("first")
        over = f"{layer}, {first} in zip({run.layers}, {run.initial_states})"
        given.append(f"initial_state={first}")
    for drop in drops(taken, code, target, "input_keep_prob", is_inner=True):
        rows.append(f"{run.outputs} = {drop.of(run.outputs, tf)}")
    call = f"{layer}({', '.join(given)})"
    if run.states:
        state = code.free("state")
        rows += [f"{run.outputs}, *{state} = {call}", f"{run.states}.append({state})"]
    else:
        rows.append(f"{run.outputs} = {call}[0]" if run.gives_state else f"{run.outputs} = {call}")
    for drop in reversed(drops(taken, code, target, "output_keep_prob", is_inner=True)):
        rows.append(f"{run.outputs} = {drop.of(run.outputs, tf)}")
    if run.inputs != run.outputs:
        found.append(f"{run.outputs} = {run.inputs}")
    found += [f"{run.states} = []"] if run.states else []
    return [*found, f"for {over}:", *(f"    {row}" for row in rows)]
