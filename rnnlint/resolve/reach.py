"""Can a module name anything of TensorFlow or Keras at all? Judged by its text and those of the modules it imports.

A file that mentions a cell but imports no such library, not even through modules of its project, need not be parsed.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rnnlint.read.prefilter import may_name
from rnnlint.resolve import outline
from rnnlint.resolve.outline import LIBRARIES, OWN_LIBRARIES, Import

if TYPE_CHECKING:
    from rnnlint.resolve.values import Module, Project


_LIBRARIES = tuple(library.encode() for library in LIBRARIES)
_EVERYTHING = frozenset("*")

_FURTHEST = 100
_WHOLE = 45
"""The limit on modules through which names are followed; a module passed on as a whole counts as several."""


class Reach:
    """Which modules of a project re-export a library."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._imports: dict[str, tuple[Import, ...]] = {}
        self._taken: dict[Module, tuple[Module, ...]] = {}
        self._has_library: dict[str, bool] = {}
        self._by_name: dict[Module, bool] = {}
        self._handed_on: dict[tuple[Module, str], bool] = {}
        self._says: dict[tuple[Module, bytes], bool] = {}

    def reaches(self, module: Module) -> bool:
        """Whether a module imports a library, directly or through the project modules that it imports names from.

        A loop over a cell needs the library itself; a symbol may come from another module.
        """
        if self._is_of_library(module) or not may_name(module.text):
            return self._imports_library(module)
        return self._hands_on(module, _EVERYTHING, 0, set())

    def may_have(self, module: Module, name: str, of: Module) -> bool:
        """Whether a module may have a function or class of another one, by its name or by that of the other module."""
        if module not in self._by_name:
            self._by_name[module] = outline.imports_by_name(module.text)
        return self._by_name[module] or any(
            other is of or self._may_hand_on(other, name) for other in self._imported(module)
        )

    def _may_hand_on(self, module: Module, name: str) -> bool:
        """Whether a module may have a name from another one."""
        found = self._handed_on.get((module, name))
        if found is None:
            found = bool(outline.stars(module.text)) or outline.may_import(module.text, name.encode())
            self._handed_on[module, name] = found
        return found

    def may_say(self, module: Module, word: bytes) -> bool:
        """Whether a word stands in a module, or in one of the project that it imports, itself or through others.

        Where these are very many they are taken to say it.
        """
        if (module, word) not in self._says:
            self._find_word(module, word)
        return self._says[module, word]

    def _find_word(self, module: Module, word: bytes) -> None:
        """Store the answer for a module, and for those on the way that it settles too."""
        importers: dict[Module, Module | None] = {module: None}
        todo = [module]
        while todo:
            one = todo.pop()
            says = self._says.get((one, word))
            if says or word in one.text:
                at: Module | None = one
                while at is not None:
                    self._says[at, word] = True
                    at = importers[at]
                return
            new = [other for other in self._imported(one) if other not in importers] if says is None else []
            importers.update(dict.fromkeys(new, one))
            todo += new
            if len(importers) > _FURTHEST:
                break
        self._says.update(dict.fromkeys(((one, word) for one in importers), bool(todo)))

    def _imported(self, module: Module) -> tuple[Module, ...]:
        """The modules of the project that a module imports, or imports from."""
        found = self._taken.get(module)
        if found is None:
            # The imported names do not matter: an import may continue after a backslash.
            paths = [
                (path, one.level)
                for one in self._written(module)
                for path in (one.module, *(f"{one.module}.{part}".strip(".") for part in one.names if part != "*"))
            ]
            modules = (self._project.find(module, path, level) for path, level in dict.fromkeys(paths))
            found = self._taken[module] = tuple(dict.fromkeys(other for other in modules if other is not None))
        return found

    def _hands_on(
        self, module: Module, names: frozenset[str], distance: int, seen: set[tuple[str, frozenset[str]]]
    ) -> bool:
        """Whether one of these names may come from a library, through the imports of a module."""
        if self._imports_library(module):
            return True
        key = (module.filename, names)
        if distance >= _FURTHEST or key in seen or (module.filename, _EVERYTHING) in seen:
            return False
        seen.add(key)
        written = self._written(module)
        if names != _EVERYTHING and not names <= {name for one in written for name in one.names}:
            # Assigned, renamed or star-imported: it may be made from anything that the module imports.
            if not any(outline.may_assign(module.text, name.encode()) for name in names):
                return False
            names, distance = _EVERYTHING, distance + _WHOLE
        return any(self._brings(one, module, names, distance, seen) for one in written)

    def _brings(
        self, one: Import, module: Module, names: frozenset[str], distance: int, seen: set[tuple[str, frozenset[str]]]
    ) -> bool:
        wanted = frozenset(one.names) if names == _EVERYTHING else names & {*one.names}
        if not wanted and (one.names or names != _EVERYTHING):
            return False
        found = self._project.find(module, one.module, one.level)
        if found is not None and self._hands_on(
            found, wanted or _EVERYTHING, distance + (1 if wanted else _WHOLE), seen
        ):
            return True
        if found is not None and os.path.basename(found.filename) != "__init__.py":
            return False
        # A package: its modules are imported from it by name.
        paths = (f"{one.module}.{name}".strip(".") for name in wanted if name != "*")
        inner = (self._project.find(module, path, one.level) for path in paths)
        return any(one is not None and self._hands_on(one, _EVERYTHING, distance + _WHOLE, seen) for one in inner)

    def _is_of_library(self, module: Module) -> bool:
        """Whether a module is part of such a library, whose modules do not import the library through themselves."""
        return self._project.package_of(module) in OWN_LIBRARIES

    def _imports_library(self, module: Module) -> bool:
        found = self._has_library.get(module.filename)
        if found is None:
            text = module.text
            found = any(library in text for library in _LIBRARIES) and (
                outline.imports_by_name(text)
                and not self._is_of_library(module)
                or any(
                    outline.imports_root(text, library) and self._project.find(module, library.decode(), 0) is None
                    for library in _LIBRARIES
                )
            )
            self._has_library[module.filename] = found
        return found

    def _written(self, module: Module) -> tuple[Import, ...]:
        if module.filename not in self._imports:
            self._imports[module.filename] = tuple(outline.imports(module.text))
        return self._imports[module.filename]
