"""How long does the first result take, and how long do later calls take?

Times are compared within one process, in turns, so that disturbances of the machine affect all variants.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from statistics import median
from typing import Any

from rnnlint.probe.measurement import Here, Outcome, measures
from rnnlint.probe.settled import Bound, Spread, Timed, settled, spread

UNITS = 16
BATCH = 8
ROUNDS = 3
CALL_ROUNDS = 15
RUNNERS = ("static_rnn", "dynamic_rnn")
KERAS = {"unroll=True": True, "unroll=False": False}
QUICK = (2, 5, 10, 30)
FULL = (1, 2, 5, 10, 20, 30, 50, 100)


@dataclass(frozen=True, slots=True)
class Warm:
    """An LSTM with gradients whose graph was built and has run once."""

    call: Callable[[Any], Any]
    data: Any
    build: float
    """Seconds until the graph was built."""
    first_run: float
    """Seconds until the first result, including the building."""

    def later_calls(self, calls: int) -> float:
        """Run this many more calls and return the seconds."""
        begin = time.perf_counter()
        for _ in range(calls):
            self.call(self.data)
        return time.perf_counter() - begin


@dataclass(frozen=True, slots=True)
class Graph:
    """An LSTM with gradients whose graph is built, but has not run."""

    graph: Any
    inputs: Any
    fetched: tuple[Any, ...]
    initialize: Any
    steps: int


def build(here: Here, runner: str, steps: int) -> Graph:
    """Build the graph of ``static_rnn`` or ``dynamic_rnn``."""
    tf, v1 = here.tf, here.v1
    with v1.Graph().as_default() as graph:
        inputs = v1.placeholder(tf.float32, [None, steps, UNITS])
        given = tf.unstack(inputs, axis=1) if runner == "static_rnn" else inputs
        outputs, _ = getattr(v1.nn, runner)(here.rnn_cell.LSTMCell(UNITS), given, dtype=tf.float32)
        loss = tf.reduce_sum(outputs[-1] if runner == "static_rnn" else outputs[:, -1])
        gradients = v1.gradients(loss, v1.trainable_variables())
        return Graph(graph, inputs, (loss, *gradients), v1.global_variables_initializer(), steps)


def run_once(here: Here, built: Graph, batch: int = BATCH) -> tuple[Callable[[Any], Any], Any]:
    """Run it for the first time; return a function for later calls, and its data."""
    session = here.v1.Session(graph=built.graph)
    session.run(built.initialize)
    call = session.make_callable(list(built.fetched), [built.inputs])
    data = here.numpy.ones([batch, built.steps, UNITS], "float32")
    call(data)
    return call, data


def warm(here: Here, runner: str, steps: int, batch: int = BATCH) -> Warm:
    """Build the graph of ``static_rnn`` or ``dynamic_rnn`` and run it once."""
    begin = time.perf_counter()
    built = build(here, runner, steps)
    after = time.perf_counter()
    call, data = run_once(here, built, batch)
    return Warm(call, data, after - begin, time.perf_counter() - begin)


@dataclass(frozen=True, slots=True)
class Round:
    """All runners at all lengths in turn: seconds by runner and length."""

    build: dict[tuple[str, int], float]
    first_run: dict[tuple[str, int], float]


Rounds = tuple[Round, ...]


@lru_cache(maxsize=2)
def rounds_of(here: Here, times: int) -> Rounds:
    """Multiply the number of rounds by this; measured once for all claims that need it."""
    lengths = FULL if here.full else QUICK
    # The first graph of a process has extra costs.
    for runner in RUNNERS:
        warm(here, runner, 2)
    return tuple(_round(here, lengths) for _ in range(times * ROUNDS))


def _round(here: Here, lengths: Sequence[int]) -> Round:
    found = {key: warm(here, *key) for key in product(RUNNERS, lengths)}
    return Round({key: one.build for key, one in found.items()}, {key: one.first_run for key, one in found.items()})


def ratio_of(rounds: Iterable[Mapping[tuple[str, int], float]], key: tuple[str, int], to: tuple[str, int]) -> Spread:
    """How many times as long one took as the other in the same round."""
    return spread(one[key] / one[to] for one in rounds)


@measures("first-run-grows", seconds=8, timed=True)
def first_run_grows(here: Here) -> Outcome:
    """5 and 30 steps, built and run once."""
    return settled(lambda times: grown([one.first_run for one in rounds_of(here, times)], RUNNERS))


def grown(rounds: Sequence[Mapping[tuple[str, int], float]], pair: tuple[str, str]) -> Timed:
    """Whether 30 steps take longer than 5 when unrolled, but not as a loop; `pair` names both."""
    unroll, loop = pair
    ratios = {
        unroll: ratio_of(rounds, (unroll, 30), (unroll, 5)),
        loop: ratio_of(rounds, (loop, 30), (loop, 5)),
        "at_30_steps": ratio_of(rounds, (unroll, 30), (loop, 30)),
    }
    bounds = [
        Bound(f"{unroll}, 30 steps against 5", ratios[unroll], "above", 2),
        Bound(f"{loop}, 30 steps against 5", ratios[loop], "below", 2),
        # No stronger bound: in Keras 2 the graph of the loop has a second version for the GPU, and also starts late.
        Bound(f"{unroll} against {loop}, 30 steps", ratios["at_30_steps"], "above", 1),
    ]
    summary = "; ".join(f"{one.what}: {one.found.text} times as long" for one in bounds)
    return Timed(recorded(ratios), summary, bounds)


@measures("build-time-grows", seconds=1, timed=True)
def build_time_grows(here: Here) -> Outcome:
    """The ratio of the build times, at several lengths."""
    return settled(lambda times: built([one.build for one in rounds_of(here, times)]))


def built(rounds: Sequence[Mapping[tuple[str, int], float]]) -> Timed:
    """How the time to build static_rnn, relative to dynamic_rnn, depends on the length."""
    static, loop = RUNNERS
    lengths = sorted({steps for _, steps in rounds[0]})
    first, last = lengths[0], lengths[-1]
    ratios = [ratio_of(rounds, (static, steps), (loop, steps)) for steps in lengths]
    bounds = [
        Bound(f"static_rnn at {last} steps against {first}", ratio_of(rounds, (static, last), (static, first)),
              "above", 2),
        Bound(f"dynamic_rnn at {last} steps against {first}", ratio_of(rounds, (loop, last), (loop, first)),
              "below", 2),
        Bound(f"static_rnn against dynamic_rnn at {last} steps", ratios[-1], "above", 2),
        Bound("static_rnn against dynamic_rnn at 2 steps", ratios[lengths.index(2)], "below", 1),
    ]  # fmt: skip
    listed = ", ".join(f"{ratio.text} times at {steps}" for steps, ratio in zip(lengths, ratios))
    rows = [
        {"steps": steps, "static_seconds": round(median(one[static, steps] for one in rounds), 4),
         "dynamic_seconds": round(median(one[loop, steps] for one in rounds), 4),
         "static_to_dynamic": round(ratio.middle, 2), "static_to_dynamic_range": ratio.range}
        for steps, ratio in zip(lengths, ratios)
    ]  # fmt: skip
    longer = longer_from(lengths, [one.middle for one in ratios])
    measured = {"ratios": rows, "static_takes_longer_from_steps": longer, "rounds": len(rounds)}
    return Timed(measured, f"building static_rnn took, compared with dynamic_rnn: {listed} steps", bounds)


def longer_from(lengths: Sequence[int], ratios: Sequence[float]) -> int | None:
    """The first measured length from which on all ratios are at least 1."""
    last_below = max((at for at, ratio in enumerate(ratios) if ratio <= 1), default=-1)
    return lengths[last_below + 1] if last_below + 1 < len(lengths) else None


@measures("small-unroll-runs-faster", seconds=3, timed=True)
def small_unroll_runs_faster(here: Here) -> Outcome:
    """Calls of 10 steps at batch size 1; each ratio is of consecutive runs."""
    static, loop = (warm(here, runner, 10, batch=1) for runner in RUNNERS)
    for one in (static, loop):
        one.later_calls(20)
    return settled(lambda times: _faster(static, loop, times * CALL_ROUNDS))


def _faster(static: Warm, loop: Warm, rounds: int) -> Timed:
    ratios = []
    for index in range(rounds):
        # The order changes from round to round.
        if index % 2:
            first, second = static.later_calls(20), loop.later_calls(20)
        else:
            second, first = loop.later_calls(20), static.later_calls(20)
        ratios.append(first / second)
    found = spread(ratios)
    measured = {"static_to_dynamic": round(found.middle, 3), "static_to_dynamic_range": found.range}
    summary = f"static_rnn takes {found.text} of the time of dynamic_rnn per call"
    return Timed(measured, summary, [Bound("static_rnn, of the time of dynamic_rnn", found, "below", 0.9)])


@measures("keras-unroll-first-run-grows", seconds=9, timed=True)
def keras_unroll_first_run_grows(here: Here) -> Outcome:
    """5 and 30 steps, traced and run once in a tf.function."""
    for unroll in KERAS.values():
        _traced(here, unroll, 2)
    return settled(lambda times: grown([_keras_round(here) for _ in range(times * ROUNDS)], tuple(KERAS)))  # type: ignore[arg-type]


def _keras_round(here: Here) -> dict[tuple[str, int], float]:
    return {(name, steps): _traced(here, unroll, steps) for steps in (5, 30) for name, unroll in KERAS.items()}


def _traced(here: Here, unroll: bool, steps: int) -> float:
    """Seconds until the first result, including the tracing."""
    tf = here.tf
    layer, data = tf.keras.layers.LSTM(UNITS, unroll=unroll), tf.ones([BATCH, steps, UNITS])
    begin = time.perf_counter()
    gradients_of(tf, layer)(data)
    return time.perf_counter() - begin


def gradients_of(tf: Any, layer: Any) -> Any:
    """A tf.function of the layer's gradients; the layer's variables are created first."""
    layer(tf.zeros([2, 2, UNITS]))

    def call(inputs: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(inputs))
        return tape.gradient(loss, layer.trainable_variables)

    return tf.function(call, autograph=False)


def recorded(ratios: Mapping[str, Spread]) -> dict[str, Any]:
    """The ratios in recorded form."""
    return {
        "ratios": {name: round(one.middle, 2) for name, one in ratios.items()},
        "ranges": {name: one.range for name, one in ratios.items()},
    }
