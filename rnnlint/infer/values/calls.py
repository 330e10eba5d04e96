"""What does a call return? Builtins, methods of known values, functions of the project, and TensorFlow's own."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.values import arithmetic, configurations, objects, project_functions
from rnnlint.infer.values.domain import (
    ANY,
    UNKNOWN,
    Abstract,
    Constant,
    Int,
    Object,
    Other,
    Sequence,
    Table,
    Tensor,
    as_int,
    exactly,
    join,
)
from rnnlint.infer.values.frames import Frame
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
"""Packages that hold Python's own functions: `from six.moves import xrange`."""


def result(evaluator: Evaluator, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
    """The value of a call."""
    found = _method(evaluator, call, module, frame)
    if found is not None:
        return found
    named = module.values(call.func)
    if not named and isinstance(call.func, ast.Name):
        if not module.bindings(call.func):
            return _builtin(evaluator, call.func.id, call, module, frame)
        held = evaluator.value(call.func, module, frame)
        named = (held.named,) if isinstance(held, Other) else ()
    # A version switch may bind several functions: their results must agree.
    return join(_of_function(evaluator, function, call, module, frame) for function in named)


def _of_function(
    evaluator: Evaluator, function: Named, call: ast.Call, module: Module, frame: Frame | None
) -> Abstract:
    if isinstance(function, Partial):
        function = function.of
    if isinstance(function, ProjectFunction):
        return project_functions.called(
            evaluator, function, call, module, frame, _receiver(evaluator, call, module, frame)
        )
    if isinstance(function, ProjectClass):
        return evaluator.libraries.of_class(function) or objects.make(function, call, module, frame)
    if isinstance(function, External):
        package, _, leaf = function.path.rpartition(".")
        if package in _BUILTINS:
            return _builtin(evaluator, leaf, call, module, frame)
        if configurations.is_builder(function.path):
            return configurations.built(evaluator, call, module, frame)
        if function.path in ("os.environ.get", "os.getenv"):
            return _environment(evaluator, call, module, frame)
        return evaluator.libraries.result(evaluator, function.path, call, module, frame)
    if isinstance(function, Made) and function.path.endswith("namedtuple"):
        return configurations.named_tuple(evaluator, function, call, module, frame)
    if isinstance(function, (Made, Instance)):
        return evaluator.libraries.applied(evaluator, function, call, module, frame)
    return UNKNOWN


def _environment(evaluator: Evaluator, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
    """``os.environ.get(name, default)``: the default, for a run in which nobody sets the variable."""
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
    """A method of a value that inference knows; None where the function must be named instead."""
    func = call.func
    if not isinstance(func, ast.Attribute):
        return None
    if func.attr in ("parse_args", "parse_known_args"):
        parsed = configurations.parsed(evaluator, call, module, frame)
        if parsed is not None:
            return parsed
    base = evaluator.value(func.value, module, frame)
    match base:
        case Tensor():
            return _of_tensor(evaluator, base, func.attr, call, module, frame)
        case Sequence():
            return _of_sequence(base, func.attr)
        case Table():
            return _of_table(evaluator, base, func.attr, call, module, frame)
        case Constant(value=str()):
            return UNKNOWN
        case Int() if func.attr in ("item", "numpy"):
            return base
    return None


def _of_tensor(
    evaluator: Evaluator, base: Tensor, name: str, call: ast.Call, module: Module, frame: Frame | None
) -> Abstract:
    match name:
        case "get_shape":
            return arithmetic.shape_of(base)
        case "astype" | "copy":
            return base
        case "reshape":
            return evaluator.libraries.reshaped(evaluator, base, call.args, module, frame)
        case "set_shape":
            return Constant(None)
    return Tensor(None)


def _of_sequence(base: Sequence, name: str) -> Abstract:
    match name:
        case "as_list" | "copy":
            return base
        case "index" | "count":
            return ANY
    return UNKNOWN


def _of_table(
    evaluator: Evaluator, base: Table, name: str, call: ast.Call, module: Module, frame: Frame | None
) -> Abstract:
    match name:
        case "get" | "pop":
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


# ---- builtins


def _builtin(evaluator: Evaluator, name: str, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return UNKNOWN
    arguments = [evaluator.value(argument, module, frame) for argument in call.args]
    first = arguments[0] if arguments else UNKNOWN
    match name:
        case "range" | "xrange":
            return _range(arguments)
        case "len" if len(arguments) == 1:
            return first.shape[0] if isinstance(first, Tensor) and first.shape else length(first)
        case "int" | "round" | "abs" | "float" | "long":
            return _number(name, first)
        case "min" | "max":
            return _extreme(name, arguments)
        case "list" | "tuple" | "iter" | "sorted" | "set" | "reversed":
            return _ordered(name, arguments)
        case "enumerate" if arguments:
            return Sequence(length(first), None, Sequence(exactly(2), (ANY, each(first))))
        case "zip" if arguments:
            return _zip(arguments)
        case "map" if len(arguments) == 2:
            return Sequence(length(arguments[1]))
        case "dict" | "vars":
            if name == "vars" and isinstance(first, Table):
                return first
            return configurations.built(evaluator, call, module, frame)
        case "getattr" if len(call.args) >= 2:
            match arguments[1]:
                case Constant(value=str(name)):
                    return evaluator.attribute(first, name, module, frame)
            return UNKNOWN
        case "sum" if isinstance(first, Sequence) and first.items is not None:
            total: Abstract = exactly(0)
            for item in first.items:
                total = arithmetic.binary(ast.Add(), total, item)
            return total
        case "bool" if arguments:
            return first
    return UNKNOWN


def _range(arguments: list[Abstract]) -> Abstract:
    numbers = [as_int(argument) for argument in arguments[:3]]
    origin = tuple(where for number in numbers for where in number.origin)
    if not numbers:
        return UNKNOWN
    if all(number.exact is not None for number in numbers):
        values = [number.low for number in numbers]
        if len(values) == 3 and values[2] == 0:
            return UNKNOWN
        steps = range(*values)
        last = Int(min(0, steps[-1]) if steps else 0, max(steps[0], steps[-1]) if steps else 0, None)
        return Sequence(exactly(len(steps), origin), None, last)
    if len(numbers) == 1:
        return Sequence(numbers[0], None, Int(0, None, None))
    default = None
    if all(number.default is not None for number in numbers):
        defaults = [number.default for number in numbers if number.default is not None]
        default = len(range(*defaults)) if len(defaults) < 3 or defaults[2] else None
    if len(numbers) == 2 and numbers[0].exact is not None:
        span = arithmetic.binary(ast.Sub(), numbers[1], numbers[0])
        return Sequence(as_int(span), None, Int(0, None, None))
    return Sequence(Int(0, None, default, origin), None, Int(0, None, None))


def _number(name: str, value: Abstract) -> Abstract:
    if isinstance(value, Int):
        if name == "abs" and value.exact is not None:
            return exactly(abs(value.exact), value.origin)
        return value
    if not isinstance(value, Constant):
        return UNKNOWN
    try:
        if isinstance(value.value, str) and name in ("int", "long", "float"):
            number = float(value.value)
            return exactly(int(number)) if name != "float" and number == int(number) else Constant(number, value.sure)
        if isinstance(value.value, (float, bool)):
            return exactly(int(value.value)) if name in ("int", "long") else value
    except (ValueError, OverflowError):
        pass
    return UNKNOWN


def _extreme(name: str, arguments: list[Abstract]) -> Abstract:
    if len(arguments) == 1 and isinstance(arguments[0], Sequence) and arguments[0].items:
        arguments = list(arguments[0].items)
    if len(arguments) < 2 or not all(isinstance(argument, Int) for argument in arguments):
        return arguments[0] if len(arguments) == 1 and isinstance(arguments[0], Int) else UNKNOWN
    numbers = [argument for argument in arguments if isinstance(argument, Int)]
    pick = min if name == "min" else max
    defaults = [number.default for number in numbers]
    highs = [number.high for number in numbers]
    known = [high for high in highs if high is not None]
    high = (min(known) if known else None) if name == "min" else (None if None in highs else max(known))
    default = None if None in defaults else pick(d for d in defaults if d is not None)
    low = pick(number.low for number in numbers)
    picked = next(one for one in numbers if (one.low == low if default is None else one.default == default))
    return Int(low, high, default, picked.origin)


def _ordered(name: str, arguments: list[Abstract]) -> Abstract:
    if not arguments:
        return Sequence(exactly(0), (), UNKNOWN)
    value = arguments[0]
    if isinstance(value, Tensor):
        return Sequence(length(value), None, each(value))
    if isinstance(value, Table):
        return Sequence(ANY if value.open else exactly(len(value.entries)))
    if not isinstance(value, Sequence):
        return Sequence(ANY)
    if name == "set":
        return Sequence(Int(0, value.length.high, None), None, value.item)
    if name == "reversed" and value.items is not None:
        return Sequence(value.length, value.items[::-1], value.item)
    return Sequence(value.length, None, value.item) if name == "sorted" else value


def _zip(arguments: list[Abstract]) -> Abstract:
    lengths = [length(argument) for argument in arguments]
    shortest = _extreme("min", list(lengths)) if len(lengths) > 1 else lengths[0]
    return Sequence(as_int(shortest), None, Sequence(exactly(len(arguments)), tuple(each(a) for a in arguments)))


# ---- sequences


def length(value: Abstract) -> Int:
    """How many elements iterating over a value gives."""
    if isinstance(value, Sequence):
        return value.length
    if isinstance(value, Tensor) and value.shape:
        return as_int(value.shape[0])
    if isinstance(value, Constant) and isinstance(value.value, (str, bytes)):
        return exactly(len(value.value))
    if isinstance(value, Table) and not value.open:
        return exactly(len(value.entries))
    return ANY


def each(value: Abstract) -> Abstract:
    """What stands for every element of an iterated value."""
    if isinstance(value, Sequence):
        return value.item if value.items is None else join([*value.items])
    if isinstance(value, Tensor) and value.shape:
        return Tensor(value.shape[1:])
    return UNKNOWN
