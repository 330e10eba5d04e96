"""Does the installed TensorFlow add exactly the operations that the cost table says?"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import itertools
import os
import random
from collections.abc import Iterator
from typing import Any

import pytest

from rnnlint.facts import cost_table, graph_cost, keras_cost
from rnnlint.facts.graph_cost import Cell, Law
from rnnlint.probe.claims.keras_unrolling import keras_added, keras_layer
from rnnlint.probe.graphs import BATCH, Graphs
from rnnlint.probe.worker import open_here

pytestmark = [pytest.mark.tensorflow, pytest.mark.filterwarnings("ignore")]

_spec = importlib.util.find_spec("tensorflow")
# A folder of this name that happens to be on the path counts as a package without an origin.
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

DEPTH = 8


@pytest.fixture(scope="module")
def real() -> Graphs:
    """Builds with the installed TensorFlow, imported once it is needed."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    return Graphs(open_here(full=False), DEPTH)


@pytest.fixture
def old_control_flow(real: Graphs, request: pytest.FixtureRequest) -> Iterator[bool]:
    """Control flow v1; gives whether variables are resources: not after disable_v2_behavior."""
    resource = getattr(request, "param", False)
    real.v1.disable_control_flow_v2()
    if not resource:
        real.v1.disable_resource_variables()
    yield resource
    real.v1.enable_control_flow_v2()
    real.v1.enable_resource_variables()


def plain(kind: str, *options: str, units: int = DEPTH) -> Cell:
    return Cell(kind, frozenset(options), units=units)


def around(kind: str, *inner: Cell, options: tuple[str, ...] = ()) -> Cell:
    return Cell(kind, frozenset(options), inner)


def multi(*inner: Cell, options: tuple[str, ...] = ()) -> Cell:
    return around("MultiRNNCell", *inner, options=options)


def dropout(inner: Cell, *options: str) -> Cell:
    return around("DropoutWrapper", inner, options=options)


PLAIN_KINDS = ("BasicRNNCell", "BasicLSTMCell", "LSTMCell", "GRUCell")
RNN, BASIC_LSTM, LSTM, GRU = PLAIN = [*map(plain, PLAIN_KINDS)]

VARIANTS = [
    plain("BasicRNNCell", units=1000),
    plain("BasicLSTMCell", units=249),
    plain("BasicLSTMCell", units=250),
    plain("BasicLSTMCell", "concatenated_state"),
    plain("BasicRNNCell", "linear_activation"),
    plain("GRUCell", "linear_activation"),
    plain("GRUCell", "normal_initializer"),
    plain("GRUCell", units=1000),
    plain("LSTMCell", "linear_activation"),
    plain("LSTMCell", "normal_initializer", "peepholes"),
    plain("LSTMCell", "concatenated_state"),
    plain("LSTMCell", "peepholes"),
    plain("LSTMCell", "projection"),
    plain("LSTMCell", "projection_clip"),
    plain("LSTMCell", "cell_clip"),
    plain("LSTMCell", "peepholes", "projection", "projection_clip", "cell_clip", "concatenated_state", units=9),
]

NESTED = [
    multi(dropout(LSTM, "output_keep_prob"), around("ResidualWrapper", GRU)),
    around("ResidualWrapper", dropout(multi(LSTM, around("DeviceWrapper", GRU)), "input_keep_prob")),
]

