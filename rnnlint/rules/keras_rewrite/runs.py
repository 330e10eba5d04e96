"""What does a call of a legacy runner run, on which inputs, and where do its results go?"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from rnnlint.resolve.given import argument, hides
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.sites import Site
from rnnlint.rules.keras_rewrite.cells import Cells, Taken
from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.refusal import RefusedError

_KINDS = {
    "dynamic_rnn": "plain",
    "rnn": "static",
    "static_rnn": "static",
    "bidirectional_dynamic_rnn": "both",
    "static_bidirectional_rnn": "both",
}
_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Expr)
_LATER = frozenset({"cond", "while_loop", "map_fn", "scan", "case", "foldl", "foldr", "vectorized_map"})
"""Functions that run their argument in a separate graph."""


@dataclass(eq=False)
class Run:
    """A call that can be rewritten, if its cells can."""

    site: Site
    call: ast.Call
    kind: str
    """``plain``, ``static`` or ``both``."""
    statement: ast.stmt
    cells: list[Taken]
    inputs: ast.expr
    lengths: ast.expr | None
    states: list[ast.expr | None]
    """The initial state of each cell."""
    is_time_major: bool
    dtype: ast.expr | None
    node: ast.expr
    """The expression that gives the results: the call, or an index of it."""
    index: int | None
    """Which of the two results; None if it is both."""
    pair: ast.Tuple | ast.List | None
    """The two targets, if only the call is assigned to them."""
    has_outputs: bool = True
    has_state: bool = True
    is_joined: bool = False
    """Whether the outputs of both directions are one list, and the results are three."""
    consumed: set[ast.AST] = field(default_factory=set)
    """Names of cells in its arguments."""

    @property
    def is_list(self) -> bool:
        """Whether inputs and outputs are lists of steps."""
        return self.kind == "static" or self.is_joined

    @property
    def is_lstm(self) -> bool:
        """Whether each of its cells is a single LSTM."""
        return all(one.made.kind == "LSTM" for one in self.cells)


def read_run(site: Site, code: Code, cells: Cells, target: str) -> Run:
    """The run at a site. Raises RefusedError with the reason why it cannot be rewritten."""
    leaf = site.symbol.path.rpartition(".")[2]
    if len(site.symbols) > 1:
        raise RefusedError("which function it is depends on a branch")
    if leaf not in _KINDS:
        raise RefusedError(f"{leaf} has no Keras counterpart")
    call = code.module.tree.call_of(site.node) if isinstance(site.node, ast.expr) else None
    if call is None:
        raise RefusedError(f"{leaf} is passed on and called elsewhere")
    if hides(call):
        raise RefusedError("it has * or ** arguments")

    def given(name: str) -> ast.expr | None:
        node = argument(call, site.symbol, name, target)
        return None if node is None or isinstance(node, ast.Constant) and node.value is None else node

    kind = _KINDS[leaf]
    node, index = _taken_from(call, code)
    statement = _statement(node, code)
    inputs = given("inputs")
    is_joined = leaf == "static_bidirectional_rnn"
    if inputs is None or not (kind == "static" or is_joined) and isinstance(inputs, (ast.Tuple, ast.List)):
        raise RefusedError("its inputs are not a single tensor" if inputs is not None else "it has no inputs")
    names = ("cell_fw", "cell_bw") if kind == "both" else ("cell",)
    states = ("initial_state_fw", "initial_state_bw") if kind == "both" else ("initial_state",)
    nodes = [given(name) for name in names]
    if None in nodes:
        raise RefusedError("it has no cell")
    run = Run(
        site, call, kind, statement, [cells.taken(one) for one in nodes if one is not None], inputs,
        given("sequence_length"), [given(name) for name in states], _is_time_major(given("time_major")),
        given("dtype"), node, index, _pair(statement, call, 3 if is_joined else 2), is_joined=is_joined,
    )  # fmt: skip
    if is_joined and run.pair is None and run.index != 0:
        raise RefusedError("its results are not unpacked")
    _see_what_is_used(run, code)
    return run


def _taken_from(call: ast.Call, code: Code) -> tuple[ast.expr, int | None]:
    outer = code.parents[call]
    if isinstance(outer, ast.Subscript) and outer.value is call and isinstance(outer.ctx, ast.Load):
        key = outer.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, int) and key.value in (0, 1):
            return outer, int(key.value)
    return call, None


def _statement(node: ast.expr, code: Code) -> ast.stmt:
    """The statement of the call, in which it runs exactly once and unconditionally."""
    for outer in code.above(node):
        if isinstance(outer, ast.stmt):
            if not isinstance(outer, _SIMPLE):
                raise RefusedError("it is in a statement of an unsupported kind")
            _check_function(outer, code)
            return outer
        if isinstance(outer, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.JoinedStr)):
            raise RefusedError("it is in a lambda, a comprehension or an f-string")
        if isinstance(outer, (ast.BoolOp, ast.Await, ast.NamedExpr, ast.IfExp)):
            raise RefusedError("it is in a conditional, `await` or `:=` expression")
    raise RefusedError("it is not in a statement")


def _check_function(statement: ast.stmt, code: Code) -> None:
    """Check the function around: a layer creates its variables when it first runs, which must be in the model's
    graph."""
    for outer in code.above(statement):
        if not isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        for name in code.writer.names.get(outer.name, ()):
            call = code.parents.get(name)
            call = code.parents.get(call) if isinstance(call, ast.keyword) else call
            function = getattr(call, "func", None)
            if isinstance(call, ast.Call) and function is not name and getattr(function, "attr", "") in _LATER:
                raise RefusedError(f"it is in a function that {getattr(function, 'attr', '')} calls")


def _is_time_major(node: ast.expr | None) -> bool:
    if node is None:
        return False
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return node.value
    raise RefusedError("time_major is only known at run time")


def _pair(statement: ast.stmt, call: ast.Call, count: int) -> ast.Tuple | ast.List | None:
    """The targets of outputs and state; the states of both directions count as one."""
    if isinstance(statement, ast.Assign) and statement.value is call and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, (ast.Tuple, ast.List)) and len(target.elts) == count:
            if any(isinstance(one, ast.Starred) for one in target.elts):
                raise RefusedError("its results are unpacked with a starred name")
            if count == 3:
                return ast.Tuple([target.elts[0], ast.Tuple(target.elts[1:], ast.Store())], ast.Store())
            return target
    return None


def _see_what_is_used(run: Run, code: Code) -> None:
    if run.index is not None:
        run.has_outputs, run.has_state = run.index == 0, run.index == 1
    elif run.pair is not None:
        run.has_outputs, run.has_state = (_is_used(one, run, code) for one in run.pair.elts)
        if not run.has_outputs and not run.has_state:
            run.has_outputs = True


def _is_used(target: ast.expr, run: Run, code: Code) -> bool:
    """Whether an assigned value may be read: names of a module may be read elsewhere."""
    if isinstance(target, ast.Tuple):
        return any(_is_used(one, run, code) for one in target.elts)
    if not isinstance(target, ast.Name):
        return True
    if target.id == "_":
        return bool(code.writer.names.get("_"))
    if isinstance(code.function_of(run.statement), (ast.Module, ast.ClassDef)) or is_read_otherwise(target, code):
        return True
    return bool(reads_of(target, code))


def is_read_otherwise(target: ast.Name, code: Code) -> bool:
    """Whether the name is needed other than by plain reads: ``outputs += x``, ``del``, ``locals()``."""
    if any(code.module.tree.calls_of(name) for name in ("locals", "vars", "eval", "exec")):
        return True
    return target.id in code.changed


def reads_of(target: ast.Name, code: Code) -> list[ast.Name]:
    """The expressions that may read the value assigned to a name here."""
    found = code.writer.names.get(target.id, ())
    return [name for name in found if any(_is_at(one, target) for one in code.module.bindings(name))]


def reads_alone(target: ast.Name, name: ast.Name, code: Code) -> bool:
    """Whether a name certainly has the value that is assigned here."""
    found = code.module.bindings(name)
    return len(found) == 1 and _is_at(found[0], target)


def _is_at(binding: Binding, target: ast.Name) -> bool:
    return binding.node is target
