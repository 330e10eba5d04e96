"""How many operations did a call add to a graph? Nodes and the nodes of new functions, as facts.graph_cost defines."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rnnlint.probe.watch.record import Where


@dataclass(frozen=True, slots=True)
class Mark:
    """How things stood before a call."""

    graph: Any
    """The graph that operations go to; None where they run at once."""
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
    # Keras may run on something else, and then there is no graph.
    if tensorflow is None or tensorflow.executing_eagerly():
        return Mark(None, 0, 0, time.perf_counter())
    graph = tensorflow.compat.v1.get_default_graph()
    return Mark(graph, len(graph.get_operations()), len(_functions(graph)), time.perf_counter())


def since(before: Mark) -> Growth:
    """What came in since a mark was made. Placeholders stand for what a function captures: no operations."""
    seconds = time.perf_counter() - before.start
    graph = before.graph
    if graph is None:
        return Growth("eager", None, seconds)
    nodes = sum(node.type != "Placeholder" for node in graph.get_operations()[before.nodes :])
    new = islice(_functions(graph).values(), before.functions, None)
    return Growth("graph", nodes + sum(len(function.definition.node_def) for function in new), seconds)


def _functions(graph: Any) -> Any:
    """The functions of a graph by name, oldest first: there is no public way to list them without a copy of it all."""
    return graph._functions


def in_graph_loop(graph: Any) -> bool:
    """Whether operations go into the body of a loop of the graph, which has the cell once for all passes."""
    if graph is None:
        return False
    if type(graph).__name__ == "WhileBodyFuncGraph":
        return True
    # Graphs of TensorFlow 1 have the body among all other operations.
    current = getattr(graph, "_get_control_flow_context", lambda: None)()
    return current is not None and bool(current.IsWhileContext())