COMPOSITIONS = [
    *NESTED,
    multi(RNN),
    multi(LSTM, LSTM),
    multi(LSTM, BASIC_LSTM, LSTM),
    multi(GRU, RNN, LSTM, GRU),
    multi(RNN, RNN, RNN, options=("shared",)),
    multi(RNN, GRU, options=("concatenated_state",)),
    multi(RNN, GRU, RNN, options=("concatenated_state",)),
    around("ResidualWrapper", GRU),
    around("DeviceWrapper", LSTM),
    dropout(RNN),
    dropout(LSTM, "output_keep_prob"),
    dropout(LSTM, "input_keep_prob", "output_keep_prob", "state_keep_prob"),
    dropout(RNN, "output_keep_prob_tensor"),
    dropout(GRU, "input_keep_prob_tensor:a", "output_keep_prob_tensor:a"),
    dropout(GRU, "input_keep_prob_tensor:a", "output_keep_prob_tensor:b"),
    dropout(LSTM, "input_keep_prob", "output_keep_prob", "state_keep_prob", "variational_recurrent"),
    dropout(LSTM, "input_keep_prob_tensor", "state_keep_prob", "variational_recurrent"),
    dropout(multi(LSTM, RNN), "state_keep_prob", "variational_recurrent"),
    multi(*[dropout(LSTM, "output_keep_prob_tensor:keep")] * 2),
    multi(*[dropout(LSTM, "output_keep_prob_tensor:keep")] * 2, options=("shared",)),
]

ALL = [*PLAIN, *VARIANTS, *COMPOSITIONS]


def name(cell: Cell) -> str:
    inside = ",".join([*map(name, cell.inner), *sorted(cell.options)])
    units = str(cell.units) if cell.units not in (None, DEPTH) else ""
    return f"{cell.kind.removesuffix('Wrapper')}{units}({inside})" if inside else f"{cell.kind}{units}"


def same(law: Law | None, steps: int | None, added: int) -> None:
    assert law is not None
    assert law.exact
    assert law.at(steps or 5) == added


both = pytest.mark.parametrize("sequence_length", [False, True], ids=["", "lengths"])
batches = pytest.mark.parametrize("batch_known", [False, True], ids=["any-batch", "batch"])


def test_the_example_of_the_documentation(real: Graphs) -> None:
    cell = plain("BasicLSTMCell", units=16)
    assert real.added("static_rnn", [cell], 10, batch_known=False, sequence_length=False) == 43 + 17 * 10
    assert real.added("static_rnn", [cell], 10, batch_known=False, sequence_length=True) == 55 + 34 * 10


@both
@pytest.mark.parametrize("cell", ALL, ids=name)
def test_static_rnn(real: Graphs, cell: Cell, sequence_length: bool) -> None:
    seldom = () if sequence_length else ((2, True, False), (7, False, True))
    for steps, batch_known, initial_state in ((1, True, True), (2, False, False), *seldom):
        options = {"batch_known": batch_known, "sequence_length": sequence_length, "initial_state": initial_state}
        added = real.added("static_rnn", [cell], steps, **options)
        same(graph_cost.static(cell, **options), steps, added)


@both
@batches
@pytest.mark.parametrize("cell", PLAIN, ids=name)
def test_static_rnn_of_many_steps(real: Graphs, cell: Cell, batch_known: bool, sequence_length: bool) -> None:
    # Many steps with lengths take seconds: once for each cell. Longer ones are measured by `rnnlint probe --full`.
    many = [(100, batch_known)]
    if sequence_length:
        many = [(20, True)] if batch_known is (cell in (RNN, GRU)) else []
    for steps, initial_state in ((1, False), (2, True), (7, True), *many):
        options = {"batch_known": batch_known, "sequence_length": sequence_length, "initial_state": initial_state}
        added = real.added("static_rnn", [cell], steps, **options)
        same(graph_cost.static(cell, **options), steps, added)


@both
@pytest.mark.parametrize("cell", NESTED, ids=name)
def test_static_rnn_of_many_steps_and_nested_cells(real: Graphs, cell: Cell, sequence_length: bool) -> None:
    options = {"batch_known": sequence_length, "sequence_length": sequence_length}
    for steps in (20,) if sequence_length else (50,):
        same(graph_cost.static(cell, **options), steps, real.added("static_rnn", [cell], steps, **options))


