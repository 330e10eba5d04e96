"""How many operations did a call add to a graph? Nodes and the nodes of new functions, as in facts.graph_cost."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rnnlint.probe.watch.record import Where


@dataclass(frozen=True, slots=True)
class Mark:
    """The state before a call."""

    graph: Any
    """The graph that gets the operations; None if they run eagerly."""
    nodes: int
    functions: int
    start: float


@dataclass(frozen=True, slots=True)
class Growth:
    """What a call did."""

    where: Where
    ops: int | None
    seconds: float


def mark() -> Mark:
    """The state of the default graph, before a call."""
    tensorflow = sys.modules.get("tensorflow")
    # Keras may use another backend, and then there is no graph.
    if tensorflow is None or tensorflow.executing_eagerly():
        return Mark(None, 0, 0, time.perf_counter())
    graph = tensorflow.compat.v1.get_default_graph()
    return Mark(graph, len(graph.get_operations()), len(_functions(graph)), time.perf_counter())


def since(before: Mark) -> Growth:
    """What was added since a mark. Placeholders stand for captured values and are not operations."""
    seconds = time.perf_counter() - before.start
    graph = before.graph
    if graph is None:
        return Growth("eager", None, seconds)
    nodes = sum(node.type != "Placeholder" for node in graph.get_operations()[before.nodes :])
    new = islice(_functions(graph).values(), before.functions, None)
    return Growth("graph", nodes + sum(len(function.definition.node_def) for function in new), seconds)


def _functions(graph: Any) -> Any:
    """The functions of a graph by name, oldest first: no public API lists them without copying everything."""
    return graph._functions


def in_graph_loop(graph: Any) -> bool:
    """Whether operations go into the body of a graph loop, which contains the cell once for all iterations."""
    if graph is None:
        return False
    if type(graph).__name__ == "WhileBodyFuncGraph":
        return True
    # In TensorFlow 1 graphs the body is among all other operations.
    current = getattr(graph, "_get_control_flow_context", lambda: None)()
    return current is not None and bool(current.IsWhileContext())
