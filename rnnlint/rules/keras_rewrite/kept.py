"""Which single assignment gives a name or an attribute its value, and what may read it?"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from rnnlint.resolve.classes import method_owner
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import ProjectFunction
from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.refusal import RefusedError


def kept_by(node: ast.Name | ast.Attribute, code: Code) -> tuple[Binding, Sequence[ast.expr]]:
    """The assignment, and all expressions that may read its target. Raises RefusedError if there is no single one."""
    binding = _of_name(node, code) if isinstance(node, ast.Name) else _of_attribute(node, code)
    statement = binding.statement
    is_plain = isinstance(statement, ast.Assign) and len(statement.targets) == 1
    if binding.kind != "assign" or binding.path or binding.value is None or not is_plain:
        raise RefusedError("its cell is not assigned by a plain statement")
    reads = code.reads(binding) if isinstance(node, ast.Name) else code.attributes.get(node.attr, [])
    return binding, reads


class Conditional(NamedTuple):
    """``if training: cell = DropoutWrapper(cell)``."""

    call: ast.Call
    inner: ast.Name
    """The name of the cell that it wraps."""
    condition: ast.expr
    target: ast.expr
    statement: ast.stmt
    reads: list[ast.Name]


def wrapped_under_condition(node: ast.Name, code: Code) -> Conditional | None:
    """The statement that wraps the value of a name, under a condition without an else; None if there is none."""
    bindings = code.module.bindings(node)
    if len(bindings) != 2:
        return None
    for binding, other in (bindings, bindings[::-1]):
        outer = code.parents.get(binding.statement) if binding.statement is not None else None
        is_alone = isinstance(outer, ast.If) and not outer.orelse and binding.statement in outer.body
        call = binding.value
        if not is_alone or binding.kind != "assign" or binding.path or not isinstance(call, ast.Call):
            continue
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        inner = [one for one in given if isinstance(one, ast.Name) and one.id == node.id]
        if len(inner) == 1 and code.module.bindings(inner[0]) == [other] and isinstance(binding.node, ast.expr):
            assert isinstance(outer, ast.If) and binding.statement is not None
            reads = code.reads(binding)
            return Conditional(call, inner[0], outer.test, binding.node, binding.statement, reads)
    return None


class Maker(NamedTuple):
    """A function or a method of this module that makes a cell."""

    function: ast.FunctionDef
    reads: Sequence[ast.expr]
    """All that may call it."""


def maker_of(call: ast.Call, code: Code) -> Maker | None:
    """The called function or method of this module; None for a function of a library.

    Raises RefusedError if it may be another function.
    """
    func = call.func
    if isinstance(func, ast.Attribute) and (owner := _owner(func.value, code)) is not None:
        return _method(func, owner, code)
    values = code.module.values(func)
    if len(values) != 1 or not isinstance(values[0], ProjectFunction):
        return None
    node = values[0].node
    if values[0].module is not code.module or not isinstance(node, ast.FunctionDef):
        raise RefusedError("its cell is made in another module")
    if not isinstance(func, ast.Name) or node.decorator_list:
        raise RefusedError("its cell is made by a method of another object or by a decorated function")
    bindings = code.module.bindings(func)
    if len(bindings) != 1:
        raise RefusedError("the function that makes its cell is defined more than once")
    return Maker(node, code.reads(bindings[0]))


def _method(func: ast.Attribute, owner: ast.ClassDef, code: Code) -> Maker | None:
    """The method of this name, if the module has no other one that may take its place."""
    named = [one for one in code.parents if isinstance(one, ast.FunctionDef) and one.name == func.attr]
    own = [one for one in named if code.parents[one] is owner]
    if not own:
        return None
    is_static = [getattr(one, "id", "") for one in own[0].decorator_list] in ([], ["staticmethod"])
    if len(named) > 1 or code.module.tree.writes_of(func.attr) or not is_static:
        raise RefusedError("the method that makes its cell may be overridden")
    return Maker(own[0], code.attributes.get(func.attr, []))


def _of_name(node: ast.Name, code: Code) -> Binding:
    bindings = code.module.bindings(node)
    if not bindings or any(one.kind == "parameter" for one in bindings):
        raise RefusedError("its cell comes from outside the function")
    if any(one.kind in ("import", "from", "star") for one in bindings):
        raise RefusedError("its cell comes from another module")
    if len(bindings) > 1:
        raise RefusedError("its cell depends on a branch or a loop")
    return bindings[0]


def _of_attribute(node: ast.Attribute, code: Code) -> Binding:
    owner = _owner(node.value, code)
    if owner is None:
        raise RefusedError("its cell is an attribute of another object")
    writes = code.module.writes_of(owner, node.attr)
    if len(writes) != 1 or len(code.module.tree.writes_of(node.attr)) != 1:
        raise RefusedError("the attribute that holds its cell is set more than once")
    return writes[0]


def _owner(base: ast.expr, code: Code) -> ast.ClassDef | None:
    """The class of ``self``."""
    if not isinstance(base, ast.Name):
        return None
    owners = {method_owner(one) if one.kind == "parameter" else None for one in code.module.bindings(base)}
    return owners.pop() if len(owners) == 1 else None
