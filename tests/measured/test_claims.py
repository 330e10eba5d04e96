"""Is what the rules claim about TensorFlow true of the installed one? One test for each claim.

Operations are counted, never bytes; times are compared inside one process only.
"""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

import pytest

pytestmark = [pytest.mark.tensorflow, pytest.mark.filterwarnings("ignore")]

# Looked for, not imported: collecting the tests shall not take the seconds that the import takes.
if importlib.util.find_spec("tensorflow") is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

STEPS = (2, 4, 7, 12)
DEPTH = 8
UNITS = 16

Measured = Callable[[str], None]


@pytest.fixture(scope="module")
def tf() -> Any:
    """The installed TensorFlow, imported once it is needed."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    import tensorflow

    tensorflow.get_logger().setLevel("ERROR")
    return tensorflow


@pytest.fixture
def control_flow(tf: Any) -> Iterator[Callable[[int], None]]:
    """Chooses the version of control flow; afterwards it is what it was."""
    before = tf.compat.v1.control_flow_v2_enabled()

    def choose(version: int) -> None:
        (tf.compat.v1.enable_control_flow_v2 if version == 2 else tf.compat.v1.disable_control_flow_v2)()

    yield choose
    choose(2 if before else 1)


def keras_generation(tf: Any) -> int:
    return 3 if hasattr(tf.keras, "version") and tf.keras.version().startswith("3.") else 2


# Counting


def nodes(graph_def: Any) -> list[Any]:
    """The nodes of a graph and of its functions."""
    return [*graph_def.node, *(node for function in graph_def.library.function for node in function.node_def)]


def matmuls(graph_def: Any) -> int:
    return sum(node.op == "MatMul" for node in nodes(graph_def))


def slope(counts: list[int]) -> int:
    """Operations a step; fails where the counts at STEPS are no straight line."""
    first, second, *_ = counts
    step, rest = divmod(second - first, STEPS[1] - STEPS[0])
    assert rest == 0
    assert counts == [first + step * (steps - STEPS[0]) for steps in STEPS]
    return step


class OwnCell:
    """A cell as a user writes it: no class of TensorFlow's above it."""

    output_size = state_size = UNITS

    def __init__(self, tf: Any) -> None:
        self.v1 = tf.compat.v1

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        return self.v1.zeros([batch_size, UNITS], dtype)

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        with self.v1.variable_scope("own_cell", reuse=self.v1.AUTO_REUSE):
            kernel = self.v1.get_variable("kernel", [DEPTH + UNITS, UNITS])
            state = self.v1.tanh(self.v1.matmul(self.v1.concat([inputs, state], 1), kernel))
        return state, state


def legacy_cells(tf: Any) -> dict[str, tuple[Callable[[], Any], int]]:
    """By name, what makes a cell and how many MatMul operations one call of it adds."""
    # The public tf.compat.v1.nn.rnn_cell needs Keras 2; importing it as a module would rebind it for the process.
    from tensorflow.python.ops import rnn_cell as made

    return {
        "BasicRNNCell": (lambda: made.BasicRNNCell(UNITS), 1),
        "BasicLSTMCell": (lambda: made.BasicLSTMCell(UNITS), 1),
        "LSTMCell": (lambda: made.LSTMCell(UNITS), 1),
        "GRUCell": (lambda: made.GRUCell(UNITS), 2),
        "MultiRNNCell of 2 LSTMCell": (lambda: made.MultiRNNCell([made.LSTMCell(UNITS), made.LSTMCell(UNITS)]), 2),
        "DropoutWrapper": (lambda: made.DropoutWrapper(made.BasicRNNCell(UNITS), output_keep_prob=0.5), 1),
        "own cell": (lambda: OwnCell(tf), 1),
    }


