"""What can a name stand for? The values that resolution tells apart, and what they let one ask of their modules.

A value knows the module that it stands in, a module its project, and a project gives modules. What each of them may be
asked is said here once; `module` and `project` answer.
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
    """Something of a library outside the project, by its dotted path; ``tf`` stands for ``tensorflow``."""

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
    """An instance of a class of the user's project, and the call that made it where one is known."""

    of: ProjectClass
    made_by: ast.Call | None = None
    made_in: Module | None = None


class Made(NamedTuple):
    """What a call of an external function or class returned."""

    path: str
    call: ast.Call
    module: Module


class Partial(NamedTuple):
    """``functools.partial`` of something."""

    of: Value
    call: ast.Call
    module: Module


class Literal(NamedTuple):
    """A dict, list, tuple or set as it is written."""

    node: ast.expr
    module: Module


Value: TypeAlias = External | ProjectModule | ProjectFunction | ProjectClass | Instance | Made | Partial | Literal


Step: TypeAlias = "tuple[Module, Binding, str]"
"""A binding of a module, and the name that it is asked for."""


class Module(Protocol):
    """One module of the project; see `module.ParsedModule`."""

    filename: str
    asked: set[str]
    """Paths of the other files that answers about this module rest on, present or absent."""
    memo: dict[str, Any]
    """What others of this floor learnt of the module, each under a name of its own."""

    def __hash__(self) -> int: ...

    @property
    def project(self) -> Project:
        """The project that it is of."""

    @property
    def is_read(self) -> bool:
        """Whether the module was parsed."""

    @property
    def source(self) -> Source:
        """The text and its tree."""

    @property
    def text(self) -> bytes:
        """The text as it stands in the file."""

    @property
    def tree(self) -> ScopeTree:
        """The scopes."""

    @property
    def flow(self) -> Flow:
        """Which bindings reach a use."""

    def may_hold(self, name: str) -> bool:
        """Whether the text holds a name, or may bring it by a star import."""

    def bindings(self, name: ast.Name) -> list[Binding]:
        """The bindings that a name may have where it stands."""

    def exported(self, name: str) -> list[Binding]:
        """The bindings of a module-level name as an importing module sees it."""

    def imported(self, binding: Binding, name: str) -> tuple[Value, ...]:
        """What an import brings under a name, followed through re-exports, but not through assignments."""

    def member(self, name: str, assigned: bool = True) -> Iterator[Value]:
        """What ``module.name`` is: an exported name or a submodule. Without ``assigned`` only what it imports."""

    def of_member(self, name: str, assigned: bool) -> tuple[list[Value], list[Step]]:
        """A submodule of this name, or the bindings of the name."""

    def step(self, binding: Binding, name: str, assigned: bool) -> tuple[list[Value], list[Step]]:
        """What an import brings: values, or the bindings of another module that it brings the name from."""

    @property
    def listed(self) -> frozenset[object] | None:
        """The names in ``__all__``; None without one, or where it is not written out once and for all."""

    @property
    def folder(self) -> str:
        """The folder that the file lies in."""

    def says(self, says: Callable[[bytes, bytes], bool], name: str) -> bool:
        """Whether the text says something of a name; one that was parsed may say anything but whether it holds it."""

    def values(self, expression: ast.expr) -> tuple[Value, ...]:
        """What an expression may stand for; empty where nothing is known."""

    def of_binding(self, binding: Binding, name: str) -> Iterator[Value]:
        """What a binding gives its name."""

    def attribute(self, base: Value, name: str) -> Iterator[Value]:
        """What ``base.name`` may be."""

    def writes_of(self, owner: ast.ClassDef, name: str) -> list[Binding]:
        """The assignments to ``self.name`` in a class's methods."""

    def calls_of(self, name: str) -> list[ast.Call]:
        """The calls whose function is written with this last name."""

    def result_of(self, function: Value, call: ast.Call) -> Iterator[Value]:
        """What a call of this value returns."""

    def returned(self, function: ast.AST) -> Iterator[Value]:
        """What a function of this module may return, whatever it is called with."""


class Project(Protocol):
    """The modules of the user's project; see `project.Project`."""

    parsed: int
    """Bytes of source that were parsed."""

    def find(self, importer: Module, name: str, level: int) -> Module | None:
        """The module that ``from <level dots>name import …`` means in another one, if it is of this project."""

    def submodule(self, importer: Module, package: Module, name: str) -> Module | None:
        """A module of a package."""

    def may_have(self, module: Module, name: str, of: Module) -> bool:
        """Whether a module may have a function or class of another one."""

    def content(self, path: str) -> bytes:
        """What a file holds."""

    def calling(self, name: str, importer: Module, notebooks: bool = False) -> Iterator[Module]:
        """The modules whose text may call a name."""

    def mentioning(
        self, importer: Module, *words: str, whole: bool = False, notebooks: bool = False
    ) -> Iterator[Module]:
        """The modules whose text holds one of these words; ``whole``, where not only as a part of a longer one."""

    def top_of(self, module: Module) -> str:
        """The folder from which a module is imported."""

    def package_of(self, module: Module) -> str:
        """The outermost package of a module."""
