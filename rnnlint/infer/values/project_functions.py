"""What does a function of the project return, in this call of it?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from rnnlint.infer.values import guards
from rnnlint.infer.values.domain import UNKNOWN, Abstract, Constant, Object, chosen, join
from rnnlint.infer.values.frames import DEEPEST, Frame, enter
from rnnlint.resolve.values import Module, ProjectFunction
from rnnlint.resolve.walking import children

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

_MOST_RETURNS = 2000
"""The limit on return statements of one function, over all its calls."""


def called(
    evaluator: Evaluator,
    function: ProjectFunction,
    call: ast.Call,
    module: Module,
    frame: Frame | None,
    receiver: Object | None,
) -> Abstract:
    """The result of a call; ``receiver`` is the object whose method it is."""
    if frame is not None and frame.depth >= DEEPEST:
        return UNKNOWN
    bound = receiver is not None or function.owner is not None and not _is_static(function.node)
    key = ("call", function.node, call, frame, receiver)
    if key not in evaluator.memo:
        evaluator.memo[key] = enter(function.node, call, module, frame, bound, receiver)
    return returned(evaluator, function, cast("Frame", evaluator.memo[key]))


def returned(evaluator: Evaluator, function: ProjectFunction, frame: Frame) -> Abstract:
    """The value of the return in the default run, widened by the others."""
    if isinstance(function.node, ast.Lambda):
        return evaluator.value(function.node.body, function.module, frame)
    module = function.module
    scope = module.tree.scope_of(function.node)
    if _generates(function):
        return UNKNOWN
    if not evaluator.affords(("returns", function.node), len(scope.returns), _MOST_RETURNS):
        return UNKNOWN
    values: list[Abstract] = []
    live: list[Abstract] = []
    settled = False
    for statement in sorted(scope.returns, key=lambda one: one.lineno):
        value = evaluator.value(statement.value, module, frame) if statement.value is not None else Constant(None)
        values.append(value)
        state = guards.taken(evaluator, statement, None, module, frame)
        if not settled and state is not False:
            live.append(value)
            settled = state is True
    return chosen(join(live), values) if values else UNKNOWN


def _generates(function: ProjectFunction) -> bool:
    """Whether a function is a generator."""
    tree = function.module.tree
    inside = range(function.node.lineno, (function.node.end_lineno or 0) + 1)
    if not any(row in inside for row in tree.mentions.of_word("yield")):
        return False
    return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in _own_nodes(function.node))


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of inner functions."""
    todo = children(function)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            todo.extend(children(node))


def _is_static(node: ast.AST) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in getattr(node, "decorator_list", []))