@both
@pytest.mark.parametrize("cell", ALL, ids=name)
def test_dynamic_rnn(real: Graphs, cell: Cell, sequence_length: bool) -> None:
    for steps, time_major, batch_known, initial_state in ((5, 0, 0, 0), (None, 1, 1, 1)):
        options = {"batch_known": bool(batch_known), "sequence_length": sequence_length}
        more = {"time_major": bool(time_major), "initial_state": bool(initial_state)}
        law = graph_cost.dynamic(cell, time_known=steps is not None, **options, **more)
        same(law, steps, real.added("dynamic_rnn", [cell], steps, **options, **more))


@both
@batches
@pytest.mark.parametrize("cell", [RNN, LSTM], ids=name)
def test_dynamic_rnn_in_every_way(real: Graphs, cell: Cell, batch_known: bool, sequence_length: bool) -> None:
    options = {"batch_known": batch_known, "sequence_length": sequence_length}
    for steps, time_major, initial_state in itertools.product((5, None), (False, True), (False, True)):
        more = {"time_major": time_major, "initial_state": initial_state}
        law = graph_cost.dynamic(cell, time_known=steps is not None, **options, **more)
        same(law, steps, real.added("dynamic_rnn", [cell], steps, **options, **more))


@both
@batches
@pytest.mark.parametrize("initial_state", [False, True], ids=["", "initial-state"])
def test_bidirectional(real: Graphs, batch_known: bool, sequence_length: bool, initial_state: bool) -> None:
    options = {"batch_known": batch_known, "sequence_length": sequence_length, "initial_state": initial_state}
    for cells in ([LSTM, GRU], [multi(LSTM, RNN), dropout(LSTM, "output_keep_prob")]):
        for steps in (1, 3):
            added = real.added("static_bidirectional_rnn", cells, steps, **options)
            same(graph_cost.static_bidirectional(*cells, **options), steps, added)
        for steps, time_major in ((5, False), (None, True)):
            added = real.added("bidirectional_dynamic_rnn", cells, steps, time_major=time_major, **options)
            law = graph_cost.dynamic_bidirectional(
                *cells, time_major=time_major, time_known=steps is not None, **options
            )
            same(law, steps, added)


@pytest.mark.parametrize("lengths", ["int64", "constant", "constant64"])
def test_forms_of_the_lengths(real: Graphs, lengths: str) -> None:
    options: dict[str, Any] = {"batch_known": True, "sequence_length": True, "lengths": lengths}
    same(graph_cost.static(GRU, **options), 2, real.added("static_rnn", [GRU], 2, **options))
    same(graph_cost.dynamic(GRU, **options), 2, real.added("dynamic_rnn", [GRU], 2, **options))
    two = [GRU, LSTM]
    same(
        graph_cost.static_bidirectional(*two, **options),
        2,
        real.added("static_bidirectional_rnn", two, 2, **options),
    )
    same(
        graph_cost.dynamic_bidirectional(*two, **options),
        2,
        real.added("bidirectional_dynamic_rnn", two, 2, **options),
    )


def check_old_control_flow(real: Graphs, cell: Cell, sequence_length: bool, resource: bool) -> None:
    old: dict[str, Any] = {"control_flow": 1, "resource_variables": resource}
    for steps, batch_known, initial_state in ((2, True, False), (None, False, True)):
        options = {"batch_known": batch_known, "sequence_length": sequence_length, "initial_state": initial_state}
        if steps:
            same(graph_cost.static(cell, **options, **old), steps, real.added("static_rnn", [cell], steps, **options))
        else:
            same(graph_cost.dynamic(cell, **options, **old), 5, real.added("dynamic_rnn", [cell], 5, **options))


@both
@pytest.mark.parametrize("cell", ALL, ids=name)
def test_old_control_flow(real: Graphs, cell: Cell, sequence_length: bool, old_control_flow: bool) -> None:
    check_old_control_flow(real, cell, sequence_length, old_control_flow)


