"""Which runners and layers get a sequence whose batch and time axes are swapped?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rnnlint.facts.symbols import Symbol
from rnnlint.infer.keras.layers import MODELS, is_keras
from rnnlint.infer.keras.model_parts import parts_of
from rnnlint.infer.pitfalls.axis_names import Layout
from rnnlint.infer.pitfalls.axis_order import AxisOrder
from rnnlint.infer.values.domain import Constant
from rnnlint.infer.values.interface import Evaluator
from rnnlint.infer.values.spread import keywords_of
from rnnlint.resolve.given import argument
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.sites import Site
from rnnlint.resolve.values import Instance, Made, Module, ProjectClass

_LAYERS = ("SimpleRNN", "LSTM", "GRU", "RNN")
_ASKING = ("fit", "predict", "evaluate", "train_on_batch", "predict_on_batch", "test_on_batch")
_TURNING = ("transpose", "permute_dimensions", "swapaxes", "Permute", "Lambda", "Reshape")


class SwappedAxes(NamedTuple):
    """A call that reads the rows of a batch as steps."""

    call: ast.Call
    name: str
    api: str
    wants: Layout
    declared: ast.expr
    """The input whose layout is known."""
    is_static: bool = False
    is_layer: bool = False


def find(evaluator: Evaluator, module: Module, sites: Iterable[Site], target: str) -> Iterator[SwappedAxes]:
    """All swapped axes of a module: legacy runners, then Keras layers and models."""
    known = AxisOrder(evaluator, module)
    for site in sites:
        call = None if isinstance(site.node, ast.alias) else module.tree.call_of(site.node)
        if call is not None and site.symbol.family in ("static", "dynamic"):
            yield from _runner(known, evaluator, call, site.symbol, module, target)
    if any(module.calls_of(name) for name in _LAYERS):
        yield from _layers(known, evaluator, module)


def _runner(
    known: AxisOrder, evaluator: Evaluator, call: ast.Call, symbol: Symbol, module: Module, target: str
) -> Iterator[SwappedAxes]:
    keywords = keywords_of(call, module)
    if keywords is None:
        return
    inputs, major = (keywords.get(name) or argument(call, symbol, name, target) for name in ("inputs", "time_major"))
    is_static = symbol.family == "static"
    is_major = False if major is None or is_static else _truth(evaluator, major, module)
    if inputs is None or is_major is None:
        return
    wants: Layout = "time" if is_static or is_major else "batch"
    found = known.ask(inputs, is_static)
    if found is not None and found[0] != wants:
        yield SwappedAxes(call, symbol.path.rpartition(".")[2], symbol.path, wants, found[1], is_static)


def _truth(evaluator: Evaluator, node: ast.expr, module: Module) -> bool | None:
    """Whether a flag has one value, whatever the options."""
    value = evaluator.query(node, module)
    return value.value if isinstance(value, Constant) and value.sure and isinstance(value.value, bool) else None


def _layers(known: AxisOrder, evaluator: Evaluator, module: Module) -> Iterator[SwappedAxes]:
    told: set[ast.Call] = set()
    for call in module.tree.every_call():
        made = [value for value in module.values(call.func) if isinstance(value, Made)]
        if len(made) == 1 and call.args and is_keras(made[0].path):
            yield from _layer(known, evaluator, call, made[0], module)
        yield from _model(known, call, module, told)


def _layer(known: AxisOrder, evaluator: Evaluator, call: ast.Call, made: Made, module: Module) -> Iterator[SwappedAxes]:
    name = made.path.rpartition(".")[2]
    if name not in _LAYERS or any(k.arg is None for k in made.call.keywords):
        return
    major = next((k.value for k in made.call.keywords if k.arg == "time_major"), None)
    is_major = False if major is None else _truth(evaluator, major, made.module)
    found = known.ask(call.args[0], False) if is_major is not None else None
    wants: Layout = "time" if is_major else "batch"
    if found is not None and found[0] != wants:
        yield SwappedAxes(call, name, made.path, wants, found[1], is_layer=True)


def _model(known: AxisOrder, call: ast.Call, module: Module, told: set[ast.Call]) -> Iterator[SwappedAxes]:
    """``model.predict(np.swapaxes(x, 0, 1))``, once for each model without a layer that swaps axes."""
    asked = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr in _ASKING else call.func
    for value in module.values(asked) if call.args else ():
        if not isinstance(value, Made) or value.module is not module or value.call in told or not is_keras(value.path):
            continue
        if value.path.rpartition(".")[2] not in MODELS:
            continue
        found = known.ask(call.args[0], False)
        reader = _reader_in(value.call, module) if found is not None and found[0] == "time" else None
        if found is not None and reader is not None:
            told.add(value.call)
            yield SwappedAxes(call, leaf(reader.func) or "", value.path, "batch", found[1], is_layer=True)


def _reader_in(model: ast.Call, module: Module) -> ast.Call | None:
    """A recurrent layer of a model, if no layer of the model may swap axes and none is time-major."""
    calls = [part for part in parts_of(model, module) if isinstance(part, ast.Call)]
    for one in calls:
        values = module.values(one.func)
        if leaf(one.func) in _TURNING or any(isinstance(v, (ProjectClass, Instance)) for v in values):
            return None
        if any(keyword.arg in ("time_major", None) for keyword in one.keywords):
            return None
    return next((one for one in calls if leaf(one.func) in _LAYERS), None)
