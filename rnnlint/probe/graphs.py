"""How many operations does a call add to a real graph? Built with the installed TensorFlow, and counted.

Operations are defined as in `rnnlint.facts.graph_cost`: nodes that the call adds to the graph, and nodes of the
functions that it adds, including the cell's own variables but not the inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rnnlint.facts.graph_cost import Cell
from rnnlint.probe.measurement import Here

__all__ = ["BATCH", "OWN_CELL", "Call", "Graphs", "OwnCell", "nodes", "size_of"]

BATCH = 4

OWN_CELL = "own cell"
"""The kind of a cell that is not a class of TensorFlow."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a runner, to be built."""

    runner: str
    """A function of ``tf.compat.v1.nn``."""
    cell: Cell
    """The cells, two for both directions."""
    steps: int | None
    sequence_length: bool = False
    gradients: bool = False
    control_flow: int = 2
    batch_known: bool = False
    more: dict[str, Any] = field(default_factory=dict)
    """Other arguments of `Graphs.added`."""


def nodes(graph_def: Any) -> list[Any]:
    """The nodes of a graph and of its functions."""
    return [*graph_def.node, *(node for function in graph_def.library.function for node in function.node_def)]


def size_of(graph: Any) -> int:
    """Nodes of a graph and of its functions; placeholders of captured values are not operations."""
    definition = graph.as_graph_def()
    own: int = sum(node.op != "Placeholder" for node in definition.node)
    return own + sum(len(function.node_def) for function in definition.library.function)


class OwnCell:
    """A custom cell, without a TensorFlow base class. Counts how often it is called."""

    def __init__(self, v1: Any, units: int) -> None:
        self.v1 = v1
        self.output_size = self.state_size = units
        self.calls = 0

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """The initial state."""
        return self.v1.zeros([batch_size, self.state_size], dtype)

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """One step: the output, which is the new state."""
        self.calls += 1
        v1 = self.v1
        with v1.variable_scope("own_cell", reuse=v1.AUTO_REUSE):
            both = v1.concat([inputs, state], 1)
            kernel = v1.get_variable("kernel", [both.shape[1], self.state_size])
            state = v1.tanh(v1.matmul(both, kernel))
        return state, state


