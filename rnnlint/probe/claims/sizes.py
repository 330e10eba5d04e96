"""How often is the cell in the graph, how large is the graph in bytes, and is the cost table right?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rnnlint.facts import graph_cost, keras_cost
from rnnlint.facts.graph_cost import Cell
from rnnlint.probe.claims.keras_unrolling import LAYERS, keras_added, keras_layer
from rnnlint.probe.claims.unrolling import CELLS, GRU, LSTM, PLAIN, RNN, UNITS, around
from rnnlint.probe.graphs import BATCH, OWN_CELL, Call, Graphs, OwnCell, nodes
from rnnlint.probe.laws import name
from rnnlint.probe.measurement import Here, Outcome, judged, measures

MATMULS = {RNN: 1, LSTM: 1, GRU: 2, around("MultiRNNCell", LSTM, LSTM): 2}
"""MatMul operations of one call of a cell."""

RUNNERS = ("static_rnn", "dynamic_rnn")

STEPS = 5
"""The number of steps of a call that is compared with the cost table."""

LIMIT = 2**31
"""The limit of a serialized protobuf message in bytes: 2 GB."""


@measures("one-cell-copy-a-step", seconds=3)
def one_cell_copy_a_step(here: Here) -> Outcome:
    """Count MatMul operations in the graph, and how often a custom cell is called."""
    graphs = Graphs(here, UNITS)
    rows = [
        {"cell": name(cell), "runner": runner, "steps": steps, "matmul": matmuls(graphs, runner, cell, steps),
         "expected": one * (steps if runner == "static_rnn" else 1)}
        for cell, one in MATMULS.items()
        for steps in ((1, 5, 10, 20) if here.full else (1, 10))
        for runner in RUNNERS
    ]  # fmt: skip
    failures = [
        f"{row['runner']} of {row['cell']} over {row['steps']} steps has {row['matmul']} MatMul, not {row['expected']}"
        for row in rows
        if row["matmul"] != row["expected"]
    ]
    called = {runner: calls_of_own_cell(graphs, runner, 10) for runner in RUNNERS}
    for runner, times in (("static_rnn", 10), ("dynamic_rnn", 1)):
        failures += [f"{runner} called the cell {called[runner]} times"] if called[runner] != times else []
    static, loop = (row["matmul"] for row in rows if row["cell"] == "LSTMCell" and row["steps"] == 10)
    summary = (
        f"over 10 inputs static_rnn called the cell {called['static_rnn']} times, dynamic_rnn"
        f" {called['dynamic_rnn']}; MatMul operations of an LSTMCell: {static} against {loop}"
    )
    return judged({"matmul_operations": rows, "cell_calls_over_10_inputs": called}, summary, failures)


def run(graphs: Graphs, runner: str, cell: Any, steps: int) -> Any:
    """Call a runner in the current graph, over a placeholder of this many steps."""
    tf, v1 = graphs.tf, graphs.v1
    inputs = v1.placeholder(tf.float32, [None, steps, UNITS])
    given = tf.unstack(inputs, axis=1) if runner == "static_rnn" else inputs
    return getattr(v1.nn, runner)(cell, given, dtype=tf.float32)


def matmuls(graphs: Graphs, runner: str, cell: Cell, steps: int) -> int:
    """MatMul operations of the graph and its functions."""
    graph = graphs.graph_of(lambda: run(graphs, runner, graphs.build(cell), steps))
    return sum(node.op == "MatMul" for node in nodes(graph))


def calls_of_own_cell(graphs: Graphs, runner: str, steps: int) -> int:
    """How often the runner calls the Python function of the cell."""
    cell = OwnCell(graphs.v1, UNITS)
    graphs.graph_of(lambda: run(graphs, runner, cell, steps))
    return cell.calls


@measures("graph-bytes-grow", seconds=5)
def graph_bytes_grow(here: Here) -> Outcome:
    """Serialize graphs of three lengths, and extrapolate what a step adds to 2 GB."""
    graphs = Graphs(here, UNITS)
    lengths = (50, 100, 200) if here.full else (5, 10, 20)
    cases = [(cell, False, False) for cell in (PLAIN if here.full else (RNN, LSTM))] + [(LSTM, True, False)]
    cases += [(LSTM, True, True)] if here.full else []
    rows = [bytes_row(graphs, case, lengths) for case in cases]
    failures = []
    for row in rows:
        first, second = row["static_bytes_a_step"]
        # Names and lengths get longer with more digits, but nothing else may grow.
        if not 0 < first <= second < 1.1 * first:
            failures.append(f"{row['words']}: {first} bytes per step became {second}")
        if max(row["dynamic_rnn"]) - min(row["dynamic_rnn"]) > 16:
            failures.append(f"{row['words']}: the loop's graphs have {row['dynamic_rnn']} bytes")
    listed = [
        f"{row['words']} {row['static_bytes_a_step'][-1]:,.0f} per step{_until(row['steps_at_2_gb_extrapolated'])}, as"
        f" a loop {row['dynamic_rnn'][-1]:,} in total"
        for row in rows
    ]
    measured = {"lengths": list(lengths), "limit_bytes": LIMIT, "bytes": rows}
    return judged(measured, f"bytes of the GraphDef: {'; '.join(listed)}", failures)


def bytes_row(graphs: Graphs, case: tuple[Cell, bool, bool], lengths: Sequence[int]) -> dict[str, Any]:
    """The bytes of both runners at these lengths, and what a step of the static one adds."""
    cell, gradients, sequence_length = case
    options = {"gradients": gradients, "sequence_length": sequence_length}
    sizes = {runner: [size_in_bytes(graphs, runner, cell, steps, **options) for steps in lengths] for runner in RUNNERS}
    static = sizes["static_rnn"]
    steps = [(static[at + 1] - static[at]) / (lengths[at + 1] - lengths[at]) for at in range(len(lengths) - 1)]
    return {
        "words": name(cell) + " with gradients" * gradients + " and sequence_length" * sequence_length,
        **options,
        **sizes,
        "static_bytes_a_step": [round(one, 1) for one in steps],
        "steps_at_2_gb_extrapolated": round(lengths[-1] + (LIMIT - static[-1]) / steps[-1]) if steps[-1] > 0 else None,
    }


def _until(steps: int | None) -> str:
    """The length at which the limit would be reached; empty for a graph that does not grow."""
    return "" if steps is None else f" (2 GB extrapolated at {steps:,} steps)"


def size_in_bytes(
    graphs: Graphs, runner: str, cell: Cell, steps: int, *, gradients: bool, sequence_length: bool
) -> int:
    """Bytes of the serialized GraphDef of one call, including its inputs."""

    def build() -> None:
        tf, v1 = graphs.tf, graphs.v1
        inputs = v1.placeholder(tf.float32, [None, steps, UNITS])
        given = tf.unstack(inputs, axis=1) if runner == "static_rnn" else inputs
        lengths = v1.placeholder(tf.int32, [None]) if sequence_length else None
        outputs, _ = getattr(v1.nn, runner)(graphs.build(cell), given, sequence_length=lengths, dtype=tf.float32)
        if gradients:
            last = outputs[-1] if runner == "static_rnn" else outputs[:, -1]
            v1.gradients(tf.reduce_sum(last), v1.trainable_variables())

    size: int = graphs.graph_of(build).ByteSize()
    return size


@measures("graph-ops-exact", seconds=6)
def graph_ops_exact(here: Here) -> Outcome:
    """Compare the cost table, which findings use, with real graphs."""
    graphs = Graphs(here, UNITS)
    rows, failures = [], []
    asks: dict[str, Any] = {"static_rnn": graph_cost.static, "dynamic_rnn": graph_cost.dynamic}
    for runner, ask in asks.items():
        for cell in CELLS:
            for lengths in (False, True):
                if cell.kind == OWN_CELL or (lengths and not here.full and cell not in PLAIN):
                    continue
                found = graphs.operations(Call(runner, cell, STEPS, lengths))
                law = ask(cell, batch_known=False, sequence_length=lengths)
                listed = law.at(STEPS) if law is not None else None
                rows.append({"cell": name(cell), "runner": runner, "sequence_length": lengths, "steps": STEPS,
                             "operations": found, "told": listed})  # fmt: skip
                if found != listed:
                    failures.append(f"{runner} of {name(cell)} adds {found} operations, the table says {listed}")
    for row in (*_keras_rows(here), *_loop_rows(graphs)):
        rows.append(row)
        if row["operations"] != row["told"]:
            failures.append(f"{row['runner']} of {row['cell']} adds {row['operations']} operations, not {row['told']}")
    right = sum(row["operations"] == row["told"] for row in rows)
    summary = f"{right} of {len(rows)} calls and loops of {STEPS} steps add exactly the operations that findings show"
    return judged({"calls": rows}, summary, failures)


def _keras_rows(here: Here) -> Iterator[dict[str, Any]]:
    """Compare built layers with the cost table, which has separate rows for tf-keras and for the bundled Keras."""
    keras = here.keras_generation
    bundled = keras == 2 and [*map(int, here.versions.tensorflow.split(".")[:2])] < [2, 16]
    for text in LAYERS if here.full else LAYERS[:4]:
        laws = {
            True: keras_cost.keras_unrolled(text, keras=keras, units=UNITS),
            False: keras_cost.keras_loop(text, keras=keras, units=UNITS, bundled=bundled),
        }
        for unroll, law in laws.items():
            layer = keras_layer(here.tf.keras.layers, text, units=UNITS, unroll=unroll)
            yield {
                "cell": text, "runner": f"Keras {keras} unroll={unroll}", "sequence_length": False, "steps": STEPS,
                "operations": keras_added(here.tf, layer, None, STEPS), "told": None if law is None else law.at(STEPS),
            }  # fmt: skip


def _loop_rows(graphs: Graphs) -> Iterator[dict[str, Any]]:
    """Compare Python loops over legacy cells: what each iteration adds, except the slice of the input."""
    tf, v1 = graphs.tf, graphs.v1
    for described in PLAIN:
        law = graph_cost.python_loop(described)
        with v1.Graph().as_default(), v1.variable_scope("model") as scope:
            cell = graphs.build(described)
            state = cell.zero_state(BATCH, tf.float32)
            inputs = [v1.placeholder(tf.float32, [None, UNITS]) for _ in range(STEPS)]
            before = graphs.size()
            for one in inputs:
                _, state = cell(one, state)
                scope.reuse_variables()
            added = graphs.size() - before
        yield {
            "cell": name(described), "runner": "Python loop", "sequence_length": False, "steps": STEPS,
            "operations": added, "told": None if law is None else law.at(STEPS),
        }  # fmt: skip
