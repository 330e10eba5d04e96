"""What is an attribute or an item of a value? Written next to the use, stored elsewhere, or made with the value."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.values import (
    arithmetic,
    configurations,
    indexing,
    list_growth,
    objects,
    places,
    rebound,
    stored_elsewhere,
)
from rnnlint.infer.values.domain import UNKNOWN, Abstract, Int, Object, Other, Sequence, Table, Tensor
from rnnlint.infer.values.frames import Frame
from rnnlint.resolve.classes import bases
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import External, Instance, Module, ProjectClass, ProjectModule

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator


def read(evaluator: Evaluator, node: ast.Attribute, module: Module, frame: Frame | None) -> Abstract:
    """The value of ``base.name`` at its place."""
    written = _written(node, module)
    home = module.tree.home_of(node)
    if written and written[1]:
        dotted = written[0][0].name
        starts = rebound.first_bindings(dotted, written[0], module)
        found = evaluator.settle(starts, module, frame, home[1])
        if isinstance(found, Sequence):
            grown = places.place(node, module), node.attr
            return list_growth.with_appends(evaluator, found, grown, starts, home, module, frame)
        return found if starts == written[0] else evaluator.settle(written[0], module, frame, home[1])
    base = evaluator.value(node.value, module, frame)
    found = of(evaluator, base, node.attr, module)
    if isinstance(base, (Table, Object)) or isinstance(base, Other) and (_is_flags(base) or _is_own_module(base)):
        found = stored_elsewhere.elsewhere(evaluator, base, node.attr, found, node, module)
    if isinstance(base, Object) and isinstance(found, Sequence):
        found = _grown(evaluator, base, found, node, module, frame)
    if not written:
        return found
    return evaluator.overridden(found, written[0], module, frame, home[1])


def item(evaluator: Evaluator, base: Abstract, node: ast.Subscript, module: Module, frame: Frame | None) -> Abstract:
    """The value of ``base[key]`` at its place."""
    found = indexing.index(evaluator, base, node.slice, module, frame)
    if not isinstance(base, Table) or not isinstance(node.slice, ast.Constant):
        return found
    if isinstance(node.slice.value, str):
        found = stored_elsewhere.elsewhere(evaluator, base, node.slice.value, found, node, module)
    if isinstance(found, Sequence) and isinstance(node.value, ast.Name):
        grown = places.place(node, module), places.word(node)
        starts, home = module.bindings(node.value), module.tree.home_of(node)
        return list_growth.with_appends(evaluator, found, grown, starts, home, module, frame)
    return found


def _is_own_module(base: Other) -> bool:
    return isinstance(base.named, ProjectModule)


def _is_flags(base: Other) -> bool:
    return isinstance(base.named, External) and configurations.is_flags(base.named.path)


def _grown(
    evaluator: Evaluator, base: Object, value: Sequence, node: ast.Attribute, module: Module, frame: Frame | None
) -> Abstract:
    """A list in an attribute, with what the methods of its class add to it."""
    for cls in bases(base.of):
        starts = [w for w in cls.module.writes_of(cls.node, node.attr) if w.kind != "augment"]
        if starts:
            home = module.tree.home_of(node)
            own = home[0].enclosing_class()
            inside = own is not None and own.node is cls.node
            use, at = (home, frame) if inside else (None, base.frame if base.of.node is cls.node else None)
            grown = (cls.node, node.attr), node.attr
            return list_growth.with_appends(evaluator, value, grown, starts, use, cls.module, at)
    return value


def _written(node: ast.Attribute, module: Module) -> tuple[list[Binding], bool] | None:
    """The assignments to ``name.attribute`` in this scope that reach this read of it."""
    if not isinstance(node.value, ast.Name):
        return None
    scope, statement = module.tree.home_of(node)
    while scope.kind in ("comprehension", "lambda") and scope.parent is not None:
        scope = scope.parent
    dotted = f"{node.value.id}.{node.attr}"
    if dotted in scope.bound:
        found, certain = module.flow.reaching(dotted, scope, statement)
        return (found, certain) if found else None
    top = module.tree.module
    if dotted in top.bound and all(binding.scope is top for binding in module.bindings(node.value)):
        found, certain = module.flow.seen_from_inside(dotted, top, None)
        return (found, certain) if found else None
    return None


def of(evaluator: Evaluator, base: Abstract, name: str, module: Module) -> Abstract:
    """The value of ``base.name``."""
    if isinstance(base, Table):
        return base.entries.get(name, UNKNOWN)
    if isinstance(base, Tensor):
        return arithmetic.tensor_attribute(base, name)
    if isinstance(base, Object):
        if base.stored is not None and name in base.stored.entries:
            return base.stored.entries[name]
        return objects.attribute(evaluator, base, name)
    if isinstance(base, Int) and name in ("value", "real"):
        return base
    if isinstance(base, Sequence) and name in ("dims", "shape"):
        return base
    if not isinstance(base, Other):
        return UNKNOWN
    named = base.named
    if isinstance(named, External):
        if configurations.is_flags(named.path):
            if name == "__flags":
                return configurations.all_flags(evaluator, module)
            return configurations.flag(evaluator, name, module)
        return Other(External(f"{named.path}.{name}"))
    if isinstance(named, ProjectModule):
        if named.module.exported(name):
            return evaluator.exported(named.module, name)
        found = list(dict.fromkeys(named.module.member(name)))
        return Other(found[0]) if len(found) == 1 else UNKNOWN
    if isinstance(named, ProjectClass):
        return objects.attribute(evaluator, Object(named, None), name)
    if isinstance(named, Instance):
        return objects.attribute(evaluator, Object(named.of, None), name)
    return UNKNOWN
