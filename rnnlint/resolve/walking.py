"""Which nodes stand below this one? As `ast` tells it, for those who ask often: no generators, no silent leaves."""

from __future__ import annotations

import ast

_SILENT = {
    ast.Constant,
    ast.Load,
    ast.Store,
    ast.Del,
    *ast.operator.__subclasses__(),
    *ast.unaryop.__subclasses__(),
    *ast.cmpop.__subclasses__(),
    *ast.boolop.__subclasses__(),
}


def below(node: ast.AST) -> list[ast.AST]:
    """A node and everything in it except constants, operators and contexts, in no order to rely on."""
    found = [node]
    for one in found:
        found += children(one)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes directly in a node, except constants, operators and contexts, in source order."""
    found: list[ast.AST] = []
    for name in node._fields:
        child = getattr(node, name, None)
        if isinstance(child, ast.AST):
            if type(child) not in _SILENT:
                found.append(child)
        elif type(child) is list:
            found += [part for part in child if isinstance(part, ast.AST) and type(part) not in _SILENT]
    return found
