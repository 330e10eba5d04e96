"""Where is a function called, or a class instantiated, under any name? Aliases, tables, arguments that pass it on.

Calls are searched by the names of the function: its own, those that it is assigned to, the parameters that it is passed
as, and the tables that hold it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rnnlint.infer.values import places
from rnnlint.infer.values.call_forms import parents
from rnnlint.infer.values.frames import DEEPEST, Frame, enter, is_in_test, is_test_module, joined
from rnnlint.infer.values.named_chains import Chain, named, targets
from rnnlint.resolve import outline
from rnnlint.resolve.classes import bases
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import Made, Module, Partial, ProjectClass, ProjectFunction, Value

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

MOST = 40
"""The limit on analyzed calls of one function."""

_MOST_NAMES = 24
_MOST_READ = 25
"""The limit on modules that one search may parse."""


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A call of a function or class, with the frame for evaluating its arguments."""

    call: ast.Call
    module: Module
    frame: Frame | None = None
    of: ProjectClass | None = None
    """The instantiated class, if it derives from the class in question."""
    written: ast.Call | None = None
    """The call as written, if a ``partial`` supplies some of the arguments."""

    @property
    def at(self) -> ast.Call:
        """The call in the module."""
        return self.written or self.call


@dataclass(frozen=True, slots=True, eq=False)
class _Name:
    """A name of a function in some module; ``only`` is the parameter that it is, called in this frame."""

    name: str
    module: Module
    only: Binding | None = None
    frame: Frame | None = None
    local: bool = False
    """Whether no other module can have it."""
    place: places.Place | None = None
    """The attribute that holds it."""


def calls(evaluator: Evaluator, target: ast.AST, module: Module, owner: ast.ClassDef | None = None) -> list[Site]:
    """The calls of a function, lambda or class of a module. Those of tests and notebooks count only if there are no
    others."""
    key = ("calls", target)
    if key not in evaluator.memo:
        evaluator.memo[key] = []
        evaluator.memo[key] = _Search(evaluator, target, module, owner).sites()
    found: list[Site] = evaluator.memo[key]  # type: ignore[assignment]
    return found


