"""Which tensor does a framework pass for a parameter? The one that the code declares next to the function.

``tf.function(input_signature=[…])`` declares by position. A class with another method that returns a list of named
``TensorSpec`` or placeholders declares by name, as training frameworks require for the inputs of a graph.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.infer.values.domain import Abstract, Sequence, Tensor
from rnnlint.infer.values.frames import parameters
from rnnlint.resolve.scopes import FunctionNode
from rnnlint.resolve.values import External

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator
    from rnnlint.resolve.values import Module

_NAMED = {"TensorSpec": 2, "InputDesc": 2, "placeholder": 2}
"""The position of the name among the arguments."""


def given(
    evaluator: Evaluator, function: FunctionNode, owner: ast.ClassDef | None, name: str, module: Module
) -> Abstract | None:
    """The tensor that is declared for a parameter, or None."""
    names = parameters(function)[1 if owner is not None else 0 :]
    if name not in names:
        return None
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call):
            for keyword in decorator.keywords:
                if keyword.arg == "input_signature" and _is_tf_function(decorator, module):
                    declared = evaluator.value(keyword.value, module, None)
                    position = names.index(name)
                    if isinstance(declared, Sequence) and declared.items and position < len(declared.items):
                        return _tensor(declared.items[position])
    return _by_name(evaluator, function, owner, name, module) if owner is not None else None


def _is_tf_function(decorator: ast.Call, module: Module) -> bool:
    return any(isinstance(v, External) and v.path.endswith(".function") for v in module.values(decorator.func))


def _by_name(
    evaluator: Evaluator, function: FunctionNode, owner: ast.ClassDef, name: str, module: Module
) -> Abstract | None:
    known: dict[ast.ClassDef, dict[object, list[tuple[ast.FunctionDef, ast.Call]]]]
    known = module.memo.setdefault("declared inputs", {})
    if owner not in known:
        known[owner] = {}
        for method, element in _returned(owner, module):
            known[owner].setdefault(_declared_name(element), []).append((method, element))
    for method, element in known[owner].get(name, ()):
        if method is not function:
            return _tensor(evaluator.value(element, module, None))
    return None


def _returned(owner: ast.ClassDef, module: Module) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
    """The calls in the lists that methods of a class return."""
    for method in owner.body:
        if isinstance(method, ast.FunctionDef):
            for statement in module.tree.scope_of(method).returns:
                if isinstance(statement.value, (ast.List, ast.Tuple)):
                    yield from ((method, one) for one in statement.value.elts if isinstance(one, ast.Call))


def _declared_name(call: ast.Call) -> object:
    leaf = getattr(call.func, "attr", None) or getattr(call.func, "id", None)
    if leaf not in _NAMED:
        return None
    for keyword in call.keywords:
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
            return keyword.value.value
    position = _NAMED[leaf]
    node = call.args[position] if len(call.args) > position else None
    return node.value if isinstance(node, ast.Constant) else None


def _tensor(value: Abstract) -> Abstract | None:
    return value if isinstance(value, Tensor) else None
