"""Which expressions of a module have this last name, and which of them refer to a given function, class or place?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from rnnlint.infer.values import places
from rnnlint.infer.values.call_forms import is_cls, is_super
from rnnlint.resolve.classes import bases
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import Instance, Literal, Made, Module, Partial, ProjectClass, ProjectFunction, Value

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator


class Chain(NamedTuple):
    """A name, or a dotted one, and the statement that reads it."""

    node: ast.expr
    statement: ast.stmt


def named(evaluator: Evaluator, module: Module, name: str) -> Named:
    """The expressions that a module reads under this last name."""
    key = ("named", module, name)
    if key not in evaluator.memo:
        evaluator.memo[key] = Named(evaluator, module, name)
    found = evaluator.memo[key]
    assert isinstance(found, Named)
    return found


class Named:
    """The expressions with one last name, in source order, by what they may refer to."""

    def __init__(self, evaluator: Evaluator, module: Module, name: str) -> None:
        self._evaluator, self._module = evaluator, module
        tree = module.tree
        self._all = [
            Chain(node, statement)
            for statement in tree.holding(name)
            for node in tree.scan(statement).chains
            if leaf(node) == name
        ]

    def of_parameter(self, binding: Binding, with_supers: bool) -> list[Chain]:
        """The expressions that read this parameter."""
        return self._picked([self._by_binding.get(binding, [])], with_supers)

    def of(self, target: ast.AST, place: places.Place | None, with_supers: bool) -> list[Chain]:
        """The expressions that may refer to a function or class, also through a container, or to the content of a
        place."""
        kept = self._by_place.get(place, []) if place is not None else []
        return self._picked([kept, self._by_value.get(target, []), self._by_value.get(None, [])], with_supers)

    def by_super(self, owner: ast.ClassDef) -> list[Chain]:
        """``super().name`` in classes that derive from this one."""
        return [self._all[number] for number in self._supers.get(owner, ())]

    def _picked(self, found: list[list[int]], with_supers: bool) -> list[Chain]:
        numbers = sorted({number for some in found for number in some})
        return [self._all[one] for one in numbers if with_supers or not _is_by_super(self._all[one].node)]

    def _index(self, keys: Callable[[ast.expr], Iterator[Any]]) -> dict[Any, list[int]]:
        found: dict[Any, list[int]] = {}
        for number, chain in enumerate(self._all):
            for key in dict.fromkeys(keys(chain.node)):
                found.setdefault(key, []).append(number)
        return found

    @cached_property
    def _by_binding(self) -> dict[Any, list[int]]:
        return self._index(lambda node: iter(self._module.bindings(node) if isinstance(node, ast.Name) else ()))

    @cached_property
    def _by_place(self) -> dict[Any, list[int]]:
        return self._index(lambda node: iter((places.place(node, self._module),)))

    @cached_property
    def _by_value(self) -> dict[Any, list[int]]:
        """By function or class; those that may be a literal container under None."""
        return self._index(lambda node: targets(self._evaluator, self._module.values(node), node, self._module))

    @cached_property
    def _supers(self) -> dict[Any, list[int]]:
        return self._index(self._bases_by_super)

    def _bases_by_super(self, node: ast.expr) -> Iterator[ast.ClassDef]:
        owner = self._module.tree.home_of(node)[0].enclosing_class() if _is_by_super(node) else None
        if owner is not None and isinstance(owner.node, ast.ClassDef):
            yield from (cls.node for cls in list(bases(ProjectClass(owner.node, self._module)))[1:])


def targets(
    evaluator: Evaluator, values: tuple[Value, ...], node: ast.expr, module: Module
) -> Iterator[ast.AST | None]:
    """The functions and classes among the values of an expression; None for a literal container."""
    for value in values:
        while isinstance(value, Partial):
            value = value.of
        if isinstance(value, Made):
            value = _bound(evaluator, value) or value
        if isinstance(value, (ProjectFunction, ProjectClass)):
            yield value.node
        elif isinstance(value, Instance) and is_cls(node, module):
            yield value.of.node
        elif isinstance(value, Literal):
            yield None


def _bound(evaluator: Evaluator, made: Made) -> Value | None:
    """The function that ``make_template`` and similar library functions return with some arguments bound."""
    position = evaluator.libraries.binds(made.path)
    if position is None or len(made.call.args) <= position:
        return None
    found = made.module.values(made.call.args[position])
    return found[0] if len(found) == 1 else None


def _is_by_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and is_super(node.value)
