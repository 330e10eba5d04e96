"""How many time steps does this call put into the graph?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rnnlint.facts import symbols
from rnnlint.facts.graph_cost import Cell, Law, dynamic, dynamic_bidirectional, static, static_bidirectional
from rnnlint.facts.runners import BUCKETED, DECODERS, ENCODER_DECODERS, STATIC_INPUTS, unrolls
from rnnlint.facts.symbols import Symbol
from rnnlint.infer import buckets, calls
from rnnlint.infer.arguments import Arguments
from rnnlint.infer.domain import ANY, Abstract, Constant, Int, RnnCell, Sequence, Tensor, Undefined
from rnnlint.infer.evaluate import Evaluator
from rnnlint.resolve.module import Module
from rnnlint.resolve.values import External, Partial


@dataclass(frozen=True, slots=True)
class Unroll:
    """A call that unrolls a cell over a list, with the number of steps that it takes."""

    call: ast.Call
    symbol: Symbol
    length: Int
    law: Law | None = None
    """What the call adds to the graph; None where the cell or the batch size is not known."""
    loop: Law | None = None
    """What the dynamic runner would add for the same cell."""

    @property
    def graph_ops(self) -> int | None:
        """The operations that the call adds in the default run, where they are known to the last one."""
        if self.law is None or not self.law.exact or not self.length.default:
            return None
        return self.law.at(self.length.default)


def find(evaluator: Evaluator, module: Module) -> Iterator[Unroll]:
    """Every call of the module that unrolls, also through variables that the project assigned."""
    for call in module.prospects.unrolling_calls:
        symbol = _called(module, call)
        if symbol is not None:
            yield Unroll(call, symbol, steps(evaluator, module, symbol, call), *_laws(evaluator, module, symbol, call))


def _called(module: Module, call: ast.Call) -> Symbol | None:
    for value in module.values(call.func):
        while isinstance(value, Partial):
            value = value.of
        symbol = symbols.find(value.path) if isinstance(value, External) else None
        if symbol is not None and unrolls(symbol):
            return symbol
    return None


def steps(evaluator: Evaluator, module: Module, symbol: Symbol, call: ast.Call) -> Int:
    """The number of time steps that a call unrolls; for an encoder with a decoder the longer of the two."""
    leaf = symbol.path.rsplit(".", 1)[-1]
    if leaf == BUCKETED:
        pairs = _query(evaluator, module, call, 4, "buckets")
        sides = [buckets.largest(pairs, side) for side in (0, 1)]
        return ANY if sides[0] is None or sides[1] is None else _longer(sides[0], sides[1])
    if leaf in ENCODER_DECODERS:
        encoder = calls.length(_query(evaluator, module, call, 0, "encoder_inputs"))
        decoder = calls.length(_query(evaluator, module, call, 1, "decoder_inputs"))
        return _longer(encoder, decoder)
    position = STATIC_INPUTS.get(leaf, DECODERS.get(leaf, 0))
    inputs = _query(evaluator, module, call, position, "inputs", "decoder_inputs")
    # A runner refuses a tensor: only a sequence has steps.
    return ANY if isinstance(inputs, Tensor) else calls.length(inputs)


def _query(evaluator: Evaluator, module: Module, call: ast.Call, position: int, *names: str) -> Abstract:
    node = Arguments(evaluator, call, module, None).node(position, *names)
    return evaluator.query(node, module) if node is not None else ANY


def _longer(one: Int, other: Int) -> Int:
    if one.default is None or other.default is None:
        return Int(max(one.low, other.low), None, None, one.origin + other.origin)
    longer = one if one.default >= other.default else other
    high = None if one.high is None or other.high is None else max(one.high, other.high)
    return Int(max(one.low, other.low), high, longer.default, longer.origin)


def _laws(evaluator: Evaluator, module: Module, symbol: Symbol, call: ast.Call) -> tuple[Law | None, Law | None]:
    """The cost of a static runner's call, and of the dynamic runner in its place."""
    leaf = symbol.path.rsplit(".", 1)[-1]
    if leaf not in ("rnn", "static_rnn", "bidirectional_rnn", "static_bidirectional_rnn"):
        return None, None
    arguments = Arguments(evaluator, call, module, None)
    if arguments.hidden or _in_scope_with_options(call, module):
        return None, None
    both = STATIC_INPUTS[leaf] == 2
    cells = [_cell(arguments, 0, "cell", "cell_fw")] + ([_cell(arguments, 1, "cell_bw")] if both else [])
    batch = _batch(evaluator.query(node, module) if (node := arguments.node(len(cells), "inputs")) else ANY)
    lengths = _lengths(evaluator, arguments, 5 if both else 4)
    if batch is None or lengths is None or None in cells:
        return None, None
    known = [cell for cell in cells if cell is not None]
    if both:
        states = _is_given(arguments, 3, "initial_state_fw"), _is_given(arguments, 4, "initial_state_bw")
        options = {"batch_known": batch, "initial_state": states, **lengths}
        return static_bidirectional(*known, **options), dynamic_bidirectional(*known, **options)
    options = {"batch_known": batch, "initial_state": _is_given(arguments, 2, "initial_state"), **lengths}
    return static(*known, **options), dynamic(*known, **options)


def _cell(arguments: Arguments, position: int, *names: str) -> Cell | None:
    node = arguments.node(position, *names)
    value = arguments.evaluator.query(node, arguments.module) if node is not None else None
    return value.cost if isinstance(value, RnnCell) else None


def _batch(inputs: Abstract) -> bool | None:
    """Whether the batch size is known to the graph; None where the code does not show it."""
    first = inputs.items[0] if isinstance(inputs, Sequence) and inputs.items else calls.each(inputs)
    if not isinstance(first, Tensor) or not first.shape:
        return None
    if isinstance(first.shape[0], Undefined):
        return False
    return True if isinstance(first.shape[0], Int) and first.shape[0] != ANY else None


def _lengths(evaluator: Evaluator, arguments: Arguments, position: int) -> dict[str, Any] | None:
    """Whether sequence_length is given and in which form; None where that is not known."""
    node = arguments.node(position, "sequence_length")
    value = evaluator.query(node, arguments.module) if node is not None else Constant(None)
    if isinstance(value, Constant) and value.value is None:
        return {"sequence_length": False}
    if isinstance(value, Sequence):
        return {"sequence_length": True, "lengths": "constant"}
    kind = _integer_kind(node, arguments.module)
    return {"sequence_length": True, "lengths": kind} if kind is not None else None


def _integer_kind(node: ast.expr | None, module: Module) -> str | None:
    """``int32`` or ``int64`` for a tensor that a placeholder or a cast makes; None where neither is written."""
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
    """Whether a variable scope around the call may change how variables are made (initializer, reuse, …)."""
    at: ast.stmt | None = module.tree.home_of(call)[1]
    while at is not None:
        if isinstance(at, ast.With):
            for item in at.items:
                if isinstance(item.context_expr, ast.Call) and any(
                    k.arg in ("initializer", "reuse", "regularizer", "partitioner", "custom_getter", "dtype")
                    for k in item.context_expr.keywords
                ):
                    return True
        at = module.tree.positions[at][0].owner
    return False
