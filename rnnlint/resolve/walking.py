"""Which nodes are below this one? Like `ast.walk`, but without generators and leaves, for frequent callers."""

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
    str,
    int,
    bool,
    type(None),
}

_PLAIN = {
    "arg", "asname", "attr", "conversion", "ctx", "id", "is_async", "kind", "level", "module", "op", "ops", "simple",
    "type_comment",
}  # fmt: skip
"""Fields that are not visited: strings, numbers, contexts and operators."""

_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {ast.Constant: ()}
"""For each type of node that was visited, the fields that may contain others."""


def below(node: ast.AST) -> list[ast.AST]:
    """A node and everything in it except constants, operators and contexts, in unspecified order."""
    found = [node]
    for one in found:
        found += children(one)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """The direct children of a node, except constants, operators and contexts, in source order."""
    found: list[ast.AST] = []
    kind = type(node)
    fields = _FIELDS.get(kind)
    if fields is None:
        fields = _FIELDS[kind] = tuple(name for name in kind._fields if name not in _PLAIN)
    for name in fields:
        child = getattr(node, name, None)
        if type(child) is list:
            found += [part for part in child if type(part) not in _SILENT]
        elif type(child) not in _SILENT:
            found.append(child)  # type: ignore[arg-type]
    return found
