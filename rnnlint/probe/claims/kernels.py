"""How do compilers and special kernels treat an unroll? XLA, and the cuDNN kernels for recurrent layers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from statistics import median
from typing import Any

from rnnlint.probe.claims.first_runs import recorded
from rnnlint.probe.measurement import Here, Outcome, judged, measures, not_measurable
from rnnlint.probe.settled import Bound, Timed, settled, spread

UNITS = BATCH = 8
QUICK, FULL = 10, 30
"""Time steps."""
CALLS, TURNS = 20, 15

_Key = tuple[bool, bool]
"""Whether it unrolls, and whether XLA compiles it."""
_WORDS: Mapping[_Key, str] = {
    (False, False): "loop",
    (True, False): "unroll",
    (False, True): "loop with XLA",
    (True, True): "unroll with XLA",
}


@measures("xla-favors-the-loop", seconds=12, timed=True)
def xla_favors_the_loop(here: Here) -> Outcome:
    """Train a Keras LSTM: first and later calls of a loop and of an unroll, with jit_compile=True and without."""
    steps = FULL if here.full else QUICK
    for key in _WORDS:
        # One-time costs of a process: the first trace, and the start of the compiler.
        _started(here, key, 2)
    return settled(lambda times: _compared([_round(here, steps) for _ in range(times)], steps))


@dataclass(frozen=True, slots=True)
class _Round:
    """All four variants, built once."""

    first: Mapping[_Key, float]
    """Seconds of the first call."""
    later: tuple[Mapping[_Key, float], ...]
    """Seconds of a later call, by turn."""


def _round(here: Here, steps: int) -> _Round:
    started = {key: _started(here, key, steps) for key in _WORDS}
    later = tuple({key: _seconds(call) for key, (_, call) in started.items()} for _ in range(TURNS))
    return _Round({key: seconds for key, (seconds, _) in started.items()}, later)


def _seconds(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - begin) / CALLS


def _started(here: Here, key: _Key, steps: int) -> tuple[float, Any]:
    """Seconds until the first gradients, and a function for later calls."""
    tf, (unroll, xla) = here.tf, key
    layer = tf.keras.layers.LSTM(UNITS, unroll=unroll)
    layer.build((None, steps, UNITS))

    def training(inputs: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(inputs))
        return tape.gradient(loss, layer.trainable_variables)

    function = tf.function(training, autograph=False, jit_compile=True if xla else None)
    inputs = tf.ones([BATCH, steps, UNITS])
    begin = time.perf_counter()
    function(inputs)
    return time.perf_counter() - begin, lambda: function(inputs)


def _compared(rounds: list[_Round], steps: int) -> Timed:
    loop, unroll, fast_loop, fast_unroll = _WORDS
    turns = [turn for one in rounds for turn in one.later]
    plain, fast = ([turn[one] / turn[other] for turn in turns] for one, other in
                   ((unroll, loop), (fast_unroll, fast_loop)))  # fmt: skip
    of = {
        "first call, unroll with XLA to loop with XLA": spread(
            one.first[fast_unroll] / one.first[fast_loop] for one in rounds
        ),
        "first call, unroll with XLA to unroll": spread(one.first[fast_unroll] / one.first[unroll] for one in rounds),
        "later call, unroll to loop": spread(plain),
        "later call, unroll with XLA to loop with XLA": spread(fast),
    }
    dearer, compiled = list(of)[:2]
    bounds = [
        Bound(dearer, of[dearer], "above", 1.3),
        Bound(compiled, of[compiled], "above", 2),
        Bound(
            "the second ratio of later calls to the first",
            spread(one / other for one, other in zip(fast, plain)), "above", 1,
        ),
    ]  # fmt: skip
    seconds = {
        _WORDS[key]: {"first": round(median(one.first[key] for one in rounds), 3),
                      "later": float(f"{median(turn[key] for turn in turns):.3g}")} for key in _WORDS
    }  # fmt: skip
    listed = "; ".join(f"{name} {found.text}" for name, found in of.items())
    return Timed({**recorded(of), "steps": steps, "seconds": seconds}, f"over {steps} steps: {listed}", bounds)


@measures("unroll-loses-cudnn", seconds=3)
def unroll_loses_cudnn(here: Here) -> Outcome:
    """Look for cuDNN operations in the graphs of LSTM and GRU, on Keras 3 as if there were a GPU."""
    try:
        found = {
            f"{kind} unroll={unroll}": _cudnn_operations(here, kind, unroll)
            for kind, unroll in product(("LSTM", "GRU"), (False, True))
        }
    except (ImportError, AttributeError) as error:
        return not_measurable(f"this Keras chooses its kernels in another way ({error}): pip install keras==3.15.1")
    failures = [
        f"{name} has {', '.join(operations) or 'no cuDNN operation'}"
        for name, operations in found.items()
        if bool(operations) == name.endswith("True")
    ]
    listed = "; ".join(f"{name} {', '.join(operations) or 'none'}" for name, operations in found.items())
    return judged({"cudnn_operations": found}, f"cuDNN operations in the graph: {listed}", failures)


def _cudnn_operations(here: Here, kind: str, unroll: bool) -> list[str]:
    """The types of cuDNN operations in the graph of a layer and its functions; nothing is run.

    Keras 2 puts both kernels into each graph, for the device to choose; Keras 3 checks the device first.
    """
    layer = getattr(here.tf.keras.layers, kind)(UNITS, unroll=unroll)
    layer.build((None, 5, UNITS))
    function = here.tf.function(lambda inputs: layer(inputs), autograph=False)
    with _a_gpu(here):
        graph = function.get_concrete_function(here.tf.TensorSpec([None, 5, UNITS])).graph.as_graph_def()
    operations = [*graph.node, *(node for one in graph.library.function for node in one.node_def)]
    return sorted({node.op for node in operations if node.op.startswith("Cudnn")})


class _a_gpu:
    """Make Keras 3 assume a GPU while a graph is built."""

    def __init__(self, here: Here) -> None:
        self._module: Any = here.module("keras.src.backend.tensorflow.rnn") if here.keras_generation == 3 else None

    def __enter__(self) -> None:
        if self._module is not None:
            self._before = self._module._is_gpu_available
            self._module._is_gpu_available = lambda: True

    def __exit__(self, *_: object) -> None:
        if self._module is not None:
            self._module._is_gpu_available = self._before
