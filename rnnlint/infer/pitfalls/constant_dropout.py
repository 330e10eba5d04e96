"""Which dropout has a constant probability in a graph that also evaluates or samples?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rnnlint.infer.pitfalls.fetched import calls_behind
from rnnlint.infer.pitfalls.sameness import bindings_of
from rnnlint.infer.values import guards
from rnnlint.infer.values.domain import Constant
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.given import argument
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.sites import Site
from rnnlint.resolve.values import Module

_DEEPEST = 6
_KEPT = ("input_keep_prob", "output_keep_prob", "state_keep_prob")
_TRAINING = frozenset(
    ("minimize", "apply_gradients", "optimize_loss", "create_train_op", "compute_gradients", "gradients")
)
_SUMMARIES = frozenset(("merge_all", "merge_all_summaries", "global_variables_initializer", "initialize_all_variables"))


class ConstantDropout(NamedTuple):
    """A wrapper that drops in each run of the graph, and a run that evaluates."""

    call: ast.Call
    api: str
    evaluates: ast.expr
    in_model_function: bool
    """Whether an Estimator makes the graph for evaluation and prediction too."""


def find(evaluator: Evaluator, module: Module, sites: Iterable[Site], target: str) -> Iterator[ConstantDropout]:
    """All of a module, in source order."""
    wrappers = []
    for site in sites:
        call = None if isinstance(site.node, ast.alias) else module.tree.call_of(site.node)
        if call is not None and site.symbol.path.endswith(".DropoutWrapper") and not _is_chosen(call, module):
            if any(_is_constant(evaluator, argument(call, site.symbol, name, target), module) for name in _KEPT):
                wrappers.append((call, site.symbol.path))
    if not wrappers:
        return
    runs = evaluator.bounded(lambda: list(_evaluating(module)), [])
    for call, path in wrappers:
        spec = _in_model_function(call, module)
        found = spec or next((node for node, behind in runs if call in behind), None)
        if found is not None:
            yield ConstantDropout(call, path, found, spec is not None)


def _is_constant(evaluator: Evaluator, given: ast.expr | None, module: Module) -> bool:
    """Whether a keep probability is a number below 1 whatever anybody chooses."""
    if given is None or _is_parameter(given, module):
        return False
    value = evaluator.query(given, module)
    return isinstance(value, Constant) and value.sure and isinstance(value.value, float) and 0 < value.value < 1


def _is_parameter(given: ast.expr, module: Module, depth: int = 0) -> bool:
    """Whether callers may give a number, through names and attributes of ``self``."""
    found = bindings_of(given, module) if depth < _DEEPEST else []
    return any(
        binding.kind == "parameter"
        or binding.value is not None
        and not binding.path
        and _is_parameter(binding.value, module, depth + 1)
        for binding in found
    )


def _is_chosen(call: ast.Call, module: Module) -> bool:
    """Whether a wrapper is made under a condition, such as ``if is_training``."""
    scope, statement = module.tree.home_of(call)
    owners = (*guards.owners(statement, module), *(scope.node for scope in scope.parents()))
    return any(isinstance(one, (ast.If, ast.IfExp, ast.Match)) for one in owners) or any(
        isinstance(node, ast.IfExp) and call in ast.walk(node) for node in ast.walk(statement)
    )


def _evaluating(module: Module) -> Iterator[tuple[ast.expr, frozenset[ast.Call]]]:
    """What is run without a training step: each fetch with the calls behind it."""
    for call in module.calls_of("run"):
        if isinstance(call.func, ast.Attribute):
            fetches = next((k.value for k in call.keywords if k.arg == "fetches"), *call.args[:1] or (None,))
            if fetches is not None:
                yield from _without_training(call.func, fetches, module)
    for call in module.calls_of("eval"):
        if isinstance(call.func, ast.Attribute):
            yield from _without_training(call.func, call.func.value, module)


def _without_training(
    at: ast.expr, fetches: ast.expr, module: Module
) -> Iterator[tuple[ast.expr, frozenset[ast.Call]]]:
    behind = calls_behind(fetches, module)
    names = {leaf(call.func) for call in behind}
    if not names & _TRAINING and not names & _SUMMARIES:
        yield at, frozenset(behind)


def _in_model_function(call: ast.Call, module: Module) -> ast.expr | None:
    """The parameter ``mode`` of an Estimator's model function, which builds the graph that evaluates too."""
    function = module.tree.home_of(call)[0].node
    if not isinstance(function, ast.FunctionDef) or not any(one.arg == "mode" for one in function.args.args):
        return None
    specs = (one for one in module.calls_of("EstimatorSpec") if module.tree.home_of(one)[0].node is function)
    return next((one.func for one in specs), None)
