"""What does a module get by ``from other import *``? Followed from module to module without recursion.

Star imports may be circular, and a chain of them long: each module is visited once.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

from rnnlint.resolve import libraries, outline
from rnnlint.resolve.flow import Flow
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import Module

Says = Callable[[bytes, bytes], bool]
"""A predicate on whether a text mentions a name in some way."""


class Star(NamedTuple):
    """One star import: the name of the module that it imports from, and the module itself if it is in the project."""

    path: str
    module: Module | None


def stars_of(module: Module) -> Stars:
    """Which names a module gets and offers by star imports."""
    found: Stars | None = module.memo.get("stars")
    if found is None:
        found = module.memo["stars"] = Stars(module)
    return found


class Stars:
    """The names that one module gets by star imports, and those that others get from it."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._offered: dict[str, bool] = {}
        self._circle: frozenset[Module] | None = None
        self._brought: dict[tuple[Module, str], bool] = {}
        self._said: dict[tuple[Says, str], bool] = {}

    @cached_property
    def by_text(self) -> tuple[Star, ...]:
        """The star imports in the text."""
        find = self._module.project.find
        return tuple(Star(path, find(self._module, path, level)) for path, level in outline.stars(self._module.text))

    @property
    def circle(self) -> frozenset[Module]:
        """The modules in a circle of star imports with this one, including itself; empty if there is no circle."""
        if self._circle is None:
            self._find_circles()
        return self._circle or frozenset()

    def _find_circles(self) -> None:
        """Remove modules that import from none, or that none imports from, until only circles remain."""
        takes: dict[Module, set[Module]] = {}
        todo = [self._module]
        while todo:
            one = todo.pop()
            if one not in takes:
                takes[one] = {star.module for star in stars_of(one).by_text if star.module is not None}
                todo += takes[one]
        left = _without_ends(takes, _turned(takes))
        left = _without_ends(_turned(left), left)
        for one in takes:
            stars_of(one)._circle = frozenset(left) if one in left else frozenset()

    # ---- what texts say

    def may(self, says: Says, name: str) -> bool:
        """Whether the predicate holds for the text of the module, or for that of one that it star-imports.

        A parsed module is queried directly, so its text does not matter.
        """
        seen = {self._module}
        todo = [self._module]
        while todo:
            one = todo.pop()
            known = stars_of(one)._said.get((says, name))
            if known is None and one.says(says, name):
                known = True
            if known:
                self._said[says, name] = True
                return True
            if known is None:
                for star in stars_of(one).by_text:
                    if star.module is None:
                        if libraries.brings(star.path, name):
                            self._said[says, name] = True
                            return True
                    elif star.module not in seen:
                        seen.add(star.module)
                        todo.append(star.module)
        for one in seen:
            stars_of(one)._said[says, name] = False
        return False

    def source(self, statement: ast.stmt | None) -> Module | None:
        """The module of the project that a statement imports from; None for a library."""
        if not isinstance(statement, ast.ImportFrom):
            return None
        return self._module.project.find(self._module, statement.module or "", statement.level)

    # ---- what is bound

    def brings(self, binding: Binding, name: str) -> bool:
        """Whether a star import of the module provides a name: decided by the file, or by the facts for a library."""
        statement = binding.statement
        if not isinstance(statement, ast.ImportFrom):
            return False
        module = self.source(statement)
        if module is None:
            return libraries.brings(statement.module or "", name)
        if module is self._module or module in self.circle:
            return self._around(module, name)
        return stars_of(module).offers(name)

    def _around(self, module: Module, name: str) -> bool:
        """Whether a star import provides a name other than from this module, whose evaluation has begun."""
        known = self._brought.get((module, name))
        if known is None:
            seen, todo, known = {self._module, module}, [module] if module is not self._module else [], False
            while todo and not known:
                known, stars = stars_of(todo.pop())._own(name)
                known = known or any(star.module is None and libraries.brings(star.path, name) for star in stars)
                new = {star.module: None for star in stars if star.module is not None and star.module not in seen}
                seen.update(new)
                todo += new
            self._brought[module, name] = known
        return known

    def own_first(self, name: str) -> list[Binding]:
        """The bindings of a name in the module itself, ignoring circles of star imports."""
        return Flow(self._module.tree, lambda *_: False).seen_from_inside(name, self._module.tree.module, None)[0]

    def offers(self, name: str) -> bool:
        """Whether ``from this import *`` provides a name: one in ``__all__``, or one without an underscore."""
        known = self._offered.get(name)
        return self._search(name) if known is None else known

    def _search(self, name: str) -> bool:
        takers: dict[Module, Module | None] = {self._module: None}
        todo = [self._module]
        while todo:
            one = todo.pop()
            known = stars_of(one)._offered.get(name)
            if known is None:
                known, stars = stars_of(one)._own(name)
                for star in stars:
                    if star.module is None:
                        known = known or libraries.brings(star.path, name)
                    elif star.module not in takers:
                        takers[star.module] = one
                        todo.append(star.module)
            if known:
                taker: Module | None = one
                while taker is not None:
                    stars_of(taker)._offered[name] = True
                    taker = takers[taker]
                return True
        for one in takers:
            stars_of(one)._offered[name] = False
        return False

    def _own(self, name: str) -> tuple[bool, tuple[Star, ...]]:
        """Whether the module itself binds and exports a name, and the star imports that may provide it otherwise."""
        module = self._module
        listed = None if name == "__all__" else module.listed
        if name.startswith("_") if listed is None else name not in listed:
            return False, ()
        if not module.says(outline.may_bind, name):
            return False, self.by_text
        met: list[Binding] = []

        def meet(binding: Binding, _: str) -> bool:
            met.append(binding)
            return False

        found, _ = Flow(module.tree, meet).seen_from_inside(name, module.tree.module, None)
        stars = [binding.statement for binding in met if isinstance(binding.statement, ast.ImportFrom)]
        return bool(found), tuple(Star(one.module or "", self.source(one)) for one in stars)


def _turned(takes: dict[Module, set[Module]]) -> dict[Module, set[Module]]:
    """The importers of each module."""
    found: dict[Module, set[Module]] = {one: set() for one in takes}
    for one, others in takes.items():
        for other in others:
            found[other].add(one)
    return found


def _without_ends(takes: dict[Module, set[Module]], takers: dict[Module, set[Module]]) -> dict[Module, set[Module]]:
    """What remains after repeatedly removing modules that import from none of the rest."""
    left = {one: len(others) for one, others in takes.items()}
    ends = [one for one, number in left.items() if not number]
    while ends:
        end = ends.pop()
        del left[end]
        for taker in takers[end]:
            left[taker] -= 1
            if not left[taker]:
                ends.append(taker)
    return {one: takes[one] & left.keys() for one in left}