@both
@pytest.mark.parametrize("old_control_flow", [True], indirect=True, ids=["resource"])
@pytest.mark.parametrize("cell", PLAIN, ids=name)
def test_old_control_flow_with_resource_variables(
    real: Graphs, cell: Cell, sequence_length: bool, old_control_flow: bool
) -> None:
    check_old_control_flow(real, cell, sequence_length, old_control_flow)


def check_gradients(real: Graphs, cell: Cell, batch: int | None, sequence_length: bool, **old: Any) -> None:
    options: dict[str, Any] = {"batch_known": batch is not None, "sequence_length": sequence_length}
    sizes: dict[str, Any] = {"depth": DEPTH, "batch": batch}
    for steps, initial_state in ((2, False), (3, True)):
        options["initial_state"] = initial_state
        law = graph_cost.with_gradients("static_rnn", cell, **options, **sizes, **old)
        same(law, steps, real.added("static_rnn", [cell], steps, gradients=True, batch=batch, **options))
    for time, time_major in ((5, False), (None, True)):
        options["time_major"] = time_major
        law = graph_cost.with_gradients("dynamic_rnn", cell, time_known=time is not None, **options, **sizes, **old)
        same(law, time, real.added("dynamic_rnn", [cell], time, gradients=True, batch=batch, **options))


@both
@pytest.mark.parametrize(("units", "batch"), [(8, None), (300, None), (16, 4), (16, 200)])
@pytest.mark.parametrize("kind", ["BasicRNNCell", "LSTMCell", "GRUCell"])
def test_gradients(real: Graphs, kind: str, units: int, batch: int | None, sequence_length: bool) -> None:
    check_gradients(real, plain(kind, units=units), batch, sequence_length)


@both
@pytest.mark.parametrize(("units", "batch"), [(16, None), (16, 200)])
@pytest.mark.parametrize("kind", PLAIN_KINDS)
def test_gradients_with_old_control_flow(
    real: Graphs, kind: str, units: int, batch: int | None, sequence_length: bool, old_control_flow: bool
) -> None:
    old = {"control_flow": 1, "resource_variables": old_control_flow}
    check_gradients(real, plain(kind, units=units), batch, sequence_length, **old)


@pytest.mark.parametrize("resource", [True, False])
@pytest.mark.parametrize("cell", ALL, ids=name)
def test_loop_in_python(real: Graphs, cell: Cell, resource: bool) -> None:
    law = graph_cost.python_loop(cell, resource_variables=resource)
    assert law is not None
    v1, tf = real.v1, real.tf
    with v1.Graph().as_default(), v1.variable_scope("model", use_resource=resource) as scope:
        made = real.build(cell)
        state = made.zero_state(BATCH, tf.float32)
        inputs = [v1.placeholder(tf.float32, [None, DEPTH]) for _ in range(3)]
        before = real.size()
        for step, one in enumerate(inputs, 1):
            _, state = made(one, state)
            scope.reuse_variables()
            same(law, step, real.size() - before)
    assert graph_cost.loop_step(cell, resource_variables=resource) == law.per_step


def test_built_cell_brings_no_variables(real: Graphs) -> None:
    cell = plain("LSTMCell")
    with real.v1.Graph().as_default():
        made = real.build(cell)
        inputs = [real.v1.placeholder(real.tf.float32, [None, DEPTH]) for _ in range(3)]
        for described in (cell, plain("LSTMCell", "built")):
            before = real.size()
            real.v1.nn.static_rnn(made, inputs, dtype=real.tf.float32)
            law = graph_cost.static(described, batch_known=False, sequence_length=False)
            same(law, 3, real.size() - before)


