"""What does a module get by ``from other import *``? Followed from module to module without recursion.

Modules that import each other by star ask in a circle, and a chain of them may be long: each is looked at once.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from rnnlint.read.prefilter import may_matter
from rnnlint.resolve import libraries, outline
from rnnlint.resolve.flow import Flow
from rnnlint.resolve.scopes import Binding

if TYPE_CHECKING:
    from rnnlint.resolve.module import Module

Says = Callable[[bytes, bytes], bool]
"""Whether a text says something of a name."""


class Star(NamedTuple):
    """One star import: the name of the module that it takes from, and the module where it is one of the project."""

    path: str
    module: Module | None


class Stars:
    """What one module gets by star imports, and what others get of it."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._offered: dict[str, bool] = {}
        self._candidate_names: frozenset[str] | None = None
        self._said: dict[tuple[Says, str], bool] = {}

    @cached_property
    def _by_text(self) -> tuple[Star, ...]:
        """The star imports that the text has."""
        find = self._module.project.find
        return tuple(Star(path, find(self._module, path, level)) for path, level in outline.stars(self._module.text))

    # ---- what texts say

    def may(self, says: Says, name: str) -> bool:
        """Whether the text of the module says something of a name, or that of one which it takes everything from.

        What was parsed is asked itself, so its text may say anything.
        """
        seen = {self._module}
        todo = [self._module]
        while todo:
            one = todo.pop()
            known = one.stars._said.get((says, name))
            if known is None and one.says(says, name):
                known = True
            if known:
                self._said[says, name] = True
                return True
            if known is None:
                for star in one.stars._by_text:
                    if star.module is None:
                        if libraries.brings(star.path, name):
                            self._said[says, name] = True
                            return True
                    elif star.module not in seen:
                        seen.add(star.module)
                        todo.append(star.module)
        for one in seen:
            one.stars._said[says, name] = False
        return False

    def candidate_names(self) -> frozenset[str]:
        """The names that may stand for a symbol, of all modules that this one takes everything from, and of those."""
        if self._candidate_names is None:
            self._gather_candidate_names()
        return self._candidate_names or frozenset()

    def _gather_candidate_names(self) -> None:
        """Of this module, and of all that take everything from it and from which it takes everything."""
        takers: dict[Module, list[Module]] = {self._module: []}
        todo = [self._module]
        while todo:
            one = todo.pop()
            for other in one.stars._sources:
                if other not in takers:
                    takers[other] = []
                    todo.append(other)
                takers[other].append(one)
        found = frozenset(name for one in takers if one.stars._is_worth_parsing for name in one.candidates.own)
        todo = [self._module]
        while todo:
            one = todo.pop()
            if one.stars._candidate_names is None:
                one.stars._candidate_names = found
                todo += takers[one]

    @property
    def _is_worth_parsing(self) -> bool:
        return self._module.is_read or may_matter(self._module.text)

    @cached_property
    def _sources(self) -> list[Module]:
        if self._is_worth_parsing:
            statements = self._module.candidates.imports
            found = (self.source(one) for one in statements if any(alias.name == "*" for alias in one.names))
        else:
            found = (star.module for star in self._by_text)
        return [module for module in found if module is not None]

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
        return libraries.brings(statement.module or "", name) if module is None else module.stars.offers(name)

    def offers(self, name: str) -> bool:
        """Whether ``from this import *`` brings a name: what ``__all__`` lists, or what has no underscore."""
        known = self._offered.get(name)
        return self._search(name) if known is None else known

    def _search(self, name: str) -> bool:
        takers: dict[Module, Module | None] = {self._module: None}
        todo = [self._module]
        while todo:
            one = todo.pop()
            known = one.stars._offered.get(name)
            if known is None:
                known, stars = one.stars._own(name)
                for star in stars:
                    if star.module is None:
                        known = known or libraries.brings(star.path, name)
                    elif star.module not in takers:
                        takers[star.module] = one
                        todo.append(star.module)
            if known:
                taker: Module | None = one
                while taker is not None:
                    taker.stars._offered[name] = True
                    taker = takers[taker]
                return True
        for one in takers:
            one.stars._offered[name] = False
        return False

    def _own(self, name: str) -> tuple[bool, tuple[Star, ...]]:
        """Whether the module itself binds a name that it offers, and the star imports that may bring it otherwise."""
        module = self._module
        listed = None if name == "__all__" else module.listed
        if name.startswith("_") if listed is None else name not in listed:
            return False, ()
        if not module.says(outline.may_bind, name):
            return False, self._by_text
        met: list[Binding] = []

        def meet(binding: Binding, _: str) -> bool:
            met.append(binding)
            return False

        found, _ = Flow(module.tree, meet).seen_from_inside(name, module.tree.module, None)
        stars = [binding.statement for binding in met if isinstance(binding.statement, ast.ImportFrom)]
        return bool(found), tuple(Star(one.module or "", self.source(one)) for one in stars)
