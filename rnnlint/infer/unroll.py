"""How many time steps does this call put into the graph?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from rnnlint.facts import symbols
from rnnlint.facts.symbols import Symbol
from rnnlint.infer import buckets, calls
from rnnlint.infer.domain import ANY, Abstract, Int, Tensor
from rnnlint.infer.evaluate import Evaluator
from rnnlint.infer.tensors import Arguments
from rnnlint.resolve.module import Module
from rnnlint.resolve.values import External, Partial

STATIC_INPUTS = {
    "rnn": 1,
    "static_rnn": 1,
    "state_saving_rnn": 1,
    "static_state_saving_rnn": 1,
    "bidirectional_rnn": 2,
    "static_bidirectional_rnn": 2,
    "stack_bidirectional_rnn": 2,
}
"""Where the list of inputs stands among the arguments of the static runners."""

DECODERS = {
    "rnn_decoder": 0,
    "tied_rnn_seq2seq": 1,
    "attention_decoder": 0,
    "embedding_rnn_decoder": 0,
    "embedding_attention_decoder": 0,
}
"""Legacy seq2seq functions that unroll one list; where it stands."""

ENCODER_DECODERS = {
    "basic_rnn_seq2seq",
    "tied_rnn_seq2seq",
    "embedding_rnn_seq2seq",
    "embedding_tied_rnn_seq2seq",
    "embedding_attention_seq2seq",
    "one2many_rnn_seq2seq",
}
"""Legacy seq2seq functions that unroll an encoder over the first list and a decoder over the second."""


@dataclass(frozen=True, slots=True)
class Unroll:
    """A call that unrolls a cell over a list, with the number of steps that it takes."""

    call: ast.Call
    symbol: Symbol
    length: Int


def unrolls(symbol: Symbol) -> bool:
    """Whether a call of this symbol copies a cell into the graph for each step."""
    leaf = symbol.path.rsplit(".", 1)[-1]
    if symbol.family == "static":
        return leaf in STATIC_INPUTS
    return symbol.family == "seq2seq" and (
        leaf in DECODERS or leaf in ENCODER_DECODERS or leaf == "model_with_buckets"
    )


def find(evaluator: Evaluator, module: Module) -> Iterator[Unroll]:
    """Every call of the module that unrolls, also through variables that the project assigned."""
    for call in module.tree.calls:
        symbol = _called(module, call)
        if symbol is not None:
            yield Unroll(call, symbol, steps(evaluator, module, symbol, call))


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
    if leaf == "model_with_buckets":
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