@pytest.mark.parametrize("change", ["depth", "units", "double", "half", "relu", "sigmoid"])
def test_what_changes_nothing(real: Graphs, change: str) -> None:
    v1, tf = real.v1, real.tf
    dtype = {"double": tf.float64, "half": tf.float16}.get(change, tf.float32)
    activation = {"relu": tf.nn.relu, "sigmoid": "sigmoid"}.get(change)
    for kind in PLAIN_KINDS:
        units = 200 if change == "units" else 16
        with v1.Graph().as_default():
            made = getattr(real.cells, kind)(units, activation=activation, dtype=dtype)
            depth = 300 if change == "depth" else 1
            inputs = [v1.placeholder(dtype, [None, depth]) for _ in range(3)]
            before = real.size()
            v1.nn.static_rnn(made, inputs, dtype=dtype)
            law = graph_cost.static(plain(kind, units=units), batch_known=False, sequence_length=False)
            same(law, 3, real.size() - before)


def nested(choose: random.Random, depth: int) -> Cell:
    """Any cell; layers of DEPTH units, so that every wrapper fits."""
    if depth == 0 or choose.random() < 0.25:
        options = [one for one in ("peepholes", "projection", "cell_clip") if choose.random() < 0.3]
        kind = choose.choice(["BasicRNNCell", "BasicLSTMCell", "LSTMCell", "GRUCell"])
        return plain(kind, *(options if kind == "LSTMCell" else []))
    kind = choose.choice(["MultiRNNCell", "MultiRNNCell", "DropoutWrapper", "ResidualWrapper", "DeviceWrapper"])
    if kind == "MultiRNNCell":
        return multi(*(nested(choose, depth - 1) for _ in range(choose.randint(1, 3))))
    if kind == "DropoutWrapper":
        slots = [one for one in ("input", "output", "state") if choose.random() < 0.6]
        forms = ["keep_prob", "keep_prob_tensor:a", "keep_prob_tensor:b"]
        return dropout(nested(choose, depth - 1), *(f"{slot}_{choose.choice(forms)}" for slot in slots))
    return around(kind, nested(choose, depth - 1))


@pytest.mark.parametrize("seed", range(10))
def test_any_nesting(real: Graphs, seed: int) -> None:
    choose = random.Random(seed)
    cell = nested(choose, 4)
    options = {name: choose.random() < 0.5 for name in ("batch_known", "sequence_length", "initial_state")}
    same(graph_cost.static(cell, **options), 3, real.added("static_rnn", [cell], 3, **options))
    same(graph_cost.dynamic(cell, **options), 3, real.added("dynamic_rnn", [cell], 3, **options))


@pytest.mark.parametrize("seed", range(5))
def test_any_nesting_with_old_control_flow(real: Graphs, seed: int, old_control_flow: bool) -> None:
    choose = random.Random(1000 + seed)
    cell = nested(choose, 3)
    options = {name: choose.random() < 0.5 for name in ("batch_known", "initial_state")} | {"sequence_length": True}
    old: dict[str, Any] = {"control_flow": 1, "resource_variables": old_control_flow}
    same(graph_cost.static(cell, **options, **old), 3, real.added("static_rnn", [cell], 3, **options))
    same(graph_cost.dynamic(cell, **options, **old), 3, real.added("dynamic_rnn", [cell], 3, **options))


def keras_2_cells(real: Graphs) -> Any:
    """What ``tf.compat.v1.nn.rnn_cell`` gives as attributes: the cells of Keras 2; Keras 3 has none."""
    try:
        cells = real.v1.nn.rnn_cell
        return cells if cells.BasicLSTMCell.__module__.startswith(("keras.", "tf_keras.")) else None
    except (AttributeError, ImportError):
        return None


