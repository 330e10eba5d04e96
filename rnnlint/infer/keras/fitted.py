"""Which inputs of custom models have no mask, because they are elements of datasets, or arrays?"""

from __future__ import annotations

import ast
from itertools import islice

from rnnlint.infer.values.domain import Mask, Where
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import Instance, Made, Module

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
    return Mask("absent", "data", Where(inside, found.func))


def mask_of_data(given: ast.expr, call: ast.Call, module: Module) -> Mask | None:
    """The mask of a model's argument: none, if it is an argument of the function around, or an element of a loop."""
    node = given
    while isinstance(node, ast.Subscript):
        node = node.value
    bindings = module.bindings(node) if isinstance(node, ast.Name) else []
    if not bindings or not all(one.kind in ("parameter", "loop") or _is_array(one, module) for one in bindings):
        return None
    owner = module.tree.home_of(call)[0].enclosing_class()
    function = module.tree.home_of(call)[0].node
    in_model = owner is not None and isinstance(function, ast.FunctionDef) and function.name == "call"
    return None if in_model else Mask("absent", "data", Where(module, call.func))


def _is_array(binding: Binding, module: Module) -> bool:
    """Whether a name is bound to an array of numpy, or to what pads sequences."""
    if binding.kind != "assign" or binding.value is None or binding.path:
        return False
    made = [value for value in module.values(binding.value) if isinstance(value, Made)]
    return bool(made) and all(one.path.startswith("numpy.") or one.path.endswith("pad_sequences") for one in made)


def _is_of(model: ast.expr, owner: ast.ClassDef, module: Module) -> bool:
    return any(isinstance(value, Instance) and value.of.node is owner for value in module.values(model))
