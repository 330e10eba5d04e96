"""What do the scopes in a variable's name show: the cell, the direction, and the layer of a stack?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

__all__ = ["BROKEN_UP", "CELLS", "GATES_OF_UNFIT", "UNFIT", "Place", "direction", "layer", "place", "role"]

CELLS: Mapping[str, str] = MappingProxyType(
    {
        "basic_rnn_cell": "BasicRNNCell",
        "BasicRNNCell": "BasicRNNCell",
        "basic_lstm_cell": "BasicLSTMCell",
        "BasicLSTMCell": "BasicLSTMCell",
        "lstm_cell": "LSTMCell",
        "LSTMCell": "LSTMCell",
        "lstm_fused_cell": "LSTMBlockFusedCell",
        "gru_cell": "GRUCell",
        "GRUCell": "GRUCell",
        "gru_block_cell": "GRUBlockCell",
        "GRUBlockCell": "GRUBlockCell",
        "cudnn_compatible_lstm_cell": "CudnnCompatibleLSTMCell",
        "cudnn_compatible_gru_cell": "CudnnCompatibleGRUCell",
    }
)
"""The class of a cell by the scope of its variables, in various releases."""

_NORMALIZED = "no Keras layer has layer normalization inside the cell"

UNFIT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "layer_norm_basic_lstm_cell": ("LayerNormBasicLSTMCell", _NORMALIZED),
        "LayerNormBasicLSTMCell": ("LayerNormBasicLSTMCell", _NORMALIZED),
        "layer_norm_lstm_cell": ("LayerNormLSTMCell", _NORMALIZED),
        "coupled_input_forget_gate_lstm_cell": (
            "CoupledInputForgetGateLSTMCell",
            "no Keras layer has coupled gates: the input gate is 1 minus the forget gate",
        ),
        "CoupledInputForgetGateLSTMCell": (
            "CoupledInputForgetGateLSTMCell",
            "no Keras layer has coupled gates: the input gate is 1 minus the forget gate",
        ),
        "ugrnn_cell": ("UGRNNCell", "no Keras layer has an update gate alone"),
        "intersection_rnn_cell": ("IntersectionRNNCell", "no Keras layer has two outputs, each with a gate"),
        "nas_cell": ("NASCell", "no Keras layer has eight gates"),
        "nas_rnn": ("NASCell", "no Keras layer has eight gates"),
        "sru_cell": ("SRUCell", "no Keras layer has gates that do not read the state"),
        "conv_lstm_cell": ("ConvLSTMCell", "its Keras layer is ConvLSTM1D, 2D or 3D; rnnlint cannot convert to it"),
        "conv_1d_lstm_cell": ("Conv1DLSTMCell", "its Keras layer is ConvLSTM1D; rnnlint cannot convert to it"),
        "conv_2d_lstm_cell": ("Conv2DLSTMCell", "its Keras layer is ConvLSTM2D; rnnlint cannot convert to it"),
        "conv_3d_lstm_cell": ("Conv3DLSTMCell", "its Keras layer is ConvLSTM3D; rnnlint cannot convert to it"),
        "grid_lstm_cell": ("GridLSTMCell", "no Keras layer has a grid of cells over frequency and time"),
        "time_freq_lstm_cell": ("TimeFreqLSTMCell", "no Keras layer has a second recurrence over frequency"),
        "TimeFreqLSTMCell": ("TimeFreqLSTMCell", "no Keras layer has a second recurrence over frequency"),
        "phased_lstm_cell": ("PhasedLSTMCell", "no Keras layer has a gate that reads the time"),
        "g_lstm_cell": ("GLSTMCell", "no Keras layer has groups of units with separate weights"),
    }
)  # fmt: skip
"""The class of a cell whose weights cannot be converted, and the reason."""

GATES_OF_UNFIT: Mapping[str, int] = MappingProxyType(
    {"LayerNormBasicLSTMCell": 4, "LayerNormLSTMCell": 4, "CoupledInputForgetGateLSTMCell": 3, "UGRNNCell": 2}
)
"""How many blocks of `units` columns the kernel of such a cell has, where input and state meet one kernel."""

_WRAPPER = re.compile(r"(?:(?:rnn|RNN|fw|bw|FW|BW)(?:_\d+)?|.+_(?:FW|BW)|cell_\d+|Cell\d+)")
_STACK = re.compile(r"(?:multi_rnn_cell|MultiRNNCell|rnn_cell|cell)(?:_\d+)?")
_OWN = re.compile(r".+(?:_cell|Cell)")
_NO_CELL = re.compile(
    r"(?:logits?|softmax|out|outputs?|inputs?|memory_layer|query_layer|dropout|linear|fc)(?:_?\d+)?"
    r"|(?:dense|fully_connected|conv|embedding|attention|batch_?norm|layer_?norm|(?:stack_)?bidirectional_rnn)\w*"
    r"|\w*projection\w*",
    re.IGNORECASE,
)
"""Scopes of layers that are within a runner's scope, or contain one."""
_LAYER = re.compile(r"(?:cell_|Cell)(\d+)")
_DIRECTION = re.compile(r"(?:(fw|bw)(?:_\d+)?|(?:.+_)?(FW|BW))")
_UNIQUE = re.compile(r"_\d+$")

