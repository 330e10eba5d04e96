"""What can a name stand for? The kinds of values, and the interfaces of modules and projects that they belong to.

A value knows its module, a module its project, and a project returns modules. The interfaces are defined here once;
`module` and `project` implement them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol, TypeAlias

from rnnlint.read.source import Source
from rnnlint.resolve.flow import Flow
from rnnlint.resolve.scope_tree import ScopeTree
from rnnlint.resolve.scopes import Binding, FunctionNode


class External(NamedTuple):
    """Something in a library outside the project, by its dotted path; ``tf`` stands for ``tensorflow``."""

    path: str


class ProjectModule(NamedTuple):
    """A module of the user's project."""

    module: Module


class ProjectFunction(NamedTuple):
    """A function or lambda of the user's project; ``owner`` is the class for a method taken from an instance."""

    node: FunctionNode | ast.Lambda
    module: Module
    owner: ast.ClassDef | None = None


class ProjectClass(NamedTuple):
    """A class of the user's project."""

    node: ast.ClassDef
    module: Module


class Instance(NamedTuple):
    """An instance of a class of the user's project, with the call that made it if it is known."""

    of: ProjectClass
    made_by: ast.Call | None = None
    made_in: Module | None = None


class Made(NamedTuple):
    """The result of a call of an external function or class."""

    path: str
    call: ast.Call
    module: Module


class Partial(NamedTuple):
    """``functools.partial`` of something."""

    of: Value
    call: ast.Call
    module: Module


class Literal(NamedTuple):
    """A literal dict, list, tuple or set."""

    node: ast.expr
    module: Module


Value: TypeAlias = External | ProjectModule | ProjectFunction | ProjectClass | Instance | Made | Partial | Literal


Step: TypeAlias = "tuple[Module, Binding, str]"
"""A binding of a module, and the name that is looked up."""


class Module(Protocol):
    """One module of the project; see `module.ParsedModule`."""

    filename: str
    asked: set[str]
    """Paths of the other files that answers about this module depend on, present or absent."""
    memo: dict[str, Any]
    """Caches of other modules of this room, each under its own key."""

    def __hash__(self) -> int: ...

    @property
    def project(self) -> Project:
        """The project that it belongs to."""

    @property
    def is_read(self) -> bool:
        """Whether the module was parsed."""

    @property
    def source(self) -> Source:
        """The text and its tree."""

    @property
    def text(self) -> bytes:
        """The text of the file."""

    @property
    def tree(self) -> ScopeTree:
        """The scopes."""

    @property
    def flow(self) -> Flow:
        """The analysis of which bindings reach a use."""

    def may_hold(self, name: str) -> bool:
        """Whether the text contains a name, or may get it from a star import."""

    def bindings(self, name: ast.Name) -> list[Binding]:
        """The bindings that may reach a name at its place."""

    def exported(self, name: str) -> list[Binding]:
        """The bindings of a module-level name as an importing module sees it."""

    def imported(self, binding: Binding, name: str) -> tuple[Value, ...]:
        """What an import provides under a name, followed through re-exports, but not through assignments."""

    def member(self, name: str, assigned: bool = True) -> Iterator[Value]:
        """The values of ``module.name``: an exported name or a submodule. Without ``assigned`` only what it imports."""

    def of_member(self, name: str, assigned: bool) -> tuple[list[Value], list[Step]]:
        """A submodule of this name, or the bindings of the name."""

    def step(self, binding: Binding, name: str, assigned: bool) -> tuple[list[Value], list[Step]]:
        """What an import provides: values, or the bindings of another module."""

    @property
    def listed(self) -> frozenset[object] | None:
        """The names in ``__all__``; None if there is none, or if it is not a single literal."""

    @property
    def folder(self) -> str:
        """The folder of the file."""

    def says(self, says: Callable[[bytes, bytes], bool], name: str) -> bool:
        """Whether a predicate on the text holds for a name; for a parsed module only whether the text contains the
        name counts."""

    def values(self, expression: ast.expr) -> tuple[Value, ...]:
        """What an expression may stand for; empty if unknown."""

    def of_binding(self, binding: Binding, name: str) -> Iterator[Value]:
        """The values that a binding gives its name."""

    def attribute(self, base: Value, name: str) -> Iterator[Value]:
        """The values of ``base.name``."""

    def writes_of(self, owner: ast.ClassDef, name: str) -> list[Binding]:
        """The assignments to ``self.name`` in a class's methods."""

    def calls_of(self, name: str) -> list[ast.Call]:
        """The calls whose function has this last name."""

    def result_of(self, function: Value, call: ast.Call) -> Iterator[Value]:
        """The result of a call of this value."""

    def returned(self, function: ast.AST) -> Iterator[Value]:
        """The values that a function of this module may return, whatever its arguments."""


class Reach(Protocol):
    """What modules may have of each other, told by their texts; see `reach.Reach`."""

    def may_have(self, module: Module, name: str, of: Module) -> bool:
        """Whether a module may have a function or class of another one."""

    def may_say(self, module: Module, word: bytes) -> bool:
        """Whether a word stands in a module, or in one of the project that it imports."""


class Project(Protocol):
    """The modules of the user's project; see `project.Project`."""

    parsed: int
    """The number of source bytes that were parsed."""

    @property
    def reach(self) -> Reach:
        """What the modules may have of each other, told by their texts."""

    def find(self, importer: Module, name: str, level: int) -> Module | None:
        """The module that ``from <level dots>name import …`` in another one refers to, if it is in this project."""

    def submodule(self, importer: Module, package: Module, name: str) -> Module | None:
        """A module of a package."""

    def content(self, path: str) -> bytes:
        """The content of a file."""

    def calling(self, name: str, importer: Module, notebooks: bool = False) -> Iterator[Module]:
        """The modules whose text may call a name."""

    def mentioning(
        self, importer: Module, *words: str, whole: bool = False, notebooks: bool = False
    ) -> Iterator[Module]:
        """The modules whose text contains one of these words; with ``whole``, only as whole words."""

    def top_of(self, module: Module) -> str:
        """The folder from which a module is imported."""

    def package_of(self, module: Module) -> str:
        """The outermost package of a module."""
