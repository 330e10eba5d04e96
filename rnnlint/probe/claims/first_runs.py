"""How long does it take until there is a first result, and what does a call take afterwards?

Times are compared inside of one process, in turns, so that what disturbs the machine disturbs all that is compared.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from statistics import median
from typing import Any

from rnnlint.probe.measurement import Here, Outcome, judged, measures

UNITS = 16
BATCH = 8
ROUNDS = 3
RUNNERS = ("static_rnn", "dynamic_rnn")
QUICK = (2, 5, 10, 30)
FULL = (1, 2, 5, 10, 20, 30, 50, 100)


@dataclass(frozen=True, slots=True)
class Warm:
    """An LSTM with gradients that is built and has run once."""

    call: Callable[[Any], Any]
    data: Any
    build: float
    """Seconds until the graph was there."""
    first_run: float
    """Seconds until the first result, the building included."""

    def later_calls(self, calls: int) -> float:
        """Seconds for so many more calls."""
        begin = time.perf_counter()
        for _ in range(calls):
            self.call(self.data)
        return time.perf_counter() - begin


def warm(here: Here, runner: str, steps: int, batch: int = BATCH) -> Warm:
    """Build the graph of ``static_rnn`` or ``dynamic_rnn`` and run it once."""
    tf, v1 = here.tf, here.v1
    begin = time.perf_counter()
    with v1.Graph().as_default() as graph:
        inputs = v1.placeholder(tf.float32, [None, steps, UNITS])
        given = tf.unstack(inputs, axis=1) if runner == "static_rnn" else inputs
        outputs, _ = getattr(v1.nn, runner)(here.rnn_cell.LSTMCell(UNITS), given, dtype=tf.float32)
        loss = tf.reduce_sum(outputs[-1] if runner == "static_rnn" else outputs[:, -1])
        gradients = v1.gradients(loss, v1.trainable_variables())
        initialize = v1.global_variables_initializer()
    built = time.perf_counter() - begin
    data = here.numpy.ones([batch, steps, UNITS], "float32")
    session = v1.Session(graph=graph)
    session.run(initialize)
    call = session.make_callable([loss, *gradients], [inputs])
    call(data)
    return Warm(call, data, built, time.perf_counter() - begin)


def medians(rounds: int, *timed: Callable[[], float]) -> list[float]:
    """The median of each, measured in turns."""
    found = [[one() for one in timed] for _ in range(rounds)]
    return [median(column) for column in zip(*found)]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds at one length, static_rnn and dynamic_rnn: the median of some rounds."""

    build: tuple[float, float]
    first_run: tuple[float, float]


@lru_cache(maxsize=1)
def times(here: Here) -> dict[int, Times]:
    """By length; measured once for the claims that need it. The rounds take all lengths and runners in turns."""
    lengths = FULL if here.full else QUICK
    # The process's own first graph pays for more than itself.
    for runner in RUNNERS:
        warm(here, runner, 2)
    rounds = [{key: warm(here, *key) for key in product(RUNNERS, lengths)} for _ in range(ROUNDS)]

    def of(steps: int, what: str) -> tuple[float, float]:
        static, loop = (median(getattr(one[runner, steps], what) for one in rounds) for runner in RUNNERS)
        return static, loop

    return {steps: Times(of(steps, "build"), of(steps, "first_run")) for steps in lengths}


@measures("first-run-grows", seconds=8, timed=True)
def first_run_grows(here: Here) -> Outcome:
    """5 and 30 steps, built and run once."""
    static_5, loop_5 = times(here)[5].first_run
    static_30, loop_30 = times(here)[30].first_run
    ratios = {"static_rnn": static_30 / static_5, "dynamic_rnn": loop_30 / loop_5, "at_30_steps": static_30 / loop_30}
    failures = [] if ratios["static_rnn"] > 2 else ["static_rnn took less than twice as long at 30 steps as at 5"]
    failures += [] if ratios["dynamic_rnn"] < 2 else ["dynamic_rnn took twice as long at 30 steps as at 5"]
    failures += [] if ratios["at_30_steps"] > 1.5 else ["at 30 steps static_rnn took as long as dynamic_rnn"]
    summary = (
        f"30 steps against 5: static_rnn {ratios['static_rnn']:.1f} times as long, dynamic_rnn"
        f" {ratios['dynamic_rnn']:.1f} times; static_rnn against dynamic_rnn at 30 steps"
        f" {ratios['at_30_steps']:.1f} times"
    )
    return judged({"ratios": rounded(ratios)}, summary, failures)


