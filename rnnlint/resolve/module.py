"""What does an expression of this module name? Values of names, attributes and calls, computed on demand and cached."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from rnnlint.read.source import Source, SourceError, from_bytes, from_text
from rnnlint.resolve import by_text, outline
from rnnlint.resolve.classes import class_bindings, elements, is_property, method_owner
from rnnlint.resolve.flow import Flow
from rnnlint.resolve.libraries import canonical
from rnnlint.resolve.scope_tree import ScopeTree
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.stars import stars_of
from rnnlint.resolve.values import (
    External,
    Instance,
    Literal,
    Made,
    Partial,
    Project,
    ProjectClass,
    ProjectFunction,
    ProjectModule,
    Step,
    Value,
)

_IMPORTS = ("import", "from", "star")


class ParsedModule:
    """One module of the project, with its scopes; answers are computed on demand and cached.

    A sibling file is parsed only if an answer needs it and its text contains the name in question.
    """

    def __init__(self, filename: str, project: Project, data: bytes | None = None) -> None:
        self.filename = filename
        self.project = project
        self.asked: set[str] = set()
        """Paths of the other files that answers about this module depend on, present or absent."""
        self._data = data
        self._values: dict[ast.expr, tuple[Value, ...]] = {}
        self._bindings: dict[ast.Name, list[Binding]] = {}
        self._writes: dict[str, dict[ast.ClassDef, list[Binding]]] = {}
        self.memo: dict[str, Any] = {}
        """Caches of other modules of this room, each under its own key."""

    def forget(self) -> None:
        """Drop all caches: scopes and their contents refer to each other, and garbage is collected rarely."""
        if "tree" in self.__dict__:
            self.tree.forget()
        self.__dict__.clear()

    @cached_property
    def folder(self) -> str:
        """The folder of the file."""
        return os.path.dirname(os.path.abspath(self.filename))

    @property
    def is_read(self) -> bool:
        """Whether the module was parsed."""
        return "source" in self.__dict__

    @cached_property
    def source(self) -> Source:
        """The text and its tree. Errors are reported when that file itself is checked; here an unreadable file is
        empty."""
        self.project.parsed += len(self._data or b"")
        try:
            of_file = self._data is not None and self.filename.endswith(".ipynb")
            return from_bytes(self.project.content(self.filename) if of_file else self._data or b"", self.filename)
        except SourceError:
            return from_text("", self.filename)

    def parsed_source(self, data: bytes) -> Source | None:
        """The source, if it was completely parsed from exactly this content."""
        return self.source if self.is_read and self._data == data and self.source.text else None

    @property
    def text(self) -> bytes:
        """The text of the file."""
        return self._data if self._data is not None else self.source.text.encode("utf-8", "surrogatepass")

    @cached_property
    def tree(self) -> ScopeTree:
        """The scopes."""
        return ScopeTree(self.source.tree, self.source.rows)

    @cached_property
    def flow(self) -> Flow:
        """The analysis of which bindings reach a use."""
        return Flow(self.tree, stars_of(self).brings)

    def may_hold(self, name: str) -> bool:
        """Whether the text contains a name, or may get it from a star import."""
        return stars_of(self).may(outline.holds, name)

    def says(self, says: Callable[[bytes, bytes], bool], name: str) -> bool:
        """Whether a predicate on the text holds for a name; for a parsed module only whether the text contains the
        name counts."""
        if says is outline.holds:
            return says(self.text, name.encode())
        return self.is_read or self._data is None or says(self._data, name.encode())

    # ---- names

    def bindings(self, name: ast.Name) -> list[Binding]:
        """The bindings that may reach a name at its place."""
        if name not in self._bindings:
            home = self.tree.home(name)
            self._bindings[name] = self.flow.lookup(name.id, *home) if home else []
        return self._bindings[name]

    def exported(self, name: str) -> list[Binding]:
        """The bindings of a module-level name as an importing module sees it."""
        if not stars_of(self).may(outline.may_bind, name):
            return []
        if stars_of(self).circle and (own := stars_of(self).own_first(name)):
            return own
        return self.flow.seen_from_inside(name, self.tree.module, None)[0]

    def imported(self, binding: Binding, name: str) -> tuple[Value, ...]:
        """What an import provides under ``name``, followed through re-exports, but not through assignments.

        An assigned variable of another module belongs to the project, so it is left out.
        """
        return tuple(_unique(self._imported(binding, name, set(), assigned=False)))

    def _imported(self, binding: Binding, name: str, seen: set[Binding], assigned: bool) -> Iterator[Value]:
        return _followed([(self, binding, name)], seen, assigned)

    def step(self, binding: Binding, name: str, assigned: bool) -> tuple[list[Value], list[Step]]:
        """What an import provides: values, or the bindings of another module."""
        statement, alias = binding.statement, binding.node
        assert isinstance(alias, ast.alias)
        if isinstance(statement, ast.Import):
            path = alias.name if alias.asname else alias.name.split(".")[0]
            module = self.project.find(self, path, 0)
            return [ProjectModule(module) if module else External(canonical(path))], []
        assert isinstance(statement, ast.ImportFrom)
        wanted = name if alias.name == "*" else alias.name
        module = self.project.find(self, statement.module or "", statement.level)
        if module is not None:
            return module.of_member(wanted, assigned)
        # A folder without __init__.py is a package too: its module is found by its full name.
        dotted = f"{statement.module}.{wanted}" if statement.module else wanted
        inner = self.project.find(self, dotted, statement.level)
        if inner is not None:
            return [ProjectModule(inner)], []
        return [] if statement.level else [External(f"{canonical(statement.module or '')}.{wanted}")], []

    def member(self, name: str, assigned: bool = True) -> Iterator[Value]:
        """The values of ``module.name``: an exported name or a submodule. Without ``assigned`` only what it imports."""
        values, steps = self.of_member(name, assigned)
        yield from values
        yield from _followed(steps, set(), assigned)

    def of_member(self, name: str, assigned: bool) -> tuple[list[Value], list[Step]]:
        """A submodule of this name, or the bindings of the name."""
        found = self.exported(name) if assigned or self._may_import(name) else []
        inner = None if found else self.project.submodule(self, self, name)
        return [ProjectModule(inner)] if inner is not None else [], [(self, binding, name) for binding in found]

    def _may_import(self, name: str) -> bool:
        """Whether an import may bind a name here; the module is parsed only if its text suggests it."""
        data = self._data
        if self.is_read or data is None:
            return True
        return outline.may_import(data, name.encode()) or bool(outline.stars(data)) and self.may_hold(name)

    @cached_property
    def listed(self) -> frozenset[object] | None:
        """The names in ``__all__``; None if there is none, or if it is not a single literal."""
        found = self.exported("__all__")
        names: set[object] = set()
        for binding in found:
            if binding.kind != "assign" or not isinstance(binding.value, (ast.List, ast.Tuple)):
                return None
            names.update(e.value if isinstance(e, ast.Constant) else None for e in binding.value.elts)
        grows = (
            any(
                ast.unparse(call.func).startswith("__all__.")
                for call in self.tree.calls_in(self.tree.holding("__all__"))
            )
            if found
            else False
        )
        return None if not found or grows or None in names else frozenset(names)

    # ---- values

    def values(self, expression: ast.expr) -> tuple[Value, ...]:
        """What an expression may stand for; empty if unknown."""
        known = self._values.get(expression)
        if known is None:
            # An expression that depends on itself (x = x.y in a loop) learns nothing new there.
            self._values[expression] = ()
            try:
                known = self._values[expression] = tuple(_unique(self._evaluate(expression)))
            except RecursionError:
                del self._values[expression]
                raise
        return known

    def _evaluate(self, node: ast.expr) -> Iterable[Value]:
        match node:
            case ast.Name():
                return (v for b in self.bindings(node) for v in self.of_binding(b, node.id))
            case ast.Attribute():
                return (v for base in self.values(node.value) for v in self.attribute(base, node.attr))
            case ast.Call():
                return self._called(node)
            case ast.NamedExpr():
                return self.values(node.value)
            case ast.IfExp():
                return (*self.values(node.body), *self.values(node.orelse))
            case ast.BoolOp():
                return (v for operand in node.values for v in self.values(operand))
            case ast.Subscript():
                return (v for base in self.values(node.value) for v in elements(base, node.slice))
            case ast.Dict() | ast.List() | ast.Tuple() | ast.Set() | ast.ListComp():
                return (Literal(node, self),)
            case ast.Lambda():
                return (ProjectFunction(node, self),)
        return ()

    def of_binding(self, binding: Binding, name: str) -> Iterator[Value]:
        """The values that a binding gives its name."""
        if binding.kind in _IMPORTS:
            yield from self._imported(binding, name, set(), assigned=True)
        elif binding.kind == "definition":
            if isinstance(binding.node, ast.ClassDef):
                yield ProjectClass(binding.node, self)
            elif isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield ProjectFunction(binding.node, self)
        elif binding.kind == "parameter":
            owner = method_owner(binding)
            if owner is not None:
                yield Instance(ProjectClass(owner, self))
            elif binding.value is not None:
                yield from self.values(binding.value)
        elif binding.kind in ("assign", "loop") and binding.value is not None:
            found: Iterable[Value] = self.values(binding.value)
            for step in (None, *binding.path) if binding.kind == "loop" else binding.path:
                found = [inner for value in found for inner in elements(value, step)]
            yield from found

    def attribute(self, base: Value, name: str) -> Iterator[Value]:
        """The values of ``base.name``."""
        if isinstance(base, External):
            yield External(f"{base.path}.{name}")
        elif isinstance(base, ProjectModule):
            yield from base.module.member(name)
        elif isinstance(base, (Instance, ProjectClass)):
            of = base.of if isinstance(base, Instance) else base
            for module, binding in class_bindings(of, name):
                for value in module.of_binding(binding, name):
                    if isinstance(value, ProjectFunction) and binding.kind == "definition":
                        if is_property(value.node):
                            yield from module.returned(value.node)
                            continue
                        value = ProjectFunction(value.node, value.module, of.node)
                    yield value

    def writes_of(self, owner: ast.ClassDef, name: str) -> list[Binding]:
        """The assignments to ``self.name`` in a class's methods."""
        if name not in self._writes:
            by_class = self._writes[name] = {}
            for write in self.tree.writes_of(name):
                if isinstance(write.node, ast.Attribute) and isinstance(write.node.value, ast.Name):
                    for binding in self.bindings(write.node.value):
                        cls = method_owner(binding) if binding.kind == "parameter" else None
                        if cls is not None:
                            by_class.setdefault(cls, []).append(write)
        return self._writes[name].get(owner, [])

    # ---- calls

    def _called(self, call: ast.Call) -> Iterator[Value]:
        path = by_text.import_path(call, self)
        if path is not None:
            module = self.project.find(self, path, 0)
            yield ProjectModule(module) if module else External(canonical(path))
            return
        named = by_text.getattr_parts(call, self)
        if named is not None:
            for base in self.values(named[0]):
                yield from self.attribute(base, named[1])
            return
        for function in self.values(call.func):
            yield from self.result_of(function, call)

    def calls_of(self, name: str) -> list[ast.Call]:
        """The calls whose function has this last name."""
        return self.tree.calls_of(name)

    def result_of(self, function: Value, call: ast.Call) -> Iterator[Value]:
        """The result of a call of this value."""
        if isinstance(function, External):
            if function.path in ("functools.partial", "partial") and call.args:
                yield from (Partial(value, call, self) for value in self.values(call.args[0]))
            else:
                yield Made(function.path, call, self)
        elif isinstance(function, Partial):
            yield from self.result_of(function.of, call)
        elif isinstance(function, ProjectClass):
            yield Instance(function, call, self)
        elif isinstance(function, ProjectFunction):
            yield from function.module.returned(function.node)

    def returned(self, function: ast.AST) -> Iterator[Value]:
        """The values that a function of this module may return, whatever its arguments."""
        if isinstance(function, ast.Lambda):
            yield from self.values(function.body)
            return
        for statement in self.tree.scope_of(function).returns:
            if statement.value is not None:
                yield from self.values(statement.value)


def _followed(steps: Sequence[Step], seen: set[Binding], assigned: bool) -> Iterator[Value]:
    """The values of bindings of modules, through imports of imports; each import is followed once."""
    todo = [*reversed(steps)]
    while todo:
        module, binding, name = todo.pop()
        if binding.kind not in _IMPORTS:
            if assigned:
                yield from module.of_binding(binding, name)
        elif binding not in seen:
            seen.add(binding)
            values, more = module.step(binding, name, assigned)
            yield from values
            todo += reversed(more)


def _unique(values: Iterable[Value]) -> list[Value]:
    return list(dict.fromkeys(values))
