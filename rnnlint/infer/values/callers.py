"""What do the callers of a function pass for a parameter? All calls of the project, if they agree."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.values import configurations
from rnnlint.infer.values.domain import ANY, UNKNOWN, Abstract, Constant, Int, Object, Other, Table, chosen, join
from rnnlint.infer.values.frames import callers, enter
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import Made, Module, ProjectClass

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator


def passed(evaluator: Evaluator, binding: Binding, module: Module) -> Abstract:
    """What all calls of the project pass, if they agree; without a call the default, or the annotated class.

    A call that passes 1 where others pass more is the twin of a model that makes one step at a time
    (sampling, evaluation): it widens the range and leaves the default.
    """
    function = binding.scope.node
    default = evaluator.value(binding.value, module, None) if binding.value is not None else None
    owner = binding.scope.enclosing_class()
    class_node = owner.node if owner is not None and isinstance(owner.node, ast.ClassDef) else None
    declared = evaluator.libraries.parameter(evaluator, function, class_node, binding.name, module)
    if declared is not None:
        return declared
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return default if default is not None else UNKNOWN
    found = []
    bound = class_node is not None
    for caller in callers(function, module, class_node):
        made = enter(function, caller.call, caller.module, None, bound)
        argument = made.arguments.get(binding.name)
        if argument is not None:
            found.append(evaluator.value(argument.expression, argument.module, None))
        elif made.complete and default is not None:
            found.append(default)
        else:
            found.append(UNKNOWN)
    if not found:
        return default if default is not None else _annotated(binding, module)
    agreed = _agreed(evaluator, found)
    if agreed is None:
        return _annotated(binding, module)
    if agreed == UNKNOWN and isinstance(default, Constant):
        # A switch that some calls turn: its default is what the function is written for.
        agreed = default
    return chosen(agreed, found)


def _annotated(binding: Binding, module: Module) -> Abstract:
    annotation = getattr(binding.node, "annotation", None)
    if annotation is not None:
        for value in module.values(annotation):
            if isinstance(value, ProjectClass):
                return Object(value, None)
    return UNKNOWN


def _agreed(evaluator: Evaluator, found: list[Abstract]) -> Abstract | None:
    """What all calls pass, leaving out what is not known and the twins that make one step; None if nothing is left."""
    known = [v for v in dict.fromkeys(found) if v not in (UNKNOWN, ANY) and not _is_opaque(v)]
    several = [v for v in known if not (isinstance(v, Int) and v.default == 1)]
    if not several and len(known) == len(set(found)):
        several = known
    tables = [v for v in several if isinstance(v, Table)]
    if len(tables) > 1 and len(tables) == len(several):
        return configurations.agreed(tables, lambda entries: _agreed(evaluator, entries) or UNKNOWN)
    objects = [v for v in several if isinstance(v, Object)]
    if len(objects) > 1 and len(objects) == len(several) and len({v.of.node for v in objects}) == 1:
        return _object_agreed(evaluator, objects)
    return join(several) if several else None


def _object_agreed(evaluator: Evaluator, objects: list[Object]) -> Object:
    """Objects of one class that stand for one another; each attribute that was stored on one is settled on its own."""
    keys = dict.fromkeys(key for one in objects if one.stored is not None for key in one.stored.entries)
    entries = {
        key: _agreed(evaluator, [evaluator.attribute(one, str(key), one.of.module, None) for one in objects]) or UNKNOWN
        for key in keys
    }
    return Object(objects[0].of, None, Table(entries, True) if entries else None)


def _is_opaque(value: Abstract) -> bool:
    """Whether a value is only known to come from a library call, such as ``pickle.load``."""
    return isinstance(value, Other) and isinstance(value.named, Made)
