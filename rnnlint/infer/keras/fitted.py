"""Which custom models are only run by ``fit`` and similar methods, so that their inputs have no mask?"""

from __future__ import annotations

import ast
from itertools import islice

from rnnlint.infer.values.domain import Mask, Where
from rnnlint.resolve.values import Instance, Module

_FITTING = ("fit", "train_on_batch", "fit_generator")
_MOST_MODULES = 4


def mask_of_inputs(owner: ast.ClassDef, module: Module) -> Mask | None:
    """The mask of the inputs of such a model: none, if datasets and arrays are all that it gets."""
    found: ast.Call | None = None
    inside: Module = module
    others = module.project.mentioning(module, owner.name, whole=True)
    for one in (module, *islice(others, _MOST_MODULES)):
        for name in _FITTING:
            for call in one.calls_of(name):
                if found is None and isinstance(call.func, ast.Attribute) and _is_of(call.func.value, owner, one):
                    found, inside = call, one
    if found is None:
        return None
    return Mask("absent", found.func.attr if isinstance(found.func, ast.Attribute) else "", Where(inside, found.func))


def _is_of(model: ast.expr, owner: ast.ClassDef, module: Module) -> bool:
    return any(isinstance(value, Instance) and value.of.node is owner for value in module.values(model))
