"""With which arguments does a Keras layer compute what this legacy cell computes?"""

from __future__ import annotations

import ast
from typing import NamedTuple

from rnnlint.facts.symbols import Symbol
from rnnlint.resolve.given import argument, hides, parameters
from rnnlint.resolve.values import External, ProjectFunction
from rnnlint.rules.keras_rewrite.cells import KINDS, Made
from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.refusal import RefusedError

_LACKING = {
    "use_peepholes": "peepholes, which no Keras layer has",
    "num_proj": "a projection, which no Keras layer has",
    "cell_clip": "a clipped cell state, which no Keras layer has",
}
_IGNORED = frozenset({
    "num_units", "forget_bias", "activation", "initializer", "kernel_initializer", "bias_initializer", "dtype", "reuse",
    "state_is_tuple", "name", "num_unit_shards", "num_proj_shards", "proj_clip", "input_size", "trainable", "self",
    *_LACKING,
})  # fmt: skip
"""Arguments that are handled here, or that do not change results."""

_KERAS_ACTIVATIONS = frozenset({"tanh", "sigmoid", "relu", "elu", "softplus", "softsign", "selu"})
"""Activations that TensorFlow and Keras have under the same name, so that a layer can be recreated from its config."""


class Arguments(NamedTuple):
    """The arguments of a layer, as written after ``units``."""

    units: ast.expr
    texts: tuple[tuple[str, ast.expr | str], ...]
    """Names and values: an expression of the code, or a text."""
    forget_bias: str = ""
    """What the cell adds to the forget gate, if Keras starts with something else."""
    dtype: ast.expr | None = None


def arguments_of(made: Made, code: Code, target: str, *, in_config: bool) -> Arguments:
    """The arguments; with ``in_config`` the layer must be recreatable from its config, as Bidirectional does.

    Raises RefusedError if no Keras layer computes what the cell computes.
    """
    call, symbol, layer = made.call, made.symbol, made.kind
    if hides(call):
        raise RefusedError("its cell has * or ** arguments")
    given = {name: node for name in parameters(symbol, target) if (node := argument(call, symbol, name, target))}
    _check(call, given)
    units = given.get("num_units")
    if units is None:
        raise RefusedError("its cell has no num_units")
    texts: list[tuple[str, ast.expr | str]] = []
    activation = given.get("activation")
    if activation is not None and not _is_none(activation):
        name = _activation(activation, code, in_config=in_config)
        if name != "tanh":
            texts.append(("activation", activation))
    if code.tensorflow(call).is_v1 and layer != "SimpleRNN":
        # With Keras 2, the layers of tensorflow.compat.v1 have hard_sigmoid by default.
        texts.append(("recurrent_activation", '"sigmoid"'))
    forget_bias = ""
    if layer == "LSTM":
        bias = given.get("forget_bias")
        if bias is not None and not _is_number(bias, 1):
            texts.append(("unit_forget_bias", "False"))
            forget_bias = "" if _is_number(bias, 0) else ast.unparse(bias)
    elif layer == "GRU":
        texts.append(("reset_after", "False"))
    if not in_config:
        texts += _initializers(given)
    trainable = next((one.value for one in call.keywords if one.arg == "trainable"), None)
    if trainable is not None:
        texts.append(("trainable", trainable))
    return Arguments(units, tuple(texts), forget_bias, given.get("dtype"))


def check_state_is_tuple(made: Made, runner: Symbol, target: str) -> None:
    """Raise RefusedError if code for releases before 1.0 has one tensor as its state by default."""
    for one in (made, *made.inner):
        is_old = any(_is_before_1_0(symbol) for symbol in (one.symbol, runner))
        if (
            is_old
            and one.kind in ("LSTM", "stack")
            and argument(one.call, one.symbol, "state_is_tuple", target) is None
        ):
            raise RefusedError("before TensorFlow 1.0 its state was one tensor")


def _is_before_1_0(symbol: Symbol) -> bool:
    parts = symbol.removed.split(".")
    return bool(symbol.removed) and (int(parts[0]), int(parts[1])) <= (1, 0)


def _check(call: ast.Call, given: dict[str, ast.expr]) -> None:
    for name, lacking in _LACKING.items():
        node = given.get(name)
        if node is not None and not _is_none(node) and not (isinstance(node, ast.Constant) and node.value is False):
            raise RefusedError(f"its cell has {lacking}")
    joined = given.get("state_is_tuple")
    if joined is not None and not (isinstance(joined, ast.Constant) and joined.value is True):
        raise RefusedError("the state of its cell is one tensor (state_is_tuple)")
    reuse = given.get("reuse")
    if reuse is not None and not (isinstance(reuse, ast.Constant) and not reuse.value):
        raise RefusedError("its cell uses existing variables (reuse)")
    unknown = [one.arg for one in call.keywords if one.arg not in _IGNORED]
    if unknown:
        raise RefusedError(f"its cell has the argument {unknown[0]}, which no Keras layer has")


def _initializers(given: dict[str, ast.expr]) -> list[tuple[str, ast.expr | str]]:
    texts: list[tuple[str, ast.expr | str]] = []
    kernel = given.get("initializer") or given.get("kernel_initializer")
    if kernel is not None and not _is_none(kernel):
        texts += [("kernel_initializer", kernel), ("recurrent_initializer", kernel)]
    bias = given.get("bias_initializer")
    if bias is not None and not _is_none(bias):
        texts.append(("bias_initializer", bias))
    return texts


def _activation(node: ast.expr, code: Code, *, in_config: bool) -> str:
    """Its name in Keras; empty for a function that Keras accepts unchanged. Raises RefusedError if it may be None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    values = code.module.values(node)
    paths = {one.path for one in values if isinstance(one, External)}
    names = {path.rpartition(".")[2] for path in paths if path.startswith(("tf.", "tensorflow."))}
    if len(values) == len(paths) == len(names) == 1:
        (name,) = names
        if not in_config or name in _KERAS_ACTIVATIONS:
            return name
    if in_config:
        raise RefusedError("Bidirectional copies its layers, which fails for this activation")
    if isinstance(node, ast.Lambda) or values and all(isinstance(one, (External, ProjectFunction)) for one in values):
        return ""
    raise RefusedError("its activation is set elsewhere")


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_number(node: ast.expr, number: int) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value == number


assert set(KINDS.values()) == {"LSTM", "GRU", "SimpleRNN"}
