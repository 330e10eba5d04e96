"""Which calls of a name are in this scope, or on this object? Indexed, since many callers ask."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnnlint.resolve.scopes import Scope
    from rnnlint.resolve.values import Module


def calls_in(module: Module, name: str, scope: Scope) -> list[ast.Call]:
    """The calls directly in a scope whose function has this last name."""
    indexes: dict[str, dict[Scope, list[ast.Call]]] = module.memo.setdefault("calls in scopes", {})
    found = indexes.get(name)
    if found is None:
        found = indexes[name] = {}
        for call in module.calls_of(name):
            found.setdefault(module.tree.home_of(call)[0], []).append(call)
    return found.get(scope, [])


def calls_on(module: Module, method: str, name: str) -> list[ast.Call]:
    """The calls ``name.method(…)``; the name may be dotted."""
    indexes: dict[str, dict[str, list[ast.Call]]] = module.memo.setdefault("calls on names", {})
    found = indexes.get(method)
    if found is None:
        found = indexes[method] = {}
        for call in module.calls_of(method):
            receiver = dotted(call.func.value) if isinstance(call.func, ast.Attribute) else None
            if receiver is not None:
                found.setdefault(receiver, []).append(call)
    return found.get(name, [])


def dotted(node: ast.expr) -> str | None:
    """``a.b.c`` as text; None for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def calls_in_class(module: Module, name: str, owner: ast.ClassDef) -> list[ast.Call]:
    """The calls of an attribute of this name directly in the methods of a class."""
    indexes: dict[str, dict[object, list[ast.Call]]] = module.memo.setdefault("calls in classes", {})
    found = indexes.get(name)
    if found is None:
        found = indexes[name] = {}
        for call in module.calls_of(name):
            around = module.tree.home_of(call)[0].enclosing_class()
            if isinstance(call.func, ast.Attribute) and around is not None:
                found.setdefault(around.node, []).append(call)
    return found.get(owner, [])