def legacy_graph(
    tf: Any, runner: str, cell: Callable[[], Any], steps: int, sequence_length: bool = False, gradients: bool = False
) -> Any:
    """The graph of one call of static_rnn or dynamic_rnn; the inputs add the same whatever their length."""
    v1 = tf.compat.v1
    with v1.Graph().as_default() as graph:
        inputs = v1.placeholder(tf.float32, [None, steps, DEPTH])
        lengths = v1.placeholder(tf.int32, [None]) if sequence_length else None
        given = tf.unstack(inputs, axis=1) if runner == "static_rnn" else inputs
        outputs, _ = getattr(v1.nn, runner)(cell(), given, sequence_length=lengths, dtype=tf.float32)
        if gradients:
            last = outputs[-1] if runner == "static_rnn" else outputs[:, -1]
            v1.gradients(tf.reduce_sum(last), v1.trainable_variables())
        return graph.as_graph_def()


def legacy_counts(tf: Any, runner: str, cell: Callable[[], Any], **options: bool) -> list[int]:
    return [len(nodes(legacy_graph(tf, runner, cell, steps, **options))) for steps in STEPS]


def measure_everywhere(
    tf: Any, runner: str, control_flow: Callable[[int], None], cost: Callable[[list[int]], int]
) -> Iterator[str]:
    """What each cell costs; then what lengths, gradients and the other control flow make of it."""
    cells = legacy_cells(tf)
    for name, (make, _) in cells.items():
        yield f"{name} {cost(legacy_counts(tf, runner, make))}"
    for name in ("LSTMCell", "own cell"):
        yield f"{name} with sequence_length {cost(legacy_counts(tf, runner, cells[name][0], sequence_length=True))}"
    make, _ = cells["LSTMCell"]
    for sequence_length in (False, True):
        words = "LSTMCell with sequence_length" if sequence_length else "LSTMCell"
        found = cost(legacy_counts(tf, runner, make, sequence_length=sequence_length, gradients=True))
        yield f"{words} and gradients {found}"
        control_flow(1)
        found = cost(legacy_counts(tf, runner, make, sequence_length=sequence_length))
        control_flow(2)
        yield f"{words} and control flow v1 {found}"


# The claims on static_rnn and dynamic_rnn


def test_a_static_runner_adds_the_same_operations_for_every_step(
    tf: Any, control_flow: Callable[[int], None], measured: Measured
) -> None:
    control_flow(2)

    def rising(counts: list[int]) -> int:
        assert slope(counts) > 0
        return slope(counts)

    found = list(measure_everywhere(tf, "static_rnn", control_flow, rising))
    for make, one in legacy_cells(tf).values():
        for steps in (1, 7):
            assert matmuls(legacy_graph(tf, "static_rnn", make, steps)) == one * steps
    measured(f"operations a step: {'; '.join(found)}")


def test_a_loop_adds_the_same_operations_whatever_the_length(
    tf: Any, control_flow: Callable[[int], None], measured: Measured
) -> None:
    control_flow(2)

    def constant(counts: list[int]) -> int:
        assert len(set(counts)) == 1
        return counts[0]

    found = list(measure_everywhere(tf, "dynamic_rnn", control_flow, constant))
    for make, one in legacy_cells(tf).values():
        for steps in (1, 7):
            assert matmuls(legacy_graph(tf, "dynamic_rnn", make, steps)) == one
    measured(f"operations of the whole graph: {'; '.join(found)}")


class Warm:
    """An LSTM with gradients, built and run once."""

    def __init__(self, tf: Any, runner: str, steps: int, *, batch: int, units: int) -> None:
        import numpy
        from tensorflow.python.ops import rnn_cell

        v1 = tf.compat.v1
        begin = time.perf_counter()
        with v1.Graph().as_default() as graph:
            inputs = v1.placeholder(tf.float32, [None, steps, units])
            given = tf.unstack(inputs, axis=1) if runner == "static_rnn" else inputs
            outputs, _ = getattr(v1.nn, runner)(rnn_cell.LSTMCell(units), given, dtype=tf.float32)
            loss = tf.reduce_sum(outputs[-1] if runner == "static_rnn" else outputs[:, -1])
            gradients = v1.gradients(loss, v1.trainable_variables())
            initialize = v1.global_variables_initializer()
        session = v1.Session(graph=graph)
        session.run(initialize)
        self.call = session.make_callable([loss, *gradients], [inputs])
        self.data = numpy.ones([batch, steps, units], numpy.float32)
        self.call(self.data)
        self.first_run = time.perf_counter() - begin

    def later_calls(self, calls: int) -> float:
        begin = time.perf_counter()
        for _ in range(calls):
            self.call(self.data)
        return time.perf_counter() - begin


