"""Which statements about TensorFlow do the rules rest on?

Each claim is measured by one test against the installed TensorFlow (``proved_by``), and what was measured
last is recorded in ``evidence.tsv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that a measurement can confirm or refute."""

    id: str
    statement: str
    """One sentence that a rule's page may print; it says no more than was measured."""
    measured: str
    """What is counted or timed, in which unit."""
    holds_when: str
    proved_by: str
    """The test that measures it, as pytest names it."""


CLAIMS = (
    Claim(
        "static-graph-grows",
        "A static runner adds the same number of operations to the graph for every time step.",
        "graph operations at 2, 5, 10 and 20 steps: a straight line, one MatMul of a BasicRNNCell a step",
        "any cell, any control-flow version, with and without sequence_length",
        "tests/tensorflow/test_claims.py::test_a_static_runner_adds_the_same_operations_for_every_step",
    ),
    Claim(
        "loop-graph-flat",
        "dynamic_rnn adds the same number of operations whatever the number of time steps.",
        "graph operations at 2, 5, 10 and 20 steps: a constant",
        "any cell, any control-flow version, with and without sequence_length",
        "tests/tensorflow/test_claims.py::test_a_loop_adds_the_same_operations_whatever_the_length",
    ),
    Claim(
        "first-run-grows",
        "Building an unrolled graph and running it for the first time takes longer the more steps it has;"
        " with a loop in the graph it does not depend on the length.",
        "seconds to build and run once: 40 steps against 5, static against dynamic, in one process",
        "on the machine that measures; the ratio is what counts",
        "tests/tensorflow/test_claims.py::test_the_first_run_of_an_unrolled_graph_takes_longer_with_its_length",
    ),
    Claim(
        "keras-unroll-grows",
        "A Keras recurrent layer with unroll=True adds the same number of operations for every time step;"
        " with unroll=False the number does not depend on the length.",
        "operations of the concrete function at 2, 5, 10 and 20 steps",
        "SimpleRNN, LSTM, GRU; Keras 2 and Keras 3",
        "tests/tensorflow/test_claims.py::test_an_unrolled_keras_layer_adds_the_same_operations_for_every_step",
    ),
    Claim(
        "keras-unroll-needs-length",
        "A Keras layer with unroll=True over an undefined time axis raises: in Keras 2 when it is built, in Keras 3"
        " at the second length that it meets and on export.",
        "which call raises",
        "Keras 2 and Keras 3",
        "tests/tensorflow/test_claims.py::test_an_unrolled_keras_layer_over_an_undefined_time_axis_raises",
    ),
    Claim(
        "python-loop-grows",
        "A Python loop over time steps that calls a cell adds the same number of operations in every pass.",
        "graph operations at 2, 5, 10 and 20 passes: a straight line",
        "legacy and Keras cells, in a graph and inside tf.function",
        "tests/tensorflow/test_claims.py::test_a_python_loop_adds_the_same_operations_in_every_pass",
    ),
    Claim(
        "keras-3-call-has-no-autograph",
        "Keras 3 does not convert a layer's call by AutoGraph: a Python loop over a symbolic length raises there.",
        "which call raises",
        "Keras 3; Keras 2 converts and runs it",
        "tests/tensorflow/test_claims.py::test_a_loop_over_symbolic_time_in_call_raises_in_keras_3",
    ),
)


@lru_cache(maxsize=1)
def by_id() -> Mapping[str, Claim]:
    """The claims by their id."""
    return MappingProxyType({claim.id: claim for claim in CLAIMS})
