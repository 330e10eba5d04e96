"""What is a value computed from? Followed backwards through names, attributes, functions and their callers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from rnnlint.infer.values import guards
from rnnlint.infer.values.frames import callers, enter
from rnnlint.resolve.calls_by import calls_on, dotted
from rnnlint.resolve.classes import bases
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import Instance, Module, ProjectClass, ProjectFunction
from rnnlint.resolve.walking import children

_MOST_NODES = 1500


def calls_behind(node: ast.expr, module: Module) -> set[ast.Call]:
    """The calls of a module that a value is computed from."""
    found: set[ast.Call] = set()
    seen: set[ast.AST] = set()
    entered: set[ast.AST] = set()
    todo: list[ast.AST] = [node]
    while todo and len(seen) < _MOST_NODES:
        one = todo.pop()
        if one in seen:
            continue
        seen.add(one)
        if isinstance(one, ast.Call):
            found.add(one)
            for function in _called(one, module):
                # The arguments are in the call, so the parameters need not be looked up in other calls.
                entered.add(function)
                todo += [r.value for r in module.tree.scope_of(function).returns if r.value is not None]
        if isinstance(one, (ast.Name, ast.Attribute)) and isinstance(one.ctx, ast.Load):
            todo += _put_into(one, module)
            for binding in _bindings(one, module):
                todo += [binding.value] if binding.value is not None else []
                if binding.kind == "parameter" and binding.scope.node not in entered:
                    todo += _arguments(binding, module)
        todo += children(one)
    return found


def _bindings(node: ast.Name | ast.Attribute, module: Module) -> list[Binding]:
    if isinstance(node, ast.Name):
        return module.bindings(node) if module.tree.home(node) is not None else []
    found: list[Binding] = []
    for value in module.values(node.value) if module.tree.home(node.value) is not None else ():
        of = value.of if isinstance(value, Instance) else value if isinstance(value, ProjectClass) else None
        for base in bases(of) if of is not None else ():
            if base.module is module:
                found += module.writes_of(base.node, node.attr)
    return found


def _put_into(node: ast.Name | ast.Attribute, module: Module) -> Iterator[ast.expr]:
    """What ``cells.append(cell)`` adds to the list that a name holds."""
    name = dotted(node)
    for method in ("append", "extend", "insert") if name is not None else ():
        for call in calls_on(module, method, name or ""):
            receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
            if receiver is None or isinstance(node, ast.Name) and not _is_same_name(node, receiver, module):
                continue
            if not _is_chosen(call, module):
                yield from call.args


def _is_chosen(call: ast.Call, module: Module) -> bool:
    """Whether something is added under a condition, such as a training step among the fetches."""
    return any(isinstance(one, (ast.If, ast.Match)) for one in guards.owners(module.tree.home_of(call)[1], module))


def _is_same_name(node: ast.Name, receiver: ast.expr, module: Module) -> bool:
    if not isinstance(receiver, ast.Name) or module.tree.home(node) is None:
        return False
    return any(one in module.bindings(receiver) for one in module.bindings(node))


def _called(call: ast.Call, module: Module) -> Iterator[ast.AST]:
    for value in module.values(call.func) if module.tree.home(call.func) is not None else ():
        if isinstance(value, ProjectFunction) and value.module is module:
            yield value.node


def _arguments(parameter: Binding, module: Module) -> Iterator[ast.expr]:
    function = parameter.scope.node
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return
    if parameter.scope.enclosing_class() is not None:
        return
    for one in callers(function, module, None):
        if one.module is module:
            given = enter(function, one.call, module, None, False).arguments.get(parameter.name)
            if given is not None:
                yield given.expression