class _Search:
    def __init__(self, evaluator: Evaluator, target: ast.AST, module: Module, owner: ast.ClassDef | None) -> None:
        self.evaluator, self.target, self.module, self.owner = evaluator, target, module, owner
        self.found: dict[tuple[ast.Call, Frame | None], Site] = {}
        self.todo: list[_Name] = []
        self.known: set[object] = set()
        self.left = _MOST_READ

    def sites(self) -> list[Site]:
        name = getattr(self.target, "name", None)
        if name is not None:
            self._add(_Name(name, self.module))
            if isinstance(self.target, ast.ClassDef):
                self._in_module(_Name("cls", self.module), self.module)
        elif isinstance(self.target, ast.Lambda):
            home = self.module.tree.home(self.target)
            if home is not None:
                self._used(self.target, home[1], self.module, None)
        others: list[tuple[str, Module]] = []
        at = 0
        while at < len(self.todo) and at < _MOST_NAMES and len(self.found) < MOST:
            one = self.todo[at]
            at += 1
            self._in_module(one, one.module)
            if one.only is None and not one.local:
                for inside in self._around(one):
                    if is_test_module(inside) or inside.filename.endswith(".ipynb"):
                        others.append((one.name, inside))
                    else:
                        self._in_module(one, inside)
        tests = [site for site in self.found.values() if is_in_test(site.at, site.module)]
        real = [site for site in self.found.values() if site not in tests]
        if not real:
            for name, inside in others:
                self._in_module(_Name(name, inside), inside)
            real = list(self.found.values())
        return real[:MOST]

    def _add(self, one: _Name) -> None:
        key = (one.name, one.module, one.only, one.frame)
        if key not in self.known:
            self.known.add(key)
            self.todo.append(one)

    def _around(self, one: _Name) -> Iterator[Module]:
        """The other modules that may use this name for the same."""
        project = one.module.project
        if self.owner is not None:
            for inside in project.calling(one.name, one.module, notebooks=True):
                if inside.may_hold(self.owner.name) or inside.may_hold(_stem(one.module)):
                    yield inside
            return
        for inside in project.mentioning(one.module, one.name, whole=True, notebooks=True):
            if project.reach.may_have(inside, one.name, one.module):
                yield inside

    def _in_module(self, one: _Name, module: Module) -> None:
        if not module.is_read and not outline.may_read(module.text, one.name.encode()) or not self._affords(module):
            return
        chains = named(self.evaluator, module, one.name)
        found = chains.by_super(self.owner) if self.owner is not None else []
        if one.only is not None:
            found = [*found, *chains.of_parameter(one.only, self.owner is None)]
        else:
            found = [*found, *chains.of(self.target, one.place, self.owner is None)]
        for chain in sorted(found, key=_position) if self.owner is not None else found:
            self._used(chain.node, chain.statement, module, one.frame)

    def _affords(self, module: Module) -> bool:
        """Whether the search may still look into a module, which is parsed for that."""
        if not module.is_read:
            self.left -= 1
        return module.is_read or self.left >= 0

    # ---- what is done with it

    def _used(self, node: ast.expr, statement: ast.stmt, module: Module, frame: Frame | None) -> None:
        above = parents(statement, module)
        first, parent = node, above.get(node)
        while isinstance(parent, (ast.Subscript, ast.IfExp, ast.Dict, ast.List, ast.Tuple, ast.keyword, ast.BoolOp)):
            if isinstance(parent, ast.Subscript) and parent.value is not node:
                return
            node, parent = parent, above.get(parent)  # type: ignore[assignment]
        if isinstance(parent, ast.Call):
            if parent.func is node:
                self._called(parent, module, frame)
            else:
                self._passed(node, parent, above, module, frame)
        elif parent is None and isinstance(statement, ast.For):
            self._gone_over(first, node, statement, module, frame)
        elif parent is None:
            self._kept(node, statement, module, frame)

    def _called(self, call: ast.Call, module: Module, frame: Frame | None) -> None:
        if isinstance(call.func, ast.Subscript):
            if self.target not in targets(self.evaluator, module.values(call.func), call.func, module):
                return
        whole = call
        for value in module.values(call.func):
            while isinstance(value, Partial):
                whole = joined(value.call, 1, whole)
                value = value.of
            if isinstance(value, Made):
                position = self.evaluator.libraries.binds(value.path)
                if position is not None:
                    whole = joined(value.call, position + 1, whole)
        self.found.setdefault((call, frame), Site(whole, module, frame, None, call))

    def _kept(self, node: ast.expr, statement: ast.stmt, module: Module, frame: Frame | None) -> None:
        """A name for it: a variable, an attribute, the default of a parameter."""
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
            for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
                name = leaf(target)
                if name is not None:
                    outer = module.tree.positions[statement][0].scope.kind == "module" and isinstance(target, ast.Name)
                    place = places.place(target, module) if isinstance(target, ast.Attribute) else None
                    self._add(_Name(name, module, None, None if place else frame, not outer, place))
        elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            scope = module.tree.scope_of(statement)
            for binding in scope.given.values():
                if binding.value is node:
                    self._add(_Name(binding.name, module, binding, frame))
        elif isinstance(statement, ast.Return):
            function = module.tree.positions[statement][0].scope.node
            if isinstance(function, ast.FunctionDef) and function is not self.target:
                self._returned(function, module)

    def _gone_over(
        self, first: ast.expr, display: ast.expr, loop: ast.For, module: Module, frame: Frame | None
    ) -> None:
        """``for make in (build, Model)`` and ``for name, make in [("a", build)]``: the name that the loop gives it."""
        target, elements = loop.target, getattr(display, "elts", [])
        for element in elements:
            if isinstance(target, ast.Tuple) and isinstance(element, ast.Tuple) and first in element.elts:
                target = target.elts[min(element.elts.index(first), len(target.elts) - 1)]
                break
        if isinstance(target, ast.Name) and display is loop.iter:
            scope = module.tree.positions[loop][0].scope
            for binding in module.flow.lookup(target.id, scope, loop.body[0]):
                if binding.statement is loop:
                    self._add(_Name(target.id, module, binding, frame))

    def _returned(self, function: ast.FunctionDef, module: Module) -> None:
        """``model = choose(); model(…)``: the names for the result of a function that returns it."""
        callers = module.project.calling(function.name, module)
        if module.tree.positions[function][0].scope.kind == "module":
            callers = (one for one in callers if module.project.reach.may_have(one, function.name, module))
        for inside in filter(self._affords, (module, *callers)):
            for call in inside.calls_of(function.name):
                if not any(isinstance(v, ProjectFunction) and v.node is function for v in inside.values(call.func)):
                    continue
                statement = inside.tree.home_of(call)[1]
                parent = parents(statement, inside).get(call)
                if isinstance(parent, ast.Call) and parent.func is call:
                    self.found.setdefault((parent, None), Site(parent, inside))
                elif isinstance(statement, ast.Assign) and statement.value is call:
                    self._kept(call, statement, inside, None)

    def _passed(
        self, node: ast.expr, call: ast.Call, above: dict[ast.AST, ast.AST], module: Module, frame: Frame | None
    ) -> None:
        """What a function that gets it as an argument does with it."""
        depth = frame.depth if frame is not None else 0
        if depth >= DEEPEST:
            return
        for value in module.values(call.func):
            if isinstance(value, ProjectFunction):
                if not isinstance(value.node, ast.Lambda):
                    self._into(value.node, value.module, value.owner is not None, node, call, module, frame)
            elif isinstance(value, ProjectClass):
                for cls in bases(value):
                    body = cls.module.tree.scope_of(cls.node).body
                    found = cls.module.flow.at_end(body, "__init__")[0] if body is not None else []
                    if found and isinstance(found[0].node, ast.FunctionDef):
                        self._into(found[0].node, cls.module, True, node, call, module, frame)
                        break
        if any(self._is_binding(value, call) for value in module.values(call)):
            parent = above.get(call)
            if isinstance(parent, ast.Call) and parent.func is call:
                self._called(parent, module, frame)
            elif parent is None:
                self._kept(call, module.tree.home_of(call)[1], module, frame)

    def _is_binding(self, value: Value, call: ast.Call) -> bool:
        if isinstance(value, Partial):
            return value.call is call
        return isinstance(value, Made) and value.call is call and self.evaluator.libraries.binds(value.path) is not None

    def _into(
        self,
        function: ast.FunctionDef | ast.AsyncFunctionDef,
        inside: Module,
        bound: bool,
        node: ast.expr,
        call: ast.Call,
        module: Module,
        frame: Frame | None,
    ) -> None:
        entered = enter(function, call, module, frame, bound)
        scope = inside.tree.scope_of(function)
        for name, argument in entered.arguments.items():
            if argument.expression is node and name in scope.given:
                self._add(_Name(name, inside, scope.given[name], entered))


def _position(chain: Chain) -> tuple[int, int]:
    return chain.node.lineno, chain.node.col_offset


def _stem(module: Module) -> str:
    return module.filename.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
