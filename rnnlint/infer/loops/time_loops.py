"""Which Python loops put a cell into the graph once per time step, how often, and at what cost?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rnnlint.facts import graph_cost
from rnnlint.facts.graph_cost import Law
from rnnlint.infer.keras import graph_code
from rnnlint.infer.loops import symbolic
from rnnlint.infer.loops.cell_calls import Callee, callee
from rnnlint.infer.loops.evidence import COMPREHENSIONS, LOOPS, Comprehension, Header, Loop
from rnnlint.infer.loops.symbolic import Symbols
from rnnlint.infer.tensorflow.built_cells import may_be_built
from rnnlint.infer.tensorflow.graph_mode import mode_of
from rnnlint.infer.values import callers, guards, iteration, loop_passes
from rnnlint.infer.values.domain import ANY, Int, RnnCell
from rnnlint.infer.values.interface import Evaluator
from rnnlint.infer.values.loop_length import passes_of_while
from rnnlint.resolve.prospects import prospects_of
from rnnlint.resolve.scopes import Scope
from rnnlint.resolve.values import Module

_FEW = 10


@dataclass(frozen=True, slots=True)
class TimeLoop:
    """A Python loop over time steps with the cell that it calls in each iteration."""

    node: Loop | Comprehension
    length: Int
    call: ast.Call | None = None
    law: Law | None = None
    """What the calls of the cell add to the graph, if the cell is known."""
    callee: Callee | None = None
    """The call of the cell in one iteration."""
    symbolic: bool = False
    """Whether it is a loop over a tensor in the ``call`` of a Keras layer or model: no unroll, and Keras 3 raises."""

    @property
    def graph_ops(self) -> int | None:
        """The operations that the calls of the cell add in the default run; other operations of an iteration are not
        counted."""
        if self.law is None or not self.law.exact or not self.length.default:
            return None
        return self.law.at(self.length.default)


def find(evaluator: Evaluator, module: Module, target: tuple[int, int], keras: int) -> Iterator[TimeLoop]:
    """The time loops of a module in graph-building code, each once; of nested ones the innermost.

    ``target`` is the release and ``keras`` the Keras, 2 or 3, that operations are counted for.
    """
    yield from (TimeLoop(loop, ANY, symbolic=True) for loop in symbolic.loops_of_keras_calls(evaluator, module))
    for node, steps in _loops(evaluator, module).items():
        first = steps[0]
        length = _length(evaluator, node, module, module.tree.home_of(first.call)[0])
        if length is not None and length.high != 0:
            laws = [_law(evaluator, one, node, module, target, keras) for one in steps]
            law = None if None in laws else sum((one for one in laws[1:] if one is not None), laws[0] or Law(0, 0))
            yield TimeLoop(node, length, first.call, law, first)


def _loops(evaluator: Evaluator, module: Module) -> dict[Loop | Comprehension, list[Callee]]:
    """The loops over time, and the calls of cells in each iteration."""
    found: dict[Loop | Comprehension, list[Callee]] = {}
    headers: dict[ast.AST, Header] = {}
    for call in prospects_of(module).looped_calls:
        scope, statement = module.tree.home_of(call)
        loops = [headers.setdefault(node, Header(node)) for node in _around(call, module)]
        loops = [loop for loop in loops if loop.may_be_over_time(call, statement)]
        one = callee(evaluator, call, module) if loops else None
        if one is None:
            continue
        header = next((loop for loop in loops if loop.is_over_time(one, statement)), None)
        if header is None or not _in_graph(one, scope, statement, module):
            continue
        if header.is_bare(one, statement) and _is_short(evaluator, header.node, module, scope):
            continue
        found.setdefault(header.node, []).append(one)
    return found


def _is_short(evaluator: Evaluator, loop: Loop | Comprehension, module: Module, scope: Scope) -> bool:
    """Whether a loop has so few iterations that they may be layers that share a cell."""
    length = _length(evaluator, loop, module, scope)
    return length is not None and length.high is not None and length.high < _FEW


def _around(call: ast.Call, module: Module) -> Iterator[Loop | Comprehension]:
    """The loops around a call, innermost first, within its function."""
    scope: Scope | None
    scope, statement = module.tree.home_of(call)
    while scope is not None and scope.kind in ("comprehension", "lambda"):
        if isinstance(scope.node, COMPREHENSIONS):
            yield scope.node
        scope = scope.parent
    at: ast.stmt | None = statement
    while at is not None:
        block, _ = module.tree.positions[at]
        if block.role == "loop" and isinstance(block.owner, LOOPS):
            yield block.owner
        at = block.owner


def _in_graph(found: Callee, scope: Scope, statement: ast.stmt, module: Module) -> bool:
    """Whether the call adds operations to a graph, judged by the code around it or by the module."""
    if graph_code.traced(scope, module):
        return True
    if graph_code.under_tape(statement, module):
        return False
    if graph_code.keras_call(scope, module) is not None:
        return True
    if found.legacy:
        return not graph_code.is_eager_module(module)
    return graph_code.is_graph_module(module) or found.keras and graph_code.makes_functional_model(module)


# ---- how long is it, and what does it cost?


def _length(evaluator: Evaluator, loop: Loop | Comprehension, module: Module, scope: Scope) -> Int | None:
    """The number of iterations; None for a loop over a tensor, which is not a Python loop."""
    if isinstance(loop, ast.While):
        if Symbols(evaluator, module, scope, False).holds(loop.test):
            return None
        return evaluator.bounded(lambda: passes_of_while(evaluator, loop, module), ANY)
    if isinstance(loop, (ast.For, ast.AsyncFor)):
        length = _of_iterable(evaluator, loop.iter, module, scope)
        leaves = any(isinstance(node, ast.Break) for node in loop_passes.own_statements(loop.body))
        return replace(length, low=0, default=None) if leaves and length is not None else length
    lengths = [_of_iterable(evaluator, generator.iter, module, scope) for generator in loop.generators]
    if None in lengths:
        return None
    if len(lengths) > 1 or lengths[0] is None:
        return ANY
    return replace(lengths[0], low=0, default=None) if loop.generators[0].ifs else lengths[0]


def _of_iterable(evaluator: Evaluator, iterated: ast.expr, module: Module, scope: Scope) -> Int | None:
    if Symbols(evaluator, module, scope, False).holds(iterated):
        return None
    found = iteration.length(evaluator.query(iterated, module))
    return callers.length_for_each(evaluator, iterated, module, found, iteration.length)


def _law(
    evaluator: Evaluator,
    found: Callee,
    loop: Loop | Comprehension,
    module: Module,
    target: tuple[int, int],
    keras: int,
) -> Law | None:
    """What the call of a cell, or of each cell of an inner loop, adds to the graph."""
    inner = next((one for one in _around(found.call, module) if one is not loop), None)
    times = 1
    if inner is not None and not found.cells and _is_inside(inner, loop, module):
        passes = _length(evaluator, inner, module, module.tree.home_of(found.call)[0])
        if passes is None or passes.exact is None:
            return None
        times = passes.exact
    if found.keras_cell is not None:
        step = graph_cost.loop_step(found.keras_cell, keras=keras)
        return None if step is None else Law(0, step * times)
    if found.cells and all(one is not None for one in found.keras_cells):
        steps = [graph_cost.loop_step(one, keras=keras) for one in found.keras_cells if one is not None]
        return None if None in steps else Law(0, sum(step or 0 for step in steps))
    held = found.cells or (evaluator.query(found.function, module),)
    mode = mode_of(module, target)
    costs = evaluator.bounded(lambda: [one.cost if isinstance(one, RnnCell) else None for one in held], [None])
    laws = [
        graph_cost.python_loop(one, resource_variables=mode.resource_variables) if one is not None else None
        for one in costs
    ]
    known = [law for law in laws if law is not None]
    if not known or len(known) < len(laws):
        return None
    exact = mode.measured and not may_be_built(found.function, found.call, module)
    total = sum(known[1:], known[0])
    total = Law(total.fixed, total.per_step * times, total.exact)
    return total if exact else replace(total, exact=False)


def _is_inside(inner: ast.AST, loop: ast.AST, module: Module) -> bool:
    """Whether a loop is within another one."""
    return isinstance(inner, ast.stmt) and any(at is loop for at in guards.owners(inner, module) if at is not inner)
