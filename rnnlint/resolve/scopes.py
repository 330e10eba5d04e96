"""What does a scope consist of? Bindings of names, and the blocks of statements that contain them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal, Protocol, TypeAlias

BindingKind = Literal[
    "import", "from", "star", "assign", "augment", "loop", "with", "parameter", "definition", "opaque", "delete"
]
ScopeKind = Literal["module", "class", "function", "lambda", "comprehension"]
FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Path: TypeAlias = tuple[int | str, ...]


class Binding:
    """One place that gives a name a value.

    ``value`` is the expression that the value comes from, and ``path`` how it is extracted: an index for each level of
    unpacking, ``"*"`` for a starred target. For loops ``value`` is the iterated expression, for ``with`` the context
    manager, for a parameter its default.
    """

    __slots__ = ("kind", "name", "node", "path", "scope", "statement", "value")

    def __init__(
        self,
        kind: BindingKind,
        name: str,
        node: ast.AST,
        scope: Scope,
        statement: ast.stmt | None,
        value: ast.expr | None = None,
        path: Path = (),
    ) -> None:
        self.kind = kind
        self.name = name
        self.node = node
        self.scope = scope
        self.statement = statement
        self.value = value
        self.path = path


class Block:
    """A list of statements that run in sequence, and its owner."""

    __slots__ = ("binders", "header", "owner", "role", "scope", "statements")

    def __init__(self, statements: list[ast.stmt], scope: Scope, owner: ast.stmt | None, role: str) -> None:
        self.statements = statements
        self.scope = scope
        self.owner = owner
        self.role = role
        self.binders: dict[str, list[int]] = {}
        """For each name the indexes of the statements that bind it in this scope, directly or in an inner block."""
        self.header: list[Binding] = []
        """What is bound on entry: the name of an ``except``, the captures of a ``case``."""


class Scope:
    """A Python namespace: module, class, function, lambda or comprehension."""

    __slots__ = (
        "body", "bound", "given", "global_names", "kind", "node", "nonlocal_names", "parent", "remote", "returns",
        "statement", "writes", "written",
    )  # fmt: skip

    def __init__(self, kind: ScopeKind, node: ast.AST, parent: Scope | None, statement: ast.stmt | None) -> None:
        self.kind = kind
        self.node = node
        self.parent = parent
        self.statement = statement
        """The statement of the parent scope that contains this one."""
        self.body: Block | None = None
        self.given: dict[str, Binding] = {}
        """Bound on entry: parameters, or the targets of a comprehension."""
        self.bound: set[str] = set()
        self.global_names: set[str] = set()
        self.nonlocal_names: set[str] = set()
        self.remote: dict[str, list[Binding]] = {}
        """Bindings made from inner scopes by ``global`` or ``nonlocal``."""
        self.returns: list[ast.Return] = []
        self.writes: list[Binding] = []
        """Assignments to ``object.attribute`` and ``object[index]`` in it; ``node`` is the target."""
        self.written: dict[str, tuple[int, dict[object, list[Binding]]]] = {}
        """The same, indexed; see `writes_by`."""

    def writes_by(self, key: Literal["key", "name", "statement", "value", "object"], wanted: object) -> list[Binding]:
        """The writes with this key or name, in this statement, of this value, or to something of this name."""
        count, found = self.written.get(key, (-1, {}))
        if count != len(self.writes):
            found = {}
            for write in self.writes:
                at = _object(write) if key == "object" else _key(write) if key == "key" else getattr(write, key)
                found.setdefault(at, []).append(write)
            self.written[key] = len(self.writes), found
        return found.get(wanted, [])

    def enclosing_class(self) -> Scope | None:
        """The class whose body directly contains this function, if any."""
        return self.parent if self.parent is not None and self.parent.kind == "class" else None

    def parents(self) -> Iterator[Scope]:
        """The scopes around it, innermost first."""
        outer = self.parent
        while outer is not None:
            yield outer
            outer = outer.parent


def _key(write: Binding) -> object:
    """The attribute that is written, or the item if its key is a literal."""
    item = getattr(write.node, "slice", None)
    key = item.value if isinstance(item, ast.Constant) else None
    return key if isinstance(key, str) else write.name


def _object(write: Binding) -> str | None:
    """The name of the object whose attribute or item is written, or whose ``__dict__`` it is."""
    node = getattr(write.node, "value", None)
    if isinstance(node, ast.Attribute) and node.attr == "__dict__":
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def unpacked(target: ast.expr) -> Iterator[tuple[ast.expr, Path]]:
    """The targets of an assignment, however it unpacks: names, attributes and items, each with its path."""
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


class Tree(Protocol):
    """The state shared while the scopes of a module are read; see `scope_tree.ScopeTree`."""

    has_walrus: bool
    positions: dict[ast.stmt, tuple[Block, int]]
    headers: dict[ast.stmt, list[Binding]]
    blocks: dict[ast.stmt, list[Block]]
    scopes: dict[ast.AST, Scope]
    homes: dict[ast.expr, tuple[Scope, ast.stmt]]
    module: Scope

    def scan(self, statement: ast.stmt) -> object:
        """Read the expressions of a statement."""
