"""How is a function called: on an instance, on its class, by ``super()`` or ``cls``?"""

from __future__ import annotations

import ast

from rnnlint.infer.values import loop_passes
from rnnlint.resolve.classes import method_owner
from rnnlint.resolve.values import Module, ProjectClass
from rnnlint.resolve.walking import below, children


def is_cls(chain: ast.expr, module: Module) -> bool:
    """Whether an expression is the ``cls`` of a class method."""
    if not isinstance(chain, ast.Name):
        return False
    for binding in module.bindings(chain):
        function = binding.scope.node
        if binding.kind == "parameter" and method_owner(binding) is not None:
            decorators = getattr(function, "decorator_list", [])
            return any(isinstance(d, ast.Name) and d.id == "classmethod" for d in decorators)
    return False


def is_super(node: ast.expr) -> bool:
    """Whether an expression is ``super()``."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def parents(statement: ast.stmt, module: Module) -> dict[ast.AST, ast.AST]:
    """For each node in the expressions of a statement, its parent."""
    known: dict[ast.stmt, dict[ast.AST, ast.AST]] = module.memo.setdefault("parents", {})
    if statement not in known:
        known[statement] = {
            child: node
            for expression in loop_passes.expressions(statement)
            for node in below(expression)
            for child in children(node)
        }
    return known[statement]


def receiver_is_hidden(call: ast.Call, module: Module) -> bool:
    """Whether the instance is implicit; it is an argument in ``Base.method(self, …)``."""
    if not isinstance(call.func, ast.Attribute):
        return True
    return not any(isinstance(value, ProjectClass) for value in module.values(call.func.value))
