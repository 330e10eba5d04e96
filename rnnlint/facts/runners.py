"""Which functions copy a cell into the graph for each step of a list, and which argument is the list?"""

from __future__ import annotations

from rnnlint.facts.symbols import Symbol

STATIC_INPUTS = {
    "rnn": 1,
    "static_rnn": 1,
    "state_saving_rnn": 1,
    "static_state_saving_rnn": 1,
    "bidirectional_rnn": 2,
    "static_bidirectional_rnn": 2,
    "stack_bidirectional_rnn": 2,
}
"""The position of the list of inputs among the arguments of the static runners."""

DECODERS = {
    "rnn_decoder": 0,
    "tied_rnn_seq2seq": 1,
    "attention_decoder": 0,
    "embedding_rnn_decoder": 0,
    "embedding_attention_decoder": 0,
}
"""Legacy seq2seq functions that unroll one list, with its position."""

ENCODER_DECODERS = frozenset(
    (
        "basic_rnn_seq2seq",
        "tied_rnn_seq2seq",
        "embedding_rnn_seq2seq",
        "embedding_tied_rnn_seq2seq",
        "embedding_attention_seq2seq",
        "one2many_rnn_seq2seq",
    )
)
"""Legacy seq2seq functions that unroll an encoder over the first list and a decoder over the second."""

BUCKETED = "model_with_buckets"
"""The function that unrolls once for each bucket."""

UNROLLING = frozenset((*STATIC_INPUTS, *DECODERS, *ENCODER_DECODERS, BUCKETED))
"""The last names of all of them."""


def unrolls(symbol: Symbol) -> bool:
    """Whether a call of this symbol copies a cell into the graph for each step."""
    leaf = symbol.path.rsplit(".", 1)[-1]
    if symbol.family == "static":
        return leaf in STATIC_INPUTS
    return symbol.family == "seq2seq" and (leaf in DECODERS or leaf in ENCODER_DECODERS or leaf == BUCKETED)
