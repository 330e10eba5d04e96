"""Which other assignments decide the value of a name? Those of called functions, and those before ``xs += …``."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from rnnlint.resolve.scopes import Binding, Scope
from rnnlint.resolve.values import Module

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def by_calls(bindings: list[Binding], home: tuple[Scope, ast.stmt], module: Module) -> list[Binding]:
    """What functions that may have been called assign to a variable of the scope that reads it.

    A function that is never called assigns nothing, nor does one that is only called after the use, or before the
    variable got its value.
    """
    scope, use = home
    if not bindings or bindings[0].scope is not scope or bindings[0].name not in scope.remote:
        return []
    rows = [binding.statement.lineno for binding in bindings if binding.statement is not None]
    remote = [one for one in scope.remote[bindings[0].name] if one not in bindings and one.kind != "delete"]
    return [one for one in remote if _may_run(one, scope, min(rows, default=0), use, module)]


def _may_run(write: Binding, scope: Scope, first: int, use: ast.stmt, module: Module) -> bool:
    function = write.scope.node
    if not isinstance(function, _FUNCTIONS):
        return True
    for call in module.calls_of(function.name):
        inside, statement = module.tree.home_of(call)
        loops = inside is scope and module.tree.positions[statement][0].owner is not None
        if inside is not scope or loops or first < statement.lineno <= use.lineno:
            return True
    return False


def first_bindings(name: str, bindings: Iterable[Binding], module: Module) -> list[Binding]:
    """The bindings that a list grew from by ``xs += …``."""
    found: list[Binding] = []
    todo, seen = list(bindings), set(bindings)
    while todo:
        one = todo.pop(0)
        if one.kind != "augment" or one.statement is None:
            found.append(one)
            continue
        for before in module.flow.lookup(name, one.scope, one.statement):
            if before not in seen:
                seen.add(before)
                todo.append(before)
    return found
