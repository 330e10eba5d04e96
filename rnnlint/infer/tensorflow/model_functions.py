"""What does TensorFlow pass to functions that it calls: an Estimator's model function, a template's function?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.tensorflow.buckets import argument
from rnnlint.infer.values.domain import Abstract, join
from rnnlint.resolve.values import External, Module, Partial, ProjectFunction

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

_ESTIMATORS = {"Estimator": 3, "TPUEstimator": 3}
"""The classes that call a model function, with the positions of its parameters among their arguments."""

_BINDING = {"tf.make_template": 1, "tf.compat.v1.make_template": 1}


def binds(path: str) -> int | None:
    """The position of the function that ``make_template`` takes and returns."""
    return _BINDING.get(path)


def given(evaluator: Evaluator, function: ast.AST, module: Module, name: str) -> Abstract | None:
    """The ``params`` that an Estimator passes to its model function, if the function belongs to one."""
    if name != "params":
        return None
    found = []
    for leaf, position in _ESTIMATORS.items():
        for inside in (module, *module.project.calling(leaf, module)):
            for call in inside.calls_of(leaf):
                passed = argument(call, 0, "model_fn")
                if passed is None or not _is(passed, function, inside) or not _is_library(call, inside):
                    continue
                options = argument(call, position, "params")
                if options is not None:
                    found.append(evaluator.value(options, inside, None))
    return join(found) if found else None


def _is(passed: ast.expr, function: ast.AST, module: Module) -> bool:
    for value in module.values(passed):
        while isinstance(value, Partial):
            value = value.of
        if isinstance(value, ProjectFunction) and value.node is function:
            return True
    return False


def _is_library(call: ast.Call, module: Module) -> bool:
    return any(isinstance(v, External) and v.path.startswith("tf.") for v in module.values(call.func))
