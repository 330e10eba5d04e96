"""What is an expression computed from? Followed backwards, through names and attributes of a module."""

from __future__ import annotations

import ast

from rnnlint.infer.values.frames import callers, enter
from rnnlint.resolve.classes import bases
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import Instance, Module, ProjectClass
from rnnlint.resolve.walking import children

_MOST_NODES = 300
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def bindings_of(node: ast.expr, module: Module) -> list[Binding]:
    """What a name, or an attribute of an object of the project, may be bound to; empty for any other expression."""
    match node:
        case ast.Name():
            return module.bindings(node)
        case ast.Attribute(value=ast.Name() as receiver, attr=name):
            return [write for owner in owners_of(receiver, module) for write in module.writes_of(owner, name)]
    return []


def bound_behind(node: ast.expr, module: Module) -> set[ast.AST]:
    """The calls and parameters that an expression is computed from, through names; computed once."""
    known: dict[ast.expr, set[ast.AST]] = module.memo.setdefault("bound behind", {})
    if node not in known:
        known[node] = _found_behind(node, module)
    return known[node]


def _found_behind(node: ast.expr, module: Module) -> set[ast.AST]:
    found: set[ast.AST] = set()
    todo: list[ast.AST] = [node]
    seen: set[ast.AST] = set()
    while todo and len(seen) < _MOST_NODES:
        one = todo.pop()
        if one in seen:
            continue
        seen.add(one)
        if isinstance(one, ast.Call):
            found.add(one)
        if isinstance(one, (ast.Name, ast.Attribute)):
            bindings = bindings_of(one, module)
            todo += [binding.value for binding in bindings if binding.value is not None]
            for binding in bindings:
                if binding.kind == "parameter":
                    found.add(binding.node)
                    todo += _arguments_for(binding, module)
        todo += children(one)
    return found


def _arguments_for(parameter: Binding, module: Module) -> list[ast.expr]:
    """The arguments of the calls in the same module for a parameter."""
    function = parameter.scope.node
    if not isinstance(function, _FUNCTIONS) or parameter.scope.enclosing_class() is not None:
        return []
    calls = [one.call for one in callers(function, module, None) if one.module is module]
    given = [enter(function, call, module, None, False).arguments.get(parameter.name) for call in calls]
    return [one.expression for one in given if one is not None and one.part is None]


def owners_of(receiver: ast.expr, module: Module) -> set[ast.ClassDef]:
    """The classes of the project that an expression may be an instance of, with their bases."""
    found = [value.of for value in module.values(receiver) if isinstance(value, Instance)]
    found += [value for value in module.values(receiver) if isinstance(value, ProjectClass)]
    return {one.node for of in found for one in bases(of)}