_ROLE = re.compile(
    r"(?:(?P<gate>gates|candidate)/)?(?:linear/)?(?:(?P<kernel>kernel|weights|matrix|w)|(?P<bias>bias|biases|b))",
    re.IGNORECASE,
)
BROKEN_UP = ("w_ru", "b_ru", "w_c", "b_c")
"""The variables of GRUBlockCell."""


class Place(NamedTuple):
    """The parts of a variable's name."""

    scope: str
    """The full name of the cell's scope."""
    rest: str
    """The name of the variable within the scope."""
    base: str
    """The last part of the scope, without the number that makes it unique."""
    known: bool
    """Whether a cell of TensorFlow has this name."""


def place(name: str) -> Place | None:
    """The innermost scope that may be a cell's; None for a variable outside of every cell."""
    parts = name.split("/")
    bases = [base_of(part) for part in parts[:-1]]
    inner = list(reversed(range(len(bases))))
    known = [at for at in inner if bases[at] in CELLS or bases[at] in UNFIT]
    own = [at for at in inner if _OWN.fullmatch(bases[at]) and not _STACK.fullmatch(parts[at])]
    child = [
        at
        for at in inner
        if at and _WRAPPER.fullmatch(parts[at - 1]) and not _WRAPPER.fullmatch(parts[at])
        if not _STACK.fullmatch(parts[at]) and not _NO_CELL.fullmatch(parts[at])
    ]
    for found, is_known in ((known, True), (own, False), (child, False)):
        if found:
            at = found[0]
            return Place("/".join(parts[: at + 1]), "/".join(parts[at + 1 :]), bases[at], is_known)
    return None


def base_of(part: str) -> str:
    """A part of a name, without the number that makes it unique."""
    return part if part in CELLS or part in UNFIT else _UNIQUE.sub("", part)


def role(rest: str) -> str:
    """The role of a variable in its cell: ``kernel``, ``gates/bias`` and so on, whichever release named it; or
    empty."""
    match = _ROLE.fullmatch(rest)
    if match is None:
        return ""
    gate = f"{match['gate'].lower()}/" if match["gate"] else ""
    return gate + ("kernel" if match["kernel"] else "bias")


def direction(scope: str) -> str | None:
    """``forward`` or ``backward`` in a bidirectional runner; else None."""
    for part in reversed(scope.split("/")):
        if match := _DIRECTION.fullmatch(part):
            return "forward" if (match[1] or match[2]).lower() == "fw" else "backward"
    return None


def layer(scope: str) -> int:
    """The layer of a stack, counted from 0."""
    found = [int(match[1]) for part in scope.split("/") if (match := _LAYER.fullmatch(part))]
    return found[-1] if found else 0
