"""Does a Keras layer certainly compute the same without ``unroll=True``?

Yes if it was measured: plain layers with the measured arguments, outside Bidirectional. Anything that is not visible is
a doubt.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import partial
from typing import Literal, TypeAlias

from rnnlint.infer.keras.layers import INPUTS, external, is_keras, is_layer
from rnnlint.infer.unrolls.unrolled_layers import UnrolledLayer
from rnnlint.read.remembered import remembered
from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import Made, Module

Doubt: TypeAlias = Literal["bidirectional", "conversion", "mask", "use", "arguments"]

_CELLS = r"(?:SimpleRNNCell|LSTMCell|GRUCell)"
_MEASURED = re.compile(rf"SimpleRNN|LSTM|GRU|RNN\((?:{_CELLS}|\[{_CELLS}(?:,{_CELLS})*\])\)")
"""The layers of the claim, in the notation of `rnnlint.infer.unrolls.unrolled_layers`."""

_CONVERSION = r"tf_?lite|^(?:lite$|litert|ai_edge_litert)"

_ON_CUDNN = ("LSTM", "GRU")
"""Without ``unroll`` these run on cuDNN on a GPU, which supports masks for padding at the end only."""

_MERGING = frozenset(("concatenate", "add", "subtract", "multiply", "average", "maximum", "minimum", "dot"))


def doubt(layer: UnrolledLayer, module: Module) -> Doubt | None:
    """The first reason for doubt, or None."""
    says = partial(_says, module)
    use = _use(layer.call, module)
    if use == "wrapped" or use == "unknown" and says("bidirectional"):
        return "bidirectional"
    if use == "unknown":
        return "use"
    if says(_CONVERSION):
        return "conversion"
    if says("mask"):
        return "mask"
    if layer.cost is None or not _MEASURED.fullmatch(layer.cost.layer) or not _has_keras_cells(layer.call, module):
        return "arguments"
    if layer.cost.layer in _ON_CUDNN and isinstance(use, ast.expr) and not _comes_from_input(use, module):
        return "mask"
    return None


@remembered(8)
def _says(module: Module, pattern: str) -> bool:
    """Whether a name in the module contains such a part."""
    return any(re.search(pattern, name) for name in _names_in(module))


@remembered(1)
def _names_in(module: Module) -> frozenset[str]:
    """All names in a module in lower case: those that it reads, binds, imports and uses as keywords."""
    found: set[str] = set()
    for node in surroundings_of(module).nodes:
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                found.add(name.lower())
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name.lower())
            case ast.alias(name=path):
                found |= set(path.lower().split("."))
            case ast.ImportFrom(module=str(path)):
                found |= set(path.lower().split("."))
    return frozenset(found)


def _use(made: ast.Call, module: Module) -> ast.expr | Literal["model", "wrapped", "unknown"]:
    """The immediate use of a layer where it is made: the tensor that it is called with, or a Sequential."""
    parents = surroundings_of(module).parent
    above = parents.get(made)
    if isinstance(above, ast.Call) and above.func is made:
        return above.args[0] if len(above.args) == 1 and not above.keywords else "unknown"
    if isinstance(above, (ast.List, ast.Tuple)):
        whole = parents.get(above)
        whole = parents.get(whole) if isinstance(whole, ast.keyword) else whole
        return "model" if isinstance(whole, ast.Call) and _names(whole.func, module, "Sequential") else "unknown"
    if isinstance(above, ast.keyword):
        above = parents.get(above)
    if isinstance(above, ast.Call):
        if _names(above.func, module, "Bidirectional"):
            return "wrapped"
        if isinstance(above.func, ast.Attribute) and above.func.attr == "add" and _is_model(above.func.value, module):
            return "model"
    return "unknown"


def _names(function: ast.expr, module: Module, leaf: str) -> bool:
    """Whether an expression names only this Keras class."""
    paths = [external(value) for value in module.values(function)]
    return bool(paths) and all(path and is_layer(path) and path.endswith(f".{leaf}") for path in paths)


def _is_model(node: ast.expr, module: Module) -> bool:
    values = module.values(node)
    return bool(values) and all(isinstance(v, Made) and v.path.endswith(".Sequential") for v in values)


def _has_keras_cells(made: ast.Call, module: Module) -> bool:
    """Whether the cells of an RNN, which are written as plain names, are Keras cells."""
    if not _names(made.func, module, "RNN"):
        return True
    given = [*made.args[:1], *(k.value for k in made.keywords if k.arg == "cell")]
    cells = given[0].elts if given and isinstance(given[0], (ast.List, ast.Tuple)) else given
    values = [value for cell in cells for value in module.values(cell)]
    return bool(values) and all(isinstance(value, Made) and is_keras(value.path) for value in values)


def _comes_from_input(tensor: ast.expr, module: Module) -> bool:
    """Whether a tensor comes from inputs of this module through Keras layers only."""
    known: dict[ast.expr, bool] = module.memo.setdefault("comes from input", {})
    made: dict[ast.expr, ast.expr | None] = {tensor: None}
    todo = [tensor]
    while todo:
        node = todo.pop()
        parts = () if known.get(node) else None if node in known else _made_of(node, module)
        if parts is None:
            at: ast.expr | None = node
            while at is not None:
                known[at] = False
                at = made[at]
            return False
        for part in parts:
            if part not in made:
                made[part] = node
                todo.append(part)
    known.update(dict.fromkeys(made, True))
    return True


def _made_of(node: ast.expr, module: Module) -> Sequence[ast.expr] | None:
    """The tensors that Keras layers compute this one from, none for an input; None if it is anything else."""
    if isinstance(node, ast.Name):
        bindings = module.bindings(node)
        values = [b.value for b in bindings if b.kind == "assign" and not b.path and b.value is not None]
        return values if values and len(values) == len(bindings) else None
    if isinstance(node, (ast.List, ast.Tuple)):
        return node.elts or None
    if not isinstance(node, ast.Call):
        return None
    paths = [external(value) for value in module.values(node.func)]
    if paths and all(path and is_keras(path) and path.rsplit(".", 1)[-1] in INPUTS for path in paths):
        return ()
    values_of = module.values(node.func)
    is_applied = bool(values_of) and all(isinstance(value, Made) and is_layer(value.path) for value in values_of)
    merges = bool(paths) and all(path and is_layer(path) and path.rsplit(".", 1)[-1] in _MERGING for path in paths)
    return node.args[:1] or None if is_applied or merges else None
