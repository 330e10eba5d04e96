"""What can a name stand for? The values that resolution tells apart."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from rnnlint.resolve.scopes import FunctionNode

if TYPE_CHECKING:
    from rnnlint.resolve.module import Module


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
