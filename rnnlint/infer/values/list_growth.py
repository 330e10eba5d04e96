"""How long is a list after additions between its binding and its use?

Additions count wherever they are: next to the use, in a function that gets the list, in one that reaches it from an
enclosing scope, through a name for its ``append`` or a second name for the list.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rnnlint.infer.values import arithmetic, guards, iteration, list_changes, loop_length, places
from rnnlint.infer.values.domain import ANY, Abstract, Int, Sequence, Where, as_int, exactly, join
from rnnlint.infer.values.frames import DEEPEST, Frame, enter, parameters
from rnnlint.resolve.scopes import Binding, Block, Scope
from rnnlint.resolve.values import Module, ProjectFunction
from rnnlint.resolve.walking import below

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

_ADDING = ("append", "extend", "insert")
_TAKING = ("pop", "remove", "clear")
_FEWER = Int(-1, None, None)  # an unknown number, perhaps below zero
_MOST_EVENTS = 50_000  # of one list, over all its uses
_MOST_STATEMENTS = 500  # that are searched for second names of a list


@dataclass(frozen=True, slots=True)
class _Event:
    """A statement that changes the length of a list: by how much, and what it adds."""

    statement: ast.stmt
    scope: Scope
    count: Int
    added: ast.expr | None = None
    takes: bool = False  # whether it may remove elements


def with_appends(
    evaluator: Evaluator,
    value: Sequence,
    grown: tuple[places.Place | None, str],
    starts: list[Binding],
    use: tuple[Scope, ast.stmt] | None,
    module: Module,
    frame: Frame | None,
) -> Abstract:
    """A list with the additions between its bindings and a use; without a use, at the end.

    ``grown`` is the place that holds it and a word that occurs in every reference to it.
    """
    (place, word), begun = grown, [b for b in starts if b.statement is not None]
    if place is None or not begun or frame is not None and frame.depth > DEEPEST:
        return value
    learnt: dict[object, list[_Event]] = evaluator.learnt.setdefault("events", {})
    if (place, module, frame) not in learnt:
        learnt[place, module, frame] = list(_events(evaluator, place, word, module, frame))
    if not (events := learnt[place, module, frame]):
        return value
    if not evaluator.affords(("events", place), len(events), _MOST_EVENTS):
        return Sequence(ANY)
    counting = _Counting(evaluator, module, frame, begun[-1].statement)
    total: Abstract = value.length
    started = begun[-1].scope
    using, statement = (started, None) if use is None else _function_scope(use)
    for scope in dict.fromkeys(event.scope for event in events):
        here = [event for event in events if event.scope is scope]
        if scope is using or scope is started:
            first = min(b.statement.lineno for b in begun if b.statement) if scope is started else 0
            last = statement if scope is using else None
            more = counting.of(scope, here, first, last)
        else:
            more = counting.elsewhere(scope, here, using, started, statement, place)
        total = arithmetic.binary(ast.Add(), total, more)
    total = ANY if _may_lose(events, as_int(total)) else total
    return _grown(evaluator, value, as_int(total), events, module, frame)


def _may_lose(events: list[_Event], total: Int) -> bool:
    """Whether elements may be removed, so that even the lower bound of a length is not certain."""
    return any(event.takes or event.count.low < 0 and total.exact is None for event in events)


def _grown(
    evaluator: Evaluator, value: Sequence, total: Int, events: list[_Event], module: Module, frame: Frame | None
) -> Sequence:
    added = [event for event in events if event.added is not None]
    same = total.exact is not None and total.exact == value.length.exact
    if same or total == value.length and not added:
        return value
    items = join([*(value.items or ()), *(evaluator.value(one.added, module, frame) for one in added if one.added)])
    anew = value.length.exact == 0 and all(
        list_changes.made_with(one.added, one.statement, module) for one in added if one.added
    )
    return Sequence(total, None, items if added else value.item, False if anew and added else None)


def _function_scope(home: tuple[Scope, ast.stmt]) -> tuple[Scope, ast.stmt]:
    scope, statement = home
    while scope.kind in ("lambda", "comprehension") and scope.parent is not None:
        scope = scope.parent
    return scope, statement


def _events(
    evaluator: Evaluator, place: places.Place, word: str, module: Module, frame: Frame | None
) -> Iterator[_Event]:
    tree = module.tree
    many = len(tree.holding(word)) > _MOST_STATEMENTS
    for statement in tree.holding(word):
        scope = tree.positions[statement][0].scope
        if isinstance(statement, ast.AugAssign) and places.place(statement.target, module) == place:
            grows = isinstance(statement.op, ast.Add)
            yield _Event(statement, scope, _added(evaluator, statement.value, module, frame) if grows else ANY)
        if list_changes.changes_length(statement, place, module):
            yield _Event(statement, scope, ANY, takes=True)
        for call, method in (
            () if many else list_changes.calls_by_second_name(statement, place, (*_ADDING, *_TAKING), module)
        ):
            event = _event(evaluator, call, method, module, frame)
            yield event if list_changes.is_bound_once(place, module) else replace(event, takes=True)
        if isinstance(statement, ast.Assign) and _is_growing(statement.value, place, module):
            for call in _calls_of_alias(statement, module):
                yield _event(evaluator, call, "append", module, frame)
        for call in tree.scan(statement).calls:
            if _is_growing(call.func, place, module):
                assert isinstance(call.func, ast.Attribute)
                yield _event(evaluator, call, call.func.attr, module, frame)
            elif any(places.place(argument, module) == place for argument in call.args):
                count = _by_function(evaluator, call, place, module, frame)
                if count is not None:
                    yield _Event(statement, scope, count, takes=count.low < 0 and count.exact is None)


def _is_growing(node: ast.expr, place: places.Place, module: Module) -> bool:
    if not isinstance(node, ast.Attribute) or node.attr not in (*_ADDING, *_TAKING):
        return False
    return places.place(node.value, module) == place


def _event(evaluator: Evaluator, call: ast.Call, method: str, module: Module, frame: Frame | None) -> _Event:
    home, statement = module.tree.home_of(call)
    scope, _ = _function_scope((home, statement))
    if home is scope and method in ("pop", "remove"):
        return _Event(statement, scope, exactly(-1))
    if home is not scope or method in _TAKING or not call.args:
        return _Event(statement, scope, ANY, takes=method in _TAKING)
    if method == "extend":
        return _Event(statement, scope, _added(evaluator, call.args[0], module, frame))
    return _Event(statement, scope, exactly(1, (Where(module, call),)), call.args[-1])


def _added(evaluator: Evaluator, more: ast.expr, module: Module, frame: Frame | None) -> Int:
    return iteration.length(evaluator.value(more, module, frame))


def _calls_of_alias(statement: ast.Assign, module: Module) -> Iterator[ast.Call]:
    """The calls of ``add`` after ``add = xs.append``."""
    for target in statement.targets:
        if isinstance(target, ast.Name):
            for call in module.calls_of(target.id):
                if isinstance(call.func, ast.Name) and any(
                    b.statement is statement for b in module.bindings(call.func)
                ):
                    yield call


def _by_function(
    evaluator: Evaluator, call: ast.Call, place: places.Place, module: Module, frame: Frame | None
) -> Int | None:
    """How much a function of the project adds to a list argument; None if it adds nothing."""
    total: Int | None = None
    depth = frame.depth if frame is not None else 0
    if depth >= DEEPEST:
        return ANY
    for function in module.values(call.func):
        if not isinstance(function, ProjectFunction) or isinstance(function.node, ast.Lambda):
            continue
        inside = function.module
        scope = inside.tree.scope_of(function.node)
        names = parameters(function.node)[1 if function.owner is not None else 0 :]
        for name, argument in zip(names, call.args):
            if places.place(argument, module) != place or name not in scope.given:
                continue
            entered = enter(function.node, call, module, frame, function.owner is not None)
            events = list(_events(evaluator, (scope, name), name, inside, entered))
            if events:
                counting = _Counting(evaluator, inside, entered, None)
                total = counting.of(scope, [one for one in events if one.scope is scope], 0, None)
                total = total if all(one.scope is scope for one in events) else ANY
                total = _FEWER if _may_lose(events, total) else total
    return total


class _Counting:
    """How much events add on the way from a start to a use."""

    def __init__(self, evaluator: Evaluator, module: Module, frame: Frame | None, start: ast.stmt | None) -> None:
        self.evaluator, self.module, self.frame = evaluator, module, frame
        self.restarted = set(guards.loops_around(start, module) if start is not None else ())
        """The loops that create a new list in each iteration."""

    def of(self, scope: Scope, events: list[_Event], first: int, use: ast.stmt | None) -> Int:
        """How much events of one scope add, after the line ``first`` and before the use."""
        within = set(guards.loops_around(use, self.module)) if use is not None else set()
        live = []
        for event in events:
            late = use is not None and event.statement.lineno >= use.lineno
            if not late and event.statement.lineno >= first:
                live.append(event)
            elif late and within & set(guards.loops_around(event.statement, self.module)) - self.restarted:
                return ANY
        ways = {owner for event in live for owner in guards.owners(event.statement, self.module)}
        assert scope.body is not None
        return self._block(scope.body, live, ways, use) if live else exactly(0)

    def _block(self, block: Block, events: list[_Event], ways: set[ast.stmt], use: ast.stmt | None) -> Int:
        total = exactly(0)
        for statement in block.statements:
            if statement in ways:
                for event in events:
                    if event.statement is statement:
                        total = _sum(total, event.count)
                if self.module.tree.blocks.get(statement):
                    total = _sum(total, self._inside(statement, events, ways, use))
        return total

    def _inside(self, statement: ast.stmt, events: list[_Event], ways: set[ast.stmt], use: ast.stmt | None) -> Int:
        blocks = [block for block in self.module.tree.blocks[statement] if block.role != "definition"]
        parts = [self._block(block, events, ways, use) for block in blocks]
        if isinstance(statement, ast.If):
            inside = guards.block_of(statement, use, self.module)
            if inside is not None:
                return next(part for part, block in zip(parts, blocks) if block is inside)
            holds = guards.truth_of(self.evaluator, statement.test, self.module, self.frame)
            if holds is None:
                either = join(parts if len(parts) > 1 else [*parts, exactly(0)])
                return as_int(either)
            return parts[0] if holds else parts[1] if len(parts) > 1 else exactly(0)
        if isinstance(statement, (ast.For, ast.AsyncFor, ast.While)):
            return _sum(self._loop(statement, parts[0], use), parts[1] if parts[1:] else exactly(0))
        if len(parts) > 1 and sum(part != exactly(0) for part in parts) > 1:
            return ANY
        return next((part for part in parts if part != exactly(0)), exactly(0))

    def _loop(self, loop: ast.For | ast.AsyncFor | ast.While, once: Int, use: ast.stmt | None) -> Int:
        if once == exactly(0) or loop in self.restarted:
            return once
        leaves = any(isinstance(node, (ast.Break, ast.Continue)) for node in below(loop))
        if isinstance(loop, ast.AsyncFor) or leaves or loop in set(guards.loops_around(use, self.module)):
            return ANY
        passes = loop_length.passes(self.evaluator, loop, self.module, self.frame)
        added = as_int(arithmetic.binary(ast.Mult(), once, passes))
        return replace(added, origin=passes.origin or added.origin)

    def elsewhere(
        self,
        scope: Scope,
        events: list[_Event],
        using: Scope,
        started: Scope,
        use: ast.stmt | None,
        place: places.Place,
    ) -> Int:
        """How much a function adds to the list from an inner scope, if its calls are next to the list or the use."""
        function = scope.node
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return ANY
        once = self.of(scope, events, 0, None)
        found = []
        for call in self.module.calls_of(function.name):
            if any(isinstance(v, ProjectFunction) and v.node is function for v in self.module.values(call.func)):
                home, statement = _function_scope(self.module.tree.home_of(call))
                found.append(_Event(statement, home, once))
        if any(one.scope not in (using, started) for one in found):
            return ANY
        if not found:
            # A method may be called from anywhere; a function that is never called adds nothing.
            return ANY if isinstance(place[0], ast.ClassDef) else exactly(0)
        total = exactly(0)
        for home in dict.fromkeys(one.scope for one in found):
            here = [one for one in found if one.scope is home]
            total = _sum(total, self.of(home, here, 0, use if home is using else None))
        return total


def _sum(one: Int, other: Int) -> Int:
    return as_int(arithmetic.binary(ast.Add(), one, other))
