"""Which attributes does ``__init__`` make from its keywords? ``setattr`` in a loop, ``self.__dict__.update(…)``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.values.domain import Abstract, Table
from rnnlint.infer.values.frames import Frame
from rnnlint.resolve.calls_by import calls_in
from rnnlint.resolve.scopes import Scope
from rnnlint.resolve.values import Module, ProjectClass

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator


def stored(evaluator: Evaluator, of: ProjectClass, init: ast.FunctionDef | None, frame: Frame | None) -> Table | None:
    """The value stored under a name that comes from a dict; None if there is none."""
    if init is None or not any(map(of.module.tree.mentions.has, ("setattr", "__dict__", "vars("))):
        return None
    module, scope = of.module, of.module.tree.scope_of(init)
    if frame is not None and frame.function is not init:
        frame = None
    entries: dict[object, Abstract] = {}
    for source in _sources(scope, module):
        if source is None:
            entries |= _own_names(evaluator, scope, module, frame)
            continue
        table = evaluator.value(source, module, frame)
        if isinstance(table, Table):
            entries |= table.entries
    return Table(entries, True) if entries else None


def _sources(scope: Scope, module: Module) -> list[ast.expr | None]:
    """The dicts whose items become attributes; None for ``locals()``."""
    found: list[tuple[int, ast.expr | None]] = []
    for call in calls_in(module, "setattr", scope):
        if len(call.args) == 3:
            source = _looped(call.args[1], call.args[2], module)
            if source is not None:
                found.append((call.lineno, source))
    for call in calls_in(module, "update", scope):
        of = call.func.value if isinstance(call.func, ast.Attribute) else None
        if of is not None and _is_dict_of_self(of):
            found += [(call.lineno, None if _is_locals(one) else one) for one in call.args]
            found += [(call.lineno, one.value) for one in call.keywords if one.arg is None]
    for write in scope.writes_by("name", "__dict__"):
        if isinstance(write.node, ast.Attribute) and write.value is not None:
            found.append((write.node.lineno, None if _is_locals(write.value) else write.value))
    return [source for _, source in sorted(found, key=lambda one: one[0])]


def _looped(key: ast.expr, value: ast.expr, module: Module) -> ast.expr | None:
    """The dict of ``for key, value in table.items()``, or of ``for key in table`` with ``table[key]``."""
    if not isinstance(key, ast.Name):
        return None
    for binding in module.bindings(key):
        source = binding.value if binding.kind == "loop" else None
        if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute):
            if source.func.attr in ("items", "iteritems") and isinstance(value, ast.Name):
                return source.func.value
            if source.func.attr in ("keys", "iterkeys"):
                source = source.func.value
        if isinstance(value, ast.Subscript) and source is not None:
            if isinstance(value.slice, ast.Name) and value.slice.id == key.id:
                return source
    return None


def _is_dict_of_self(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "__dict__"
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "vars"


def _is_locals(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "locals"


def _own_names(evaluator: Evaluator, scope: Scope, module: Module, frame: Frame | None) -> dict[object, Abstract]:
    return {name: evaluator.of_binding(binding, module, frame) for name, binding in scope.given.items()}
