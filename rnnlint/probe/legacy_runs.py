"""What do the legacy runners compute for given numbers?

Each graph is separate, and its variables get the same values whichever runner made them, so that the results of two
graphs can be compared. Arrays are numpy's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rnnlint.probe.measurement import Here

__all__ = ["ROUNDING", "Built", "Ran", "build", "difference", "largest", "operations", "sequences"]

ROUNDING = 1e-5
"""The largest absolute difference that counts as rounding. Real mistakes were never below 0.001."""


@dataclass(frozen=True, slots=True)
class Ran:
    """The results of one run."""

    outputs: Any
    """[batch, steps, units]"""
    state: tuple[Any, ...]
    """The parts of the final state, each [batch, units], in the cell's order: an LSTM's are c and h."""


@dataclass(frozen=True, slots=True)
class Built:
    """One call of a runner in a separate graph, with the cell's variables set."""

    session: Any
    inputs: Any
    lengths: Any
    outputs: Any
    state: tuple[Any, ...]
    variables: Mapping[str, Any]
    """The values of the cell's variables, by their names within the cell, such as ``gates/kernel``."""

    def run(self, inputs: Any, lengths: Any = None) -> Ran:
        """Run the graph on ``inputs`` [batch, steps, depth]; lengths [batch] if it was built for them."""
        feed = {self.inputs: inputs}
        if self.lengths is not None:
            feed[self.lengths] = lengths
        outputs, state = self.session.run((self.outputs, self.state), feed)
        return Ran(outputs, tuple(state))


def build(
    here: Here,
    runner: str,
    cell: Callable[[], Any],
    *,
    depth: int,
    steps: int | None = None,
    lengths: bool = False,
) -> Built:
    """Build ``static_rnn`` (with ``steps``) or ``dynamic_rnn`` over the cell that `cell` makes.

    Raises whatever TensorFlow raises.
    """
    tf, v1 = here.tf, here.v1
    with v1.Graph().as_default() as graph:
        inputs = v1.placeholder(tf.float32, [None, steps, depth])
        given = tf.unstack(inputs, axis=1) if runner == "static_rnn" else inputs
        held = v1.placeholder(tf.int32, [None]) if lengths else None
        outputs, state = getattr(v1.nn, runner)(cell(), given, sequence_length=held, dtype=tf.float32)
        stacked = tf.stack(outputs, axis=1) if runner == "static_rnn" else outputs
        session = v1.Session(graph=graph)
        variables = _set_variables(here, v1.global_variables(), session)
        return Built(session, inputs, held, stacked, tuple(tf.nest.flatten(state)), variables)


def _set_variables(here: Here, variables: list[Any], session: Any) -> dict[str, Any]:
    numbers = here.numpy.random.RandomState(1)
    values = {}
    for one in variables:
        shape = one.shape.as_list()
        # Biases too: with the initial zeros, some mistakes would not show.
        value = numbers.normal(size=shape).astype("float32") / math.sqrt(shape[0] if len(shape) > 1 else 2)
        one.load(value, session)
        # Without the scopes of the runner and the cell.
        values[one.op.name.split("/", 2)[-1]] = value
    return values


def sequences(here: Here, batch: int, steps: int, depth: int) -> Any:
    """Inputs of normally distributed numbers, the same ones each time: [batch, steps, depth]."""
    return here.numpy.random.RandomState(0).normal(size=[batch, steps, depth]).astype("float32")


def difference(one: Any, other: Any) -> float:
    """The largest absolute difference of two arrays of the same shape, or of two sequences of such arrays."""
    pairs = zip(one, other, strict=True) if isinstance(one, (tuple, list)) else [(one, other)]
    return max(largest(left - right) for left, right in pairs)


def largest(array: Any) -> float:
    """The largest absolute number of an array, to three digits; 0 if it is empty."""
    return float(f"{abs(array).max(initial=0.0):.3g}")


def operations(built: Built) -> int:
    """The nodes of the graph and of its functions."""
    graph = built.session.graph.as_graph_def()
    return len(graph.node) + sum(len(function.node_def) for function in graph.library.function)
