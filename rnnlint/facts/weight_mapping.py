"""Which numbers of a legacy cell become which weights of the Keras layer that computes the same?

A legacy cell has one kernel whose first rows apply to the input and whose other rows apply to the state; a Keras layer
has two. Both concatenate the gates in blocks of `units` columns, each in its own order. The claim
``keras-weights-carry-over`` measures that this mapping is right.

Peepholes and projections of ``LSTMCell`` are missing, because no Keras layer computes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["MAPPINGS", "Variable", "WeightMapping", "carry_over"]

Row = Sequence[float]
Matrix = Sequence[Row]


@dataclass(frozen=True, slots=True)
class Variable:
    """A kernel and its bias, as the legacy cell names them within its scope."""

    scope: str
    """The prefix of ``kernel`` and ``bias``: empty, or for example ``gates/``."""
    gates: tuple[str, ...]
    """What each block of `units` columns computes, in order."""


@dataclass(frozen=True, slots=True)
class WeightMapping:
    """How the weights of one legacy cell map to Keras."""

    cell: str
    """The class, as TensorFlow 1 names it."""
    layer: str
    """The layer in ``tf.keras.layers``; the cell inside it has the same weights."""
    options: Mapping[str, bool]
    """The arguments that the layer needs to compute the same."""
    variables: tuple[Variable, ...]
    gates: tuple[str, ...]
    """The order of the blocks of columns in Keras, by the legacy names."""
    forget_gate: str
    """The gate to which the cell adds ``forget_bias`` when it runs, which Keras includes in its bias; or empty."""
    state: tuple[str, ...]
    """The parts of the legacy state, in order."""
    keras_state: tuple[str, ...]
    """The same parts, in the order of Keras."""


_NO_OPTIONS: Mapping[str, bool] = MappingProxyType({})
_RESET_BEFORE: Mapping[str, bool] = MappingProxyType({"reset_after": False})


def _lstm(cell: str) -> WeightMapping:
    # i: input gate, j: new input (Keras's c), f: forget gate, o: output gate.
    variables = (Variable("", ("i", "j", "f", "o")),)
    return WeightMapping(cell, "LSTM", _NO_OPTIONS, variables, ("i", "f", "j", "o"), "f", ("c", "h"), ("h", "c"))


MAPPINGS: Mapping[str, WeightMapping] = MappingProxyType(
    {
        "BasicRNNCell": WeightMapping(
            "BasicRNNCell", "SimpleRNN", _NO_OPTIONS, (Variable("", ("h",)),), ("h",), "", ("h",), ("h",)
        ),
        "BasicLSTMCell": _lstm("BasicLSTMCell"),
        "LSTMCell": _lstm("LSTMCell"),
        # r: reset gate, u: update gate (Keras's z), c: candidate.
        "GRUCell": WeightMapping(
            "GRUCell",
            "GRU",
            _RESET_BEFORE,
            (Variable("gates/", ("r", "u")), Variable("candidate/", ("c",))),
            ("u", "r", "c"),
            "",
            ("h",),
            ("h",),
        ),
    }
)
"""By the class of the legacy cell."""


def carry_over(
    mapping: WeightMapping, kernels: Mapping[str, Matrix], biases: Mapping[str, Row], forget_bias: float = 1.0
) -> tuple[list[list[float]], list[list[float]], list[float]]:
    """The weights of the Keras layer, as ``set_weights`` takes them: kernel, recurrent kernel and bias.

    `kernels` [depth + units, gates * units] and `biases` [gates * units] are keyed by the scope of their variable. The
    results are [depth, gates * units], [units, gates * units] and [gates * units]. Raises KeyError if a variable is
    missing, and ValueError if the length of a bias differs from the width of its kernel.
    """
    units = {len(biases[one.scope]) // len(one.gates) for one in mapping.variables}
    if len(units) > 1 or any(len(biases[one.scope]) != len(kernels[one.scope][0]) for one in mapping.variables):
        raise ValueError("a bias has one number for each column of its kernel, and each gate has as many columns")
    (width,) = units
    bias: list[float] = []
    for gate in mapping.gates:
        extra = forget_bias if gate == mapping.forget_gate else 0.0
        bias += [number + extra for number in _block(mapping, biases, gate, width)]
    rows = [
        [number for gate in mapping.gates for number in _block(mapping, at_row, gate, width)]
        for at_row in _rows(kernels)
    ]
    return rows[:-width], rows[-width:], bias


def _rows(kernels: Mapping[str, Matrix]) -> list[dict[str, Row]]:
    return [dict(zip(kernels, rows)) for rows in zip(*kernels.values())]


def _block(mapping: WeightMapping, columns: Mapping[str, Row], gate: str, width: int) -> Row:
    """The columns of one gate, from a row of each variable."""
    (variable,) = [one for one in mapping.variables if gate in one.gates]
    start = variable.gates.index(gate) * width
    return columns[variable.scope][start : start + width]
