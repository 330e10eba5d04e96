"""Which dropout has a constant probability in a graph that also evaluates or samples?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rnnlint.facts.symbols import Symbol
from rnnlint.infer.pitfalls.fetched import calls_behind
from rnnlint.infer.pitfalls.sameness import bindings_of
from rnnlint.infer.values import guards
from rnnlint.infer.values.domain import Constant
from rnnlint.infer.values.frames import callers, enter
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.given import argument
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.sites import Site
from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import External, Module

_DEEPEST = 6
_RUNNERS = ("static", "dynamic", "seq2seq")
_KEPT = ("input_keep_prob", "output_keep_prob", "state_keep_prob")
_TRAINING = frozenset(
    ("minimize", "apply_gradients", "optimize_loss", "create_train_op", "compute_gradients", "gradients")
)
_SUMMARIES = frozenset(("merge_all", "merge_all_summaries", "global_variables_initializer", "initialize_all_variables"))


class ConstantDropout(NamedTuple):
    """A dropout call that is active in each run of the graph, and a run that evaluates."""

    call: ast.Call
    name: str
    """The last name of the called function."""
    api: str
    says_rate: bool
    """Whether its number is the dropped fraction, not the kept one."""
    evaluates: ast.expr
    in_model_function: bool
    """Whether an Estimator builds the graph for evaluation and prediction too."""


class _Dropping(NamedTuple):
    call: ast.Call
    api: str
    says_rate: bool = False

    @property
    def name(self) -> str:
        return self.api.rpartition(".")[2]


def find(evaluator: Evaluator, module: Module, sites: Sequence[Site], target: str) -> Iterator[ConstantDropout]:
    """All constant dropout of a module, in source order."""
    runners = _calls_of(sites, module, lambda symbol: symbol.family in _RUNNERS)
    found = [*_wrappers(evaluator, module, sites, target), *_functions(evaluator, module, runners)]
    dropping = sorted(found, key=lambda one: (one.call.lineno, one.call.col_offset))
    if not dropping:
        return
    runs = evaluator.bounded(lambda: list(_evaluating(module)), [])
    for one in dropping:
        spec = _in_model_function(one.call, module)
        is_cell = one.name.endswith("Wrapper")
        if spec is not None and not is_cell and not _is_beside(one.call, runners, module):
            continue
        # tf.nn.dropout may be anywhere: it counts only if a runner computes the fetched value.
        seen = (node for node, behind in runs if one.call in behind and (is_cell or not behind.isdisjoint(runners)))
        at = spec or next(seen, None)
        if at is not None:
            yield ConstantDropout(one.call, one.name, one.api, one.says_rate, at, spec is not None)


def _calls_of(sites: Sequence[Site], module: Module, wanted: Callable[[Symbol], bool]) -> dict[ast.Call, Symbol]:
    found: dict[ast.Call, Symbol] = {}
    for site in sites:
        call = None if isinstance(site.node, ast.alias) else module.tree.call_of(site.node)
        if call is not None and wanted(site.symbol):
            found[call] = site.symbol
    return found


def _wrappers(evaluator: Evaluator, module: Module, sites: Sequence[Site], target: str) -> Iterator[_Dropping]:
    for call, symbol in _calls_of(sites, module, lambda one: one.path.endswith(".DropoutWrapper")).items():
        if not _is_chosen(call, module):
            if any(_is_constant(evaluator, argument(call, symbol, name, target), module) for name in _KEPT):
                yield _Dropping(call, symbol.path)


def _functions(evaluator: Evaluator, module: Module, runners: Mapping[ast.Call, Symbol]) -> Iterator[_Dropping]:
    """``tf.nn.dropout(x, 0.5)``: in TensorFlow 2 the number is the rate, and the runners are in compat.v1."""
    is_new = any(symbol.path.startswith("tf.compat.v1.") for symbol in runners.values())
    for call in module.calls_of("dropout"):
        paths = [value.path for value in module.values(call.func) if isinstance(value, External)]
        if len(paths) != 1 or not paths[0].startswith("tf.") or not paths[0].endswith("nn.dropout"):
            continue
        said = {keyword.arg: keyword.value for keyword in call.keywords}
        given = said.get("rate", said.get("keep_prob", call.args[1] if len(call.args) > 1 else None))
        if not _is_chosen(call, module) and _is_constant(evaluator, given, module):
            yield _Dropping(call, paths[0], "rate" in said or is_new and paths[0] == "tf.nn.dropout")


def _is_constant(evaluator: Evaluator, given: ast.expr | None, module: Module, depth: int = 0) -> bool:
    """Whether a probability is certainly a number between 0 and 1, whatever the options."""
    if given is None or depth > _DEEPEST:
        return False
    if isinstance(given, ast.Call) and leaf(given.func) in ("constant", "convert_to_tensor") and given.args:
        return _is_constant(evaluator, given.args[0], module, depth + 1)
    found = bindings_of(given, module)
    if len(found) == 1 and found[0].kind == "parameter":
        return _is_constant_argument(evaluator, found[0], module, depth)
    one = found[0].value if len(found) == 1 and found[0].kind == "assign" and not found[0].path else None
    if isinstance(one, (ast.Call, ast.Name, ast.Attribute)):
        return not _is_fed(given, module) and _is_constant(evaluator, one, module, depth + 1)
    if any(binding.kind == "parameter" for binding in found):
        return False
    value = evaluator.query(given, module)
    return isinstance(value, Constant) and value.sure and isinstance(value.value, float) and 0 < value.value < 1


def _is_fed(given: ast.expr, module: Module) -> bool:
    """Whether runs feed another value for a tensor: ``session.run(y, {keep: 1.0})``."""
    around = surroundings_of(module)
    name = given.id if isinstance(given, ast.Name) else given.attr if isinstance(given, ast.Attribute) else ""
    reads = (*around.names.get(name, ()), *around.attributes.get(name, ()))
    return any(isinstance(around.parent.get(read), (ast.Dict, ast.Subscript)) for read in reads)


def _is_constant_argument(evaluator: Evaluator, parameter: Binding, module: Module, depth: int) -> bool:
    """Whether each call in the project passes such a number, explicitly or by default."""
    function, owner = parameter.scope.node, parameter.scope.enclosing_class()
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    of = owner.node if owner is not None and isinstance(owner.node, ast.ClassDef) else None
    found = callers(function, module, of)
    for one in found:
        frame = enter(function, one.call, one.module, None, of is not None)
        given = frame.arguments.get(parameter.name)
        if not frame.complete or frame.tables or given is not None and given.part is not None:
            return False
        value, inside = (given.expression, given.module) if given is not None else (parameter.value, module)
        if not _is_constant(evaluator, value, inside, depth + 1):
            return False
    return bool(found)


def _is_chosen(call: ast.Call, module: Module) -> bool:
    """Whether a wrapper is made under a condition, such as ``if is_training``."""
    scope, statement = module.tree.home_of(call)
    owners = (*guards.owners(statement, module), *(scope.node for scope in scope.parents()))
    return any(isinstance(one, (ast.If, ast.IfExp, ast.Match)) for one in owners) or any(
        isinstance(node, ast.IfExp) and call in ast.walk(node) for node in ast.walk(statement)
    )


def _evaluating(module: Module) -> Iterator[tuple[ast.expr, frozenset[ast.Call]]]:
    """The fetches of runs without a training step, each with the calls that compute it."""
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


def _is_beside(call: ast.Call, runners: Iterable[ast.Call], module: Module) -> bool:
    function = module.tree.home_of(call)[0].node
    return any(module.tree.home_of(one)[0].node is function for one in runners)


def _in_model_function(call: ast.Call, module: Module) -> ast.expr | None:
    """The parameter ``mode`` of an Estimator's model function, which also builds the graph for evaluation."""
    function = module.tree.home_of(call)[0].node
    if not isinstance(function, ast.FunctionDef) or not any(one.arg == "mode" for one in function.args.args):
        return None
    specs = (one for one in module.calls_of("EstimatorSpec") if module.tree.home_of(one)[0].node is function)
    return next((one.func for one in specs), None)
