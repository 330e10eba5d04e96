"""Can a module name anything of TensorFlow or Keras at all? Told by the texts of it and of what it imports.

A file that says ``cell`` and imports no such library, not even through modules of its project, need not be parsed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.read.prefilter import may_name
from rnnlint.resolve import outline
from rnnlint.resolve.outline import LIBRARIES, Import

if TYPE_CHECKING:
    from rnnlint.resolve.module import Module
    from rnnlint.resolve.project import Project

_LIBRARIES = tuple(library.encode() for library in LIBRARIES)


class Reach:
    """Which modules of a project reach a library, each worked out once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[str, bool] = {}

    def reaches(self, module: Module) -> bool:
        """Whether a module imports a library, itself or through the modules of the project that it imports.

        What only loops needs the library itself; what names a symbol may have it from another module.
        """
        if self._is_of_library(module) or not may_name(module.text):
            return self._imports_library(module)
        seen = {module.filename}
        todo = [module]
        while todo:
            inside = todo.pop()
            known = self._known.get(inside.filename)
            if known or known is None and self._imports_library(inside):
                self._known[inside.filename] = True
                return True
            if known is None:
                for other in self._imported(inside):
                    if other.filename not in seen:
                        seen.add(other.filename)
                        todo.append(other)
        # None of all that it leads to imports one, so none of these reaches one either.
        self._known.update(dict.fromkeys(seen, False))
        return False

    def _is_of_library(self, module: Module) -> bool:
        """Whether a module is a part of such a library, where nobody goes through its modules to get at itself."""
        return os.path.basename(self._project.top_of(module)) in LIBRARIES

    def _imports_library(self, module: Module) -> bool:
        text = module.text
        if not any(library in text for library in _LIBRARIES):
            return False
        if outline.imports_by_name(text) and not self._is_of_library(module):
            return True
        return any(self._is_library(one, module) for one in outline.imports(text))

    def _is_library(self, one: Import, module: Module) -> bool:
        root = one.module.split(".")[0]
        return not one.level and root in LIBRARIES and self._project.find(module, root, 0) is None

    def _imported(self, module: Module) -> Iterator[Module]:
        """The modules of the project that a module imports."""
        for one in outline.imports(module.text):
            paths = [one.module, *(f"{one.module}.{name}".strip(".") for name in one.names if name != "*")]
            for path in paths:
                found = self._project.find(module, path, one.level)
                if found is not None:
                    yield found
