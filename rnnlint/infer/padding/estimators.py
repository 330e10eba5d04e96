"""Where does the result of an input function reach the model function of an Estimator?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice

from rnnlint.infer.values.behind import bindings_of
from rnnlint.infer.values.entered import entered
from rnnlint.infer.values.frames import callers, parameters
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.scopes import Scope
from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import Module, Partial

_RUNNING = frozenset(("train", "evaluate", "predict", "TrainSpec", "EvalSpec"))
_ESTIMATORS = ("Estimator", "TPUEstimator")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEEPEST = 4
_MOST_MODULES = 4


def features_of(function: ast.expr, module: Module, depth: int = 0) -> Iterator[tuple[ast.Name, Module]]:
    """The reads of a model function's features, if an Estimator gets ``function`` as its input function.

    The function may be passed on, as a parameter or through a name.
    """
    around = surroundings_of(module)
    parent = around.parent.get(function)
    if isinstance(parent, ast.keyword):
        parent = around.parent.get(parent)
    if depth > _DEEPEST:
        return
    match parent:
        case ast.Call(func=called) if called is not function:
            if leaf(called) in _RUNNING:
                yield from _features_in(module)
            elif leaf(called) == "partial":
                yield from features_of(parent, module, depth + 1)
        case ast.Return():
            maker = _function_around(function, module)
            for one in callers(maker, module, None) if maker is not None else ():
                yield from features_of(one.call, one.module, depth + 1)
        case ast.Assign(targets=[ast.Name(id=name)]):
            for read in around.names.get(name, ()):
                if any(one.value is function for one in bindings_of(read, module)):
                    yield from features_of(read, module, depth + 1)


def _function_around(node: ast.expr, module: Module) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    scope: Scope | None = module.tree.home_of(node)[0]
    while scope is not None and scope.kind != "function":
        scope = scope.parent
    owner = scope.enclosing_class() if scope is not None else None
    return scope.node if scope is not None and isinstance(scope.node, _FUNCTIONS) and owner is None else None


def _features_in(module: Module) -> Iterator[tuple[ast.Name, Module]]:
    """The reads of the first parameter of all model functions of a module's Estimators."""
    found = [(call, module) for name in _ESTIMATORS for call in module.calls_of(name)]
    if not found:
        others = islice(module.project.mentioning(module, *_ESTIMATORS, whole=True), _MOST_MODULES)
        found = [(call, one) for one in others for name in _ESTIMATORS for call in one.calls_of(name)]
    for call, inside in found:
        named = (keyword.value for keyword in call.keywords if keyword.arg == "model_fn")
        function = next(named, call.args[0] if call.args else None)
        for value in inside.values(function) if function is not None else ():
            while isinstance(value, Partial):
                value = value.of
            run = entered(value)
            if run is None:
                continue
            names = parameters(run[0])[1 if run[2] else 0 :]
            given = run[1].tree.scope_of(run[0]).given.get(names[0]) if names else None
            for read in surroundings_of(run[1]).names.get(given.name, ()) if given is not None else ():
                if given in run[1].bindings(read):
                    yield read, run[1]
