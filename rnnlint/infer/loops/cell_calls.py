"""Which calls run an RNN cell for one step, and with which input, state and cell?"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from rnnlint.facts import symbols
from rnnlint.infer.keras.layer_calls import is_keras
from rnnlint.infer.loops import looped_cells
from rnnlint.infer.tensorflow import cells
from rnnlint.infer.values import loop_passes
from rnnlint.infer.values.domain import RnnCell
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.prospects import is_named_like_a_cell
from rnnlint.resolve.values import (
    External,
    Instance,
    Made,
    Module,
    Partial,
    ProjectClass,
    ProjectFunction,
    ProjectModule,
    Value,
)

_STATES = ("state", "states", "initial_state", "prev_state", "hidden_state")
_OTHER_FRAMEWORKS = {
    "torch", "mxnet", "jax", "flax", "haiku", "theano", "lasagne", "chainer", "paddle", "numpy", "dynet",
}  # fmt: skip
_KERAS_LAYERS = {"RNN", "SimpleRNN", "LSTM", "GRU", "CuDNNLSTM", "CuDNNGRU", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"}
_CELL_ATTRIBUTES = ("state_size", "zero_state", "output_size", "get_initial_state", "initial_state")
_RUNNERS = {"rnn": 2, "static_rnn": 2, "dynamic_rnn": 3}
"""The position of the initial state among the arguments of runners that are used for single steps."""


@dataclass(frozen=True, slots=True)
class Callee:
    """A call that runs a cell, certainly or judging by its name."""

    call: ast.Call
    function: ast.expr
    """The expression that stands for the cell."""
    sure: bool
    """Whether the cell is resolved; otherwise its name suggests it."""
    whole: bool
    """Whether it is a runner, which takes a sequence: only its input shows whether it is called once per step."""
    legacy: bool
    keras: bool
    given: ast.expr
    """The input."""
    state: ast.expr
    keras_cell: str | None = None
    """The class of a Keras cell with default arguments."""
    cells: tuple[RnnCell, ...] = ()
    """The cells that an inner loop calls in sequence."""
    keras_cells: tuple[str | None, ...] = ()
    """The classes of the Keras cells among them, if they have default arguments."""

    @property
    def named(self) -> frozenset[str]:
        """The names that identify the cell: in a loop over time none of them changes."""
        return loop_passes.reads(self.function)


def callee(evaluator: Evaluator, call: ast.Call, module: Module) -> Callee | None:
    """The call as one that runs a cell with a state; None if it is not such a call."""
    if len(call.args) + len(call.keywords) < 2 or any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr in ("call", "__call__"):
        function = function.value
    if not isinstance(function, (ast.Name, ast.Attribute, ast.Subscript)):
        return None
    values = [_inner(value) for value in module.values(function)]
    runner = _runner(values, call)
    if runner is not None:
        return runner
    state = _keyword(call, *_STATES) or (call.args[1] if len(call.args) > 1 else None)
    given = call.args[0] if call.args else _keyword(call, "inputs", "input", "x")
    held = _kinds(values)
    if given is None or state is None or len(call.args) > 4 or held is None:
        return None
    sure = bool(held)
    several = looped_cells.cells(evaluator, function, module) if not sure else ()
    if several:
        names = tuple(_plain_keras_name(cell) for cell in several)
        legacy = any(cell.made_by is not None and name is None for cell, name in zip(several, names))
        return Callee(call, function, True, False, legacy, not legacy, given, state, None, several, names)
    if not sure and not is_named_like_a_cell(function):
        # An element of a list that is not a literal; names and attributes were followed already.
        sure = isinstance(function, ast.Subscript) and isinstance(evaluator.query(function, module), RnnCell)
        if not sure:
            return None
    keras = "keras" in held or "layer" in held
    return Callee(call, function, sure, False, "legacy" in held, keras, given, state, _plain_keras_cell(values))


def _plain_keras_cell(values: list[Value]) -> str | None:
    """The class of a Keras cell that is made with only its units."""
    made = values[0] if len(values) == 1 else None
    if not isinstance(made, Made) or not is_keras(made.path) or not cells.is_cell_path(made.path):
        return None
    return made.path.rsplit(".", 1)[-1] if len(made.call.args) + len(made.call.keywords) == 1 else None


def _plain_keras_name(cell: RnnCell) -> str | None:
    if cell.made_by is None or cell.made_in is None:
        return None
    values = list(cell.made_in.values(cell.made_by.func))
    made = [Made(v.path, cell.made_by, cell.made_in) for v in values if isinstance(v, External)]
    return _plain_keras_cell(list(made)) if len(made) == 1 else None


def _inner(value: Value) -> Value:
    while isinstance(value, Partial):
        value = value.of
    return value


def _runner(values: list[Value], call: ast.Call) -> Callee | None:
    """``dynamic_rnn(cell, x, initial_state=state)``."""
    for value in values:
        symbol = symbols.find(value.path) if isinstance(value, External) else None
        leaf = symbol.path.rsplit(".", 1)[-1] if symbol is not None else ""
        if symbol is not None and symbol.family in ("static", "dynamic") and leaf in _RUNNERS and call.args:
            position = _RUNNERS[leaf]
            state = _keyword(call, "initial_state") or (call.args[position] if len(call.args) > position else None)
            inputs = call.args[1] if len(call.args) > 1 else _keyword(call, "inputs")
            if state is not None and inputs is not None:
                return Callee(call, call.args[0], True, True, True, False, inputs, state)
    return None


def _keyword(call: ast.Call, *names: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg in names), None)


def _kinds(values: list[Value]) -> set[str] | None:
    """What is known about the called value: that it is a cell, nothing, or (None) that it is something else."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, Made) and (cells.is_cell_path(value.path) and "Fused" not in value.path):
            found.add("keras" if is_keras(value.path) else "legacy")
        elif isinstance(value, Made) and is_keras(value.path) and value.path.rsplit(".", 1)[-1] in _KERAS_LAYERS:
            found.add("layer")
        elif isinstance(value, Instance):
            if cells.is_cell_class(value.of):
                found.add("own")
            elif not _has_cell_attributes(value.of):
                return None
        elif isinstance(value, Made):
            root = value.path.split(".")[0]
            leaf = value.path.rsplit(".", 1)[-1]
            if root in _OTHER_FRAMEWORKS or root in ("tf", "keras", "tf_keras") and not leaf.endswith("Cell"):
                return None
        elif isinstance(value, (ProjectFunction, ProjectClass, ProjectModule, External)):
            return None
    return found


def _has_cell_attributes(of: ProjectClass) -> bool:
    """Whether a class has what TensorFlow requires of a cell."""
    body = of.module.tree.scope_of(of.node).body
    assert body is not None
    return any(name in body.binders or of.module.writes_of(of.node, name) for name in _CELL_ATTRIBUTES)
