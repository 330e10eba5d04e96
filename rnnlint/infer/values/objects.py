"""What is an attribute of an instance of the project's own class, and what does calling the class make?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.values import project_functions
from rnnlint.infer.values.domain import UNKNOWN, Abstract, Object, chosen
from rnnlint.infer.values.frames import Argument, Frame, enter
from rnnlint.resolve.classes import bases
from rnnlint.resolve.values import Module, ProjectClass, ProjectFunction

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator


def attribute(evaluator: Evaluator, base: Object, name: str) -> Abstract:
    """An attribute of an instance: what ``__init__`` writes, then other methods, the class body, the bases."""
    for of in bases(base.of):
        frame = base.frame if base.frame is not None and of.node is base.of.node else None
        found = _own_attribute(evaluator, of, name, frame, base)
        if found is not None:
            return found
    return UNKNOWN


def _own_attribute(
    evaluator: Evaluator, of: ProjectClass, name: str, frame: Frame | None, base: Object
) -> Abstract | None:
    module = of.module
    writes = module.writes_of(of.node, name)
    init = [w for w in writes if getattr(w.scope.node, "name", "") == "__init__"]
    if init:
        scope = init[0].scope
        assert scope.body is not None and isinstance(init[0].node, ast.Attribute)
        first = getattr(init[0].node.value, "id", "self")
        at_end, certain = module.flow.at_end(scope.body, f"{first}.{name}")
        inherited = None if certain else _class_attribute(evaluator, of, name, base)
        if inherited is not None and at_end:
            default = evaluator.overridden(inherited, at_end, module, frame, None)
        else:
            default = evaluator.settle(at_end or init, module, frame, None)
        others = [evaluator.of_binding(w, module, None) for w in writes if w not in init]
        return chosen(default, others) if others else default
    if writes:
        return evaluator.settle(writes, module, None, None)
    return _class_attribute(evaluator, of, name, base)


def _class_attribute(evaluator: Evaluator, of: ProjectClass, name: str, base: Object) -> Abstract | None:
    module = of.module
    body = module.tree.scope_of(of.node).body
    assert body is not None
    bindings = module.flow.at_end(body, name)[0]
    if isinstance(base.frame, Frame) and base.frame.function is of.node and name in base.frame.arguments:
        argument = base.frame.arguments[name]
        return evaluator.value(argument.expression, argument.module, argument.frame)
    if not bindings:
        return None
    node = bindings[0].node
    if isinstance(node, ast.FunctionDef) and any(
        isinstance(d, ast.Name) and d.id in ("property", "cached_property") for d in node.decorator_list
    ):
        return project_functions.returned(evaluator, ProjectFunction(node, module), Frame(node, {}, base))
    return evaluator.settle(bindings, module, None, None)


def make(of: ProjectClass, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
    """An instance of a class of the project."""
    for base in bases(of):
        body = base.module.tree.scope_of(base.node).body
        assert body is not None
        for binding in base.module.flow.at_end(body, "__init__")[0]:
            if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return Object(of, enter(binding.node, call, module, frame, True))
    arguments = {k.arg: Argument(k.value, module, frame) for k in call.keywords if k.arg}
    names = [s.target.id for s in of.node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
    arguments |= {n: Argument(a, module, frame) for n, a in zip(names, call.args)}
    return Object(of, Frame(of.node, arguments, None, frame.depth + 1 if frame else 1))
