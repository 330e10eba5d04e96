"""How long does an LSTM take to build and run for the first time, and how long per later call?

Variants are timed in batches of calls, in an order that changes from round to round, and compared with the loop of the
same round: single calls in a fixed order would distort small differences.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from rnnlint.probe.measurement import Here
from rnnlint.probe.settled import Spread, spread

__all__ = ["LOOP_OF", "Point", "Size", "Timing", "measure"]

LOOP_OF = {
    "static_rnn": "dynamic_rnn",
    "static_rnn with sequence_length": "dynamic_rnn with sequence_length",
    "Keras unroll=True": "Keras unroll=False",
}
"""Each unroll, and the loop that it is compared with."""

_BATCH_SECONDS = 0.015
"""The approximate seconds of one batch of calls, long against clock ticks and task switches."""


@dataclass(frozen=True, slots=True)
class Size:
    """The sizes of the batch and of the layer."""

    name: str
    batch: int
    depth: int
    units: int

    def __str__(self) -> str:
        return f"{self.name}: batch size {self.batch}, depth {self.depth}, {self.units} units"


@dataclass(frozen=True, slots=True)
class Point:
    """What is timed."""

    size: Size
    mode: str
    """``forward``, or ``training``: with the gradients of all variables."""
    steps: int


@dataclass(frozen=True, slots=True)
class Timing:
    """The times of one variant."""

    variant: str
    seconds_per_call: float
    """The median over the rounds, after the first calls."""
    build_seconds: float
    """Until the first result; the median over all builds."""
    ratio_to_loop: Spread
    """Its time relative to that of the loop in the same round; 1 for a loop itself."""
    behind: Spread
    """How many seconds longer its start takes than the loop's; 0 for a loop itself."""
    gained: tuple[float, ...]
    """How many seconds faster each call is than the loop's, by round."""

    @property
    def break_even(self) -> Spread:
        """After how many calls it and the loop have taken the same time; 0: at once; infinity: never."""
        gained = spread(self.gained)
        return Spread(
            _calls(self.behind.low, gained.high),
            _calls(self.behind.middle, gained.middle),
            _calls(self.behind.high, gained.low),
        )


def _calls(behind: float, gained: float) -> float:
    """The break-even from the extra time at the start and the gain per call: calls, or infinity."""
    if behind <= 0 <= gained:
        return 0.0
    return float(math.ceil(behind / gained)) if behind > 0 and gained > 0 else math.inf


@dataclass(frozen=True, slots=True)
class _Ready:
    call: Callable[[], object]
    build_seconds: float


def measure(here: Here, point: Point, variants: Sequence[str], rounds: int, builds: int = 1) -> list[Timing]:
    """Time variants and their loops together; all are built several times in turns."""
    made = [{variant: _build(here, point, variant) for variant in variants} for _ in range(builds)]
    ready = made[-1]
    calls = {variant: _calls_in_a_batch(one) for variant, one in ready.items()}
    order = list(variants)
    shuffle = random.Random(0)
    taken: dict[str, list[float]] = {variant: [] for variant in variants}
    for _ in range(rounds):
        shuffle.shuffle(order)
        for variant in order:
            taken[variant].append(_batch(ready[variant], calls[variant]))
    started = {variant: [one[variant].build_seconds for one in made] for variant in variants}
    return [_timing(variant, started, taken) for variant in variants]


def _timing(variant: str, started: Mapping[str, Sequence[float]], taken: Mapping[str, Sequence[float]]) -> Timing:
    loop = LOOP_OF.get(variant, variant)
    return Timing(
        variant,
        median(taken[variant]),
        median(started[variant]),
        spread(one / other for one, other in zip(taken[variant], taken[loop])),
        spread(one - other for one, other in zip(started[variant], started[loop])),
        tuple(other - one for one, other in zip(taken[variant], taken[loop])),
    )


def _batch(ready: _Ready, calls: int) -> float:
    """Seconds per call, for a batch of this many."""
    begin = time.perf_counter()
    for _ in range(calls):
        ready.call()
    return (time.perf_counter() - begin) / calls


def _calls_in_a_batch(ready: _Ready) -> int:
    # The calls that determine the number also warm it up.
    seconds = min(_batch(ready, 1) for _ in range(3))
    return max(1, min(200, round(_BATCH_SECONDS / seconds)))


def _build(here: Here, point: Point, variant: str) -> _Ready:
    """Build a variant and run it once, as a user who waits for the first result."""
    data = here.numpy.ones([point.size.batch, point.steps, point.size.depth], "float32")
    begin = time.perf_counter()
    call = _keras(here, point, variant, data) if variant.startswith("Keras") else _legacy(here, point, variant, data)
    call()
    return _Ready(call, time.perf_counter() - begin)


def _legacy(here: Here, point: Point, variant: str, data: Any) -> Callable[[], object]:
    tf, v1 = here.tf, here.v1
    runner, _, masked = variant.partition(" with ")
    with v1.Graph().as_default() as graph:
        inputs = [v1.placeholder(tf.float32, [None, point.steps, point.size.depth])]
        given = tf.unstack(inputs[0], axis=1) if runner == "static_rnn" else inputs[0]
        inputs += [v1.placeholder(tf.int32, [None])] if masked else []
        outputs, _ = getattr(v1.nn, runner)(
            here.rnn_cell.LSTMCell(point.size.units),
            given,
            sequence_length=inputs[1] if masked else None,
            dtype=tf.float32,
        )
        result = tf.reduce_sum(outputs[-1] if runner == "static_rnn" else outputs[:, -1])
        wanted = [result, *(v1.gradients(result, v1.trainable_variables()) if point.mode == "training" else [])]
        initialize = v1.global_variables_initializer()
    session = v1.Session(graph=graph)
    session.run(initialize)
    feed = [data, here.numpy.full([point.size.batch], point.steps, "int32")][: len(inputs)]
    call = session.make_callable(wanted, inputs)
    return lambda: call(*feed)


def _keras(here: Here, point: Point, variant: str, data: Any) -> Callable[[], object]:
    tf = here.tf
    layer = tf.keras.layers.LSTM(point.size.units, unroll=variant.endswith("True"))
    layer.build((None, point.steps, point.size.depth))

    def forward(inputs: Any) -> Any:
        return tf.reduce_sum(layer(inputs))

    def training(inputs: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = forward(inputs)
        return loss, tape.gradient(loss, layer.trainable_variables)

    function = tf.function(training if point.mode == "training" else forward, autograph=False)
    inputs = tf.constant(data)
    return lambda: function(inputs)
