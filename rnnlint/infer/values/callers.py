"""What do the callers of a function pass for a parameter? All calls of the project, if they agree."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from rnnlint.infer.values import agreement, call_forms, given, makers, objects, uses
from rnnlint.infer.values.domain import ANY, UNKNOWN, Abstract, Constant, Int, Object, Table, chosen
from rnnlint.infer.values.frames import Frame, enter
from rnnlint.resolve.scopes import Binding, FunctionNode
from rnnlint.resolve.values import Module, ProjectClass

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator


def passed(evaluator: Evaluator, binding: Binding, module: Module) -> Abstract:
    """What all calls of the project pass, if they agree; without a call the default, or the annotated class.

    A call that passes 1 while others pass more is the twin of a model that runs one step at a time (sampling,
    evaluation): it widens the range but does not change the default.
    """
    function = binding.scope.node
    default = evaluator.value(binding.value, module, None) if binding.value is not None else None
    owner = binding.scope.enclosing_class()
    class_node = owner.node if owner is not None and isinstance(owner.node, ast.ClassDef) else None
    declared = evaluator.libraries.parameter(evaluator, function, class_node, binding.name, module)
    if declared is not None:
        return declared
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        return default if default is not None else UNKNOWN
    entered = frames_of(evaluator, function, module, class_node)
    found = [given.in_frame(evaluator, binding, module, frame) for frame in entered]
    if not entered and isinstance(function.args, ast.arguments) and binding.node is function.args.kwarg:
        return Table({}, True)
    if not found:
        return default if default is not None else _annotated(binding, module)
    agreed = agreement.settled(evaluator, found)
    if agreed is None:
        return _annotated(binding, module)
    if agreed == UNKNOWN and isinstance(default, Constant):
        # A flag that some calls change: its default is the normal case.
        agreed = default
    return chosen(agreed, found)


_MOST_BY_ONE = 8


def length_for_each(
    evaluator: Evaluator, node: ast.expr, module: Module, found: Int, measure: Callable[[Abstract], Int]
) -> Int:
    """A length; if callers disagree about the whole value, the merge of the single lengths."""
    if found.default is not None:
        return found
    alone = evaluator.bounded(lambda: _each_alone(evaluator, node, module, measure), None)
    return alone if isinstance(alone, Int) and alone != ANY else found


def _each_alone(
    evaluator: Evaluator, node: ast.expr, module: Module, measure: Callable[[Abstract], Abstract]
) -> Abstract | None:
    """A value of an expression computed for each call of its function, if all agree; None without several calls.

    The arguments of a caller belong together: one that runs one step less than it passes is still a one-step twin.
    """
    home = module.tree.home(node)
    if home is None:
        return None
    scope = home[0]
    while scope.kind in ("lambda", "comprehension") and scope.parent is not None:
        scope = scope.parent
    if not isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    owner = scope.enclosing_class()
    own = owner.node if owner is not None and isinstance(owner.node, ast.ClassDef) else None
    entered = frames_of(evaluator, scope.node, module, own)
    if not 1 < len(entered) <= _MOST_BY_ONE:
        return None
    return agreement.of(evaluator, [measure(evaluator.value(node, module, frame)) for frame in entered])


def frames_of(
    evaluator: Evaluator, function: FunctionNode | ast.Lambda, module: Module, owner: ast.ClassDef | None
) -> list[Frame]:
    """The calls of a function in the project; for an ``__init__`` those that make an instance, also of a subclass."""
    key = ("frames", function)
    if key not in evaluator.memo:
        evaluator.memo[key] = []
        if owner is not None and getattr(function, "name", "") == "__init__":
            own = ProjectClass(owner, module)
            made = [objects.of_site(evaluator, site) for site in makers.makers(evaluator, own)]
            found = [frame for one in made if (frame := objects.init_frame(evaluator, one, own)) is not None]
        else:
            sites = uses.calls(evaluator, function, module, owner)
            if owner is not None and getattr(function, "name", "") in makers.CALLED_BY_FRAMEWORKS:
                sites = list(
                    dict.fromkeys((*sites, *makers.calls_of_instances(evaluator, ProjectClass(owner, module))))
                )
            found = [enter(function, one.call, one.module, one.frame, _is_bound(function, owner, one)) for one in sites]
        evaluator.memo[key] = found
    return cast("list[Frame]", evaluator.memo[key])


def _is_bound(function: FunctionNode | ast.Lambda, owner: ast.ClassDef | None, site: uses.Site) -> bool:
    """Whether the first parameter is implicit in calls."""
    if owner is None:
        return False
    decorators = [d.id for d in getattr(function, "decorator_list", ()) if isinstance(d, ast.Name)]
    if "staticmethod" in decorators:
        return False
    return "classmethod" in decorators or call_forms.receiver_is_hidden(site.call, site.module)


def _annotated(binding: Binding, module: Module) -> Abstract:
    annotation = getattr(binding.node, "annotation", None)
    if annotation is not None:
        for value in module.values(annotation):
            if isinstance(value, ProjectClass):
                return Object(value, None)
    return UNKNOWN
