"""What does a call return? Builtins, methods of known values, project functions, and library functions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.values import (
    arithmetic,
    configurations,
    objects,
    parsed_arguments,
    project_functions,
    python_functions,
)
from rnnlint.infer.values.domain import (
    ANY,
    UNKNOWN,
    Abstract,
    Constant,
    Dataset,
    Int,
    Object,
    Other,
    Sequence,
    Table,
    Tensor,
    Unknown,
    exactly,
    join,
)
from rnnlint.infer.values.frames import Frame, joined
from rnnlint.resolve.values import (
    External,
    Instance,
    Made,
    Module,
    Partial,
    ProjectClass,
    ProjectFunction,
)
from rnnlint.resolve.values import Value as Named

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator


_BUILTINS = {"builtins", "six.moves", "six.moves.builtins", "past.builtins", "future.builtins", "__builtin__"}
"""Packages that contain Python's own functions: `from six.moves import xrange`."""


def result(evaluator: Evaluator, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
    """The value of a call."""
    found = _method(evaluator, call, module, frame)
    if found is not None:
        return found
    named = module.values(call.func)
    if not named and isinstance(call.func, ast.Name):
        if not module.bindings(call.func):
            return python_functions.result(evaluator, call.func.id, call, module, frame)
        held = evaluator.value(call.func, module, frame)
        named = (held.named,) if isinstance(held, Other) else ()
    elif not named and isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        # Only the callers know the value of a parameter.
        receiver = _receiver(evaluator, call, module, frame)
        named = objects.methods(receiver, call.func.attr) if receiver is not None else ()
    # A version switch may bind several functions: their results must agree.
    return join(_of_function(evaluator, function, call, module, frame) for function in named)


def _of_function(
    evaluator: Evaluator, function: Named, call: ast.Call, module: Module, frame: Frame | None
) -> Abstract:
    while isinstance(function, Partial):
        call = joined(function.call, 1, call)
        function = function.of
    if isinstance(function, ProjectFunction):
        receiver = _receiver(evaluator, call, module, frame)
        return join(
            project_functions.called(evaluator, one, call, module, frame, receiver)
            for one in objects.dispatched(evaluator, function, receiver)
        )
    if isinstance(function, ProjectClass):
        if configurations.is_dict_class(function):
            return configurations.built(evaluator, call, module, frame)
        return evaluator.libraries.of_class(function) or objects.make(evaluator, function, call, module, frame)
    if isinstance(function, External):
        package, _, leaf = function.path.rpartition(".")
        if package in _BUILTINS:
            return python_functions.result(evaluator, leaf, call, module, frame)
        own = python_functions.of_module(evaluator, function.path, call, module, frame)
        if own is not None:
            return own
        if configurations.is_builder(function.path):
            return configurations.built(evaluator, call, module, frame)
        if function.path in ("copy.copy", "copy.deepcopy") and len(call.args) == 1:
            return evaluator.value(call.args[0], module, frame)
        if function.path in ("dataclasses.field", "attr.ib", "attrs.field"):
            return next((evaluator.value(k.value, module, frame) for k in call.keywords if k.arg == "default"), UNKNOWN)
        if function.path in ("os.environ.get", "os.getenv"):
            return _environment(evaluator, call, module, frame)
        return evaluator.libraries.result(evaluator, function.path, call, module, frame)
    if isinstance(function, Made) and function.path.endswith("namedtuple"):
        return configurations.named_tuple(evaluator, function, call, module, frame)
    if isinstance(function, (Made, Instance)):
        return evaluator.libraries.applied(evaluator, function, call, module, frame)
    return UNKNOWN


def _environment(evaluator: Evaluator, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
    """``os.environ.get(name, default)``: the default, for a run without the variable."""
    named = (keyword.value for keyword in call.keywords if keyword.arg == "default")
    written = call.args[1] if len(call.args) > 1 else next(named, None)
    fallback = evaluator.value(written, module, frame) if written is not None else UNKNOWN
    return Constant(fallback.value, sure=False) if isinstance(fallback, Constant) else fallback


def _receiver(evaluator: Evaluator, call: ast.Call, module: Module, frame: Frame | None) -> Object | None:
    if isinstance(call.func, ast.Attribute):
        base = evaluator.value(call.func.value, module, frame)
        if isinstance(base, Object):
            return base
    return None


# ---- methods of values


def _method(evaluator: Evaluator, call: ast.Call, module: Module, frame: Frame | None) -> Abstract | None:
    """A method of a value that inference knows; None if the function has to be resolved by name."""
    func = call.func
    if not isinstance(func, ast.Attribute):
        return None
    if func.attr in ("parse_args", "parse_known_args"):
        parsed = parsed_arguments.parsed(evaluator, call, module, frame)
        if parsed is not None:
            return parsed
    base = evaluator.value(func.value, module, frame)
    match base:
        case Tensor():
            return _of_tensor(evaluator, base, func.attr, call, module, frame)
        case Dataset():
            return evaluator.libraries.method(evaluator, base, func.attr, call, module, frame)
        case Sequence():
            return _of_sequence(base, func.attr)
        case Table():
            return _of_table(evaluator, base, func.attr, call, module, frame)
        case Constant(value=str()):
            return UNKNOWN
        case Int() if func.attr in ("item", "numpy"):
            return base
        case Unknown() | Other(named=Made()) if func.attr == "reshape" and call.args:
            # Whatever it was, the result is an array.
            return evaluator.libraries.method(evaluator, Tensor(None), "reshape", call, module, frame)
    return None


def _of_tensor(
    evaluator: Evaluator, base: Tensor, name: str, call: ast.Call, module: Module, frame: Frame | None
) -> Abstract:
    match name:
        case "get_shape":
            return arithmetic.shape_of(base)
        case "astype" | "copy":
            return base
        case "set_shape":
            return Constant(None)
    return evaluator.libraries.method(evaluator, base, name, call, module, frame)


def _of_sequence(base: Sequence, name: str) -> Abstract:
    match name:
        case "as_list" | "copy" | "with_rank" | "with_rank_at_least" | "tolist":
            return base
        case "index" | "count":
            return ANY
    return UNKNOWN


def _of_table(
    evaluator: Evaluator, base: Table, name: str, call: ast.Call, module: Module, frame: Frame | None
) -> Abstract:
    match name:
        case "get" | "pop" | "setdefault":
            key = evaluator.value(call.args[0], module, frame) if call.args else UNKNOWN
            fallback = evaluator.value(call.args[1], module, frame) if len(call.args) > 1 else UNKNOWN
            return base.entries.get(key.value, fallback) if isinstance(key, Constant) else UNKNOWN
        case "_replace" | "override_from_dict":
            changed: dict[object, Abstract] = {
                k.arg: evaluator.value(k.value, module, frame) for k in call.keywords if k.arg
            }
            return Table({**base.entries, **changed}, base.open)
        case "copy" | "values_dict" | "_asdict" | "parse":
            return base
        case "keys" | "values" | "items" | "iteritems":
            count = ANY if base.open else exactly(len(base.entries))
            return Sequence(count, None, join(base.entries.values()) if name == "values" else UNKNOWN)
    return UNKNOWN