@measures("build-time-grows", seconds=1, timed=True)
def build_time_grows(here: Here) -> Outcome:
    """The ratio of the times to build alone, at several lengths."""
    found = {steps: one.build for steps, one in times(here).items()}
    lengths = list(found)
    loop = [other for _, other in found.values()]
    ratios = [one / other for one, other in found.values()]
    failures = [] if ratios[-1] > 2 * ratios[0] else [f"the ratios are {ratios[0]:.2f} and {ratios[-1]:.2f}"]
    failures += [] if ratios[-1] > 2 else [f"at {lengths[-1]} steps the ratio is {ratios[-1]:.2f} only"]
    failures += [] if loop[-1] < 2 * loop[0] else ["dynamic_rnn took twice as long at the greatest length"]
    told = ", ".join(f"{ratio:.1f} times at {steps}" for steps, ratio in zip(lengths, ratios))
    rows = [
        {"steps": steps, "static_seconds": round(one, 3), "dynamic_seconds": round(other, 3),
         "static_to_dynamic": round(one / other, 2)}
        for steps, (one, other) in found.items()
    ]  # fmt: skip
    measured = {"ratios": rows, "static_takes_longer_from_steps": longer_from(lengths, ratios)}
    return judged(measured, f"building static_rnn took, against dynamic_rnn: {told} steps", failures)


def longer_from(lengths: Sequence[int], ratios: Sequence[float]) -> int | None:
    """The first measured length from which on no ratio is below 1."""
    last_below = max((at for at, ratio in enumerate(ratios) if ratio <= 1), default=-1)
    return lengths[last_below + 1] if last_below + 1 < len(lengths) else None


@measures("small-unroll-runs-faster", seconds=3, timed=True)
def small_unroll_runs_faster(here: Here) -> Outcome:
    """Calls of 10 steps at batch size 1; each ratio is of neighbours in time."""
    static, loop = (warm(here, runner, 10, batch=1) for runner in ("static_rnn", "dynamic_rnn"))
    for one in (static, loop):
        one.later_calls(20)
    ratios = []
    for index in range(15):
        # Who is first changes from round to round.
        if index % 2:
            first, second = static.later_calls(20), loop.later_calls(20)
        else:
            second, first = loop.later_calls(20), static.later_calls(20)
        ratios.append(first / second)
    ratio = median(ratios)
    failures = [] if ratio < 0.9 else [f"static_rnn took {ratio:.2f} of the time of dynamic_rnn"]
    summary = f"static_rnn takes {ratio:.2f} of the time of dynamic_rnn per call"
    return judged({"static_to_dynamic": round(ratio, 3)}, summary, failures)


@measures("keras-unroll-first-run-grows", seconds=9, timed=True)
def keras_unroll_first_run_grows(here: Here) -> Outcome:
    """5 and 30 steps, traced and run once in a tf.function."""
    tf = here.tf

    def timed(unroll: bool, steps: int) -> Callable[[], float]:
        def seconds() -> float:
            layer, data = tf.keras.layers.LSTM(UNITS, unroll=unroll), tf.ones([BATCH, steps, UNITS])
            begin = time.perf_counter()
            gradients_of(tf, layer)(data)
            return time.perf_counter() - begin

        return seconds

    timed(True, 2)(), timed(False, 2)()
    unrolled_5, unrolled_30, loop_5, loop_30 = medians(
        ROUNDS, timed(True, 5), timed(True, 30), timed(False, 5), timed(False, 30)
    )
    ratios = {"unroll": unrolled_30 / unrolled_5, "loop": loop_30 / loop_5, "at_30_steps": unrolled_30 / loop_30}
    failures = [] if ratios["unroll"] > 2 else ["unroll=True took less than twice as long at 30 steps as at 5"]
    failures += [] if ratios["loop"] < 2 else ["unroll=False took twice as long at 30 steps as at 5"]
    summary = (
        f"30 steps against 5: unroll=True {ratios['unroll']:.1f} times as long, unroll=False"
        f" {ratios['loop']:.1f} times; unroll=True against unroll=False at 30 steps {ratios['at_30_steps']:.1f} times"
    )
    return judged({"ratios": rounded(ratios)}, summary, failures)


def gradients_of(tf: Any, layer: Any) -> Any:
    """A tf.function of the layer's gradients; the layer gets its variables first."""
    layer(tf.zeros([2, 2, UNITS]))

    def call(inputs: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(inputs))
        return tape.gradient(loss, layer.trainable_variables)

    return tf.function(call, autograph=False)


def rounded(ratios: dict[str, float]) -> dict[str, float]:
    """As they are recorded."""
    return {name: round(value, 2) for name, value in ratios.items()}