def test_the_first_run_of_an_unrolled_graph_takes_longer_with_its_length(tf: Any, measured: Measured) -> None:
    def seconds(runner: str, steps: int) -> float:
        return Warm(tf, runner, steps, batch=8, units=UNITS).first_run

    # The process's own first graph pays for more than itself.
    seconds("static_rnn", 2), seconds("dynamic_rnn", 2)
    # One round after the other, so that what disturbs the machine disturbs all four.
    rounds = [
        (seconds("static_rnn", 5), seconds("static_rnn", 30), seconds("dynamic_rnn", 5), seconds("dynamic_rnn", 30))
        for _ in range(3)
    ]
    static_5, static_30, loop_5, loop_30 = (median(column) for column in zip(*rounds))
    assert static_30 > 2 * static_5
    assert loop_30 < 2 * loop_5
    assert static_30 > 1.5 * loop_30
    measured(
        f"30 steps against 5: static_rnn {static_30 / static_5:.1f} times as long, dynamic_rnn"
        f" {loop_30 / loop_5:.1f} times; static_rnn against dynamic_rnn at 30 steps {static_30 / loop_30:.1f} times"
    )


def test_a_small_unrolled_graph_runs_faster_than_a_loop_once_it_is_warm(tf: Any, measured: Measured) -> None:
    static = Warm(tf, "static_rnn", 10, batch=1, units=UNITS)
    loop = Warm(tf, "dynamic_rnn", 10, batch=1, units=UNITS)
    for graph in (static, loop):
        graph.later_calls(20)
    # Each ratio is of neighbours in time, and who is first changes from round to round.
    ratios = []
    for index in range(15):
        if index % 2:
            first, second = static.later_calls(20), loop.later_calls(20)
        else:
            second, first = loop.later_calls(20), static.later_calls(20)
        ratios.append(first / second)
    assert median(ratios) < 0.9
    measured(f"static_rnn takes {median(ratios):.2f} of the time of dynamic_rnn per call")


# The claims on Keras layers


def keras_layers(tf: Any) -> dict[str, Callable[[bool], Any]]:
    """By name, what makes a layer, unrolled or not."""
    layers = tf.keras.layers
    return {
        "SimpleRNN": lambda unroll: layers.SimpleRNN(UNITS, unroll=unroll),
        "LSTM": lambda unroll: layers.LSTM(UNITS, unroll=unroll),
        "GRU": lambda unroll: layers.GRU(UNITS, unroll=unroll),
        "RNN(LSTMCell)": lambda unroll: layers.RNN(layers.LSTMCell(UNITS), unroll=unroll),
        "RNN([LSTMCell, SimpleRNNCell])": lambda unroll: layers.RNN(
            [layers.LSTMCell(UNITS), layers.SimpleRNNCell(UNITS)], unroll=unroll
        ),
        "Bidirectional(LSTM)": lambda unroll: layers.Bidirectional(layers.LSTM(UNITS, unroll=unroll)),
    }


def in_function(tf: Any, layer: Any, gradients: bool = False) -> Any:
    """A tf.function that calls a layer, which has its variables by then."""
    layer(tf.zeros([2, 2, DEPTH]))

    def call(inputs: Any) -> Any:
        if not gradients:
            return layer(inputs)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(inputs))
        return tape.gradient(loss, layer.trainable_variables)

    return tf.function(call, autograph=False)


def concrete_counts(tf: Any, function: Any, depth: int = DEPTH) -> list[int]:
    graphs = [
        function.get_concrete_function(tf.TensorSpec([None, steps, depth])).graph.as_graph_def() for steps in STEPS
    ]
    return [len(nodes(graph)) for graph in graphs]


