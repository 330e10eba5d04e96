"""Which loops over time become loops in the graph, and which copies? Python's, AutoGraph's, and those in a call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

from rnnlint.facts.graph_cost import Cell
from rnnlint.probe.claims.keras_unrolling import batch_of, outcomes, raised
from rnnlint.probe.claims.unrolling import CELLS, FULL, PLAIN, QUICK
from rnnlint.probe.graphs import Graphs, nodes, size_of
from rnnlint.probe.laws import Law, fit, name, rows, words
from rnnlint.probe.measurement import Here, Outcome, judged, measures

UNITS = 64
DEPTH = 8
KERAS_CELLS = {"SimpleRNNCell": 1, "LSTMCell": 2, "GRUCell": 1}
"""The cells, with the number of their states."""
ENDS = (2, 4)
"""Iterations at which multiplications are counted."""


@measures("python-loop-grows", seconds=6)
def python_loop_grows(here: Here) -> Outcome:
    """Measure legacy cells in a graph and Keras cells in a tf.function, the latter with all forms of the loop."""
    graphs, lengths = Graphs(here, UNITS), FULL if here.full else QUICK
    cells = CELLS if here.full else (*PLAIN, CELLS[-1])
    laws = [
        Law(name(cell), "Python loop", False, False, 2, True,
            *fit(lengths, lambda steps, cell=cell: _looped(graphs, cell, steps)[0]))  # type: ignore[misc]
        for cell in cells
    ]  # fmt: skip
    # The slices of the input alone would also rise, so the cell's multiplications must.
    multiplied = {name(cell): [_looped(graphs, cell, steps)[1] for steps in ENDS] for cell in cells}
    for kind, states in KERAS_CELLS.items():
        cell = keras_cell(here, kind)
        for form, loop in python_loops(here.tf, cell, states).items():
            # One cell is enough to compare the forms of a loop.
            if kind == "SimpleRNNCell" or form == "range":
                function = here.tf.function(loop)
                found = fit(lengths, partial(concrete_size, here.tf, function))
                multiplied[f"Keras {kind} over {form}"] = [
                    matmuls_in(concrete(here.tf, function, steps).as_graph_def()) for steps in ENDS
                ]
                laws.append(Law(f"Keras {kind}", f"Python loop over {form}", False, False, 2, False, *found))
    failures = [f"{words(law)} is not a rising straight line" for law in laws if not law.exact or law.b <= 0]
    failures += [
        f"over {' and '.join(map(str, ENDS))} iterations {of} multiplies {' and '.join(map(str, found))} times"
        for of, found in multiplied.items()
        if not 0 < found[0] * ENDS[1] == found[1] * ENDS[0]
    ]
    listed = [f"{law.cell}{law.runner.removeprefix('Python loop')} {law.b}" for law in laws]
    measured = {"units": UNITS, "lengths": list(lengths), "laws": rows(laws), "matmul_over": list(ENDS),
                "matmul_operations": multiplied}  # fmt: skip
    summary = f"operations per iteration, including the slice of the input: {'; '.join(listed)}"
    return judged(measured, summary, failures)


def _looped(graphs: Graphs, described: Cell, steps: int) -> tuple[int, int]:
    """The operations of a loop over a legacy cell, including the slices of the input; and MatMul alone."""
    tf, v1 = graphs.tf, graphs.v1
    with v1.Graph().as_default() as graph:
        cell = graphs.build(described)
        inputs = v1.placeholder(tf.float32, [4, steps, UNITS])
        state = cell.zero_state(4, tf.float32)
        before = graphs.size()
        for step in range(steps):
            _, state = cell(inputs[:, step], state)
        return graphs.size() - before, matmuls_in(graph.as_graph_def())


def matmuls_in(graph: Any) -> int:
    """Matrix multiplications of a GraphDef and its functions, including batched ones."""
    return sum("MatMul" in node.op for node in nodes(graph))


def keras_cell(here: Here, kind: str) -> Any:
    """A Keras cell with its variables."""
    tf = here.tf
    cell = getattr(tf.keras.layers, kind)(UNITS)
    cell(tf.zeros([2, DEPTH]), [tf.zeros([2, UNITS])] * KERAS_CELLS[kind])
    return cell


def concrete_size(tf: Any, function: Any, steps: int) -> int:
    """Operations of a function's graph for inputs of this many steps."""
    return size_of(concrete(tf, function, steps))


def concrete(tf: Any, function: Any, steps: int) -> Any:
    """A function's graph for inputs of this many steps."""
    return function.get_concrete_function(tf.TensorSpec([None, steps, DEPTH])).graph


def python_loops(tf: Any, cell: Any, states: int) -> dict[str, Callable[[Any], Any]]:
    """Loops that stay Python loops inside tf.function, although AutoGraph is on."""

    def start(inputs: Any) -> list[Any]:
        return [tf.zeros([tf.shape(inputs)[0], UNITS]) for _ in range(states)]

    def over_range(inputs: Any) -> Any:
        state = start(inputs)
        for step in range(inputs.shape[1]):
            _, state = cell(inputs[:, step], state)
        return state

    def over_unstack(inputs: Any) -> Any:
        state = start(inputs)
        for one in tf.unstack(inputs, axis=1):
            _, state = cell(one, state)
        return state

    def over_while(inputs: Any) -> Any:
        state, step = start(inputs), 0
        while step < inputs.shape[1]:
            _, state = cell(inputs[:, step], state)
            step += 1
        return state

    return {"range": over_range, "tf.unstack": over_unstack, "while": over_while}


