"""Which expressions may hold the value of this one? Followed forwards, through names, containers and calls."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple, TypeAlias

from rnnlint.infer.padding.estimators import features_of
from rnnlint.infer.padding.looped import ITERATING, loops_over
from rnnlint.infer.values.behind import bindings_of, owners_of
from rnnlint.infer.values.entered import entered, parameter_of
from rnnlint.infer.values.frames import callers
from rnnlint.resolve.classes import method_owner
from rnnlint.resolve.scopes import Binding, Path, Scope
from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import Module, Partial, ProjectFunction, ProjectModule

EACH = "*"
"""A path element that any index matches: the elements of the iterated value are alike."""

_MOST = 1500
_MOST_IN_MODULE = 50_000
"""The limits on expressions that are followed, for one value and for all in a module."""
_MOST_MODULES = 8
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SAME = (ast.IfExp, ast.BoolOp, ast.Await, ast.NamedExpr, ast.Starred)


class Held(NamedTuple):
    """An expression that holds a value, and its place within: ``(0,)`` is the first element."""

    node: ast.expr
    module: Module
    what: Hashable
    path: Path = ()


Through: TypeAlias = Callable[[ast.AST, Held, "Follower"], Iterable[Held]]
"""The type of a function that says what an operator or library call around a held value returns."""


class Follower:
    """Follows values forwards from expression to expression; ``through`` knows the libraries."""

    def __init__(self, through: Through) -> None:
        self._through = through
        self.held: dict[Held, None] = {}
        """All expressions found, in order of discovery."""
        self.unread: set[Held] = set()
        """Values bound to a name that is never read."""
        self.given_away: set[Held] = set()
        """Values returned by a function that nothing in the project calls."""
        self.complete = True

    def follow(self, starts: Iterable[Held]) -> None:
        """Follow these values, and what is computed from them."""
        todo = list(starts)
        while todo:
            held = todo.pop()
            if held in self.held:
                continue
            spent = held.module.memo["followed"] = held.module.memo.get("followed", 0) + 1
            if len(self.held) >= _MOST or spent > _MOST_IN_MODULE:
                self.complete = False
                return
            self.held[held] = None
            todo += self._step(held)

    def _step(self, held: Held) -> Iterable[Held]:
        node, module, _, path = held
        parent = surroundings_of(module).parent.get(node)
        if isinstance(parent, ast.keyword):
            parent = surroundings_of(module).parent.get(parent)
        match parent:
            case ast.Assign() | ast.AnnAssign() | ast.For() | ast.AsyncFor() | ast.comprehension() | ast.withitem():
                return self._bound(held, parent)
            case ast.NamedExpr():
                return (*self._bound(held, parent), held._replace(node=parent))
            case ast.Return() | ast.Yield() | ast.YieldFrom():
                return self._returned(held, parent)
            case ast.Tuple() | ast.List() | ast.Set():
                index = parent.elts.index(node)
                return (held._replace(node=parent, path=(index, *path)),)
            case ast.Subscript() if parent.value is node and path:
                return _picked(held, parent)
            case ast.Call() if node is not parent.func:
                return self._passed(held, parent)
            case ast.Lambda():
                return (*self._mapped(parent, held), *self._fed(parent, held))
            case None:
                return ()
            case _ if isinstance(parent, _SAME) and not (isinstance(parent, ast.IfExp) and parent.test is node):
                return (held._replace(node=parent),)
        return self._through(parent, held, self)

    # ---- names and attributes

    def _bound(self, held: Held, parent: ast.AST) -> Iterator[Held]:
        found = False
        loops = isinstance(parent, (ast.For, ast.AsyncFor, ast.comprehension))
        for binding in surroundings_of(held.module).bindings_of(held.node, parent):
            path = _below(held.path, (EACH, *binding.path) if loops and held.path else binding.path)
            if path is None:
                continue
            found = True
            reads = list(self._reads(binding, held.module))
            yield from (Held(node, module, held.what, path) for node, module in reads)
            if not reads:
                self.unread.add(held)
        if not found and isinstance(parent, ast.Assign):
            for target in parent.targets:
                if isinstance(target, ast.Subscript):
                    yield from self.into(target.value, held)
                    yield from self._through(target, held, self)

    def into(self, receiver: ast.expr, held: Held) -> Iterator[Held]:
        """A value put into a container (``batches[i] = x``, ``batches.append(x)``): all reads of the container hold
        it."""
        module = held.module
        while isinstance(receiver, ast.Subscript):
            receiver = receiver.value
        for binding in bindings_of(receiver, module):
            for node, inside in self._reads(binding, module):
                if node is not receiver:
                    yield Held(node, inside, held.what, (EACH, *held.path) if held.path else ())

    def _reads(self, binding: Binding, module: Module) -> Iterator[tuple[ast.expr, Module]]:
        """The expressions that this binding reaches."""
        around = surroundings_of(module)
        target = binding.node
        if isinstance(target, ast.Attribute):
            yield from self._attribute_reads(target, binding, module)
            return
        for name in around.names.get(binding.name, ()):
            if binding in module.bindings(name):
                yield name, module
        if binding.scope.kind == "module":
            yield from self._imported_reads(binding, module)

    def _imported_reads(self, binding: Binding, module: Module) -> Iterator[tuple[ast.expr, Module]]:
        may_have, others = module.project.reach.may_have, module.project.mentioning(module, binding.name, whole=True)
        for other in islice((one for one in others if may_have(one, binding.name, module)), _MOST_MODULES):
            around = surroundings_of(other)
            for name in around.names.get(binding.name, ()):
                if any(_is_import_of(one, module, other) for one in other.bindings(name)):
                    yield name, other
            for node in around.attributes.get(binding.name, ()):
                if any(isinstance(v, ProjectModule) and v.module is module for v in other.values(node.value)):
                    yield node, other

    def _attribute_reads(
        self, target: ast.Attribute, binding: Binding, module: Module
    ) -> Iterator[tuple[ast.expr, Module]]:
        owners = owners_of(target.value, module)
        for node in surroundings_of(module).attributes.get(target.attr, ()):
            if owners & owners_of(node.value, module) or _is_same_object(node.value, target.value, module):
                if self._reaches(binding, node, module):
                    yield node, module
        if owners:
            others = module.project.mentioning(module, target.attr, whole=True)
            for other in islice(others, _MOST_MODULES):
                for node in surroundings_of(other).attributes.get(target.attr, ()):
                    if owners & owners_of(node.value, other):
                        yield node, other

    def _reaches(self, binding: Binding, read: ast.Attribute, module: Module) -> bool:
        """Whether another assignment in the same function certainly comes between a write and a read of an
        attribute."""
        scope, statement = module.tree.home_of(read)
        if scope is not binding.scope or not isinstance(read.value, ast.Name):
            return True
        reaching, certain = module.flow.reaching(f"{read.value.id}.{read.attr}", scope, statement)
        return not certain or any(one.node is binding.node for one in reaching)

    # ---- functions

    def _returned(self, held: Held, parent: ast.AST) -> Iterator[Held]:
        module = held.module
        scope: Scope | None = module.tree.home_of(held.node)[0]
        while scope is not None and scope.kind != "function":
            scope = scope.parent
        if scope is None or not isinstance(scope.node, _FUNCTIONS):
            return
        function = scope.node
        path = (EACH, *held.path) if isinstance(parent, ast.Yield) and held.path else held.path
        owner = scope.enclosing_class()
        of = owner.node if owner is not None and isinstance(owner.node, ast.ClassDef) else None
        found = [(one.call, one.module) for one in callers(function, module, of)]
        calls: list[tuple[ast.expr, Module]] = [*found]
        if of is not None and function.decorator_list:
            calls += self._property_reads(function, of, module)
        mapped: list[Held] = []
        if of is not None and function.name in ITERATING:
            inner = (EACH, *held.path) if held.path else ()
            mapped += [Held(node, inside, held.what, inner) for node, inside in loops_over(of, module)]
        for name in surroundings_of(module).names.get(function.name, ()):
            if any(isinstance(one, ProjectFunction) and one.node is function for one in module.values(name)):
                mapped += self._mapped(name, held)
                yield from self._fed(name, held)
        if not calls and not mapped:
            self.given_away.add(held)
        yield from mapped
        yield from (Held(call, inside, held.what, path) for call, inside in calls)

    def _mapped(self, function: ast.expr, held: Held) -> Iterator[Held]:
        """The result of a function passed to another, as in ``dataset.map(function)``: the other returns it too."""
        call = surroundings_of(held.module).parent.get(function)
        if isinstance(call, ast.Call) and call.func is not function:
            yield held._replace(node=call)

    def _fed(self, function: ast.expr, held: Held) -> Iterator[Held]:
        """The result of an input function reaches the model function: the features, the first of a pair."""
        path = held.path[1:] if held.path[:1] == (EACH,) else held.path
        if path[:1] in ((), (0,), (EACH,)):
            for read, inside in features_of(function, held.module):
                yield Held(read, inside, held.what, path[1:])

    def _property_reads(
        self, function: ast.FunctionDef | ast.AsyncFunctionDef, of: ast.ClassDef, module: Module
    ) -> Iterator[tuple[ast.expr, Module]]:
        for node in surroundings_of(module).attributes.get(function.name, ()):
            if of in owners_of(node.value, module):
                yield node, module

    def _passed(self, held: Held, call: ast.Call) -> Iterable[Held]:
        module = held.module
        found: list[Held] = []
        known = False
        for value in module.values(call.func):
            while isinstance(value, Partial):
                value = value.of
            function_entered = entered(value)
            if function_entered is None:
                continue
            known = True
            function, inside, bound = function_entered
            name = parameter_of(function, call, held.node, bound)
            if name is None:
                continue
            given = inside.tree.scope_of(function).given.get(name)
            if given is not None:
                reads = self._reads(given, inside)
                found += (Held(node, where, held.what, held.path) for node, where in reads)
        return found if known else self._through(call, held, self)


def is_same(path: Path, index: object) -> bool:
    """Whether an index selects the first element of a path."""
    return bool(path) and (path[0] == EACH or path[0] == index)


def _below(path: Path, taken: Path) -> Path | None:
    """The rest of a path after unpacking; None if the unpacked part is another part of the value."""
    for step in taken:
        if not path:
            return path
        if step != EACH and not is_same(path, step):
            return None
        path = path[1:]
    return path


def _picked(held: Held, parent: ast.Subscript) -> Iterator[Held]:
    index = parent.slice
    if isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub) and isinstance(index.operand, ast.Constant):
        if held.path[0] == EACH:
            yield held._replace(node=parent, path=held.path[1:])
    elif not isinstance(index, ast.Constant):
        yield held._replace(node=parent, path=held.path if isinstance(index, ast.Slice) else held.path[1:])
    elif is_same(held.path, index.value):
        yield held._replace(node=parent, path=held.path[1:])


def _is_same_object(one: ast.expr, other: ast.expr, module: Module) -> bool:
    if not isinstance(one, ast.Name) or not isinstance(other, ast.Name) or one.id != other.id:
        return False
    mine = module.bindings(one)
    if any(method_owner(binding) is not None for binding in mine):
        return False
    return any(binding in mine for binding in module.bindings(other))


def _is_import_of(binding: Binding, module: Module, inside: Module) -> bool:
    statement = binding.statement
    if not isinstance(statement, ast.ImportFrom):
        return False
    return module.project.find(inside, statement.module or "", statement.level) is module
