"""Which RNN cell is this object, and what does it cost? Cells of TensorFlow, of Keras, and of the project."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.facts import symbols
from rnnlint.facts.graph_cost import Cell
from rnnlint.infer.values.domain import Abstract, Constant, Int, Other, RnnCell, Sequence, Tensor, Unknown
from rnnlint.resolve import sites
from rnnlint.resolve.classes import library_bases
from rnnlint.resolve.values import External, ProjectClass

if TYPE_CHECKING:
    from rnnlint.infer.tensorflow.arguments import Arguments

_KERAS = ("tf.keras.", "keras.", "tf_keras.", "tf.python.keras.", "tf.compat.v1.keras.")
_KERAS_CELLS = {"SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells", "AbstractRNNCell", "PeepholeLSTMCell"}
_PLAIN = {"BasicRNNCell", "BasicLSTMCell", "LSTMCell", "GRUCell"}
_UNIFORM = {"random_uniform_initializer", "glorot_uniform_initializer", "xavier_initializer", "RandomUniform",
            "glorot_uniform", "uniform_unit_scaling_initializer"}  # fmt: skip
_NORMAL = {"random_normal_initializer", "truncated_normal_initializer", "glorot_normal_initializer",
           "variance_scaling_initializer", "RandomNormal", "TruncatedNormal", "glorot_normal"}  # fmt: skip
_LSTM_OPTIONS = (
    ("use_peepholes", 1, "peepholes"),
    ("cell_clip", 2, "cell_clip"),
    ("num_proj", 4, "projection"),
    ("proj_clip", 5, "projection_clip"),
)
_SINGLE_OPERATIONS = {"tanh", "relu", "sigmoid", "relu6", "elu", "selu", "softplus", "softsign", "identity"}


def is_cell_path(path: str) -> bool:
    """Whether a path names a cell class, legacy or Keras."""
    leaf = path.rsplit(".", 1)[-1]
    if path.startswith(_KERAS):
        return leaf in _KERAS_CELLS
    symbol = symbols.find(path)
    return (
        symbol is not None
        and symbol.kind == "class"
        and symbol.family in ("cell", "cudnn")
        and leaf.endswith(("Cell", "Wrapper"))
    )


def is_cell_class(of: ProjectClass) -> bool:
    """Whether a class of the project derives from a library's cell class."""
    return any(is_cell_path(path) for path in library_bases(of))


def made(arguments: Arguments, path: str) -> Abstract | None:
    """The cell that a call of this path makes; None if the path is not a cell."""
    if not is_cell_path(path):
        return None
    call, module, of = arguments.call, arguments.module, (path, arguments.frame)
    if path.startswith(_KERAS):
        return RnnCell(call, module, of)
    found = RnnCell(call, module, of, lambda: _described(arguments, path, path.rsplit(".", 1)[-1]))
    if arguments.evaluator.assumes:
        # The assumption ends with this query, so compute the cost now.
        _ = found.cost
    return found


def _described(arguments: Arguments, path: str, leaf: str) -> Cell | None:
    """A legacy cell in the terms of the graph-cost table; None if it or one of its options is unknown."""
    if arguments.hidden or _given(arguments.value(None, "reuse", "_reuse")):
        return None
    if leaf in _PLAIN:
        return _plain(arguments, path, leaf)
    if leaf == "MultiRNNCell":
        return _stack(arguments)
    if leaf in ("DropoutWrapper", "ResidualWrapper", "DeviceWrapper"):
        return _wrapper(arguments, leaf)
    return None


def _plain(arguments: Arguments, path: str, leaf: str) -> Cell | None:
    options: set[str] = set()
    if leaf == "LSTMCell":
        for name, position, option in _LSTM_OPTIONS:
            value = arguments.value(position, name)
            if isinstance(value, (Other, Unknown)):
                return None
            if _given(value) and not (isinstance(value, Constant) and value.value is False):
                options.add(option)
    if leaf in ("BasicLSTMCell", "LSTMCell"):
        joined = arguments.value(None, "state_is_tuple")
        if isinstance(joined, Constant) and joined.value is False:
            options.add("concatenated_state")
        elif joined is not None and not (isinstance(joined, Constant) and joined.value is True):
            return None
    for name in ("initializer", "kernel_initializer", "bias_initializer"):
        found = _initializer(arguments, name, 3 if leaf == "LSTMCell" and name == "initializer" else None)
        if found is None:
            return None
        options |= found
    if _is_of_keras(arguments, path) and not _has_initializer(arguments, leaf):
        options.add("keras_initializer")
    activation = arguments.node(None, "activation")
    if activation is not None and not _is_single_operation(arguments, activation):
        return None
    units = arguments.value(0, "num_units")
    return Cell(leaf, frozenset(options), (), units.exact if isinstance(units, Int) else None)