def test_an_unrolled_keras_layer_adds_the_same_operations_for_every_step(tf: Any, measured: Measured) -> None:
    found = []
    for name, make in keras_layers(tf).items():
        for gradients in (False, True) if name == "LSTM" else (False,):
            unrolled = concrete_counts(tf, in_function(tf, make(True), gradients))
            loop = concrete_counts(tf, in_function(tf, make(False), gradients))
            assert slope(unrolled) > 0
            assert len(set(loop)) == 1
            words = " with gradients" if gradients else ""
            found.append(f"{name}{words} {slope(unrolled)} a step, {loop[0]} in all without unroll")
    measured(f"operations: {'; '.join(found)}")


def test_the_first_call_of_an_unrolled_keras_layer_takes_longer_with_its_length(tf: Any, measured: Measured) -> None:
    def seconds(unroll: bool, steps: int) -> float:
        begin = time.perf_counter()
        in_function(tf, tf.keras.layers.LSTM(UNITS, unroll=unroll), gradients=True)(tf.ones([8, steps, DEPTH]))
        return time.perf_counter() - begin

    seconds(True, 2), seconds(False, 2)
    rounds = [(seconds(True, 5), seconds(True, 30), seconds(False, 5), seconds(False, 30)) for _ in range(3)]
    unrolled_5, unrolled_30, loop_5, loop_30 = (median(column) for column in zip(*rounds))
    assert unrolled_30 > 2 * unrolled_5
    assert loop_30 < 2 * loop_5
    measured(
        f"30 steps against 5: unroll=True {unrolled_30 / unrolled_5:.1f} times as long, unroll=False"
        f" {loop_30 / loop_5:.1f} times; unroll=True against unroll=False at 30 steps {unrolled_30 / loop_30:.1f} times"
    )


def batch_of(tf: Any, steps: int) -> Any:
    import numpy

    return numpy.zeros([2, steps, DEPTH], numpy.float32)


def test_an_unrolled_keras_layer_over_an_undefined_time_axis_raises(
    tf: Any, tmp_path: Path, measured: Measured
) -> None:
    layers = tf.keras.layers

    def build(kind: Any, steps: int | None = None) -> Any:
        inputs = tf.keras.Input([steps, DEPTH])
        model = tf.keras.Model(inputs, kind(3, unroll=True)(inputs))
        model.compile("sgd", "mse")
        return model

    raises = pytest.raises(ValueError, match=r"(?i)unroll")
    for kind in (layers.SimpleRNN, layers.LSTM, layers.GRU):
        # With a length that is known nothing raises.
        build(kind, 3).predict(batch_of(tf, 3), verbose=0)
        if keras_generation(tf) == 2:
            with raises:
                build(kind)
            continue
        model = build(kind)
        model(batch_of(tf, 3)), model(batch_of(tf, 5))
        model.predict(batch_of(tf, 3), verbose=0)
        with raises:
            model.predict(batch_of(tf, 5), verbose=0)
        targets = batch_of(tf, 3)[:, 0, :3]
        model = build(kind)
        model.fit(batch_of(tf, 3), targets, verbose=0)
        with raises:
            model.fit(batch_of(tf, 5), targets, verbose=0)
        with raises:
            build(kind).fit(undefined_time(tf, targets), verbose=0)
        with raises:
            build(kind).export(tmp_path / kind.__name__)
    if keras_generation(tf) == 2:
        measured("raise when the model is built: SimpleRNN, LSTM, GRU")
    else:
        measured(
            "SimpleRNN, LSTM, GRU build; raise: the second length in predict, the second length in fit, fit on a data"
            " set of undefined time, export; run: eager calls of two lengths, the first predict, the first fit"
        )


def undefined_time(tf: Any, targets: Any) -> Any:
    """A data set that does not say how long its sequences are."""
    return tf.data.Dataset.from_generator(
        lambda: iter([(batch_of(tf, 3), targets)]),
        output_signature=(tf.TensorSpec([None, None, DEPTH]), tf.TensorSpec([None, 3])),
    )


# The claims on loops in Python