def symbolic_loops(tf: Any) -> dict[str, Callable[[Any, Any], Any]]:
    """Loops over a length that is only known at run time, as the call of an object with a cell."""

    def start(inputs: Any) -> Any:
        return tf.zeros([tf.shape(inputs)[0], UNITS])

    def over_range(self: Any, inputs: Any) -> Any:
        state = start(inputs)
        for step in range(tf.shape(inputs)[1]):
            _, [state] = self.cell(inputs[:, step], [state])
        return state

    def over_tf_range(self: Any, inputs: Any) -> Any:
        state = start(inputs)
        for step in tf.range(tf.shape(inputs)[1]):
            _, [state] = self.cell(inputs[:, step], [state])
        return state

    def over_tensor(self: Any, inputs: Any) -> Any:
        state = start(inputs)
        for one in tf.transpose(inputs, [1, 0, 2]):
            _, [state] = self.cell(one, [state])
        return state

    def over_while(self: Any, inputs: Any) -> Any:
        state, step = start(inputs), tf.constant(0)
        while step < tf.shape(inputs)[1]:
            _, [state] = self.cell(inputs[:, step], [state])
            step += 1
        return state

    return {"range(tf.shape(x)[1])": over_range, "tf.range": over_tf_range, "a tensor": over_tensor,
            "while": over_while}  # fmt: skip


@measures("autograph-loop-flat", seconds=5)
def autograph_loop_flat(here: Here) -> Outcome:
    """Check for constants with a While among them; without AutoGraph no loop runs at all."""
    tf, lengths = here.tf, FULL if here.full else QUICK
    owner = SimpleNamespace(cell=keras_cell(here, "SimpleRNNCell"))
    unknown = tf.TensorSpec([None, None, DEPTH])
    laws, failures = [], []
    for form, loop in symbolic_loops(tf).items():
        function = tf.function(partial(loop, owner))
        # A loop that AutoGraph does not convert raises over a tensor.
        if error := raised(partial(function.get_concrete_function, unknown), TypeError):
            failures.append(f"a loop over {form} raises inside tf.function: {error}")
            continue
        law = Law("Keras SimpleRNNCell", f"loop over {form}", False, False, 2, False,
                  *fit(lengths, partial(concrete_size, tf, function)))  # fmt: skip
        laws.append(law)
        failures += [f"{words(law)} depends on the length: {law.text}"] if law.b or not law.exact else []
        graph = function.get_concrete_function(unknown).graph.as_graph_def()
        if not {node.op for node in nodes(graph)} & {"While", "StatelessWhile"}:
            failures.append(f"{form} left no While in the graph")
        without = tf.function(partial(loop, owner), autograph=False)
        if raised(partial(without.get_concrete_function, unknown), TypeError) is None:
            failures.append(f"{form} ran without AutoGraph")
    listed = "; ".join(f"{law.runner.removeprefix('loop over ')} {law.text}" for law in laws)
    measured = {"units": UNITS, "lengths": list(lengths), "laws": rows(laws)}
    return judged(measured, f"operations with a SimpleRNNCell at any length: {listed}", failures)


@measures("keras-3-call-has-no-autograph", seconds=12)
def keras_3_call_has_no_autograph(here: Here) -> Outcome:
    """Check which loops in the call of a model raise TypeError."""
    found = {form: dict(_calls(here, loop)) for form, loop in symbolic_loops(here.tf).items()}
    static = raised(_static_predict(here), TypeError)
    raises = here.keras_generation == 3
    failures = [
        f"{call} with a loop over {form} {'ran' if error is None else error}"
        for form, calls in found.items()
        for call, error in calls.items()
        if (error is not None) != (raises and call != "an eager call")
    ]
    failures += [f"predict with a loop over the static shape: {static}"] if static else []
    summary = f"loops over {outcomes(found)}; range over the static shape in predict: {static or 'runs'}"
    return judged({"errors": {**found, STATIC: {"predict": static}}}, summary, failures)


STATIC = "range over the static shape"


def _calls(here: Here, loop: Callable[[Any, Any], Any]) -> Iterator[tuple[str, str | None]]:
    """The name of each call of a model with such a loop, with the TypeError that it raises, or None."""
    tf, three = here.tf, batch_of(here, 3)
    targets = here.numpy.zeros([2, UNITS], "float32")
    calls: dict[str, Callable[[Any], Any]] = {
        "an eager call": lambda model: model(three),
        "predict": lambda model: model.predict(three, verbose=0),
        "fit": lambda model: model.fit(three, targets, verbose=0),
        "tf.function": lambda model: tf.function(lambda inputs: model(inputs))(tf.constant(three)),
    }
    for words_of_call, call in calls.items():
        yield words_of_call, raised(partial(call, _model_of(here, loop)), TypeError)


def _model_of(here: Here, call: Callable[[Any, Any], Any]) -> Any:
    model = type("Looping", (here.tf.keras.Model,), {"call": call})()
    model.cell = keras_cell(here, "SimpleRNNCell")
    model.compile("sgd", "mse")
    return model


def _static_predict(here: Here) -> Callable[[], Any]:
    tf = here.tf

    def over_static_shape(self: Any, inputs: Any) -> Any:
        state = tf.zeros([tf.shape(inputs)[0], UNITS])
        for step in range(inputs.shape[1]):
            _, [state] = self.cell(inputs[:, step], [state])
        return state

    return lambda: _model_of(here, over_static_shape).predict(batch_of(here, 3), verbose=0)
