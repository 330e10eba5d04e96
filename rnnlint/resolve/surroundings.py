"""Which node contains an expression, and where are names and attributes read? Computed for a whole module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.walking import children

if TYPE_CHECKING:
    from rnnlint.resolve.values import Module


def surroundings_of(module: Module) -> Surroundings:
    """The surroundings of a module, computed on first use."""
    found: Surroundings | None = module.memo.get("surroundings")
    if found is None:
        found = module.memo["surroundings"] = Surroundings(module)
    return found


class Surroundings:
    """The parents of the nodes of a module, and its reads of names and attributes."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self.parent: dict[ast.AST, ast.AST] = {}
        self.names: dict[str, list[ast.Name]] = {}
        self.stored: list[ast.Name] = []
        """The names that are bound or deleted where they stand."""
        self.attributes: dict[str, list[ast.Attribute]] = {}
        self.nodes: list[ast.AST] = [module.source.tree]
        """All nodes, except constants, operators and contexts, parents first."""
        for node in self.nodes:
            kind = type(node)
            if kind is ast.Name:
                if type(node.ctx) is ast.Load:  # type: ignore[attr-defined]
                    self.names.setdefault(node.id, []).append(node)  # type: ignore[attr-defined, arg-type]
                else:
                    self.stored.append(node)  # type: ignore[arg-type]
                continue
            inner = children(node)
            if inner:
                self.parent.update(dict.fromkeys(inner, node))
                self.nodes += inner
            if kind is ast.Attribute and type(node.ctx) is ast.Load:  # type: ignore[attr-defined]
                self.attributes.setdefault(node.attr, []).append(node)  # type: ignore[attr-defined, arg-type]

    def of(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """The nodes of these types."""
        return (node for node in self.nodes if type(node) in kinds)

    def bindings_of(self, value: ast.expr, parent: ast.AST) -> Iterator[Binding]:
        """The bindings that take their value from this expression."""
        tree = self._module.tree
        if isinstance(parent, ast.comprehension):
            comprehension = self.parent[parent]
            tree.home_of(value)
            found = tree.scope_of(comprehension).given.values()
            yield from (one for one in found if one.value is value)
            return
        scope, statement = tree.home_of(value)
        yield from (
            one for one in tree.headers.get(statement, ()) if one.value is value and isinstance(one.node, ast.Name)
        )
        while scope.kind in ("comprehension", "lambda") and scope.parent is not None:
            scope = scope.parent
        yield from (one for one in scope.writes_by("value", value) if isinstance(one.node, ast.Attribute))
