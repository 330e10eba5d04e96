"""What is stored in a table, or on an object, after it was made? ``args.n = 48``, ``d["n"] = 48``, ``d.update(…)``.

What is stored beside a use counts in the order of the rows. What another function stores may have been stored or not:
then a value is one of several, unless every way to the use leads past the store.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, cast

from rnnlint.infer.values import arithmetic, configurations, guards
from rnnlint.infer.values.domain import UNKNOWN, Abstract, Constant, Int, Object, Other, Table, join
from rnnlint.infer.values.frames import Frame, callers
from rnnlint.resolve.classes import method_owner
from rnnlint.resolve.scopes import Binding, FunctionNode, Scope
from rnnlint.resolve.values import External, Module, ProjectClass, ProjectFunction

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

_MOST_STORES = 24
_FURTHEST = 4
"""Calls of calls of calls of the function that reads."""


def at_use(
    evaluator: Evaluator, made: Table | Object, name: ast.Name, start: Binding, module: Module, frame: Frame | None
) -> Table | Object:
    """A table or object with what the scope of its binding stores in it before this use of its name."""
    home, use = module.tree.home_of(name)
    while home.kind in ("lambda", "comprehension") and home.parent is not None:
        home = home.parent
    scope = start.scope
    if scope.kind not in ("module", "function") or start.kind == "parameter" and isinstance(made, Object):
        return made
    table = made if isinstance(made, Table) else made.stored or Table({}, True)
    # A function runs when the module around it has run.
    last = use if scope is home else None
    first = start.statement.lineno if start.statement is not None else 0
    changes = [c for c in _changes(name.id, scope, module) if first < c.row and (last is None or c.row < last.lineno)]
    for change in sorted(changes, key=lambda change: change.row):
        table = _changed(evaluator, table, change, last, module, frame)
    table = replace(table, settled=table.settled | {scope})
    if isinstance(made, Object):
        return replace(made, stored=table) if table.entries else made
    return table


class _Change(NamedTuple):
    """A statement that stores in a table: a write to an item or attribute, or a call of ``update`` or ``setattr``."""

    row: int
    statement: ast.stmt
    write: Binding | None = None
    call: ast.Call | None = None


def _changes(name: str, scope: Scope, module: Module) -> Iterator[_Change]:
    for write in scope.writes:
        target = write.node
        if isinstance(target, (ast.Attribute, ast.Subscript)) and _is_name(target.value, name) and write.statement:
            if write.kind != "delete":
                yield _Change(write.statement.lineno, write.statement, write=write)
    for leaf in ("update", "override_from_dict", "setattr"):
        if leaf not in module.tree.mentions.text:
            continue
        for call in module.calls_of(leaf):
            of = call.func.value if isinstance(call.func, ast.Attribute) else call.args[0] if call.args else call.func
            home, statement = module.tree.home_of(call)
            if _is_name(of, name) and home is scope:
                yield _Change(statement.lineno, statement, call=call)


def _is_name(node: ast.expr, name: str) -> bool:
    """Whether an expression is the name, or the ``__dict__`` of what it names."""
    if isinstance(node, ast.Attribute) and node.attr == "__dict__":
        node = node.value
    return isinstance(node, ast.Name) and node.id == name


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


def _by_call(evaluator: Evaluator, table: Table, call: ast.Call, module: Module, frame: Frame | None) -> Table:
    if isinstance(call.func, ast.Name):
        named = evaluator.value(call.args[1], module, frame) if len(call.args) == 3 else UNKNOWN
        if not isinstance(named, Constant):
            return replace(table, open=True)
        return replace(table, entries={**table.entries, named.value: evaluator.value(call.args[2], module, frame)})
    entries = dict(table.entries)
    for source in [*call.args, *(k.value for k in call.keywords if k.arg is None)]:
        more = evaluator.value(source, module, frame)
        if isinstance(more, Table):
            entries |= more.entries
        else:
            # Any entry may be another one now.
            entries = dict.fromkeys(entries, UNKNOWN)
    entries |= {k.arg: evaluator.value(k.value, module, frame) for k in call.keywords if k.arg}
    return replace(table, entries=entries, open=True)


# ---- what is stored elsewhere


def elsewhere(
    evaluator: Evaluator, base: Abstract, key: str, value: Abstract, read: ast.expr, module: Module
) -> Abstract:
    """An entry, or a flag, with what other functions and modules store under its name."""
    if isinstance(base, Table) and base.made is None:
        return value
    stores = _stores(evaluator, key, module)
    if stores is None:
        return value if isinstance(base, Object) else UNKNOWN
    found = [one for one in stores if _may_be_of(evaluator, base, one)]
    home = module.tree.home_of(read)[0] if module.tree.home(read) is not None else None
    found = [one for one in found if one[0].scope is not home or one[1] is not module]
    if not found:
        return value
    values = [evaluator.of_binding(write, inside, None) for write, inside in found]
    if isinstance(base, Object):
        # Another object of the class may be meant, such as the configuration of a twin that makes one step.
        values = [one for one in values if not (isinstance(one, Int) and one.default == 1)]
        return join([value, *values])
    if len(found) == 1 and home is not None and _is_past(evaluator, found[0], home, module):
        return values[0]
    return join([value, *values])


def _stores(evaluator: Evaluator, key: str, module: Module) -> list[tuple[Binding, Module]] | None:
    """The assignments to an attribute or item of this name, not through ``self``; None where there are too many."""
    memo = ("stores", module.project.top_of(module), key)
    if memo not in evaluator.memo:
        name = re.escape(key).encode("utf-8", "surrogatepass")
        pattern = re.compile(rb"(?:(?<!self)\.%s|\[\s*u?['\"]%s['\"]\s*\])\s*(?:[-+*/]|//)?=(?!=)" % (name, name))
        counts = {one: len(pattern.findall(one.text)) for one in (module, *module.project.mentioning(module, key))}
        few = sum(counts.values()) <= _MOST_STORES
        holding = [one for one, count in counts.items() if count] if few else []
        found = [(write, one) for one in holding for write in _writes(key, one)]
        evaluator.memo[memo] = found if few else None
    return cast("list[tuple[Binding, Module]] | None", evaluator.memo[memo])


def _writes(key: str, module: Module) -> Iterator[Binding]:
    scopes = dict.fromkeys(module.tree.positions[statement][0].scope for statement in module.tree.holding(key))
    for scope in scopes:
        for write in scope.writes:
            target = write.node
            if write.kind == "delete":
                continue
            if isinstance(target, ast.Attribute) and target.attr == key:
                if not _is_self(target.value, module):
                    yield write
            elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                if target.slice.value == key:
                    yield write


def _is_self(node: ast.expr, module: Module) -> bool:
    return isinstance(node, ast.Name) and any(
        b.kind == "parameter" and method_owner(b) is not None for b in module.bindings(node)
    )


def _may_be_of(evaluator: Evaluator, base: Abstract, store: tuple[Binding, Module]) -> bool:
    """Whether a store may go to this very table, object or set of flags."""
    write, inside = store
    assert isinstance(write.node, (ast.Attribute, ast.Subscript))
    if isinstance(base, Table) and write.scope in base.settled:
        return False
    if isinstance(base, Object) and base.stored is not None and write.scope in base.stored.settled:
        return False
    other = evaluator.value(write.node.value, inside, None)
    if isinstance(base, Table):
        return isinstance(other, Table) and other.made is base.made
    if isinstance(base, Object):
        return _class_of(other) == base.of.node
    if isinstance(base, Other) and isinstance(base.named, External):
        return isinstance(other, Other) and other.named == base.named
    return False


def _class_of(value: Abstract) -> ast.ClassDef | None:
    if isinstance(value, Object):
        return value.of.node
    if isinstance(value, Other) and isinstance(value.named, ProjectClass):
        return value.named.node
    return None


def _is_past(evaluator: Evaluator, store: tuple[Binding, Module], reader: Scope, module: Module) -> bool:
    """Whether every way to what a function reads leads past a store."""
    write, inside = store
    if write.statement is None or guards.is_guarded(write.statement, None, inside):
        return False
    if next(guards.loops_around(write.statement, inside), None) is not None:
        return False
    if write.scope.kind == "module":
        return reader.kind == "function" and inside is module
    return _leads_past(write.scope, write.statement.lineno, inside, reader, module, _FURTHEST)


def _leads_past(scope: Scope, row: int, inside: Module, reader: Scope, module: Module, left: int) -> bool:
    function = reader.node
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or not left or reader is scope:
        return False
    owner = reader.enclosing_class()
    own = owner.node if owner is not None and isinstance(owner.node, ast.ClassDef) else None
    found = callers(function, module, own)
    return bool(found) and all(
        _is_behind(one.call, one.module, scope, row, inside)
        or _leads_past(scope, row, inside, _scope_of(one.call, one.module), one.module, left - 1)
        for one in found
    )


def _scope_of(call: ast.Call, module: Module) -> Scope:
    scope = module.tree.home_of(call)[0]
    while scope.kind in ("lambda", "comprehension") and scope.parent is not None:
        scope = scope.parent
    return scope


def _is_behind(call: ast.Call, at: Module, scope: Scope, row: int, inside: Module) -> bool:
    """Whether a call runs behind the store: in the same function, or after a call of that function."""
    here = _scope_of(call, at)
    if here is scope:
        return call.lineno > row
    function = scope.node
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    return any(
        one.lineno < call.lineno and _scope_of(one, at) is here and _surely_runs(one, at) and _calls(one, function, at)
        for one in at.calls_of(function.name)
    )


def _surely_runs(call: ast.Call, module: Module) -> bool:
    statement = module.tree.home_of(call)[1]
    return isinstance(statement, (ast.Expr, ast.Assign)) and module.tree.positions[statement][0].owner is None


def _calls(call: ast.Call, function: FunctionNode, module: Module) -> bool:
    return any(isinstance(v, ProjectFunction) and v.node is function for v in module.values(call.func))
