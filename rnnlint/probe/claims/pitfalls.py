"""What happens with one cell in all layers, swapped axes, constant dropout, stacks without sequences, and kept
states?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rnnlint.probe.legacy_runs import ROUNDING, difference, sequences
from rnnlint.probe.measurement import Here, Outcome, judged, measures

DEPTH, UNITS, STEPS, BATCH = 3, 4, 5, 2
FAR = 0.001
"""A real difference; rounding stays far below it."""
KINDS = ("SimpleRNN", "LSTM", "GRU")


@measures("one-cell-shares-its-weights", seconds=3)
def one_cell_shares_its_weights(here: Here) -> Outcome:
    """Count the variables of two layers with one cell and with two, and check the error for another input."""
    rows: dict[str, Any] = {}
    failures = []
    for name, variables in _stacks(here).items():
        shared, apart = (variables(UNITS, one) for one in (True, False))
        raised = None if name.startswith("bidirectional") else _error(variables, DEPTH, True)
        rows[name] = {"variables_of_one_cell": shared, "variables_of_two": apart, "error": raised}
        if 2 * shared != apart:
            failures.append(f"{name}: {shared} variables of one cell, {apart} of two")
        if not name.startswith("bidirectional") and raised is None:
            failures.append(f"{name}: no error with {DEPTH} features and {UNITS} units")
    summary = ", ".join(
        f"{name} {row['variables_of_one_cell']} of {row['variables_of_two']}" for name, row in rows.items()
    )
    return judged({"stacks": rows}, f"variables with one cell object: {summary}", failures)


def _stacks(here: Here) -> dict[str, Callable[[int, bool], int]]:
    """The number of variables of two layers, for a depth and for one cell object or two."""
    legacy, keras, tf = here.rnn_cell, here.tf.keras.layers, here.tf

    def cells(make: Callable[[], Any], one: bool) -> list[Any]:
        return [make()] * 2 if one else [make(), make()]

    def stack(depth: int, one: bool, keep: float = 1.0) -> int:
        with here.v1.Graph().as_default():
            inputs = here.v1.placeholder(tf.float32, [None, STEPS, depth])
            made = cells(lambda: legacy.GRUCell(UNITS), one)
            made = [legacy.DropoutWrapper(cell, keep) for cell in made] if keep < 1 else made
            here.v1.nn.dynamic_rnn(legacy.MultiRNNCell(made), inputs, dtype=tf.float32)
            return len(here.v1.trainable_variables())

    def both_ways(depth: int, one: bool) -> int:
        with here.v1.Graph().as_default():
            inputs = here.v1.placeholder(tf.float32, [None, STEPS, depth])
            two = cells(lambda: legacy.GRUCell(UNITS), one)
            here.v1.nn.bidirectional_dynamic_rnn(*two, inputs, dtype=tf.float32)
            return len(here.v1.trainable_variables())

    def layer(of: Any, depth: int) -> int:
        made = keras.RNN(of)
        made(here.numpy.ones([BATCH, STEPS, depth], "float32"))
        return len(made.trainable_weights)

    return {
        "MultiRNNCell": stack,
        "MultiRNNCell of DropoutWrapper": lambda depth, one: stack(depth, one, 0.5),
        "StackedRNNCells": lambda depth, one: layer(
            keras.StackedRNNCells(cells(lambda: keras.LSTMCell(UNITS), one)), depth
        ),
        "RNN of a list": lambda depth, one: layer(cells(lambda: keras.GRUCell(UNITS), one), depth),
        "bidirectional_dynamic_rnn": both_ways,
    }


@measures("time-axis-swapped", seconds=3)
def time_axis_swapped(here: Here) -> Outcome:
    """Change one row of a batch and compare the others, with the right and with swapped axes."""
    rows: dict[str, Any] = {}
    failures = []
    data = sequences(here, BATCH, STEPS, DEPTH)
    other = data.copy()
    other[0] += 1
    for name, run in _layouts(here).items():
        right, wrong = (difference(run(data, swapped)[1], run(other, swapped)[1]) for swapped in (False, True))
        rows[name] = {"right": right, "swapped": wrong}
        if right > ROUNDING or wrong < FAR:
            failures.append(f"{name}: row 1 changes with row 0 by {right:.2g}, swapped by {wrong:.2g}")
    least = min(row["swapped"] for row in rows.values())
    right = max(row["right"] for row in rows.values())
    summary = (
        f"one row's outputs change with another row's data by {least:.2g} or more; with the right layout by {right:.2g}"
    )
    return judged({"largest_absolute_difference": rows, "allowed_for_rounding": ROUNDING}, summary, failures)


def _layouts(here: Here) -> dict[str, Callable[[Any, bool], Any]]:
    """Models with [batch, …] outputs for a batch of sequences, run with the right or with swapped axes."""
    tf, v1, numpy = here.tf, here.v1, here.numpy

    def session(build: Callable[[Any], Any], data: Any) -> Any:
        with v1.Graph().as_default(), v1.Session() as session:
            v1.set_random_seed(1)
            inputs = v1.placeholder(tf.float32, data.shape)
            outputs = build(inputs)
            session.run(v1.global_variables_initializer())
            return session.run(outputs, {inputs: data})

    def cell() -> Any:
        return here.rnn_cell.BasicRNNCell(UNITS)

    def time_major(data: Any, swapped: bool) -> Any:
        return session(lambda x: v1.nn.dynamic_rnn(cell(), x, dtype=tf.float32, time_major=swapped)[0], data)

    def turned(data: Any, swapped: bool) -> Any:
        def build(x: Any) -> Any:
            steps = tf.transpose(x, [1, 0, 2])
            outputs = v1.nn.dynamic_rnn(cell(), steps, dtype=tf.float32, time_major=not swapped)[0]
            return tf.transpose(outputs, [1, 0, 2])

        return session(build, data)

    def static(data: Any, swapped: bool) -> Any:
        axis = 0 if swapped else 1
        return session(
            lambda x: tf.stack(v1.nn.static_rnn(cell(), tf.unstack(x, axis=axis), dtype=tf.float32)[0], axis), data
        )

    def layer(data: Any, swapped: bool) -> Any:
        here.tf.keras.utils.set_random_seed(1)
        steps = numpy.transpose(data, (1, 0, 2)) if swapped else data
        outputs = here.tf.keras.layers.SimpleRNN(UNITS, return_sequences=True)(steps).numpy()
        return numpy.transpose(outputs, (1, 0, 2)) if swapped else outputs

    return {"time_major": time_major, "transposed": turned, "static_rnn": static, "SimpleRNN": layer}


@measures("constant-keep-probability-drops-always", seconds=2)
def constant_keep_probability_drops_always(here: Here) -> Outcome:
    """Run the same input twice through one graph."""
    rows: dict[str, Any] = {}
    failures = []
    for name in ("input_keep_prob", "output_keep_prob", "state_keep_prob", "tf.nn.dropout"):
        rows[name] = row = {str(keep): _run_twice(here, name, keep) for keep in (0.5, 1.0)}
        failures += [] if row["0.5"] >= FAR and row["1.0"] == 0 else [f"{name}: {row}"]
    least = min(row["0.5"] for row in rows.values())
    kept = max(row["1.0"] for row in rows.values())
    summary = f"two runs of the same input differ by {least:.2g} or more with 0.5, by {kept:.2g} at most with 1"
    return judged({"largest_absolute_difference": rows}, summary, failures)


def _run_twice(here: Here, name: str, keep: float) -> float:
    tf, v1 = here.tf, here.v1
    with v1.Graph().as_default(), v1.Session() as session:
        inputs = v1.placeholder(tf.float32, [None, None, DEPTH])
        cell = here.rnn_cell.BasicRNNCell(4 * UNITS)
        if name != "tf.nn.dropout":
            cell = here.rnn_cell.DropoutWrapper(cell, **{name: keep})
        outputs, _ = v1.nn.dynamic_rnn(cell, inputs, dtype=tf.float32)
        if name == "tf.nn.dropout":
            outputs = v1.nn.dropout(outputs, keep_prob=keep)
        session.run(v1.global_variables_initializer())
        data = sequences(here, 4 * BATCH, STEPS, DEPTH)
        return difference(*(session.run(outputs, {inputs: data}) for _ in range(2)))


@measures("stack-needs-return-sequences", seconds=3)
def stack_needs_return_sequences(here: Here) -> Outcome:
    """Build stacks of two layers without sequences, with them, and with RepeatVector."""
    layers = here.tf.keras.layers
    rows: dict[str, Any] = {}
    failures = []
    for name in (*KINDS, "Bidirectional", "ConvLSTM2D", "Dropout between", "Dense between"):
        shape = (STEPS, 6, 6, DEPTH) if name == "ConvLSTM2D" else (STEPS, DEPTH)
        row: dict[str, Any] = {"error": _error(_stack, here, name, shape, False)}
        row["shape"] = list(_stack(here, name, shape, True))
        rows[name] = row
        failures += [f"{name}: no error without return_sequences"] if row["error"] is None else []
        if name != "ConvLSTM2D":
            row["behind_RepeatVector"] = list(_stack(here, name, shape, False, layers.RepeatVector(3)))
    summary = f"{len(rows)} kinds of stacks raise without return_sequences=True, and work with it"
    return judged({"stacks": rows}, summary, failures)


def _stack(here: Here, name: str, shape: tuple[int, ...], sequences: bool, *between: Any) -> Any:
    """The shape that a stack returns."""
    layers = here.tf.keras.layers

    def one(sequences: bool) -> Any:
        if name == "ConvLSTM2D":
            return layers.ConvLSTM2D(UNITS, 2, return_sequences=sequences)
        made = getattr(layers, name if name in KINDS else "LSTM")(UNITS, return_sequences=sequences)
        return layers.Bidirectional(made) if name == "Bidirectional" else made

    more = {"Dropout between": layers.Dropout, "Dense between": layers.Dense}.get(name)
    own = [] if more is None else [more(0.5 if more is layers.Dropout else UNITS)]
    model = here.tf.keras.Sequential([here.tf.keras.Input(shape), one(sequences), *own, *between, one(False)])
    return model.output_shape


@measures("stateful-carries-state", seconds=3)
def stateful_carries_state(here: Here) -> Outcome:
    """Call a stateful layer twice, reset it, and call it again."""
    rows: dict[str, Any] = {}
    failures = []
    data = sequences(here, BATCH, STEPS, DEPTH)
    keras = here.tf.keras
    for kind in KINDS:
        layer = getattr(keras.layers, kind)(UNITS, stateful=True)
        first, second = (layer(data).numpy() for _ in range(2))
        (layer.reset_state if hasattr(layer, "reset_state") else layer.reset_states)()
        third = layer(data).numpy()
        open_batch = getattr(keras.layers, kind)(UNITS, stateful=True)
        error = _error(open_batch, keras.Input((STEPS, DEPTH)))
        row: dict[str, Any] = {
            "second_call_from_the_first": difference(second, first),
            "after_a_reset_from_the_first": difference(third, first),
            "error_without_a_batch_size": error,
        }
        rows[kind] = row
        carried = row["second_call_from_the_first"] >= FAR and row["after_a_reset_from_the_first"] <= ROUNDING
        failures += [] if carried and error is not None else [f"{kind}: {row}"]
    least = min(row["second_call_from_the_first"] for row in rows.values())
    summary = f"the second call differs by {least:.2g} or more, one after a reset does not; no batch size raises"
    return judged({"layers": rows, "allowed_for_rounding": ROUNDING}, summary, failures)


def _error(attempt: Callable[..., Any], *arguments: object) -> str | None:
    """The class of the error that a call raises."""
    try:
        attempt(*arguments)
    except Exception as error:
        return type(error).__name__
    return None
