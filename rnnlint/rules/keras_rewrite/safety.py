"""Does the module access variables in a way that does not work for layers?"""

from __future__ import annotations

import ast
import re

from rnnlint.resolve.scope_tree import leaf
from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.refusal import RefusedError
from rnnlint.rules.keras_rewrite.runs import Run

_SCOPES = frozenset({"variable_scope", "VariableScope", "variable_op_scope"})
_LISTS = {
    "trainable_variables": 0, "global_variables": 0, "local_variables": 0, "model_variables": 0, "get_variables": 0,
    "get_collection": 1, "get_trainable_variables": 0, "all_variables": 0, "get_collection_ref": 1,
}  # fmt: skip
"""Functions that list variables, with the position of their scope argument."""
_CHANGES = {
    "regularizer": "a variable scope adds a regularizer to its variables",
    "custom_getter": "a variable scope has a custom getter",
    "constraint": "a variable scope constrains its variables",
}
_TRACED = frozenset({"function", "defun", "wrap_function", "make_template"})


def check_module(code: Code) -> None:
    """Raise RefusedError if variables are changed or looked up in a way that layers do not support."""
    for call in code.module.tree.every_call():
        name = leaf(call.func)
        if name in _SCOPES:
            for keyword in call.keywords:
                if keyword.arg in _CHANGES and not _is_none(keyword.value):
                    raise RefusedError(_CHANGES[keyword.arg or ""])
        if name in ("set_regularizer", "set_custom_getter"):
            raise RefusedError(_CHANGES[name.removeprefix("set_")])
        if name in _LISTS and isinstance(call.func, (ast.Attribute, ast.Name)):
            scoped = [one for one in call.keywords if one.arg == "scope" and not _is_none(one.value)]
            if scoped or len(call.args) > _LISTS[name]:
                raise RefusedError("variables are looked up by scope")
    for node in code.parents:
        asked: tuple[ast.expr, ...] = ()
        if isinstance(node, ast.Compare):
            asked = (node.left, *node.comparators)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            asked = (node.func.value,)
        if any(map(_is_name_of_variable, asked)) and _lists_variables(node, code):
            raise RefusedError("variables are selected by name")


def check_variables(code: Code, *, adds_forget_bias: bool) -> None:
    """Raise RefusedError if the module computes with single variables, which differ between a layer and a cell.

    With ``adds_forget_bias`` the bias of a layer has other values than that of its cell.
    """
    for name in ("clip_by_norm", "clip_by_average_norm"):
        if code.module.tree.calls_of(name):
            raise RefusedError("gradients are clipped per variable, and a layer has different variables")
    for node in code.parents:
        if isinstance(node, ast.Subscript) and _is_list(node.value, code):
            raise RefusedError("variables are selected by their position in a list")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_named(node.value):
            raise RefusedError("the code names a variable or an operation of its cell")
        if adds_forget_bias and isinstance(node, ast.Call) and leaf(node.func) in _PENALTIES:
            inside = [one for one in code.above(node) if isinstance(one, (*_LOOPS, ast.For))]
            given = [*node.args, *(one.value for one in node.keywords)]
            iterated = [one.iter for loop in inside for one in getattr(loop, "generators", [loop])]
            if any(_is_list(one, code) for one in (*given, *iterated) if isinstance(one, ast.expr)):
                raise RefusedError("variables are part of a penalty, and the bias of a layer includes the forget bias")


_PATH = re.compile(r"[\w./:-]+")
_CELL = re.compile(r"rnn|lstm|gru")


def _is_named(text: str) -> bool:
    """Whether a string names something in the scope of a cell or of a runner."""
    scopes = text.split("/")[:-1]
    return _PATH.fullmatch(text) is not None and any(_CELL.search(one) and one.isidentifier() for one in scopes)


_LOOPS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)

_PENALTIES = frozenset({
    "l2_loss", "reduce_sum", "reduce_mean", "square", "norm", "abs", "global_norm", "apply_regularization", "l1_loss",
})  # fmt: skip


