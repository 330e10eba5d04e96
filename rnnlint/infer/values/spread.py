"""Which arguments does ``**options`` pass to a call?"""

from __future__ import annotations

import ast

from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import Module

_CHANGING = frozenset(("update", "pop", "setdefault", "clear", "popitem"))


def keywords_of(call: ast.Call, module: Module) -> dict[str, ast.expr] | None:
    """All keyword arguments of a call; None if some of them, or the number of positional ones, are unknown."""
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    found: dict[str, ast.expr] = {}
    for keyword in call.keywords:
        if keyword.arg is not None:
            found[keyword.arg] = keyword.value
            continue
        held = _held(keyword.value, module)
        if held is None:
            return None
        found |= held
    return found


def _held(options: ast.expr, module: Module) -> dict[str, ast.expr] | None:
    """What a dict certainly contains: a literal, or a name bound once, with the items added to it later."""
    match options:
        case ast.Dict(keys=keys, values=values):
            names = [key.value if isinstance(key, ast.Constant) else None for key in keys]
            if not all(isinstance(name, str) for name in names):
                return None
            return {str(name): value for name, value in zip(names, values)}
        case ast.Call(func=ast.Name(id="dict"), args=[]):
            return keywords_of(options, module)
        case ast.Name(id=name):
            bindings = module.bindings(options)
            if len(bindings) != 1 or bindings[0].kind != "assign" or bindings[0].path or bindings[0].value is None:
                return None
            if isinstance(bindings[0].value, ast.Name):
                return None
            held = _held(bindings[0].value, module)
            return None if held is None else _changed(held, name, options, module)
    return None


def _changed(held: dict[str, ast.expr], name: str, use: ast.Name, module: Module) -> dict[str, ast.expr] | None:
    """A dict with what ``name[key] = value`` adds to it; None if anything else changes it."""
    own = module.bindings(use)
    for read in surroundings_of(module).names.get(name, ()):
        if read is use or module.bindings(read) != own:
            continue
        parent = surroundings_of(module).parent.get(read)
        above = surroundings_of(module).parent.get(parent) if parent is not None else None
        match parent, above:
            case ast.Subscript(slice=ast.Constant(value=str(key)), ctx=ast.Store()), ast.Assign(value=value):
                held = {**held, key: value}
            case ast.Attribute(), ast.Call(func=function) if leaf(function) in _CHANGING:
                return None
            case ast.Subscript(ctx=ast.Store() | ast.Del()), _:
                return None
    return held
