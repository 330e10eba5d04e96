"""Which operations of a graph belong to which time step?

The calls of the cell are observed while the graph is built, so that nothing is guessed from names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rnnlint.probe.measurement import Here

__all__ = ["CELLS", "Body", "Operation", "Step", "Unroll", "loop_body", "unroll"]

DEPTH, UNITS = 8, 16

CELLS = {
    "basic_rnn": "BasicRNNCell",
    "basic_lstm": "BasicLSTMCell",
    "lstm": "LSTMCell",
    "gru": "GRUCell",
}
"""The cells whose steps can be shown, by their names on the command line."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One node of a graph."""

    type: str
    """Such as ``MatMul``."""
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """The operations that one call of the cell added, without its variables."""

    operations: tuple[Operation, ...]
    """In the order in which they were added."""
    reads: tuple[str, ...]
    """The tensors from outside the step, except variables: an input, and the state of the previous step."""


@dataclass(frozen=True, slots=True)
class Unroll:
    """A call of ``static_rnn``."""

    scope: str
    """The common prefix of the names of all operations of all steps."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """The body of the loop of ``dynamic_rnn``."""

    function: str
    scope: str
    """The common prefix of the names of the cell's operations."""
    operations: tuple[Operation, ...]


class _Watched:
    """A cell that records the operations of each of its calls."""

    def __init__(self, cell: Any, graph: Any) -> None:
        self._cell = cell
        self._graph = graph
        self.output_size = cell.output_size
        self.state_size = cell.state_size
        self.added: list[list[Any]] = []

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        return self._cell.zero_state(batch_size, dtype)

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        before = len(self._graph.get_operations())
        result = self._cell(inputs, state)
        self.added.append(self._graph.get_operations()[before:])
        return result


def unroll(here: Here, kind: str, steps: int) -> Unroll:
    """The steps of ``static_rnn`` over a cell of this class."""
    v1 = here.v1
    with v1.Graph().as_default() as graph:
        inputs = here.tf.unstack(v1.placeholder(here.tf.float32, [None, steps, DEPTH]), axis=1, name="inputs")
        cell = _Watched(getattr(here.rnn_cell, kind)(UNITS), graph)
        v1.nn.static_rnn(cell, inputs, dtype=here.tf.float32)
        own = tuple(f"{one.op.name}/" for one in v1.global_variables())
    found = tuple(_step([one for one in added if not f"{one.name}/".startswith(own)], own) for added in cell.added)
    return Unroll(_scope(one.name for step in found for one in step.operations), found)


def _step(added: list[Any], variables: tuple[str, ...]) -> Step:
    inside = {one.name for one in added}
    reads = [
        tensor.name.removesuffix(":0") if tensor.op.type != "Unpack" else tensor.name
        for one in added
        for tensor in one.inputs
        if tensor.op.name not in inside and not f"{tensor.op.name}/".startswith(variables)
    ]
    return Step(tuple(Operation(one.type, one.name) for one in added), tuple(dict.fromkeys(reads)))


def loop_body(here: Here, kind: str) -> Body:
    """The body of the loop of ``dynamic_rnn`` over a cell of this class."""
    v1 = here.v1
    with v1.Graph().as_default() as graph:
        inputs = v1.placeholder(here.tf.float32, [None, None, DEPTH])
        v1.nn.dynamic_rnn(getattr(here.rnn_cell, kind)(UNITS), inputs, dtype=here.tf.float32)
        library = graph.as_graph_def().library.function
        scope = v1.global_variables()[0].op.name.split("/")[1]
    (body,) = (one for one in library if "while_body" in one.signature.name)
    operations = tuple(Operation(node.op, node.name) for node in body.node_def)
    return Body(body.signature.name, f"{scope}/", operations)


def _scope(names: Iterable[str]) -> str:
    """The common scope of all names, with its slash; empty if there is none."""
    parts = [name.split("/")[:-1] for name in names]
    shared = []
    for column in zip(*parts):
        if len(set(column)) > 1:
            break
        shared.append(column[0])
    return "".join(f"{part}/" for part in shared)