def _is_of_keras(arguments: Arguments, path: str) -> bool:
    """Whether TensorFlow 2 has Keras 2's cell under this name: it does as an attribute; an import gets its own."""
    if path.startswith("tf.python."):
        return False
    return not (path.startswith("tf.compat.v1.") and sites.reached_by_import(arguments.module, arguments.call.func))


def _has_initializer(arguments: Arguments, leaf: str) -> bool:
    position = 3 if leaf == "LSTMCell" else None
    nodes = [arguments.node(position, "initializer"), arguments.node(None, "kernel_initializer")]
    return any(node is not None and not (isinstance(node, ast.Constant) and node.value is None) for node in nodes)


def _given(value: Abstract | None) -> bool:
    """Whether an argument is passed and not None."""
    return value is not None and not (isinstance(value, Constant) and value.value is None)


def _initializer(arguments: Arguments, name: str, position: int | None) -> set[str] | None:
    """The cost-table option for an initializer; None if its operations are unknown."""
    node = arguments.node(position, name)
    if node is None or isinstance(node, ast.Constant) and node.value is None:
        return set()
    if name == "bias_initializer":
        return None
    function = node.func if isinstance(node, ast.Call) else node
    leaves = {v.path.rsplit(".", 1)[-1] for v in arguments.module.values(function) if isinstance(v, External)}
    if isinstance(node, ast.Name) and not leaves:
        return None
    if leaves and leaves <= _UNIFORM:
        return set()
    if leaves and leaves <= _NORMAL:
        return {"normal_initializer"}
    return None


def _is_single_operation(arguments: Arguments, node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return node.value is None or node.value in _SINGLE_OPERATIONS - {"identity"}
    paths = [v.path for v in arguments.module.values(node) if isinstance(v, External)]
    ours = [path for path in paths if path.startswith("tf.") and path.rsplit(".", 1)[-1] in _SINGLE_OPERATIONS]
    return bool(paths) and ours == paths


def _stack(arguments: Arguments) -> Cell | None:
    cells = arguments.value(0, "cells")
    if not isinstance(cells, Sequence) or cells.length.exact is None or not 0 < cells.length.exact <= 64:
        return None
    options: set[str] = set()
    joined = arguments.value(1, "state_is_tuple")
    if joined is not None and not (isinstance(joined, Constant) and joined.value is True):
        if not (isinstance(joined, Constant) and joined.value is False):
            return None
        options.add("concatenated_state")
    layers = cells.items if cells.items is not None else (cells.item,) * cells.length.exact
    known = [layer for layer in layers if isinstance(layer, RnnCell) and layer.cost is not None]
    if len(known) != len(layers):
        return None
    if len(known) > 1:
        objects = {layer.made_by for layer in known}
        if cells.repeated is None and cells.items is None:
            return None
        if cells.repeated or cells.items is not None and len(objects) == 1:
            options.add("shared")
        elif cells.items is not None and len(objects) < len(known):
            return None
    return Cell("MultiRNNCell", frozenset(options), tuple(layer.cost for layer in known if layer.cost is not None))


def _wrapper(arguments: Arguments, leaf: str) -> Cell | None:
    inner = arguments.value(0, "cell")
    if not isinstance(inner, RnnCell) or inner.cost is None:
        return None
    options: set[str] = set()
    if leaf == "DropoutWrapper":
        for position, name in enumerate(("input_keep_prob", "output_keep_prob", "state_keep_prob"), 1):
            option = _keep_probability(arguments.value(position, name), name)
            if option is None:
                return None
            options |= option
        noise = arguments.value(4, "variational_recurrent")
        if noise is not None and not (isinstance(noise, Constant) and noise.value is False):
            return None
        if arguments.node(None, "dropout_state_filter_visitor") is not None:
            return None
    elif leaf == "ResidualWrapper" and arguments.node(1, "residual_fn") is not None:
        return None
    return Cell(leaf, frozenset(options), (inner.cost,))


def _keep_probability(value: Abstract | None, name: str) -> set[str] | None:
    if value is None:
        return set()
    if isinstance(value, Constant) and isinstance(value.value, float):
        return {name} if value.value < 1 else set()
    if isinstance(value, Int) and value.exact == 1:
        return set()
    return {f"{name}_tensor"} if isinstance(value, Tensor) else None
