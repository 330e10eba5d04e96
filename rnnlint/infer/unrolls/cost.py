"""How many operations does an unrolling call add to the graph, and how many would the dynamic runner add?"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

from rnnlint.facts.graph_cost import Cell, Law, dynamic, dynamic_bidirectional, static, static_bidirectional
from rnnlint.facts.runners import STATIC_INPUTS
from rnnlint.facts.symbols import Symbol
from rnnlint.infer.tensorflow.arguments import Arguments
from rnnlint.infer.tensorflow.built_cells import may_be_built
from rnnlint.infer.tensorflow.graph_mode import mode_of
from rnnlint.infer.values import guards, iteration
from rnnlint.infer.values.domain import ANY, Abstract, Constant, Int, RnnCell, Sequence, Tensor, Undefined
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.values import External, Module

Laws = tuple[Law | None, Law | None]

_RUNNERS = ("rnn", "static_rnn", "bidirectional_rnn", "static_bidirectional_rnn")


def laws(evaluator: Evaluator, module: Module, symbol: Symbol, call: ast.Call, target: tuple[int, int]) -> Laws:
    """The cost of a static runner's call, and of the equivalent dynamic runner; None if unknown.

    Not exact for a cell that already has its variables, or for a release that was not measured.
    """
    leaf = symbol.path.rsplit(".", 1)[-1]
    arguments = Arguments(evaluator, call, module, None)
    if leaf not in _RUNNERS or arguments.hidden or _in_scope_with_options(call, module):
        return None, None
    nodes = [arguments.node(0, "cell", "cell_fw")]
    if STATIC_INPUTS[leaf] == 2:
        nodes.append(arguments.node(1, "cell_bw"))
    batch = _batch(evaluator.query(node, module) if (node := arguments.node(len(nodes), "inputs")) else ANY)
    lengths = _lengths(evaluator, arguments, len(nodes) + 3) if batch is not None else None
    if batch is None or lengths is None:
        return None, None
    cells = [cell for cell in (_cell(node, evaluator, module) for node in nodes) if cell is not None]
    if len(cells) < len(nodes):
        return None, None
    mode = mode_of(module, target)
    options = {
        "batch_known": batch,
        "control_flow": mode.control_flow,
        "resource_variables": mode.resource_variables,
        **lengths,
    }
    found = _laws(cells, arguments, options)
    exact = mode.measured and not any(may_be_built(node, call, module) for node in nodes if node is not None)
    return found if exact else (_about(found[0]), _about(found[1]))


def _laws(cells: list[Cell], arguments: Arguments, options: dict[str, Any]) -> Laws:
    if len(cells) == 2:
        states = _is_given(arguments, 3, "initial_state_fw"), _is_given(arguments, 4, "initial_state_bw")
        return (
            static_bidirectional(*cells, initial_state=states, **options),
            dynamic_bidirectional(*cells, initial_state=states, **options),
        )
    state = _is_given(arguments, 2, "initial_state")
    return static(*cells, initial_state=state, **options), dynamic(*cells, initial_state=state, **options)


def _about(law: Law | None) -> Law | None:
    return None if law is None else replace(law, exact=False)


def _cell(node: ast.expr | None, evaluator: Evaluator, module: Module) -> Cell | None:
    value = evaluator.query(node, module) if node is not None else None
    return evaluator.bounded(lambda: value.cost, None) if isinstance(value, RnnCell) else None


def _batch(inputs: Abstract) -> bool | None:
    """Whether the graph knows the batch size; None if the code does not show it."""
    first = inputs.items[0] if isinstance(inputs, Sequence) and inputs.items else iteration.each(inputs)
    if not isinstance(first, Tensor) or not first.shape:
        return None
    if isinstance(first.shape[0], Undefined):
        return False
    return True if isinstance(first.shape[0], Int) and first.shape[0] != ANY else None


def _lengths(evaluator: Evaluator, arguments: Arguments, position: int) -> dict[str, Any] | None:
    """Whether sequence_length is passed and in which form; None if unknown."""
    node = arguments.node(position, "sequence_length")
    value = evaluator.query(node, arguments.module) if node is not None else Constant(None)
    if isinstance(value, Constant) and value.value is None:
        return {"sequence_length": False}
    if isinstance(value, Sequence):
        return {"sequence_length": True, "lengths": "constant"}
    kind = _integer_kind(node, arguments.module)
    return {"sequence_length": True, "lengths": kind} if kind is not None else None


def _integer_kind(node: ast.expr | None, module: Module) -> str | None:
    """``int32`` or ``int64`` for a tensor from a placeholder or a cast; None if neither is written."""
    if isinstance(node, ast.Name):
        bindings = module.bindings(node)
        node = bindings[0].value if len(bindings) == 1 else None
        for step in bindings[0].path if len(bindings) == 1 else ():
            is_there = isinstance(node, (ast.Tuple, ast.List)) and isinstance(step, int) and step < len(node.elts)
            node = node.elts[step] if is_there else None  # type: ignore[union-attr]
    if not isinstance(node, ast.Call):
        return None
    kinds = {
        value.path.rsplit(".", 1)[-1]
        for argument in [*node.args, *(k.value for k in node.keywords)]
        for value in module.values(argument)
        if isinstance(value, External)
    }
    return next((kind for kind in ("int32", "int64") if kind in kinds), None)


def _is_given(arguments: Arguments, position: int, name: str) -> bool:
    node = arguments.node(position, name)
    return node is not None and not (isinstance(node, ast.Constant) and node.value is None)


def _in_scope_with_options(call: ast.Call, module: Module) -> bool:
    """Whether a variable scope around the call may change how variables are created (initializer, reuse, …)."""
    items = (
        item
        for at in guards.owners(module.tree.home_of(call)[1], module)
        if isinstance(at, ast.With)
        for item in at.items
    )
    return any(
        k.arg in ("initializer", "reuse", "regularizer", "partitioner", "custom_getter", "dtype")
        for item in items
        if isinstance(item.context_expr, ast.Call)
        for k in item.context_expr.keywords
    )
