"""What does an unrolled graph cost before its first result, and what does it give back later?

Prints, for an LSTM with gradients, how long static_rnn and dynamic_rnn take to build and to run once, how
long one later call takes, and after how many calls a graph that is faster then has paid for its start. Times are
medians; ratios have the range of their median, and so have the calls.

    python tests/benchmarks/first_run.py 5 10 25 50
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from rnnlint.facts.break_even import calls_in_words
from rnnlint.probe.settled import Spread, spread

LENGTHS = (5, 10, 25, 50)
HEADS = (
    ("", "operations", "", "first run, s", "", "", "later call, ms", "", "", ""),
    ("steps", "static", "loop", "static", "loop", "ratio", "static", "loop", "ratio", "even"),
)
WIDTHS = (5, 10, 5, 13, 6, 20, 14, 7, 20, 37)


@dataclass(frozen=True, slots=True)
class Model:
    """What is built: one LSTM."""

    units: int
    batch: int
    sequence_length: bool

    def __str__(self) -> str:
        return f"with{'' if self.sequence_length else 'out'} sequence_length"


class Warm:
    """The model with gradients, built and run once."""

    def __init__(self, tf: Any, runner: str, steps: int, model: Model) -> None:
        import numpy
        from tensorflow.python.ops import rnn_cell

        v1 = tf.compat.v1
        self.feed = [numpy.ones([model.batch, steps, model.units], numpy.float32)]
        if model.sequence_length:
            self.feed.append(numpy.full([model.batch], steps, numpy.int32))
        begin = time.perf_counter()
        with v1.Graph().as_default() as graph:
            with v1.name_scope("around"):
                inputs = [v1.placeholder(tf.float32, [None, steps, model.units])]
                lengths = v1.placeholder(tf.int32, [None]) if model.sequence_length else None
                given = tf.unstack(inputs[0], axis=1) if runner == "static_rnn" else inputs[0]
            cell = rnn_cell.LSTMCell(model.units)
            outputs, _ = getattr(v1.nn, runner)(cell, given, sequence_length=lengths, dtype=tf.float32)
            with v1.name_scope("around"):
                loss = tf.reduce_sum(outputs[-1] if runner == "static_rnn" else outputs[:, -1])
            gradients = v1.gradients(loss, v1.trainable_variables())
            with v1.name_scope("around"):
                initialize = v1.global_variables_initializer()
        session = v1.Session(graph=graph)
        session.run(initialize)
        self.call = session.make_callable([loss, *gradients], [*inputs, *([] if lengths is None else [lengths])])
        self.call(*self.feed)
        self.first_run = time.perf_counter() - begin
        self.operations = sum(1 for name in _names(graph.as_graph_def()) if not name.startswith("around"))

    def later_calls(self, calls: int) -> float:
        """Seconds for one of so many calls."""
        begin = time.perf_counter()
        for _ in range(calls):
            self.call(*self.feed)
        return (time.perf_counter() - begin) / calls


def _names(graph_def: Any) -> Iterator[str]:
    """The names of all nodes; those inside of functions are part of the call that brought them."""
    yield from (node.name for node in graph_def.node)
    yield from ("function" for function in graph_def.library.function for _ in function.node_def)


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured at one length: static, dynamic."""

    steps: int
    operations: tuple[int, int]
    first_run: tuple[float, float]
    later_call: tuple[float, float]
    first_ratio: Spread
    """Of graphs that were built one after the other."""
    later_ratio: Spread
    """Of calls that ran one after the other."""
    behind: Spread
    """Seconds that the first run of static_rnn takes longer."""
    gained: Spread
    """Seconds that each of its later calls takes less."""

    @property
    def even_after(self) -> str:
        """The calls after which both have taken the same time."""
        pairs = ((self.behind.low, self.gained.high), (self.behind.high, self.gained.low))
        return calls_in_words(*(calls(behind, gained) for behind, gained in pairs))

    def cells(self) -> tuple[str, ...]:
        first, later = self.first_run, [1000 * one for one in self.later_call]
        ratio = self.first_ratio
        return (
            str(self.steps), f"{self.operations[0]:,}", f"{self.operations[1]:,}", f"{first[0]:.2f}",
            f"{first[1]:.2f}", f"{ratio.middle:.1f} ({ratio.low:.1f} to {ratio.high:.1f})", f"{later[0]:.2f}",
            f"{later[1]:.2f}", self.later_ratio.text, self.even_after,
        )  # fmt: skip


def calls(behind: float, gained: float) -> float:
    """After how many calls a lead at the start is made up for by what each gains; infinity: never."""
    if behind <= 0:
        return 0.0 if gained >= 0 else math.inf
    return behind / gained if gained > 0 else math.inf


def measure(tf: Any, steps: int, model: Model, repeats: int) -> Row:
    """Both ways at one length, in turns, so that what disturbs the machine disturbs both."""
    firsts: list[tuple[float, float]] = []
    for _ in range(repeats):
        static, loop = Warm(tf, "static_rnn", steps, model), Warm(tf, "dynamic_rnn", steps, model)
        firsts.append((static.first_run, loop.first_run))
    static.later_calls(5), loop.later_calls(5)
    laters: list[tuple[float, float]] = []
    for turn in range(20):
        if turn % 2:
            laters.append((static.later_calls(5), loop.later_calls(5)))
        else:
            behind = loop.later_calls(5)
            laters.append((static.later_calls(5), behind))
    return Row(
        steps,
        (static.operations, loop.operations),
        (median(one for one, _ in firsts), median(other for _, other in firsts)),
        (median(one for one, _ in laters), median(other for _, other in laters)),
        spread(one / other for one, other in firsts),
        spread(one / other for one, other in laters),
        spread(one - other for one, other in firsts),
        spread(other - one for one, other in laters),
    )


def line(cells: Sequence[str]) -> str:
    return "".join(cell.rjust(width) for cell, width in zip(cells, WIDTHS)).rstrip()


def load() -> str:
    """How busy the machine is before this adds to it; seconds mean little where that is much."""
    return f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""


def imported() -> Any:
    """TensorFlow, on the CPU and without its remarks."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    warnings.simplefilter("ignore")
    import tensorflow

    tensorflow.get_logger().setLevel("ERROR")
    return tensorflow


def main() -> int:
    """Measure and print; each table as soon as it is there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("lengths", nargs="*", type=int, default=LENGTHS, help="numbers of time steps (5 10 25 50)")
    parser.add_argument("--units", type=int, default=64, help="units of the LSTM and depth of its input (64)")
    parser.add_argument("--batch", type=int, default=32, help="sequences in a call (32)")
    parser.add_argument("--repeats", type=int, default=3, help="how often each graph is built (3)")
    options = parser.parse_args()
    if min(options.lengths) < 2 or options.repeats < 1:
        parser.error("a length is 2 or more, repeats are 1 or more")
    tf = imported()
    print(
        f"LSTM with gradients, {options.units} units, batch size {options.batch};"
        f" first run: median of {options.repeats}, later call: median of 20 rounds\n"
        f"TensorFlow {tf.__version__}, Python {platform.python_version()},"
        f" {sys.platform}-{platform.machine()}, {os.cpu_count()} cores, no GPU{load()}"
    )
    for sequence_length in (False, True):
        model = Model(options.units, options.batch, sequence_length)
        # The first graphs of a process pay for more than themselves.
        measure(tf, 2, model, 1)
        print(f"\n{model}", *map(line, HEADS), sep="\n", flush=True)
        for steps in options.lengths:
            print(line(measure(tf, steps, model, options.repeats).cells()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
