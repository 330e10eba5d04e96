"""Is this the length of one row among others?"""

from __future__ import annotations

import ast

from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.values import Module


def is_length(node: ast.expr, module: Module) -> bool:
    """``len(row)``, ``row.shape[0]``, an element of lengths, or a name bound to one of these."""
    match node:
        case ast.Call(func=function, args=[_]):
            return leaf(function) == "len"
        case ast.Subscript(value=ast.Attribute(attr="shape"), slice=ast.Constant(value=0)):
            return True
        case ast.Subscript(value=ast.Call(func=function), slice=ast.Constant(value=0)):
            return leaf(function) == "shape"
        case ast.Name():
            bindings = module.bindings(node)
            one = bindings[0] if len(bindings) == 1 else None
            if one is None or one.value is None:
                return False
            if one.kind == "loop":
                return _is_of_lengths(one.value, one.path, module)
            return (
                one.kind == "assign"
                and not one.path
                and not isinstance(one.value, ast.Name)
                and (is_length(one.value, module))
            )
    return False


def _is_of_lengths(iterated: ast.expr | None, path: tuple[int | str, ...], module: Module) -> bool:
    """Whether a loop iterates over lengths: ``for row, n in zip(rows, [len(row) for row in rows])``."""
    if isinstance(iterated, ast.Call) and leaf(iterated.func) in ("zip", "enumerate") and path:
        if leaf(iterated.func) == "enumerate":
            return path[0] == 1 and bool(iterated.args) and _is_of_lengths(iterated.args[0], path[1:], module)
        index = path[0]
        if isinstance(index, int) and 0 <= index < len(iterated.args):
            return _is_of_lengths(iterated.args[index], path[1:], module)
        return False
    if isinstance(iterated, ast.Name):
        values = [one.value for one in module.bindings(iterated) if one.kind == "assign" and not one.path]
        return any(
            one is not None and not isinstance(one, ast.Name) and _is_of_lengths(one, (), module) for one in values
        )
    if isinstance(iterated, ast.Call) and leaf(iterated.func) in ("list", "array") and iterated.args:
        return _is_of_lengths(iterated.args[0], (), module)
    if isinstance(iterated, ast.Call) and leaf(iterated.func) == "map" and iterated.args:
        return leaf(iterated.args[0]) == "len"
    return isinstance(iterated, (ast.ListComp, ast.GeneratorExp)) and is_length(iterated.elt, module)
