"""Which statements about TensorFlow do the rules rest on?

Each claim is measured by one test against the installed TensorFlow (``proved_by``), and what was measured
last is recorded in ``evidence.tsv``; see `rnnlint.facts.evidence`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

_TESTS = "tests/measured/test_claims.py"


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that a measurement can confirm or refute."""

    id: str
    statement: str
    """What a rule's page may print; it says no more than was measured."""
    measured: str
    """What is counted or timed, in which unit."""
    holds_when: str
    proved_by: str
    """The test that measures it, as pytest names it."""


CLAIMS = (
    Claim(
        "static-graph-grows",
        "A static runner adds the same number of operations to the graph for every time step: the cell is in the"
        " graph once a step.",
        "graph operations at 2, 4, 7 and 12 steps: a straight line; MatMul operations: those of one cell a step",
        "plain cells, a stack, dropout and a cell of the user's own; with and without sequence_length; both"
        " control-flow versions; with gradients from the second step on",
        f"{_TESTS}::test_a_static_runner_adds_the_same_operations_for_every_step",
    ),
    Claim(
        "loop-graph-flat",
        "dynamic_rnn adds the same number of operations whatever the number of time steps: the cell is in the graph"
        " once.",
        "graph operations at 2, 4, 7 and 12 steps: a constant; MatMul operations: those of one cell",
        "plain cells, a stack, dropout and a cell of the user's own; with and without sequence_length; both"
        " control-flow versions; with gradients",
        f"{_TESTS}::test_a_loop_adds_the_same_operations_whatever_the_length",
    ),
    Claim(
        "first-run-grows",
        "Building an unrolled graph and running it for the first time takes longer the more steps it has; with a"
        " loop in the graph, 30 steps take about as long as 5.",
        "time to build and run once, 30 steps against 5, static_rnn against dynamic_rnn, in one process",
        "an LSTM with gradients on a CPU; the ratios are what counts",
        f"{_TESTS}::test_the_first_run_of_an_unrolled_graph_takes_longer_with_its_length",
    ),
    Claim(
        "small-unroll-runs-faster",
        "Once built and run for the first time, an unrolled graph of a small cell and few steps takes less time per"
        " call than a loop.",
        "time per later call, static_rnn against dynamic_rnn, in one process",
        "an LSTM of 16 units, 10 steps, batch size 1, with gradients and without sequence_length, on a CPU; large"
        " cells, many steps or sequence_length make the difference smaller or turn it round",
        f"{_TESTS}::test_a_small_unrolled_graph_runs_faster_than_a_loop_once_it_is_warm",
    ),
    Claim(
        "keras-unroll-grows",
        "A Keras recurrent layer with unroll=True adds the same number of operations for every time step; with"
        " unroll=False the number does not depend on the length.",
        "operations of the concrete function at 2, 4, 7 and 12 steps",
        "SimpleRNN, LSTM, GRU, RNN around a cell or a list of cells, Bidirectional; Keras 2 and Keras 3; with"
        " gradients from the second step on",
        f"{_TESTS}::test_an_unrolled_keras_layer_adds_the_same_operations_for_every_step",
    ),
    Claim(
        "keras-unroll-first-run-grows",
        "The first call of a tf.function around a Keras layer with unroll=True takes longer the more steps it has;"
        " with unroll=False, 30 steps take about as long as 5.",
        "time to trace and run once, 30 steps against 5, unroll=True against unroll=False, in one process",
        "an LSTM with gradients on a CPU; Keras 2 and Keras 3; the ratios are what counts",
        f"{_TESTS}::test_the_first_call_of_an_unrolled_keras_layer_takes_longer_with_its_length",
    ),
    Claim(
        "keras-unroll-needs-length",
        "A Keras layer with unroll=True over an undefined time axis raises: in Keras 2 when the model is built; in"
        " Keras 3 it builds, and raises at the second length that fit or predict meets, on a data set whose time"
        " axis is undefined, and on export.",
        "which calls raise",
        "SimpleRNN, LSTM, GRU in a functional model; eager calls of it run in Keras 3 at any length",
        f"{_TESTS}::test_an_unrolled_keras_layer_over_an_undefined_time_axis_raises",
    ),
    Claim(
        "python-loop-grows",
        "A Python loop over time steps that calls a cell adds the same number of operations in every pass.",
        "graph operations at 2, 4, 7 and 12 passes: a straight line",
        "legacy cells in a graph, Keras cells inside tf.function; loops over range, tf.unstack and the static shape,"
        " while loops over Python numbers",
        f"{_TESTS}::test_a_python_loop_adds_the_same_operations_in_every_pass",
    ),
    Claim(
        "autograph-loop-flat",
        "Inside tf.function, AutoGraph turns a loop over symbolic time into a loop in the graph: the number of"
        " operations does not depend on the length.",
        "operations of the concrete function at 2, 4, 7 and 12 steps: a constant, with a While among them",
        "loops over tf.range, range of a tensor and a tensor, while loops whose condition is a tensor",
        f"{_TESTS}::test_autograph_turns_a_loop_over_symbolic_time_into_a_loop_in_the_graph",
    ),
    Claim(
        "keras-3-call-has-no-autograph",
        "Keras 3 does not convert the call of a layer or model by AutoGraph: a loop over symbolic time in it raises"
        " in predict, in fit, and inside tf.function. Keras 2 converts it and runs it.",
        "which calls raise",
        "loops over tf.range, range of a tensor and a tensor, while loops whose condition is a tensor; an eager call"
        " runs in both, and so does range over the static shape, which unrolls",
        f"{_TESTS}::test_a_loop_over_symbolic_time_in_call_raises_in_keras_3",
    ),
)


@lru_cache(maxsize=1)
def by_id() -> Mapping[str, Claim]:
    """The claims by their id."""
    return MappingProxyType({claim.id: claim for claim in CLAIMS})