def test_a_python_loop_adds_the_same_operations_in_every_pass(tf: Any, measured: Measured) -> None:
    found = []
    for name, (make, _) in legacy_cells(tf).items():
        rise = slope([len(nodes(looped_in_graph(tf, make(), steps))) for steps in STEPS])
        assert rise > 0
        found.append(f"{name} {rise}")
    layers = tf.keras.layers
    for kind in (layers.SimpleRNNCell, layers.LSTMCell, layers.GRUCell):
        cell = kind(UNITS)
        states = [tf.zeros([2, UNITS])] * (2 if kind is layers.LSTMCell else 1)
        cell(tf.zeros([2, DEPTH]), states)
        forms = python_loops(tf, cell, len(states))
        # One cell is enough to see that the forms of a loop are alike.
        for form, loop in forms.items() if kind is layers.SimpleRNNCell else [("range", forms["range"])]:
            rise = slope(concrete_counts(tf, tf.function(loop)))
            assert rise > 0
            found.append(f"Keras {kind.__name__} over {form} {rise}")
    measured(f"operations a pass: {'; '.join(found)}")


def looped_in_graph(tf: Any, cell: Any, steps: int) -> Any:
    v1 = tf.compat.v1
    with v1.Graph().as_default() as graph:
        inputs = v1.placeholder(tf.float32, [4, steps, DEPTH])
        state = cell.zero_state(4, tf.float32)
        for step in range(steps):
            _, state = cell(inputs[:, step], state)
        return graph.as_graph_def()


def python_loops(tf: Any, cell: Any, states: int) -> dict[str, Callable[[Any], Any]]:
    """Loops that stay Python's inside tf.function, although AutoGraph is on."""

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
    """Loops over a length that only the running graph knows, as the call of something that has a cell."""

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


def simple_cell(tf: Any) -> Any:
    cell = tf.keras.layers.SimpleRNNCell(UNITS)
    cell(tf.zeros([2, DEPTH]), [tf.zeros([2, UNITS])])
    return cell


def test_autograph_turns_a_loop_over_symbolic_time_into_a_loop_in_the_graph(tf: Any, measured: Measured) -> None:
    found = []
    owner = SimpleNamespace(cell=simple_cell(tf))
    unknown = tf.TensorSpec([None, None, DEPTH])
    for form, loop in symbolic_loops(tf).items():
        function = tf.function(partial(loop, owner))
        counts = concrete_counts(tf, function)
        assert len(set(counts)) == 1
        graph = function.get_concrete_function(unknown).graph.as_graph_def()
        assert {node.op for node in nodes(graph)} & {"While", "StatelessWhile"}
        # Without AutoGraph it is no loop at all.
        with pytest.raises(TypeError):
            tf.function(partial(loop, owner), autograph=False).get_concrete_function(unknown)
        found.append(f"{form} {counts[0]}")
    measured(f"operations with a SimpleRNNCell: {'; '.join(found)}")


def test_a_loop_over_symbolic_time_in_call_raises_in_keras_3(tf: Any, measured: Measured) -> None:
    three, targets = batch_of(tf, 3), batch_of(tf, UNITS)[:, :, 0]

    def model_of(call: Callable[[Any, Any], Any]) -> Any:
        model = type("Looping", (tf.keras.Model,), {"call": call})()
        model.cell = simple_cell(tf)
        model.compile("sgd", "mse")
        return model

    def over_static_shape(self: Any, inputs: Any) -> Any:
        state = tf.zeros([tf.shape(inputs)[0], UNITS])
        for step in range(inputs.shape[1]):
            _, [state] = self.cell(inputs[:, step], [state])
        return state

    model_of(over_static_shape).predict(three, verbose=0)
    for loop in symbolic_loops(tf).values():
        model_of(loop)(three)
        calls = (
            lambda model: model.predict(three, verbose=0),
            lambda model: model.fit(three, targets, verbose=0),
            lambda model: tf.function(lambda inputs: model(inputs))(tf.constant(three)),
        )
        for call in calls:
            model = model_of(loop)
            if keras_generation(tf) == 2:
                call(model)
            else:
                with pytest.raises(TypeError):
                    call(model)
    verb = "run" if keras_generation(tf) == 2 else "raise TypeError"
    measured(
        f"loops over {', '.join(symbolic_loops(tf))}: predict, fit and tf.function {verb}, eager calls run; range over"
        " the static shape runs in predict"
    )
