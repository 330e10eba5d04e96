"""Which Keras layer computes what this legacy cell computes, and which of its arguments have no counterpart?"""

from __future__ import annotations

import ast
from typing import NamedTuple

from rnnlint.facts.symbols import Symbol
from rnnlint.resolve.given import argument, hides, parameters

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
_INITIALIZERS = ("initializer", "kernel_initializer")
_KNOWN_EVERYWHERE = {"self", "tf"}
_LONGEST = 32
"""The longest expression, in characters, that advice repeats; a longer one is named by its argument."""


LACKS = "Keras has no "
"""The beginning of a note that names what Keras lacks."""


class Replaced(NamedTuple):
    """The Keras layer that replaces a cell."""

    layer: str
    """Its name in ``tf.keras.layers``; empty if no Keras layer computes the same."""
    arguments: str
    notes: tuple[str, ...] = ()

    @property
    def cell(self) -> str:
        """The source text of the Keras cell alone."""
        return f"tf.keras.layers.{self.layer}Cell({self.arguments})"


def replaced(call: ast.Call, symbol: Symbol, target: str, *, with_names: bool = True) -> Replaced | None:
    """What replaces a call that makes a cell; None if the cell or its arguments are unknown.

    Without names, nothing is repeated that is defined in the scope of the call only: the finding is in another scope.
    """
    leaf = symbol.path.rpartition(".")[2]
    if leaf not in _LAYERS or hides(call):
        return None
    given = {name: node for name in parameters(symbol, target) if (node := argument(call, symbol, name, target))}
    asked = [name for name in _WITHOUT_COUNTERPART if is_asked(given.get(name))]
    surely = [name for name in asked if isinstance(given[name], ast.Constant)]
    if surely:
        return Replaced("", "", (f"{LACKS}{_listed(surely)}: write the step as a custom cell",))
    layer = _LAYERS[leaf]
    arguments = [written(given.get("num_units") or given.get("cell_size"), "units", with_names)]
    notes = [f"if {_listed(asked)} is set, write the step as a custom cell: Keras has none"] if asked else []
    if layer == "LSTM":
        bias = given.get("forget_bias")
        if _is_number(bias, 0):
            arguments.append("unit_forget_bias=False")
        elif bias is not None and not _is_number(bias, 1):
            notes.append(f"Keras starts the forget bias at 1, not at {written(bias, 'forget_bias', with_names)}")
        if isinstance(joined := given.get("state_is_tuple"), ast.Constant) and joined.value is False:
            notes.append("its state is two tensors, [h, c], not one")
    activation = given.get("activation")
    if is_asked(activation) and not written(activation, "activation").endswith("tanh"):
        arguments.append(f"activation={written(activation, 'activation', with_names)}")
    if layer == "GRU":
        arguments.append("reset_after=False")
    initial = next((name for name in _INITIALIZERS if is_asked(given.get(name))), None)
    if initial is not None:
        notes.append(f"{initial} becomes kernel_initializer= and recurrent_initializer= in Keras")
    if is_asked(given.get("reuse")):
        notes.append("to share weights, call the same layer twice")
    return Replaced(layer, ", ".join(arguments), tuple(notes))


def in_general(symbol: Symbol) -> str:
    """What the table of symbols says, for a use without arguments."""
    if symbol.member_family == "layer":
        keras = "keras" if symbol.path.startswith("keras.") else "tf.keras"
        return f"the layers that remain are in `{keras}.layers`"
    if not symbol.replacement:
        return symbol.note
    return f"use {symbol.replacement}" + (f"; {symbol.note}" if symbol.note else "")


def dropout_notes(call: ast.Call, symbol: Symbol, target: str, *, with_names: bool = True) -> list[str]:
    """What replaces a ``DropoutWrapper`` with these arguments, one note for each argument."""
    notes = []
    for name, place in zip(_KEEP_PROBABILITIES, ("before", "after", "")):
        kept = argument(call, symbol, name, target)
        if kept is None or _is_number(kept, 1):
            continue
        if place:
            layer = f"`tf.keras.layers.Dropout({_rate(kept, name, with_names)})`"
            notes.append(f"{layer} {place} the RNN layer for {name}: it is active only in training")
        else:
            notes.append("state_keep_prob has no counterpart: recurrent_dropout= draws one mask for all steps")
    if is_asked(argument(call, symbol, "variational_recurrent", target)):
        notes.append("variational_recurrent has no counterpart: Dropout draws a mask for each step")
    return notes


def _rate(kept: ast.expr, name: str, with_names: bool) -> str:
    """The rate of a ``Dropout`` layer for a probability to keep."""
    if isinstance(kept, ast.Constant) and isinstance(kept.value, float):
        return f"{1 - kept.value:.4g}"
    if isinstance(kept, ast.BinOp) and isinstance(kept.op, ast.Sub) and _is_number(kept.left, 1):
        return written(kept.right, f"1 - {name}", with_names)
    text = written(kept, name, with_names)
    return f"1 - ({text})" if isinstance(kept, (ast.BinOp, ast.IfExp, ast.BoolOp)) and text != name else f"1 - {text}"


def _listed(names: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def is_asked(node: ast.expr | None) -> bool:
    """Whether an argument is passed, and is neither None nor False."""
    return node is not None and not (isinstance(node, ast.Constant) and node.value in (None, False))


def written(node: ast.expr | None, name: str, with_names: bool = True) -> str:
    """The source text of an expression, or the name of its argument if the text is long or only defined elsewhere."""
    text = ast.unparse(node) if node is not None else name
    if node is not None and not with_names:
        local = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} - _KNOWN_EVERYWHERE
        text = name if local else text
    return text if len(text) <= _LONGEST and "`" not in text else name


def _is_number(node: ast.expr | None, number: int) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value == number
