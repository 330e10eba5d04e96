"""What is a scope made of? The bindings of names, and the blocks of statements that they stand in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

BindingKind = Literal[
    "import", "from", "star", "assign", "augment", "loop", "with", "parameter", "definition", "opaque", "delete"
]
FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Path: TypeAlias = tuple[int | str, ...]


@dataclass(slots=True, eq=False)
class Binding:
    """One place that gives a name a value.

    ``value`` is the expression that it comes from and ``path`` how it is taken out of it: an index for
    each level of unpacking, ``"*"`` for a starred target. For loops ``value`` is the iterated expression,
    for ``with`` the context manager, for a parameter its default.
    """

    kind: BindingKind
    name: str
    node: ast.AST
    scope: Scope
    statement: ast.stmt | None
    value: ast.expr | None = None
    path: Path = ()


@dataclass(slots=True, eq=False)
class Block:
    """A list of statements that run one after the other, and who owns it."""

    statements: list[ast.stmt]
    scope: Scope
    owner: ast.stmt | None
    role: str
    binders: dict[str, list[int]] = field(default_factory=dict)
    """For each name the indexes of the statements that bind it in this scope, themselves or in a block inside."""
    header: list[Binding] = field(default_factory=list)
    """What is bound on entry: the name of an ``except``, the captures of a ``case``."""


@dataclass(slots=True, eq=False)
class Scope:
    """A namespace of Python's own: module, class, function, lambda or comprehension."""

    kind: Literal["module", "class", "function", "lambda", "comprehension"]
    node: ast.AST
    parent: Scope | None
    statement: ast.stmt | None
    """The statement of the parent scope in which this one stands."""
    body: Block | None = None
    given: dict[str, Binding] = field(default_factory=dict)
    """Bound on entry: parameters, or the targets of a comprehension."""
    bound: set[str] = field(default_factory=set)
    global_names: set[str] = field(default_factory=set)
    nonlocal_names: set[str] = field(default_factory=set)
    remote: dict[str, list[Binding]] = field(default_factory=dict)
    """Bindings made from inner scopes by ``global`` or ``nonlocal``."""
    returns: list[ast.Return] = field(default_factory=list)
    writes: list[Binding] = field(default_factory=list)
    """Assignments to ``object.attribute`` and ``object[index]`` in it; ``node`` is the target."""

    def enclosing_class(self) -> Scope | None:
        """The class whose body this function stands in directly, if any."""
        return self.parent if self.parent is not None and self.parent.kind == "class" else None

    def parents(self) -> Iterator[Scope]:
        """The scopes around it, innermost first."""
        outer = self.parent
        while outer is not None:
            yield outer
            outer = outer.parent


def unpacked(target: ast.expr) -> Iterator[tuple[ast.expr, Path]]:
    """What a target assigns to, however it unpacks: names, attributes and items, each with its path."""
    todo: list[tuple[ast.expr, Path]] = [(target, ())]
    while todo:
        node, path = todo.pop()
        if isinstance(node, (ast.Tuple, ast.List)):
            star = next((i for i, e in enumerate(node.elts) if isinstance(e, ast.Starred)), len(node.elts))
            for index, element in enumerate(node.elts):
                step: int | str = index if index < star else "*" if index == star else index - len(node.elts)
                todo.append((element, (*path, step)))
        elif isinstance(node, ast.Starred):
            todo.append((node.value, path))
        else:
            yield node, path
