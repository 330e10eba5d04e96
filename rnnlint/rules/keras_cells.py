"""Which Keras layer computes what the legacy cell of this call computes, and what does the call ask for beyond it?"""

from __future__ import annotations

import ast
from typing import NamedTuple

from rnnlint.facts import symbols
from rnnlint.facts.symbols import Symbol

_LAYERS = {
    "BasicRNNCell": "SimpleRNN",
    "BasicLSTMCell": "LSTM",
    "LSTMCell": "LSTM",
    "LSTMBlockCell": "LSTM",
    "GRUCell": "GRU",
    "GRUBlockCell": "GRU",
    "GRUBlockCellV2": "GRU",
}
_WITHOUT_COUNTERPART = ("use_peepholes", "use_peephole", "num_proj", "cell_clip")
_KEEP_PROBABILITIES = ("input_keep_prob", "output_keep_prob", "state_keep_prob")
_INITIALIZERS = ("initializer", "kernel_initializer", "bias_initializer")
_LONGEST = 24
"""Characters of an expression that is repeated in advice; a longer one is named by its argument."""


class Replaced(NamedTuple):
    """The Keras layer that takes the place of a cell."""

    layer: str
    """Its name in ``tf.keras.layers``; empty where Keras has none that computes the same."""
    arguments: str
    notes: tuple[str, ...] = ()

    @property
    def cell(self) -> str:
        """The cell alone, as it is written."""
        return f"tf.keras.layers.{self.layer}Cell({self.arguments})"


def replaced(call: ast.Call, symbol: Symbol, target: str) -> Replaced | None:
    """What takes the place of a call that makes a cell; None where the cell, or what it is given, is not known."""
    leaf = symbol.path.rpartition(".")[2]
    if leaf not in _LAYERS or hides(call):
        return None
    given = {
        name: node for name in symbols.arguments_at(symbol, target) if (node := argument(call, symbol, name, target))
    }
    missing = [name for name in _WITHOUT_COUNTERPART if is_asked(given.get(name))]
    if missing:
        return Replaced("", "", (f"Keras has no {' or '.join(missing)}: write the step as a cell of your own",))
    layer = _LAYERS[leaf]
    arguments, notes = [written(given.get("num_units") or given.get("cell_size"), "units")], []
    if layer == "LSTM":
        bias = given.get("forget_bias")
        if _is_number(bias, 0):
            arguments.append("unit_forget_bias=False")
        elif bias is not None and not _is_number(bias, 1):
            notes.append(f"Keras starts the forget bias at 1, not at {written(bias, 'forget_bias')}")
        if isinstance(joined := given.get("state_is_tuple"), ast.Constant) and joined.value is False:
            notes.append("its state is two tensors, [h, c], not one")
    activation = given.get("activation")
    if is_asked(activation) and not written(activation, "activation").endswith("tanh"):
        arguments.append(f"activation={written(activation, 'activation')}")
    if layer == "GRU":
        arguments.append("reset_after=False")
    initial = [name for name in _INITIALIZERS if is_asked(given.get(name))]
    if "initializer" in initial:
        notes.append("its initializer is kernel_initializer= and recurrent_initializer=")
    elif initial:
        notes.append(
            f"{' and '.join(initial)} are arguments of Keras too, and recurrent_initializer= is one of its own"
        )
    if is_asked(given.get("reuse")):
        notes.append("to share its weights, call one layer again")
    return Replaced(layer, ", ".join(arguments), tuple(notes))


def dropout_notes(call: ast.Call, symbol: Symbol, target: str) -> list[str]:
    """What takes the place of a ``DropoutWrapper`` with these arguments, one for each that is given."""
    notes = []
    for name, place in zip(_KEEP_PROBABILITIES, ("before", "behind", "")):
        kept = argument(call, symbol, name, target)
        if kept is None or _is_number(kept, 1):
            continue
        rate = f"1 - {written(kept, name)}"
        if isinstance(kept, ast.Constant) and isinstance(kept.value, float):
            rate = f"{1 - kept.value:.4g}"
        notes.append(
            f"`tf.keras.layers.Dropout({rate})` {place} the RNN layer for {name}: it drops in training only"
            if place
            else "state_keep_prob has no counterpart: recurrent_dropout= draws one mask for all steps"
        )
    if is_asked(argument(call, symbol, "variational_recurrent", target)):
        notes.append("variational_recurrent has no counterpart: Dropout draws a mask for each step")
    return notes


def argument(call: ast.Call, symbol: Symbol, name: str, target: str) -> ast.expr | None:
    """An argument by its name, or where the symbol has it among the others."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    names = symbols.arguments_at(symbol, target)
    position = names.index(name) if name in names else len(call.args)
    return call.args[position] if position < len(call.args) else None


def hides(call: ast.Call) -> bool:
    """Whether a call hands on arguments that are not written out."""
    return any(k.arg is None for k in call.keywords) or any(isinstance(a, ast.Starred) for a in call.args)


def is_asked(node: ast.expr | None) -> bool:
    """Whether an argument is there, and is neither None nor False."""
    return node is not None and not (isinstance(node, ast.Constant) and node.value in (None, False))


def written(node: ast.expr | None, name: str) -> str:
    """An expression as it is written, or the name of its argument where that is long."""
    text = ast.unparse(node) if node is not None else name
    return text if len(text) <= _LONGEST and "`" not in text else name


def _is_number(node: ast.expr | None, number: int) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value == number
