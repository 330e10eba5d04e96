"""What may this expression be? An evaluator for names, attributes, operators and calls, on demand and bounded."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rnnlint.infer.values import (
    arithmetic,
    attributes,
    callers,
    calls,
    given,
    guards,
    indexing,
    iteration,
    list_changes,
    list_growth,
    literals,
    loop_carried,
    places,
    rebound,
    shapes_set,
    stores,
)
from rnnlint.infer.values.domain import (
    LARGEST,
    UNKNOWN,
    Abstract,
    Constant,
    Object,
    Other,
    Sequence,
    Table,
    Tensor,
    Unknown,
    Where,
    chosen,
    exactly,
    join,
)
from rnnlint.infer.values.frames import Frame
from rnnlint.infer.values.interface import Answer, Fallback, Libraries, NoLibraries
from rnnlint.resolve.classes import method_owner
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import External, Made, Module, ProjectClass
from rnnlint.resolve.values import Value as Named

BUDGET = 4000
"""The number of expressions that one query may evaluate; beyond it the answer is unknown."""

NESTING = 60
"""The depth to which one query may follow values."""


class OverBudget(Exception):
    """The budget of a query is used up."""


class Evaluator:
    """Evaluates expressions of one project; one per run, since its results are cached."""

    def __init__(self, libraries: Libraries | None = None, keras: int = 3) -> None:
        self.libraries: Libraries = libraries or NoLibraries()
        """Evaluates library calls."""
        self.keras = keras
        """The generation of Keras that the code targets: 2 or 3."""
        self._known: dict[ast.expr, Abstract] = {}
        self._known_in: dict[Frame, dict[ast.expr, Abstract]] = {}
        self._assumed: dict[ast.expr, Abstract] = {}
        self.memo: dict[object, object] = {}
        """Caches of modules in this room, each under its own keys."""
        self.learnt: dict[object, Any] = {}
        """The same for results that depend on the current assumptions."""
        self._spent: dict[object, int] = {}
        self.is_over_budget = False
        """Whether a value was left unknown because it takes more looking than a module may spend."""
        self._left = BUDGET
        self._depth = 0
        self._callers: dict[ast.AST, Abstract] = {}

    def query(self, expression: ast.expr, module: Module, frame: Frame | None = None) -> Abstract:
        """What an expression may be; unknown if the budget is used up."""
        return self.bounded(lambda: self.value(expression, module, frame), UNKNOWN)

    def bounded(self, ask: Callable[[], Answer], otherwise: Fallback) -> Answer | Fallback:
        """A result that needs several expressions, within the budget of one query."""
        self._left, self._depth = BUDGET, 0
        try:
            return ask()
        except (OverBudget, RecursionError):
            return otherwise

    def assuming(self, values: Mapping[ast.expr, Abstract], ask: Callable[[], Answer]) -> Answer:
        """A result under the assumption that these expressions have these values; caches made on the way are
        dropped."""
        kept = self._known, self._known_in, self._assumed, self.learnt
        self._known, self._known_in, self._assumed, self.learnt = {}, {}, {**self._assumed, **values}, {}
        try:
            return ask()
        finally:
            self._known, self._known_in, self._assumed, self.learnt = kept

    @property
    def assumes(self) -> bool:
        """Whether answers rest on values that expressions are taken to have."""
        return bool(self._assumed)

    def forget(self) -> None:
        """Drop all cached results: they refer to each other in cycles, and the garbage collector runs rarely."""
        self.__dict__.clear()

    def affords(self, what: object, cost: int, most: int) -> bool:
        """Whether a repeated computation is within the budget of a module; records its cost."""
        spent = self._spent[what] = self._spent.get(what, 0) + cost
        self.is_over_budget = self.is_over_budget or spent > most
        return spent <= most

    def value(self, node: ast.expr, module: Module, frame: Frame | None) -> Abstract:
        """Like `query`, within the budget of the current query."""
        if node in self._assumed:
            return self._assumed[node]
        known = self._known if frame is None else self._known_in.setdefault(frame, {})
        if node in known:
            return known[node]
        self._left -= 1
        if self._left < 0:
            raise OverBudget
        if self._depth > NESTING:
            return UNKNOWN
        # An expression that depends on itself adds nothing.
        known[node] = UNKNOWN
        self._depth += 1
        try:
            found = self._evaluate(node, module, frame)
        except (OverBudget, RecursionError):
            known.pop(node, None)
            raise
        finally:
            self._depth -= 1
        known[node] = found
        return found

    def _evaluate(self, node: ast.expr, module: Module, frame: Frame | None) -> Abstract:
        match node:
            case ast.Constant(value=bool() | str() | bytes() | float() | None as constant):
                return Constant(constant)
            case ast.Constant(value=int(number)):
                return exactly(number, (Where(module, node),)) if abs(number) <= LARGEST**2 else UNKNOWN
            case ast.Name():
                return self._name(node, module, frame)
            case ast.Attribute():
                return attributes.read(self, node, module, frame)
            case ast.Call():
                return calls.result(self, node, module, frame)
            case ast.BinOp():
                left, right = self.value(node.left, module, frame), self.value(node.right, module, frame)
                made = arithmetic.binary(node.op, left, right, module.source.dialect == "python2")
                return self.libraries.after_operation(
                    made, (left, right), "arithmetic", Where(module, node), same_steps=True
                )
            case ast.UnaryOp():
                return arithmetic.unary(node.op, self.value(node.operand, module, frame))
            case ast.Compare() | ast.BoolOp():
                return guards.condition(self, node, module, frame)
            case ast.IfExp():
                return literals.if_expression(self, node, module, frame)
            case ast.NamedExpr():
                return self.value(node.value, module, frame)
            case ast.List() | ast.Tuple():
                return literals.written_out(self, node.elts, module, frame)
            case ast.Dict():
                return literals.table(self, node, module, frame)
            case ast.ListComp() | ast.GeneratorExp():
                return literals.comprehension(self, node, module, frame)
            case ast.Subscript():
                base = self.value(node.value, module, frame)
                made = attributes.item(self, base, node, module, frame)
                return self.libraries.after_operation(made, (base,), "an index", Where(module, node))
            case ast.Starred():
                return UNKNOWN
            case ast.JoinedStr():
                return UNKNOWN
        named = module.values(node)
        return Other(named[0]) if len(named) == 1 else UNKNOWN

    # ---- names

    def _name(self, node: ast.Name, module: Module, frame: Frame | None) -> Abstract:
        bindings = module.bindings(node)
        if not bindings:
            # The started module is the main program, unless the code says otherwise.
            is_main = node.id == "__name__"
            return Constant("__main__", sure=False) if is_main else Other(External(f"builtins.{node.id}"))
        home = module.tree.home_of(node)
        starts = bindings = [*bindings, *rebound.by_calls(bindings, home, module)]
        if any(binding.kind == "augment" for binding in bindings):
            starts = rebound.first_bindings(node.id, bindings, module)
        found = loop_carried.carried(self, node, module, frame) if len(bindings) > 1 else UNKNOWN
        if found == UNKNOWN and len(bindings) > 1:
            found = loop_carried.behind(self, node, module, frame)
        if found == UNKNOWN:
            found = self.settle(starts, module, frame, home[1], node.id)
        if isinstance(found, Sequence):
            grown = places.place(node, module), node.id
            found = list_changes.with_items(self, found, *grown, starts, home, module, frame)
            return list_growth.with_appends(self, found, grown, starts, home, module, frame)
        if isinstance(found, (Tensor, Unknown)) or isinstance(found, Other) and isinstance(found.named, Made):
            return shapes_set.at_use(self, found, node, module, frame)
        if starts is not bindings:
            return self.settle(bindings, module, frame, home[1], node.id)
        if isinstance(found, (Table, Object)) and len(bindings) == 1:
            return stores.at_use(self, found, node, bindings[0], module, frame)
        return found

    def settle(
        self, bindings: list[Binding], module: Module, frame: Frame | None, use: ast.stmt | None, name: str = ""
    ) -> Abstract:
        """The value of a name with these bindings: that of the default run's branch, widened by the others.

        ``name`` is the name itself, for star imports among the bindings.
        """
        if len(bindings) == 1:
            return self.of_binding(bindings[0], module, frame, name)
        bindings = sorted(bindings, key=lambda binding: getattr(binding.node, "lineno", 0))
        values = [self.of_binding(binding, module, frame, name) for binding in bindings]
        if len(set(values)) == 1:
            return values[0]
        states = [guards.taken(self, binding.statement, use, module, frame) for binding in bindings]
        live = [value for value, state in zip(values, states) if state is not False]
        if len({binding.scope for binding in bindings}) > 1:
            # `FLAGS = None`, which a function sets by `global FLAGS`.
            live = [value for value in live if not (isinstance(value, Constant) and value.value is None)] or live
        sure = [index for index, state in enumerate(states) if state is True]
        guarded = [guards.is_guarded(b.statement, use, module) for b in bindings]
        if sure and guarded[sure[-1]] and all(s is not None for s in states[sure[-1] + 1 :]):
            live = [values[sure[-1]]]
        return chosen(join(live), values)

    def of_binding(self, binding: Binding, module: Module, frame: Frame | None, name: str = "") -> Abstract:
        """The value that a binding gives its name."""
        match binding.kind:
            case "from" | "star":
                return self._imported(binding, module, name or binding.name)
            case "import" | "definition":
                return _only(list(module.of_binding(binding, binding.name)))
            case "assign" if binding.value is not None:
                return self._unpack(self.value(binding.value, module, frame), binding.path)
            case "loop" if binding.value is not None:
                iterated = self.value(binding.value, module, frame)
                return self._unpack(iteration.each(iterated), binding.path)
            case "augment":
                return self._augmented(binding, module, frame)
            case "parameter":
                return self._parameter(binding, module, frame)
        return UNKNOWN

    def _imported(self, binding: Binding, module: Module, name: str) -> Abstract:
        """The value of ``from m import name``: from another module of the project, or something named."""
        statement, alias = binding.statement, binding.node
        if isinstance(statement, ast.ImportFrom) and isinstance(alias, ast.alias):
            other = module.project.find(module, statement.module or "", statement.level)
            wanted = name if alias.name == "*" else alias.name
            if other is not None and other is not module and other.exported(wanted):
                return self.exported(other, wanted)
        return _only(list(module.of_binding(binding, name)))

    def exported(self, module: Module, name: str) -> Abstract:
        """A module-level name as another module sees it."""
        bindings = module.exported(name)
        return self.settle(bindings, module, None, None, name) if bindings else UNKNOWN

    def _augmented(self, binding: Binding, module: Module, frame: Frame | None) -> Abstract:
        statement = binding.statement
        if not isinstance(statement, ast.AugAssign):
            return UNKNOWN
        if isinstance(statement.target, ast.Attribute):
            old = attributes.read(self, statement.target, module, frame)
            return arithmetic.binary(statement.op, old, self.value(statement.value, module, frame))
        if not isinstance(statement.target, ast.Name):
            return UNKNOWN
        before = [b for b in module.flow.lookup(binding.name, binding.scope, statement) if b is not binding]
        if not before or guards.in_loop_without(statement, before[-1].statement, module):
            return UNKNOWN
        old = self.settle(before, module, frame, statement)
        return arithmetic.binary(statement.op, old, self.value(statement.value, module, frame))

    def _unpack(self, value: Abstract, path: Iterable[int | str]) -> Abstract:
        for step in path:
            value = indexing.item(value, step) if isinstance(step, int) else UNKNOWN
        return value

    # ---- parameters

    def _parameter(self, binding: Binding, module: Module, frame: Frame | None) -> Abstract:
        function = binding.scope.node
        owner = method_owner(binding)
        if frame is not None and frame.function is function:
            if owner is None:
                return given.in_frame(self, binding, module, frame)
            if isinstance(frame.receiver, ProjectClass):
                return Object(frame.receiver, frame)
            if isinstance(frame.receiver, Object):
                return frame.receiver
        if owner is not None:
            return Object(ProjectClass(owner, module), None, method=function)
        if binding.node not in self._callers:
            self._callers[binding.node] = UNKNOWN
            self._callers[binding.node] = callers.passed(self, binding, module)
        return self._callers[binding.node]

    # ---- attributes

    def overridden(
        self, before: Abstract, writes: list[Binding], module: Module, frame: Frame | None, use: ast.stmt | None
    ) -> Abstract:
        """A value that assignments under conditions may have replaced."""
        states = [guards.taken(self, binding.statement, use, module, frame) for binding in writes]
        values = [self.of_binding(binding, module, frame) for binding in writes]
        live = [value for value, state in zip(values, states) if state is not False]
        if any(state is True for state in states):
            return chosen(values[states.index(True)], [*values, before])
        return chosen(join([before, *live]) if live else before, [*values, before])

    def attribute(self, base: Abstract, name: str, module: Module, frame: Frame | None) -> Abstract:
        """The value of ``base.name``."""
        return attributes.of(self, base, name, module)


def _only(named: list[Named]) -> Abstract:
    """The named value of resolution, if it is unique and inference knows nothing better."""
    found = list(dict.fromkeys(named))
    return Other(found[0]) if len(found) == 1 else UNKNOWN
