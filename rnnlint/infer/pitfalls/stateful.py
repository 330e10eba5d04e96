"""Which stateful Keras layers have no fixed batch size, or states that are never reset?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from rnnlint.infer.keras.layers import MODELS, Layer
from rnnlint.infer.keras.model_parts import may_contain
from rnnlint.infer.keras.uses import Seen, Uses
from rnnlint.infer.values import guards
from rnnlint.infer.values.domain import UNDEFINED, Constant, Int
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import Made, Module

_RESETS = ("reset_states", "reset_state")
_TRAINING = ("fit", "fit_generator", "train_on_batch")
_RUNNING = (*_TRAINING, "predict", "predict_on_batch", "predict_generator", "evaluate", "test_on_batch")


class StatefulLayer(NamedTuple):
    """A stateful layer that is used in a wrong way."""

    layer: Layer
    open_batch: bool
    """Whether its input has no fixed batch size; otherwise its states are never reset."""


def find(evaluator: Evaluator, module: Module, keras: int) -> Iterator[StatefulLayer]:
    """All such layers of a module, in source order."""
    uses = Uses(evaluator, module, keras)
    resets = evaluator.bounded(lambda: _resets(module), True)
    for layer in evaluator.bounded(lambda: uses.index(module).recurrent, []):
        said = layer.value(None, "stateful")
        if not isinstance(said, Constant) or said.value is not True or not said.sure:
            continue
        seen = uses.of(layer.call, None)
        if seen and all(_has_open_batch(one) for one in seen):
            yield StatefulLayer(layer, True)
        elif not resets and all(one.plain for one in seen) and _runs_more_than_once(evaluator, layer.call, module):
            yield StatefulLayer(layer, False)


def _has_open_batch(seen: Seen) -> bool:
    return bool(seen.shapes) and all(shape.shape and shape.shape[0] == UNDEFINED for shape in seen.shapes)


def _resets(module: Module) -> bool:
    """Whether the module, or one that it imports or that imports it, may reset or set states."""
    if _may_reset(module):
        return True
    others = module.project.mentioning(module, *_RESETS)
    return any(_may_reset(other) and (_imports(module, other) or _imports(other, module)) for other in others)


def _may_reset(module: Module) -> bool:
    read = surroundings_of(module).attributes
    if "states" in read or any(word in read for word in _RESETS):
        return True
    named = (call.args[1] for call in module.calls_of("getattr") if len(call.args) > 1)
    return any(isinstance(name, ast.Constant) and name.value in _RESETS for name in named)


def _imports(module: Module, other: Module) -> bool:
    """Whether a module imports another one of the project, or something from it."""
    for statement in module.tree.holding("import"):
        if isinstance(statement, ast.ImportFrom):
            base = statement.module or ""
            names = [base, *(f"{base}.{alias.name}".lstrip(".") for alias in statement.names)]
            level = statement.level
        elif isinstance(statement, ast.Import):
            names, level = [alias.name for alias in statement.names], 0
        else:
            continue
        if any(_is_of(module.project.find(module, name, level), other) for name in names if name):
            return True
    return False


def _is_of(found: Module | None, other: Module) -> bool:
    return found is not None and found.filename == other.filename


def _runs_more_than_once(evaluator: Evaluator, made: ast.Call, module: Module) -> bool:
    """Whether the code around a layer trains, and the states carry over from one epoch to the next.

    Code that only predicts may carry them on purpose, as may one pass over one long sequence.
    """
    if _trains_by_hand(made, module):
        return True
    runs = [call for call in _calls(module, _RUNNING) if _is_beside(call, made, module)]
    trains = [call for call in runs if isinstance(call.func, ast.Attribute) and call.func.attr in _TRAINING]
    return bool(trains) and (len(runs) > 1 or any(_repeats(evaluator, call, module) for call in trains))


def _trains_by_hand(made: ast.Call, module: Module) -> bool:
    """Whether the model of a layer is called in a loop over batches within a loop over epochs, under a tape."""
    if not module.calls_of("GradientTape"):
        return False
    for call in module.tree.every_call():
        models = [one for one in module.values(call.func) if isinstance(one, Made) and one.call in _models(module)]
        if models and may_contain(call.func, module, made, module):
            if len(list(guards.loops_around(module.tree.home_of(call)[1], module))) > 1:
                return True
    return False


def _models(module: Module) -> list[ast.Call]:
    return [call for name in MODELS for call in module.calls_of(name)]


def _calls(module: Module, names: tuple[str, ...]) -> list[ast.Call]:
    return [call for name in names for call in module.calls_of(name) if isinstance(call.func, ast.Attribute)]


def _is_beside(run: ast.Call, made: ast.Call, module: Module) -> bool:
    """Whether a call may run the model of a layer: there, in its class, or in a caller of its function."""
    here, there = module.tree.home_of(made)[0], module.tree.home_of(run)[0]
    if here is there or here in there.parents() or there in here.parents() and there.kind != "module":
        return True
    owner = here.enclosing_class()
    if owner is not None and owner is there.enclosing_class():
        return True
    maker = owner.node if owner is not None else here.node
    name = maker.name if isinstance(maker, (ast.FunctionDef, ast.ClassDef)) else ""
    return any(module.tree.home_of(call)[0] is there for call in module.calls_of(name)) if name else False


def _repeats(evaluator: Evaluator, call: ast.Call, module: Module) -> bool:
    if any(guards.loops_around(module.tree.home_of(call)[1], module)):
        return True
    epochs = next((keyword.value for keyword in call.keywords if keyword.arg in ("epochs", "nb_epoch")), None)
    if epochs is None:
        return False
    number = evaluator.query(epochs, module)
    return isinstance(number, Int) and (number.default or number.low) > 1
