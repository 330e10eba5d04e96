"""What is stored in a table, or on an object, after it was made? ``args.n = 48``, ``d["n"] = 48``, ``d.update(…)``.

Stores next to a use count in the order of their lines; for stores in other functions see `stored_elsewhere`.
"""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, cast

from rnnlint.infer.values import arithmetic, configurations, guards
from rnnlint.infer.values.domain import UNKNOWN, Abstract, Constant, Object, Table, chosen, join
from rnnlint.infer.values.frames import Frame
from rnnlint.resolve.scopes import Binding, Scope
from rnnlint.resolve.values import Module

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

_MOST_CHANGES = 50_000
"""The limit on single stores in a table, over all its uses."""


def at_use(
    evaluator: Evaluator, made: Table | Object, name: ast.Name, start: Binding, module: Module, frame: Frame | None
) -> Abstract:
    """A table or object with what the scope of its binding stores in it before this use of its name."""
    home, use = module.tree.home_of(name)
    while home.kind in ("lambda", "comprehension") and home.parent is not None:
        home = home.parent
    scope = start.scope
    if scope.kind not in ("module", "function") or start.kind == "parameter" and isinstance(made, Object):
        return made
    table = made if isinstance(made, Table) else made.stored or Table({}, True)
    # A function runs after the module around it has run.
    last = use if scope is home else None
    first = start.statement.lineno if start.statement is not None else 0
    rows, changes = _changes(name.id, scope, module)
    begin, end = bisect_right(rows, first), len(rows) if last is None else bisect_left(rows, last.lineno)
    after = _stored(evaluator, made, table, changes[begin:end], last, module, frame)
    if after is None:
        return UNKNOWN
    table = replace(after, settled=after.settled | {scope})
    if isinstance(made, Object):
        return replace(made, stored=table) if table.entries else made
    return table


def _stored(
    evaluator: Evaluator,
    made: Table | Object,
    table: Table,
    changes: list[_Change],
    use: ast.stmt | None,
    module: Module,
    frame: Frame | None,
) -> Table | None:
    """A table after these changes; None if that takes too long. Each use continues from the result of the previous
    one."""
    known: dict[tuple[int, Frame | None], tuple[object, list[_Change], Table]]
    known = evaluator.learnt.setdefault("stored so far", {})
    before = known.get((id(made), frame))
    done = 0
    if before is not None and before[0] is made and changes[: len(before[1])] == before[1]:
        done, table = len(before[1]), before[2]
    if done < len(changes) and not evaluator.affords(("changes", module, changes[0]), len(changes), _MOST_CHANGES):
        return None
    for change in changes[done:]:
        table = _changed(evaluator, table, change, use, module, frame)
    # A condition may be true for this use alone.
    if changes and all(module.tree.positions[change.statement][0].owner is None for change in changes[done:]):
        known[id(made), frame] = made, changes, table
    return table


class _Change(NamedTuple):
    """A statement that stores in a table: a write to an item or attribute, or a call of ``update``, ``setattr``, …"""

    row: int
    statement: ast.stmt
    write: Binding | None = None
    call: ast.Call | None = None


def _changes(name: str, scope: Scope, module: Module) -> tuple[list[int], list[_Change]]:
    """The changes of the object that a name of a scope refers to, and their lines, in order."""
    known: dict[tuple[str, Scope], tuple[list[int], list[_Change]]] = module.memo.setdefault("changes", {})
    if (name, scope) not in known:
        found = sorted(_found_changes(name, scope, module), key=lambda change: change.row)
        known[name, scope] = [change.row for change in found], found
    return known[name, scope]


def _found_changes(name: str, scope: Scope, module: Module) -> Iterator[_Change]:
    for write in scope.writes_by("object", name):
        if write.kind != "delete" and write.statement is not None:
            yield _Change(write.statement.lineno, write.statement, write=write)
    for statement, call in _storing_calls(module).get((scope, name), ()):
        yield _Change(statement.lineno, statement, call=call)


