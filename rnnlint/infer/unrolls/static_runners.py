"""How many time steps does a call of a static runner put into the graph?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rnnlint.facts import symbols
from rnnlint.facts.graph_cost import Law
from rnnlint.facts.runners import BUCKETED, DECODERS, ENCODER_DECODERS, STATIC_INPUTS, unrolls
from rnnlint.facts.symbols import Symbol
from rnnlint.infer.tensorflow import buckets
from rnnlint.infer.tensorflow.arguments import Arguments
from rnnlint.infer.unrolls import cost
from rnnlint.infer.values import callers, iteration
from rnnlint.infer.values.domain import ANY, Abstract, Int, Tensor
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.prospects import prospects_of
from rnnlint.resolve.values import External, Module, Partial


@dataclass(frozen=True, slots=True)
class Unroll:
    """A call that unrolls a cell over a list, with its number of steps."""

    call: ast.Call
    symbol: Symbol
    length: Int
    law: Law | None = None
    """What the call adds to the graph; None if the cell, the batch size or the length is unknown."""
    loop: Law | None = None
    """What the dynamic runner would add for the same cell."""

    @property
    def graph_ops(self) -> int | None:
        """The exact number of operations that the call adds in the default run; None if it is not known exactly."""
        if self.law is None or not self.law.exact or not self.length.default:
            return None
        return self.law.at(self.length.default)


def find(evaluator: Evaluator, module: Module, target: tuple[int, int]) -> Iterator[Unroll]:
    """Every unrolling call of the module, also through variables that the project assigned."""
    for call in prospects_of(module).unrolling_calls:
        symbol = _called(module, call)
        if symbol is not None:
            length = steps(evaluator, module, symbol, call)
            is_known = length.default or length.low
            laws = cost.laws(evaluator, module, symbol, call, target) if is_known else ()
            yield Unroll(call, symbol, length, *laws)


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
        encoder = _length(_query(evaluator, module, call, 0, "encoder_inputs"))
        decoder = _length(_query(evaluator, module, call, 1, "decoder_inputs"))
        return _longer(encoder, decoder)
    position = STATIC_INPUTS.get(leaf, DECODERS.get(leaf, 0))
    node = Arguments(evaluator, call, module, None).node(position, "inputs", "decoder_inputs")
    if node is None:
        return ANY
    if isinstance(node, ast.List):
        return iteration.length(evaluator.query(node, module))
    return callers.length_for_each(evaluator, node, module, _length(evaluator.query(node, module)), _length)


def _length(inputs: Abstract) -> Int:
    """The number of steps of a list. A runner rejects a tensor and an empty list: then the analysis missed
    something."""
    length = ANY if isinstance(inputs, Tensor) else iteration.length(inputs)
    return ANY if length.high == 0 else replace(length, default=None) if length.default == 0 else length


def _query(evaluator: Evaluator, module: Module, call: ast.Call, position: int, *names: str) -> Abstract:
    node = Arguments(evaluator, call, module, None).node(position, *names)
    return evaluator.query(node, module) if node is not None else ANY


def _longer(one: Int, other: Int) -> Int:
    if one.default is None or other.default is None:
        low = max(one.low, other.low)
        return Int(low, None, None, one.origin if one.low == low else other.origin)
    longer = one if one.default >= other.default else other
    high = None if one.high is None or other.high is None else max(one.high, other.high)
    return Int(max(one.low, other.low), high, longer.default, longer.origin)
