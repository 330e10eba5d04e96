"""What do other functions and modules store in a table or on an object?

The store may or may not have run, so the value is one of several, unless every path to the use goes through the store.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from rnnlint.infer.values import guards
from rnnlint.infer.values.domain import UNKNOWN, Abstract, Int, Object, Other, Table, join
from rnnlint.infer.values.frames import callers
from rnnlint.resolve.classes import class_bindings, method_owner
from rnnlint.resolve.scopes import Binding, FunctionNode, Scope
from rnnlint.resolve.values import External, Module, ProjectClass, ProjectFunction, ProjectModule

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

_ASSIGNED = rb"\s*(?:[-+*/]|//)?=(?!=)"
_QUOTED = rb"\s*u?['\"]([^'\"\n]*)['\"]"
# Each alternative begins with a character of its own: then the places that begin with none of them are skipped.
_STORE = re.compile(
    rb"\.(?<!self\.)([\w\x80-\xff]+)%b|\[%b\s*\]%b" % (_ASSIGNED, _QUOTED, _ASSIGNED)
    + rb"|setattr\(\s*[\w.\x80-\xff]+\s*,%b|set_hparam\(%b" % (_QUOTED, _QUOTED)
)
_MOST_STORES = 24
_FURTHEST = 4
"""The depth of calls from the function that reads."""


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
        # It may be another object of the class, such as the configuration of a one-step twin.
        values = [one for one in values if not (isinstance(one, Int) and one.default == 1)]
        only_stored = next(class_bindings(base.of, key), None) is None
        return join(values if only_stored and values else [value, *values])
    if len(found) == 1 and home is not None and _is_past(evaluator, found[0], home, module):
        return values[0]
    return join([value, *values])


def _stores(evaluator: Evaluator, key: str, module: Module) -> list[tuple[Binding, Module]] | None:
    """The assignments to an attribute or item of this name, not through ``self``; None if there are too many."""
    memo = ("stores", module.project.top_of(module), key)
    if memo not in evaluator.memo:
        around = (module, *module.project.mentioning(module, key, whole=True))
        name = key.encode("utf-8", "surrogatepass")
        counts = {one: _stored_keys(one)[name] for one in around}
        few = sum(counts.values()) <= _MOST_STORES
        holding = [one for one, count in counts.items() if count] if few else []
        found = [(write, one) for one in holding for write in _writes(key, one)]
        evaluator.memo[memo] = found if few else None
    return cast("list[tuple[Binding, Module]] | None", evaluator.memo[memo])


def _stored_keys(module: Module) -> Counter[bytes]:
    """How often the text of a module seems to store under each name."""
    if "stored keys" not in module.memo:
        module.memo["stored keys"] = Counter(map(b"".join, _STORE.findall(module.text)))
    return cast("Counter[bytes]", module.memo["stored keys"])


def _writes(key: str, module: Module) -> Iterator[Binding]:
    scopes = dict.fromkeys(module.tree.positions[statement][0].scope for statement in module.tree.holding(key))
    for scope in scopes:
        for write in scope.writes_by("key", key):
            target = write.node
            if write.kind == "delete":
                continue
            if isinstance(target, ast.Attribute) and target.attr == key:
                if not _is_self(target.value, module):
                    yield write
            elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                if target.slice.value == key:
                    yield write
    for leaf in ("setattr", "set_hparam"):
        for call in module.calls_of(leaf):
            stored = _stored_by(call, key, module)
            if stored is not None:
                yield stored


def _stored_by(call: ast.Call, key: str, module: Module) -> Binding | None:
    """The assignment that ``setattr(of, key, value)`` or ``of.set_hparam(key, value)`` is equivalent to."""
    match call:
        case ast.Call(func=ast.Name(), args=[of, ast.Constant(value=str(name)), value]):
            pass
        case ast.Call(func=ast.Attribute(value=of), args=[ast.Constant(value=str(name)), value]):
            pass
        case _:
            return None
    if name != key or _is_self(of, module):
        return None
    scope, statement = module.tree.home_of(call)
    return Binding("assign", key, ast.Attribute(of, key), scope, statement, value)


def _is_self(node: ast.expr, module: Module) -> bool:
    return isinstance(node, ast.Name) and any(
        b.kind == "parameter" and method_owner(b) is not None for b in module.bindings(node)
    )


def _may_be_of(evaluator: Evaluator, base: Abstract, store: tuple[Binding, Module]) -> bool:
    """Whether a store may affect this table, object or set of flags."""
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
    if isinstance(base, Other) and isinstance(base.named, (External, ProjectModule)):
        return isinstance(other, Other) and other.named == base.named
    return False


def _class_of(value: Abstract) -> ast.ClassDef | None:
    if isinstance(value, Object):
        return value.of.node
    if isinstance(value, Other) and isinstance(value.named, ProjectClass):
        return value.named.node
    return None


def _is_past(evaluator: Evaluator, store: tuple[Binding, Module], reader: Scope, module: Module) -> bool:
    """Whether every path to what a function reads goes through a store."""
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
    """Whether a call runs after the store: in the same function, or after a call of that function."""
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
