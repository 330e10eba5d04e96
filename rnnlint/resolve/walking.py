"""Which nodes stand below this one? As `ast` tells it, for those who ask often: no generators, no silent leaves."""

from __future__ import annotations

import ast

_SILENT = {
    type(None),
    str,
    ast.Constant,
    ast.Load,
    ast.Store,
    ast.Del,
    *ast.operator.__subclasses__(),
    *ast.unaryop.__subclasses__(),
    *ast.cmpop.__subclasses__(),
    *ast.boolop.__subclasses__(),
}
# Where no node stands that is not silent. The name of a type alias is one.
_PLAIN = frozenset(
    {"ctx", "op", "ops", "attr", "id", "arg", "kind", "module", "level", "asname", "type_comment", "conversion"}
    | {"simple", "is_async", "lineno", "tag"}
)
_fields: dict[type[ast.AST], tuple[str, ...]] = {ast.Constant: (), ast.MatchSingleton: ()}


def below(node: ast.AST) -> list[ast.AST]:
    """A node and everything in it except constants, operators and contexts, in no order to rely on."""
    found = [node]
    for one in found:
        found += children(one)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes directly in a node, except constants, operators and contexts, in source order."""
    kind = type(node)
    fields = _fields.get(kind)
    if fields is None:
        fields = _fields[kind] = tuple(name for name in kind._fields if name not in _PLAIN)
    found: list[ast.AST] = []
    for name in fields:
        child = getattr(node, name, None)
        kind_of_child = type(child)
        if kind_of_child is list:
            found += [part for part in child if type(part) not in _SILENT]  # type: ignore[union-attr]
        elif kind_of_child not in _SILENT:
            found.append(child)  # type: ignore[arg-type]
    return found
