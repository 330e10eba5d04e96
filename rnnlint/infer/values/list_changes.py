"""What changes a list besides its own ``append``? Assigned items and slices, and a second name for the list."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.infer.values import guards, places
from rnnlint.infer.values.domain import UNKNOWN, Abstract, Int, Sequence, join
from rnnlint.infer.values.frames import Frame
from rnnlint.resolve.scopes import Binding, Scope
from rnnlint.resolve.values import Module

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

_MOST_LOOKED_AT = 10_000
"""The limit on statements that mention one list, over all its uses."""


def items_of(statement: ast.stmt, place: places.Place, module: Module) -> list[ast.Subscript]:
    """The items and slices of a list that a statement assigns or deletes."""
    return [one for one in _items(statement) if places.place(one.value, module) == place]


def _items(statement: ast.stmt) -> list[ast.Subscript]:
    targets: list[ast.expr] = []
    if isinstance(statement, (ast.Assign, ast.Delete)):
        targets = statement.targets
    elif isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
        targets = [statement.target]
    return [one for one in targets if isinstance(one, ast.Subscript)]


def changes_length(statement: ast.stmt, place: places.Place, module: Module) -> bool:
    """Whether a statement may change the length of a list through a slice, or by ``del``."""
    found = items_of(statement, place, module)
    return bool(found) and (isinstance(statement, ast.Delete) or any(isinstance(one.slice, ast.Slice) for one in found))


def calls_by_second_name(
    statement: ast.stmt, place: places.Place, methods: tuple[str, ...], module: Module
) -> Iterator[tuple[ast.Call, str]]:
    """The calls of these methods through a second name that a statement gives a list, ``other = xs``.

    Each comes with the name of the method.
    """
    for other in _second_names(statement, place, module):
        for holding in module.tree.holding(other.id):
            for call in module.tree.scan(holding).calls:
                function = call.func
                if isinstance(function, ast.Attribute) and function.attr in methods:
                    if _means(function.value, other, statement, module):
                        yield call, function.attr


def _second_names(statement: ast.stmt, place: places.Place, module: Module) -> Iterator[ast.Name]:
    """Other names of a list: of ``other = xs`` each for the place of the other, and of ``xs = ys = []`` too."""
    if not isinstance(statement, ast.Assign):
        return
    names = [target for target in statement.targets if isinstance(target, ast.Name)]
    if places.place(statement.value, module) == place:
        yield from names
        return
    scope = module.tree.positions[statement][0].scope
    others = [name for name in names if (scope, name.id) != place]
    if len(others) < len(names):
        yield from others
        if isinstance(statement.value, ast.Name):
            yield statement.value


def _means(node: ast.expr, other: ast.Name, statement: ast.stmt, module: Module) -> bool:
    """Whether, after a statement that gives a list two names, an expression refers to this list by this name."""
    if not isinstance(node, ast.Name) or node.id != other.id:
        return False
    bindings = module.bindings(node)
    if isinstance(other.ctx, ast.Store):
        return any(binding.statement is statement for binding in bindings)
    return node.lineno > other.lineno and bool(bindings) and set(bindings) == set(module.bindings(other))


def is_bound_once(place: places.Place, module: Module) -> bool:
    """Whether a place is a variable that always refers to the same list."""
    scope, *names = place
    if not isinstance(scope, Scope) or scope.body is None or len(names) != 1 or not isinstance(names[0], str):
        return False
    return len(module.flow.anywhere(scope.body, names[0])) == 1


def with_items(
    evaluator: Evaluator,
    value: Sequence,
    place: places.Place | None,
    word: str,
    starts: list[Binding],
    use: tuple[Scope, ast.stmt] | None,
    module: Module,
    frame: Frame | None,
) -> Sequence:
    """A list with the items that are assigned before a use; its length stays."""
    if place is None or value.items is None or use is None:
        return value
    scope, reading = use
    items = list(value.items)
    holding = module.tree.holding(word)
    if not evaluator.affords(("items", place), len(holding), _MOST_LOOKED_AT):
        return Sequence(value.length)
    for statement in holding:
        home = module.tree.positions[statement][0].scope
        if statement is reading or home is scope and _is_behind(statement, reading, module):
            continue
        if _is_assigned_by_second_name(statement, place, module):
            items = [UNKNOWN] * len(items)
        for target in items_of(statement, place, module):
            reached = set(module.bindings(target.value)) if isinstance(target.value, ast.Name) else set()
            if not reached & set(starts):
                continue
            at, new = _assigned(evaluator, statement, target, module, frame)
            if at is None or not -len(items) <= at < len(items):
                items = [UNKNOWN] * len(items)
            elif home is scope and len(reached) == 1 == len(starts) and not _is_in_doubt(statement, reading, module):
                items[at] = new
            else:
                items[at] = join([items[at], new])
    if items == list(value.items):
        return value
    return Sequence(value.length, tuple(items), join(items), value.repeated)


def _is_assigned_by_second_name(statement: ast.stmt, place: places.Place, module: Module) -> bool:
    """Whether items are assigned through a second name that a statement gives a list."""
    return any(
        _means(target.value, other, statement, module)
        for other in _second_names(statement, place, module)
        for holding in module.tree.holding(other.id)
        for target in _items(holding)
    )


def _assigned(
    evaluator: Evaluator, statement: ast.stmt, target: ast.Subscript, module: Module, frame: Frame | None
) -> tuple[int | None, Abstract]:
    number = evaluator.value(target.slice, module, frame) if not isinstance(target.slice, ast.Slice) else UNKNOWN
    at = number.exact if isinstance(number, Int) else None
    new = evaluator.value(statement.value, module, frame) if isinstance(statement, ast.Assign) else UNKNOWN
    return at, new


def _is_behind(statement: ast.stmt, use: ast.stmt, module: Module) -> bool:
    """Whether a statement only runs after a use."""
    if statement.lineno <= use.lineno:
        return False
    return not set(guards.loops_around(use, module)) & set(guards.loops_around(statement, module))


def _is_in_doubt(statement: ast.stmt, use: ast.stmt, module: Module) -> bool:
    around = {use, *guards.owners(use, module)}
    within = (owner for owner in guards.owners(statement, module) if owner is not statement)
    return any(owner not in around for owner in within) or statement.lineno > use.lineno


def made_with(element: ast.expr, statement: ast.stmt, module: Module) -> bool:
    """Whether an appended value is created in the iteration that appends it."""
    if not isinstance(element, ast.Name):
        return isinstance(element, ast.Call)
    loops = list(guards.loops_around(statement, module))
    return all(
        b.statement is not None and list(guards.loops_around(b.statement, module)) == loops
        for b in module.bindings(element)
    )
