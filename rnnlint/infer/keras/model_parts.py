"""Is a layer part of a Keras model?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from rnnlint.infer.values.behind import bindings_of
from rnnlint.resolve.values import Instance, Made, Module, ProjectFunction
from rnnlint.resolve.walking import children

_MOST = 400


def may_contain(model: ast.expr, module: Module, layer: ast.Call, home: Module) -> bool:
    """Whether a model may contain a layer: not if all of its parts are known to be others."""
    values = module.values(model)
    if not values:
        return True
    for value in values:
        if isinstance(value, Made):
            if value.module is home and layer in parts_of(value.call, home):
                return True
        elif isinstance(value, Instance):
            owner = home.tree.home_of(layer)[0].enclosing_class()
            if owner is None or value.of.node is owner.node or value.of.module is not home:
                return True
        else:
            return True
    return False


def inputs_of(model: ast.expr, module: Module) -> list[ast.expr]:
    """The inputs that a functional model lists; empty if it lists none, or is another kind of model."""
    for value in module.values(model):
        if isinstance(value, Made) and value.module is module and value.path.endswith(".Model"):
            named = (keyword.value for keyword in value.call.keywords if keyword.arg in ("inputs", "input"))
            listed = next(named, value.call.args[0] if value.call.args else None)
            return listed.elts if isinstance(listed, (ast.List, ast.Tuple)) else []
    return []


def parts_of(model: ast.Call, module: Module) -> set[ast.AST]:
    """The calls that a model is built from, through names and functions; computed once."""
    known: dict[ast.Call, set[ast.AST]] = module.memo.setdefault("model parts", {})
    if model not in known:
        known[model] = _found_in(model, module)
    return known[model]


def _found_in(model: ast.Call, module: Module) -> set[ast.AST]:
    seen: set[ast.AST] = set()
    todo: list[ast.AST] = [model, *_added(model, module)]
    while todo and len(seen) < _MOST:
        node = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, (ast.Name, ast.Attribute)):
            todo += [one.value for one in bindings_of(node, module) if one.value is not None]
        if isinstance(node, ast.Call):
            for value in module.values(node.func):
                if isinstance(value, ProjectFunction) and value.module is module:
                    todo += _returned(value, module)
                elif isinstance(value, Made) and value.module is module:
                    todo.append(value.call)
            todo += [one for made in module.values(node) for one in _of_model(made, node, module)]
        todo += children(node)
    return seen


def _of_model(value: object, node: ast.Call, module: Module) -> list[ast.AST]:
    is_other = isinstance(value, Made) and value.module is module and value.call is node
    return _added(node, module) if is_other and _is_sequential(node) else []


def _is_sequential(call: ast.Call) -> bool:
    return getattr(call.func, "attr", getattr(call.func, "id", "")) == "Sequential"


def _added(model: ast.Call, module: Module) -> list[ast.AST]:
    """The layers that are added to a model later."""
    found: list[ast.AST] = []
    for call in module.calls_of("add"):
        if isinstance(call.func, ast.Attribute):
            if any(isinstance(one, Made) and one.call is model for one in module.values(call.func.value)):
                found += call.args
    return found


def _returned(function: ProjectFunction, module: Module) -> Iterator[ast.AST]:
    if isinstance(function.node, ast.Lambda):
        yield function.node.body
        return
    for statement in module.tree.scope_of(function.node).returns:
        if statement.value is not None:
            yield statement.value