@both
@pytest.mark.parametrize(
    "cell",
    [
        plain("BasicRNNCell", "keras_initializer"),
        plain("BasicLSTMCell", "keras_initializer"),
        plain("LSTMCell", "keras_initializer", "peepholes", "projection", "cell_clip"),
        plain("GRUCell", "keras_initializer"),
        multi(
            plain("LSTMCell", "keras_initializer"), dropout(plain("GRUCell", "keras_initializer"), "input_keep_prob")
        ),
    ],
    ids=name,
)
def test_cells_of_keras_2(real: Graphs, cell: Cell, sequence_length: bool) -> None:
    cells = keras_2_cells(real)
    if cells is None:
        pytest.skip("the installed Keras has no legacy cells")
    ours, real.cells = real.cells, cells
    try:
        for runner, ask in (("static_rnn", graph_cost.static), ("dynamic_rnn", graph_cost.dynamic)):
            added = real.added(runner, [cell], 5, batch_known=False, sequence_length=sequence_length)
            same(ask(cell, batch_known=False, sequence_length=sequence_length), 5, added)
    finally:
        real.cells = ours


KERAS_LAYERS = [
    "SimpleRNN",
    "LSTM",
    "GRU",
    "RNN(SimpleRNNCell)",
    "RNN(LSTMCell)",
    "RNN(GRUCell)",
    "RNN([GRUCell])",
    "RNN([LSTMCell, GRUCell])",
    "RNN([SimpleRNNCell, LSTMCell, GRUCell])",
    "Bidirectional(SimpleRNN)",
    "Bidirectional(LSTM)",
    "Bidirectional(GRU)",
    "Bidirectional(RNN(LSTMCell))",
    "Bidirectional(RNN([LSTMCell, GRUCell]))",
]


def keras_generation(real: Graphs) -> int:
    """2 or 3; skips where the installed release is not the one that the table was measured on."""
    keras = real.tf.keras
    if hasattr(keras, "version"):
        generation, version = 3, keras.version()
    else:
        generation, version = 2, importlib.metadata.version("keras" if bundled(real) else "tf-keras")
    measured = {row.measured_on for row in cost_table.table() if row.part.startswith(f"keras {generation} ")}
    if not any(one.endswith(f"keras {version}") for one in measured):
        pytest.skip(f"Keras {version} was not measured")
    return generation


def bundled(real: Graphs) -> bool:
    """Whether tf.keras is the Keras 2 that comes with TensorFlow."""
    return [*map(int, real.tf.__version__.split(".")[:2])] < [2, 16]


@pytest.mark.parametrize("layer", KERAS_LAYERS)
def test_keras_layer(real: Graphs, layer: str) -> None:
    keras = keras_generation(real)
    for sequences, batch, units in ((False, None, 16), (False, 4, 16), (True, 4, 300)):
        known: dict[str, Any] = {"keras": keras, "return_sequences": sequences, "batch": batch, "units": units}
        for unroll, steps in ((True, 1), (True, 4), (False, 5), (False, None)):
            arguments = {"units": units, "unroll": unroll, "return_sequences": sequences}
            added = keras_added(real.tf, keras_layer(real.tf.keras.layers, layer, **arguments), batch, steps)
            if unroll:
                same(keras_cost.keras_unrolled(layer, **known), steps, added)
            else:
                law = keras_cost.keras_loop(layer, time_known=steps is not None, bundled=bundled(real), **known)
                same(law, steps, added)


@pytest.mark.parametrize("cell", ["SimpleRNNCell", "LSTMCell", "GRUCell"])
def test_keras_cell_in_a_loop(real: Graphs, cell: str) -> None:
    keras = keras_generation(real)
    tf = real.tf
    made = getattr(tf.keras.layers, cell)(16)
    states = [tf.zeros([2, 16])] * (2 if cell == "LSTMCell" else 1)
    made(tf.zeros([2, DEPTH]), states)
    counts = []

    def body(inputs: Any) -> Any:
        state = [tf.zeros([2, 16]) for _ in states]
        for _ in range(3):
            before = real.size()
            _, state = made(inputs, state)
            counts.append(real.size() - before)
        return state

    tf.function(body, autograph=False).get_concrete_function(tf.TensorSpec([2, DEPTH]))
    assert set(counts) == {graph_cost.loop_step(cell, keras=keras)}
