"""What does a module get by ``from other import *``? Followed from module to module without recursion.

Modules that import each other by star ask in a circle, and a chain of them may be long: each is looked at once.
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
"""Whether a text says something of a name."""


class Star(NamedTuple):
    """One star import: the name of the module that it takes from, and the module where it is one of the project."""

    path: str
    module: Module | None


def stars_of(module: Module) -> Stars:
    """What comes and goes by the star imports of a module."""
    found: Stars | None = module.memo.get("stars")
    if found is None:
        found = module.memo["stars"] = Stars(module)
    return found


class Stars:
    """What one module gets by star imports, and what others get of it."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._offered: dict[str, bool] = {}
        self._circle: frozenset[Module] | None = None
        self._brought: dict[tuple[Module, str], bool] = {}
        self._said: dict[tuple[Says, str], bool] = {}

    @cached_property
    def by_text(self) -> tuple[Star, ...]:
        """The star imports that the text has."""
        find = self._module.project.find
        return tuple(Star(path, find(self._module, path, level)) for path, level in outline.stars(self._module.text))

    @property
    def circle(self) -> frozenset[Module]:
        """The modules whose star imports lead to this one and back, this one among them; none where nothing does."""
        if self._circle is None:
            self._find_circles()
        return self._circle or frozenset()

    def _find_circles(self) -> None:
        """Leave out what takes from no other module, or nobody takes from, until there is none: the rest is circles."""
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
        """Whether the text of the module says something of a name, or that of one which it takes everything from.

        What was parsed is asked itself, so its text may say anything.
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
        """The module of the project that a statement takes from; None for one of a library."""
        if not isinstance(statement, ast.ImportFrom):
            return None
        return self._module.project.find(self._module, statement.module or "", statement.level)

    # ---- what is bound

    def brings(self, binding: Binding, name: str) -> bool:
        """Whether a star import of the module brings a name: asked of the file, or of the facts for a library."""
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
        """Whether a star import brings a name that it does not have from this very module, which has begun before."""
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
        """The bindings of a name that the module itself has, whatever comes in a circle of star imports."""
        return Flow(self._module.tree, lambda *_: False).seen_from_inside(name, self._module.tree.module, None)[0]

    def offers(self, name: str) -> bool:
        """Whether ``from this import *`` brings a name: what ``__all__`` lists, or what has no underscore."""
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
        """Whether the module itself binds a name that it offers, and the star imports that may bring it otherwise."""
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
    """Who takes from each."""
    found: dict[Module, set[Module]] = {one: set() for one in takes}
    for one, others in takes.items():
        for other in others:
            found[other].add(one)
    return found


def _without_ends(takes: dict[Module, set[Module]], takers: dict[Module, set[Module]]) -> dict[Module, set[Module]]:
    """What is left when those go, one after the other, that take from none that is left."""
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
