"""Are two cells the same object? Followed through names, attributes, wrappers and the iterations of loops."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from rnnlint.infer.values import guards
from rnnlint.resolve.calls_by import dotted
from rnnlint.resolve.classes import class_bindings
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import External, Instance, Literal, Module, ProjectClass, Value

_DEEPEST = 8


def wrapped_cell(node: ast.expr, module: Module) -> ast.expr | None:
    """The cell inside ``DropoutWrapper(cell, …)`` and similar wrappers, which share its weights."""
    if not isinstance(node, ast.Call) or not (leaf(node.func) or "").endswith("Wrapper"):
        return None
    if not any(isinstance(value, External) for value in module.values(node.func)):
        return None
    named = next((keyword.value for keyword in node.keywords if keyword.arg == "cell"), None)
    return named or (node.args[0] if node.args and not isinstance(node.args[0], ast.Starred) else None)


def bindings_of(node: ast.expr, module: Module) -> list[Binding]:
    """What a name, or an attribute of ``self``, may be bound to."""
    if isinstance(node, ast.Name):
        return module.bindings(node)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owner = own_class(node, module)
        return module.writes_of(owner, node.attr) if owner is not None else []
    return []


def own_class(node: ast.Attribute, module: Module) -> ast.ClassDef | None:
    """The class whose method contains ``self.name``."""
    scope = module.tree.home_of(node)[0]
    while scope.kind in ("comprehension", "lambda") and scope.parent is not None:
        scope = scope.parent
    while scope.enclosing_class() is None and scope.parent is not None and scope.parent.kind == "function":
        scope = scope.parent
    owner = scope.enclosing_class()
    arguments = scope.node.args.args if isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)) else []
    is_self = isinstance(node.value, ast.Name) and bool(arguments) and arguments[0].arg == node.value.id
    return owner.node if owner is not None and is_self and isinstance(owner.node, ast.ClassDef) else None


def origin(node: ast.expr, module: Module, depth: int = 0) -> ast.AST | None:
    """The origin of the object that an expression holds, if it certainly holds one object: a call, or a parameter."""
    if depth > _DEEPEST:
        return None
    inner = wrapped_cell(node, module)
    if inner is not None:
        return origin(inner, module, depth + 1)
    if isinstance(node, ast.Call):
        return node
    if isinstance(node, ast.Subscript):
        # cells["fw"] of a literal dict
        held = {value for one in module.values(node.value) for value in _held_in(one, node.slice)}
        inside = [item for item in held if isinstance(item, ast.Name)]
        return origin(inside[0], module, depth + 1) if len(held) == len(inside) == 1 else None
    found = bindings_of(node, module)
    if len(found) != 1 or found[0].kind not in ("assign", "parameter"):
        return None
    one = found[0]
    if one.path:
        # forward, backward = cell, cell
        parts = one.value.elts if isinstance(one.value, (ast.Tuple, ast.List)) and len(one.path) == 1 else []
        same = next((part for at, part in enumerate(parts) if at == one.path[0]), None)
        return origin(same, module, depth + 1) if same is not None else None
    if one.kind == "parameter":
        return one.node
    return origin(one.value, module, depth + 1) if one.value is not None else None


def _held_in(value: Value, key: ast.expr) -> Iterator[ast.expr]:
    if isinstance(value, Literal) and isinstance(value.node, ast.Dict) and isinstance(key, ast.Constant):
        for name, item in zip(value.node.keys, value.node.values):
            if isinstance(name, ast.Constant) and name.value == key.value:
                yield item


def is_from_outside(node: ast.expr, around: ast.AST, module: Module, seen: frozenset[Binding] = frozenset()) -> bool:
    """Whether an expression in a loop or comprehension holds the same cell in every iteration, wrapped or not."""
    inner = wrapped_cell(node, module)
    if inner is not None:
        return is_from_outside(inner, around, module, seen)
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and is_from_outside(node.value, around, module, seen)
    if isinstance(node, ast.Attribute) and _is_computed(node, module):
        return False
    found = bindings_of(node, module)
    if not found or any(binding.kind not in ("assign", "parameter", "with") for binding in found):
        return False
    return all(_is_same(binding, around, module, seen) for binding in found)


def _is_same(binding: Binding, around: ast.AST, module: Module, seen: frozenset[Binding]) -> bool:
    if binding in seen:
        return True
    if isinstance(around, ast.comprehension):
        return binding.scope.kind != "comprehension"
    if binding.statement is None or around not in list(guards.loops_around(binding.statement, module)):
        return binding.scope.kind not in ("comprehension", "lambda")
    # `cell = DropoutWrapper(cell)` in each iteration wraps the result of the previous one.
    inside = wrapped_cell(binding.value, module) if binding.value is not None and not binding.path else None
    if isinstance(binding.value, (ast.Name, ast.Attribute)) and not binding.path:
        inside = binding.value
    return inside is not None and is_from_outside(inside, around, module, seen | {binding})


def _is_computed(node: ast.Attribute, module: Module) -> bool:
    """Whether ``self.cell`` is a property."""
    owner = own_class(node, module)
    if owner is None:
        return False
    return any(one.kind == "definition" for _, one in class_bindings(ProjectClass(owner, module), node.attr))


def has_own_scopes(node: ast.expr, module: Module) -> bool:
    """Whether a cell's class is in the project and has a ``__call__``, which creates new variables in any scope."""
    inner = wrapped_cell(node, module)
    if inner is not None:
        return has_own_scopes(inner, module)
    return any(
        isinstance(value, Instance) and any(class_bindings(value.of, "__call__")) for value in module.values(node)
    )


def is_same_name(one: ast.expr, other: ast.expr, module: Module) -> bool:
    """Whether two expressions are the same name or attribute of the same object."""
    key = name_key(one, module)
    return key is not None and key == name_key(other, module)


def name_key(node: ast.expr, module: Module) -> object | None:
    """A key that is equal for all uses of one name or attribute, and for nothing else; None for other expressions."""
    text = dotted(node)
    if text is None:
        return None
    if isinstance(node, ast.Name):
        return text, frozenset(map(id, module.bindings(node)))
    return text, own_class(node, module) if isinstance(node, ast.Attribute) else None