def _is_list(node: ast.expr, code: Code) -> bool:
    """Whether an expression is a list of variables, by a call or through a name."""
    if isinstance(node, ast.Name):
        values = [one.value for one in code.module.bindings(node) if one.kind == "assign" and not one.path]
        return any(isinstance(one, ast.Call) and leaf(one.func) in _LISTS for one in values)
    return isinstance(node, ast.Call) and leaf(node.func) in _LISTS


def _is_name_of_variable(node: ast.expr) -> bool:
    """``v.name``, or ``v.op.name``."""
    return isinstance(node, ast.Attribute) and node.attr == "name"


def _lists_variables(node: ast.AST, code: Code) -> bool:
    """Whether a condition on names is in a loop or a comprehension, in a module that lists variables."""
    if not any(code.module.tree.calls_of(name) for name in _LISTS):
        return False
    loops = (ast.For, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
    return any(isinstance(one, loops) for one in code.above(node))


def check_places(runs: list[Run], code: Code) -> dict[Run, str]:
    """The runs whose cells share variables now but would become separate layers, with the reason."""
    found: dict[Run, str] = {}
    makers = {taken.layer for run in runs for taken in run.cells}
    for run in runs:
        for taken in run.cells:
            for call in (taken.layer, taken.made.call, *(one.call for one in taken.made.inner)):
                if _in_traced_function(call, code):
                    found[run] = "its cell is made in a function that TensorFlow traces"
            reuses = _reuses(taken.layer, code)
            if reuses and (_runs_again(taken.layer, code, reuses) or len(makers) > len(runs[0].cells)):
                found[run] = "a variable scope shares its variables (reuse), but each layer has its own"
    return found


def _reuses(cell: ast.Call, code: Code) -> set[str]:
    """How existing variables are reused: ``outside`` the place where a cell is made, or ``after`` it.

    A scope that begins after the cell, in the same function, reuses variables of this cell, and would fail in a second
    run.
    """
    found = set()
    for call in code.module.tree.every_call():
        name = leaf(call.func)
        if name == "reuse_variables":
            found.add("after")
        if name == "make_template":
            found.add("outside")
        if name in _SCOPES:
            given = [one.value for one in call.keywords if one.arg == "reuse"]
            if any(not (isinstance(one, ast.Constant) and not one.value) for one in given):
                found.add("after" if _begins_after(call, cell, code) else "outside")
    return found


def _begins_after(scope: ast.Call, cell: ast.Call, code: Code) -> bool:
    """Whether a ``with`` of the scope is in the function that makes the cell, and not around it."""
    statement = code.statement_of(scope)
    same = code.function_of(statement) is code.function_of(cell)
    return isinstance(statement, ast.With) and same and statement not in set(code.above(cell))


def _runs_again(call: ast.Call, code: Code, reuses: set[str]) -> bool:
    """Whether a call may run more than once: in a loop, or in a function that is not called exactly once.

    A function that nothing in the module calls runs once, if it could not create its variables a second time.
    """
    for outer in code.above(call):
        if isinstance(outer, (ast.For, ast.AsyncFor, ast.While, ast.Lambda, ast.ClassDef)):
            return True
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
            reads = code.writer.names.get(outer.name, [])
            if not reads:
                return "outside" in reuses
            caller = code.parents.get(reads[0])
            if len(reads) > 1 or not isinstance(caller, ast.Call) or caller.func is not reads[0]:
                return True
            return _runs_again(caller, code, reuses)
    return False


def _in_traced_function(call: ast.Call, code: Code) -> bool:
    for outer in code.above(call):
        if not isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        for decorator in outer.decorator_list:
            function = decorator.func if isinstance(decorator, ast.Call) else decorator
            if leaf(function) in _TRACED:
                return True
        for name in code.writer.names.get(outer.name, ()):
            holder = code.parents.get(name)
            if isinstance(holder, ast.Call) and holder.func is not name and leaf(holder.func) in _TRACED:
                return True
    return False


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