class Graphs:
    """Builds calls with the installed TensorFlow, over inputs of one depth."""

    def __init__(self, here: Here, depth: int) -> None:
        self.depth = depth
        self.tf = here.tf
        self.v1 = here.v1
        self.cells = here.rnn_cell
        self.numpy = here.numpy

    def size(self) -> int:
        """Operations of the default graph, counted as in `size_of`."""
        return size_of(self.v1.get_default_graph())

    @contextmanager
    def control_flow(self, version: int) -> Iterator[None]:
        """Use control flow 1 or 2, and restore the old value afterwards. Variables stay resources in both."""
        before = self.v1.control_flow_v2_enabled()
        (self.v1.enable_control_flow_v2 if version == 2 else self.v1.disable_control_flow_v2)()
        try:
            yield
        finally:
            (self.v1.enable_control_flow_v2 if before else self.v1.disable_control_flow_v2)()

    def build(self, cell: Cell) -> Any:
        """The real cell of a description. It belongs to the current graph if it uses a tensor."""
        if cell.kind == OWN_CELL:
            return OwnCell(self.v1, cell.units or self.depth)
        if cell.kind == "MultiRNNCell":
            shared = "shared" in cell.options
            layers = [self.build(cell.inner[0])] * len(cell.inner) if shared else [*map(self.build, cell.inner)]
            return self.cells.MultiRNNCell(layers, state_is_tuple="concatenated_state" not in cell.options)
        if cell.kind == "DeviceWrapper":
            return self.cells.DeviceWrapper(self.build(cell.inner[0]), "/cpu:0")
        if cell.kind == "ResidualWrapper":
            return self.cells.ResidualWrapper(self.build(cell.inner[0]))
        if cell.kind == "DropoutWrapper":
            return self._dropout(cell)
        return getattr(self.cells, cell.kind)(cell.units, **self._arguments(cell))

    def _arguments(self, cell: Cell) -> dict[str, Any]:
        asked = [argument for option, argument in _ARGUMENTS.items() if option in cell.options]
        made = {name: self.depth if value is None else value for name, value in asked}
        if "normal_initializer" in cell.options:
            name = "kernel_initializer" if cell.kind == "GRUCell" else "initializer"
            made[name] = self.v1.truncated_normal_initializer()
        return made

    def _dropout(self, cell: Cell) -> Any:
        arguments: dict[str, Any] = {}
        for option in cell.options - {"variational_recurrent"}:
            name, _, tensor = option.partition("_tensor")
            arguments[name] = self._keep(tensor) if option != name else 0.5
        if "variational_recurrent" in cell.options:
            arguments.update(variational_recurrent=True, dtype=self.tf.float32, input_size=self.depth)
        return self.cells.DropoutWrapper(self.build(cell.inner[0]), **arguments)

    def _keep(self, name: str) -> Any:
        """The keep probability tensor of this name, one per graph."""
        full = f"keep{name.replace(':', '_')}"
        try:
            return self.v1.get_default_graph().get_tensor_by_name(f"{full}:0")
        except KeyError:
            return self.v1.placeholder(self.tf.float32, [], name=full)

    def operations(self, call: Call) -> int:
        """The operations that the call adds, including its gradients if requested."""
        both = [call.cell] * (2 if "bidirectional" in call.runner else 1)
        with self.control_flow(call.control_flow):
            return self.added(
                call.runner, both, call.steps, batch_known=call.batch_known,
                sequence_length=call.sequence_length, gradients=call.gradients, **call.more,
            )  # fmt: skip

    def added(
        self,
        runner: str,
        cells: list[Cell],
        steps: int | None,
        *,
        batch_known: bool,
        sequence_length: bool,
        initial_state: bool = False,
        time_major: bool = False,
        lengths: str = "int32",
        gradients: bool = False,
        batch: int | None = None,
    ) -> int:
        """The operations that one real call adds; `lengths` is the form of sequence_length."""
        tf, v1 = self.tf, self.v1
        batch = (batch or BATCH) if batch_known else None
        with v1.Graph().as_default():
            real = [self.build(cell) for cell in cells]
            arguments: dict[str, Any] = {"dtype": tf.float32}
            if runner.startswith("static"):
                inputs: Any = [v1.placeholder(tf.float32, [batch, self.depth]) for _ in range(steps or 0)]
            else:
                shape = [steps, batch, self.depth] if time_major else [batch, steps, self.depth]
                inputs = v1.placeholder(tf.float32, shape)
                arguments["time_major"] = time_major
            if sequence_length:
                arguments["sequence_length"] = self._lengths(lengths, batch)
            if initial_state:
                del arguments["dtype"]
                size = batch or v1.placeholder(tf.int32, [])
                names = ["initial_state_fw", "initial_state_bw"] if len(real) > 1 else ["initial_state"]
                arguments.update({name: one.zero_state(size, tf.float32) for name, one in zip(names, real)})
            before = self.size()
            outputs = getattr(v1.nn, runner)(*real, inputs, **arguments)[0]
            added = self.size() - before
            if not gradients:
                return added
            outputs = outputs[0] if runner == "bidirectional_dynamic_rnn" else outputs
            last = outputs[-1] if runner.startswith("static") or time_major else outputs[:, -1]
            return added + self.of_gradients(tf.reduce_sum(last))

    def of_gradients(self, target: Any) -> int:
        """The operations that the gradients of a tensor add, for all variables of its graph."""
        before = self.size()
        self.v1.gradients(target, self.v1.trainable_variables())
        return self.size() - before

    def _lengths(self, form: str, batch: int | None) -> Any:
        if form == "constant":
            return [2] * BATCH
        if form == "constant64":
            return self.numpy.full([BATCH], 2, dtype=self.numpy.int64)
        return self.v1.placeholder(getattr(self.tf, form), [batch])

    def graph_of(self, build: Callable[[], object]) -> Any:
        """The GraphDef of what `build` adds to a new graph."""
        with self.v1.Graph().as_default() as graph:
            build()
            return graph.as_graph_def()


# None means the depth of the inputs.
_ARGUMENTS: dict[str, tuple[str, Any]] = {
    "concatenated_state": ("state_is_tuple", False),
    "peepholes": ("use_peepholes", True),
    "projection": ("num_proj", None),
    "projection_clip": ("proj_clip", 1.0),
    "cell_clip": ("cell_clip", 2.0),
    "linear_activation": ("activation", "linear"),
}
