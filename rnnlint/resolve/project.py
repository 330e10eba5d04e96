"""Which file is module M of this project? Sibling files, found as Python would find them from the importing file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from rnnlint.read import neighbours
from rnnlint.read.remembered import forget_answers
from rnnlint.read.source import Source, SourceError
from rnnlint.read.tree import ON_DISK, Files
from rnnlint.resolve.module import ParsedModule
from rnnlint.resolve.neighbourhood import Neighbourhood
from rnnlint.resolve.outline import OWN_LIBRARIES
from rnnlint.resolve.reach import Reach
from rnnlint.resolve.values import Module

_MOST_PARSED = 3_000_000
_MOST_READ = 30_000_000
"""The limit on source bytes: a tree takes about forty times as much memory as its text."""
Locate = Callable[[str, str, int], str | None]
"""Maps (importing file, name, level) of ``from <level dots>name import …`` to a path."""


class Project:
    """The modules of the user's project that were read in this run, each parsed once.

    A host may ``locate`` modules that are not next to the importing file, and pass ``files`` that are not on disk.
    """

    def __init__(self, locate: Locate | None = None, files: Files = ON_DISK) -> None:
        self._locate = locate
        self._files = files
        self._around: dict[str, Neighbourhood] = {}
        self._forget()

    def _forget(self) -> None:
        self.parsed = self._read = 0
        self._modules: dict[str, ParsedModule | None] = {}
        self._folders: dict[str, tuple[str, ...]] = {}
        self._entries: dict[str, frozenset[str]] = {}
        self._tops: dict[str, str] = {}
        self._asked_below: dict[str, set[str]] = {}
        self._found: dict[tuple[str, str, int], tuple[ParsedModule | None, set[str]]] = {}
        self._texts: dict[str, bytes] = {}
        self.reach = Reach(self)

    def let_go(self) -> None:
        """Drop what was read, if it has grown large; callers must not hold results about a module across this."""
        if self.parsed > _MOST_PARSED or self._read > _MOST_READ:
            self._part()

    def end(self) -> None:
        """Drop everything, because no other file will be checked."""
        self._part()
        self._around = {}

    def _part(self) -> None:
        forget_answers()
        for module in filter(None, self._modules.values()):
            module.forget()
        self._forget()

    def changed(self, filename: str) -> None:
        """Note that a file was written after it was read."""
        path = os.path.abspath(filename)
        for module in filter(None, self._modules.values()):
            module.forget()
        # The names in folders are the same as before.
        kept = self._texts, self._read, self._entries, self._folders, self._tops
        self._forget()
        self._texts, self._read, self._entries, self._folders, self._tops = kept
        self._texts.pop(path, None)
        for around in self._around.values():
            around.changed(path)

    def open(self, source: Source) -> ParsedModule:
        """The module of a source in memory (an editor's unsaved text, standard input, a host's tree)."""
        path = os.path.abspath(source.filename)
        known = self._modules.get(path)
        # Other modules may hold classes and functions of this one, so it must stay the same object.
        if known is not None and known.is_read and known.source.lines == source.lines:
            return known
        module = known if known is not None and not known.is_read else ParsedModule(source.filename, self)
        module.source = source
        self.parsed += len(source.text)
        self._modules[path] = module
        return module

    def parsed_source(self, filename: str, data: bytes) -> Source | None:
        """The source of a file that was already parsed because another one imports it; None if it was not."""
        known = self._modules.get(os.path.abspath(filename))
        return known.parsed_source(data) if known is not None else None

    def may_name_library(self, filename: str, data: bytes) -> tuple[bool, frozenset[str]]:
        """Whether a file can name anything of TensorFlow or Keras, and the files that this depends on."""
        # Imports of a notebook do not begin a line of its JSON.
        if filename.endswith(".ipynb"):
            return True, frozenset()
        module = ParsedModule(filename, self, data)
        return self.reach.reaches(module), self.consulted(module)

    def find(self, importer: Module, name: str, level: int) -> ParsedModule | None:
        """The project's module that ``from <level dots>name import …`` in this file refers to, or None.

        A library's name belongs to the project only if the project contains exactly that module.
        """
        folder = importer.folder
        key = (folder, name, level)
        if key not in self._found:
            asked: set[str] = set()
            found = self._relative(folder, name, level, asked) if level else self._absolute(folder, name, asked)
            if found is None:
                found = self._located(importer.filename, name, level, asked)
            self._found[key] = found, asked
        module, asked = self._found[key]
        if not asked <= importer.asked:
            self._ask(importer, asked)
        return module

    def _ask(self, importer: Module, paths: set[str]) -> None:
        """Note that answers about a module depend on these paths; so do those about all modules around it."""
        new = paths - importer.asked
        importer.asked |= new
        for folder in neighbours.folders_around(importer.folder) if new and self._asked_below else ():
            if folder in self._asked_below:
                self._asked_below[folder].update(path for path in new if not self._around[folder].covers(path))

    def _located(self, filename: str, name: str, level: int, asked: set[str]) -> ParsedModule | None:
        """The path that the host knows, asked only for modules that are not next to the file, and never for a
        library."""
        if self._locate is None or not level and name.split(".")[0] in OWN_LIBRARIES:
            return None
        path = self._locate(filename, name, level)
        if path is None:
            return None
        asked.add(path)
        return self._load(path)

    def _relative(self, folder: str, name: str, level: int, asked: set[str]) -> ParsedModule | None:
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        return self._below(folder, name.split(".") if name else [], asked)

    def _absolute(self, start: str, name: str, asked: set[str]) -> ParsedModule | None:
        parts = name.split(".")
        for folder in self._search_path(start):
            if not self._starts(folder, parts[0], asked):
                continue
            if parts[0] in OWN_LIBRARIES:
                if "__init__.py" in self._names_in(folder):
                    # Inside a package an absolute import does not see the package's own parts.
                    continue
                if self._is_installed(folder) and not f"{start}{os.sep}".startswith(os.path.join(folder, parts[0], "")):
                    return None
            found = self._below(folder, parts, asked)
            if found is not None:
                return found
            if parts[0] not in OWN_LIBRARIES and len(parts) == 1:
                return None  # Otherwise a module may have the same name as its package, which is in a folder above.
        return None

    def _is_installed(self, folder: str) -> bool:
        """Whether a folder is one where installers put packages; a library there is not part of the project."""
        return any(name.endswith(".dist-info") for name in self._names_in(folder))

    def submodule(self, importer: Module, package: Module, name: str) -> ParsedModule | None:
        """Module ``name`` inside a package of the project."""
        if os.path.basename(package.filename) != "__init__.py":
            return None
        asked: set[str] = set()
        found = self._below(package.folder, [name], asked)
        self._ask(importer, asked)
        return found

    def consulted(self, module: Module) -> frozenset[str]:
        """The paths of all other files that an answer about this module depends on, whether they exist or not.

        ``FOLDER/**`` stands for all modules below a folder; see `rnnlint.read.neighbours`.
        """
        found: set[str] = set()
        tops: list[Neighbourhood] = []
        todo = [module.asked]
        while todo:
            new = todo.pop() - found
            found |= new
            for top in filter(None, map(neighbours.whole_of, filter(neighbours.is_whole, new))):
                # All of them at once, since their dependencies are almost the same.
                tops.append(self._around[top])
                todo.append(self._asked_below[top])
            # Most of them were found before: in a circle of imports each module depends on all others.
            for path in new & self._modules.keys():
                known = self._modules[path]
                if known is not None and known.asked - found and not (tops and any(top.covers(path) for top in tops)):
                    todo.append(known.asked)
        return frozenset(found - {os.path.abspath(module.filename)})

    def calling(self, name: str, importer: Module, notebooks: bool = False) -> Iterator[ParsedModule]:
        """The project's other modules whose text calls something by this name."""
        return self._loaded(self._neighbourhood(importer).calling(name.encode()), importer, notebooks)

    def mentioning(
        self, importer: Module, *words: str, whole: bool = False, notebooks: bool = False
    ) -> Iterator[ParsedModule]:
        """The project's other modules whose text contains one of the words, nearest first; a limited number of
        files."""
        files = self._neighbourhood(importer).saying(*(word.encode() for word in words), whole=whole)
        return self._loaded(files[: neighbours.MOST], importer, notebooks)

    def _loaded(self, paths: Iterable[str], importer: Module, notebooks: bool) -> Iterator[ParsedModule]:
        own = os.path.abspath(importer.filename)
        for path in paths:
            module = self._load(path) if path != own and (notebooks or path.endswith(".py")) else None
            if module is not None and module is not importer:
                yield module

    def _neighbourhood(self, importer: Module) -> Neighbourhood:
        """The modules around a file. A module without a word may have it tomorrow, so the answer depends on all of
        them."""
        top = self.top_of(importer)
        if top not in self._around:
            self._around[top] = Neighbourhood(top, self._text, self._files)
        around = self._around[top]
        if top not in self._asked_below:
            below = (one for path, one in self._modules.items() if path.startswith(top + os.sep))
            asked = (path for one in below if one is not None for path in one.asked)
            self._asked_below[top] = {path for path in asked if not around.covers(path)}
        self._ask(importer, {neighbours.whole(top)})
        return around

    def top_of(self, module: Module) -> str:
        """The folder of the project that contains a module: that of its outermost package, or its own."""
        folder = module.folder
        if folder not in self._tops:
            self._tops[folder] = neighbours.top_of(module.filename, self._names_in, self._files)
        return self._tops[folder]

    def package_of(self, module: Module) -> str:
        """The name of the outermost package that contains a module; empty for a script."""
        top = self.top_of(module)
        below = os.path.abspath(module.filename)[len(top) :].lstrip(os.sep)
        first = below.partition(os.sep)[0] if os.sep in below else ""
        return first if first and "__init__.py" in self._names_in(os.path.join(top, first)) else ""

    def _text(self, path: str) -> bytes:
        if path not in self._texts:
            try:
                self._texts[path] = neighbours.text_of(self.content(path), path)
                self._read += len(self._texts[path])
            except SourceError:
                self._texts[path] = b""
        return self._texts[path]

    def content(self, path: str) -> bytes:
        """The content of a file; for a notebook its JSON. Raises `SourceError` if it cannot be read."""
        return self._files.read(path)

    def _search_path(self, here: str) -> tuple[str, ...]:
        if here not in self._folders:
            self._folders[here] = neighbours.search_path(here, self._names_in)
        return self._folders[here]

    def _names_in(self, folder: str) -> frozenset[str]:
        if folder not in self._entries:
            self._entries[folder] = self._files.names_in(folder)
        return self._entries[folder]

    def _starts(self, folder: str, first: str, asked: set[str]) -> bool:
        """Whether a top-level module of this name is in the folder; a library's name only as a real package."""
        names = self._names_in(folder)
        path = os.path.join(folder, first)
        if first + ".py" in names or first in names and "__init__.py" in self._names_in(path):
            return True
        asked.update((path + ".py", os.path.join(path, "__init__.py")))
        return first in names and first not in OWN_LIBRARIES and any(n.endswith(".py") for n in self._names_in(path))

    def _below(self, folder: str, parts: list[str], asked: set[str]) -> ParsedModule | None:
        path = os.path.join(folder, *parts)
        candidates = [os.path.join(path, "__init__.py")]
        if parts:
            candidates.append(path + ".py")
        for candidate in candidates:
            asked.add(candidate)
            module = self._load(candidate)
            if module is not None:
                return module
        return None

    def _load(self, path: str) -> ParsedModule | None:
        if path not in self._modules:
            self._modules[path] = None
            if os.path.basename(path) in self._names_in(os.path.dirname(path)):
                self._modules[path] = ParsedModule(path, self, self._text(path))
        return self._modules[path]
