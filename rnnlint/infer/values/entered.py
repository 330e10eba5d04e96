"""Which function does a call of this value run, and which parameter gets this argument?"""

from __future__ import annotations

import ast

from rnnlint.infer.values.frames import parameters
from rnnlint.resolve.classes import bases
from rnnlint.resolve.values import Instance, Module, ProjectClass, ProjectFunction, Value

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def entered(value: Value) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, Module, bool] | None:
    """The function that a call of this value runs, and whether its first parameter is implicit."""
    if isinstance(value, ProjectFunction):
        return value.node, value.module, value.owner is not None and not _is_static(value.node)
    wanted: tuple[str, ...]
    if isinstance(value, Instance):
        value, wanted = value.of, ("call", "__call__")
    elif isinstance(value, ProjectClass):
        wanted = ("__init__",)
    else:
        return None
    for name in wanted:
        for of in bases(value):
            body = of.module.tree.scope_of(of.node).body
            for binding in of.module.flow.at_end(body, name)[0] if body is not None else ():
                if isinstance(binding.node, _FUNCTIONS):
                    return binding.node, of.module, True
    return None


def _is_static(node: ast.AST) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in getattr(node, "decorator_list", ()))


def parameter_of(
    function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, call: ast.Call, argument: ast.expr, bound: bool
) -> str | None:
    """The name of the parameter; ``bound`` means that the first one is implicit."""
    for keyword in call.keywords:
        if keyword.value is argument:
            return keyword.arg
    names = parameters(function)[1 if bound else 0 :]
    at = next((i for i, one in enumerate(call.args) if one is argument), len(names))
    if any(isinstance(one, ast.Starred) for one in call.args[:at]):
        return None
    return names[at] if at < len(names) else None
