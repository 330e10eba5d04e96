"""What is written where a cell is made?"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from rnnlint.resolve.given import argument
from rnnlint.rules.keras_rewrite.arguments import arguments_of
from rnnlint.rules.keras_rewrite.cells import Made, Taken
from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.refusal import RefusedError
from rnnlint.rules.keras_rewrite.runs import Run


@dataclass(eq=False)
class Layer:
    """A layer that replaces a cell, and what all its runs need."""

    call: ast.Call
    """The call that becomes it."""
    made: Made
    sequences: bool = False
    state: bool = False
    zeros: bool = False
    """Whether outputs past the end of a sequence are read."""
    backwards: bool = False
    is_one_of_two: bool = False
    """Whether a Bidirectional holds it."""
    is_float64: bool = False

    def options(self) -> list[str]:
        """The arguments that determine what it returns."""
        names = {
            "return_sequences": self.sequences,
            "return_state": self.state,
            "zero_output_for_mask": self.zeros,
            "go_backwards": self.backwards,
        }
        found = [f"{name}=True" for name, is_set in names.items() if is_set]
        return [*found, 'dtype="float64"'] if self.is_float64 else found


@dataclass(eq=False)
class Both:
    """The Bidirectional around two layers."""

    forward: Layer
    backward: Layer
    name: str = ""
    """Its name, if it is not in the call itself."""


def write_layer(layer: Layer, wrapped: list[tuple[ast.Call, ast.expr]], code: Code, target: str) -> None:
    """Write the call that makes a layer, without the wrappers of its cells.

    Raises RefusedError if no Keras layer computes the same.
    """
    made, call = layer.made, layer.call
    tf = code.tensorflow(call).name
    in_config = layer.is_one_of_two
    for inner in made.inner:
        write_bare(inner, code, target, layer, in_config=in_config)
    for wrapper, cell in reversed(wrapped):
        code.new.setdefault(wrapper, code.render(cell))
    if made.is_split:
        # Each cell gets the outputs of the one before, past the end of a sequence too.
        layer.sequences = True
        code.new[made.call] = _split(made, code, target, layer)
    elif made.is_bare:
        write_bare(made, code, target, layer, in_config=in_config)
        code.new[call] = f"{tf}.keras.layers.RNN({', '.join([code.render(call), *layer.options()])})"
    elif made.kind == "stack":
        code.new[call] = f"{tf}.keras.layers.RNN({', '.join([_cells(made, code, target), *layer.options()])})"
    else:
        written = [*_arguments(made, code, target, in_config=in_config), *layer.options()]
        code.new[call] = f"{tf}.keras.layers.{made.kind}({', '.join(written)})"


def write_bare(made: Made, code: Code, target: str, layer: Layer, *, in_config: bool) -> None:
    """Write a Keras cell, or a stack of Keras cells."""
    tf = code.tensorflow(made.call).name
    if made.kind == "stack":
        code.new[made.call] = f"{tf}.keras.layers.StackedRNNCells({_cells(made, code, target)})"
        return
    written = _arguments(made, code, target, in_config=in_config)
    if layer.is_float64:
        written.append('dtype="float64"')
    code.new[made.call] = f"{tf}.keras.layers.{made.kind}Cell({', '.join(written)})"


def _split(stack: Made, code: Code, target: str, layer: Layer) -> str:
    """A list of layers, one for each cell."""
    cell, tf = code.free("cell"), code.tensorflow(stack.call).name
    options = ", ".join([cell, *layer.options()])
    return f"[{tf}.keras.layers.RNN({options}) for {cell} in {_cells(stack, code, target)}]"


def _cells(stack: Made, code: Code, target: str) -> str:
    cells = argument(stack.call, stack.symbol, "cells", target)
    assert cells is not None
    return code.render(cells)


def _arguments(made: Made, code: Code, target: str, *, in_config: bool) -> list[str]:
    found = arguments_of(made, code, target, in_config=in_config)
    texts = [f"{name}={value if isinstance(value, str) else code.render(value)}" for name, value in found.texts]
    return [code.render(found.units), *texts]


def layers_of(runs: list[Run]) -> dict[ast.Call, Layer]:
    """The layers that calls run, with the requirements of all calls. Raises RefusedError if they conflict."""
    found: dict[ast.Call, Layer] = {}
    for run in runs:
        for at, taken in enumerate(run.cells):
            _check_made(taken)
            layer = found.setdefault(taken.layer, Layer(taken.layer, taken.made))
            is_fresh = not (layer.sequences or layer.state)
            both = run.kind == "both"
            if not is_fresh and (layer.is_one_of_two != both or layer.backwards != (both and at == 1)):
                raise RefusedError("one cell is used in both directions, or both alone and bidirectionally")
            layer.is_one_of_two, layer.backwards = both, both and at == 1
            layer.sequences |= run.has_outputs
            layer.state |= run.has_state
            layer.zeros |= run.has_outputs and run.lengths is not None
    return found


def _check_made(taken: Taken) -> None:
    if taken.layer is taken.made.call and taken.made.is_bare:
        raise RefusedError("its cell is also part of a stack")