def _storing_calls(module: Module) -> dict[tuple[Scope, str], list[tuple[ast.stmt, ast.Call]]]:
    """The calls that store in something, by their scope and the name of the object."""
    if "storing calls" not in module.memo:
        found: dict[tuple[Scope, str], list[tuple[ast.stmt, ast.Call]]] = {}
        for leaf in ("update", "override_from_dict", "setattr", "set_hparam", "setdefault"):
            for call in module.calls_of(leaf):
                of = call.func.value if isinstance(call.func, ast.Attribute) else [*call.args, call.func][0]
                if isinstance(of, ast.Attribute) and of.attr == "__dict__":
                    of = of.value
                if isinstance(of, ast.Name):
                    home, statement = module.tree.home_of(call)
                    found.setdefault((home, of.id), []).append((statement, call))
        module.memo["storing calls"] = found
    return cast("dict[tuple[Scope, str], list[tuple[ast.stmt, ast.Call]]]", module.memo["storing calls"])


def _changed(
    evaluator: Evaluator, table: Table, change: _Change, use: ast.stmt | None, module: Module, frame: Frame | None
) -> Table:
    state = guards.taken(evaluator, change.statement, use, module, frame)
    if state is False:
        return table
    if change.call is not None:
        after = _by_call(evaluator, table, change.call, module, frame)
    else:
        assert change.write is not None
        after = _by_write(evaluator, table, change.write, module, frame)
    if state is None and not (change.write is not None and after.open and not table.open):
        keys = dict.fromkeys((*table.entries, *after.entries))
        entries = {key: join([t.entries.get(key, UNKNOWN) for t in (table, after)]) for key in keys}
        after = replace(after, entries=entries, open=True)
    return after


def _by_write(evaluator: Evaluator, table: Table, write: Binding, module: Module, frame: Frame | None) -> Table:
    target = write.node
    key: object
    if isinstance(target, ast.Attribute):
        key = target.attr
    else:
        assert isinstance(target, ast.Subscript)
        named = evaluator.value(target.slice, module, frame)
        if not isinstance(named, Constant):
            value = write.value
            copied = configurations.copied(evaluator, target.slice, value, module, frame) if value is not None else None
            return replace(table, entries={**table.entries, **(copied.entries if copied else {})}, open=True)
        key = named.value
    stored = evaluator.of_binding(write, module, frame)
    if write.kind == "augment" and isinstance(write.statement, ast.AugAssign) and write.value is not None:
        before = table.entries.get(key, UNKNOWN)
        stored = arithmetic.binary(write.statement.op, before, evaluator.value(write.value, module, frame))
    return replace(table, entries={**table.entries, key: stored})


def _with_entry(
    evaluator: Evaluator, table: Table, name: ast.expr, value: ast.expr, module: Module, frame: Frame | None
) -> Table:
    """A table with a value under a name; if the name is unknown, it may have other entries."""
    named = evaluator.value(name, module, frame)
    if not isinstance(named, Constant):
        return replace(table, open=True)
    return replace(table, entries={**table.entries, named.value: evaluator.value(value, module, frame)})


def _by_call(evaluator: Evaluator, table: Table, call: ast.Call, module: Module, frame: Frame | None) -> Table:
    match call:
        case ast.Call(func=ast.Name(), args=[_, name, value]):
            return _with_entry(evaluator, table, name, value, module, frame)
        case ast.Call(func=ast.Name()):
            return replace(table, open=True)
        case ast.Call(func=ast.Attribute(attr="set_hparam"), args=[name, value]):
            return _with_entry(evaluator, table, name, value, module, frame)
        case ast.Call(func=ast.Attribute(attr="setdefault"), args=[name, *_]):
            named = evaluator.value(name, module, frame)
            if not isinstance(named, Constant) or named.value in table.entries:
                return table
            # A caller may have added an entry of this name.
            set_now = _with_entry(evaluator, table, name, call.args[-1], module, frame)
            entry = set_now.entries[named.value]
            return replace(set_now, entries={**set_now.entries, named.value: chosen(entry, [UNKNOWN] * table.open)})
    entries = dict(table.entries)
    for source in [*call.args, *(k.value for k in call.keywords if k.arg is None)]:
        more = evaluator.value(source, module, frame)
        if isinstance(more, Table):
            entries |= more.entries
        else:
            # Any entry may have been replaced.
            entries = dict.fromkeys(entries, UNKNOWN)
    entries |= {k.arg: evaluator.value(k.value, module, frame) for k in call.keywords if k.arg}
    return replace(table, entries=entries, open=True)
