"""What do Python's own functions return? Builtins, and functions that count, round and iterate."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from rnnlint.infer.values import arithmetic, configurations
from rnnlint.infer.values.domain import (
    ANY,
    LARGEST,
    UNKNOWN,
    Abstract,
    Constant,
    Dataset,
    Int,
    Sequence,
    Table,
    Tensor,
    as_int,
    exactly,
    join,
)
from rnnlint.infer.values.frames import Frame
from rnnlint.infer.values.iteration import each, length
from rnnlint.resolve.values import Module

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator


def result(evaluator: Evaluator, name: str, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
    """The result of a builtin, or of a function of this name that replaces one."""
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return UNKNOWN
    arguments = [evaluator.value(argument, module, frame) for argument in call.args]
    first = arguments[0] if arguments else UNKNOWN
    match name:
        case "range" | "xrange":
            return counted(arguments)
        case "len" if len(arguments) == 1:
            return first.shape[0] if isinstance(first, Tensor) and first.shape else length(first)
        case "int" | "round" | "abs" | "float" | "long":
            return _number(name, first)
        case "min" | "max" if all(keyword.arg == "default" for keyword in call.keywords):
            return _extreme(name, arguments)
        case "iter" | "enumerate" | "next" if isinstance(first, Dataset):
            numbered = Sequence(exactly(2), (Int(0, None, None), first.element))
            return first if name == "iter" else first.element if name == "next" else Dataset(numbered)
        case "next" if len(arguments) == 1:
            return each(first)
        case "list" | "tuple" | "iter" | "sorted" | "set" | "reversed":
            return _ordered(name, arguments)
        case "enumerate" if arguments:
            counted_from = Sequence(exactly(2), (Int(0, None, None), each(first)))
            rows = None
            if isinstance(first, Sequence) and first.items is not None:
                rows = tuple(Sequence(exactly(2), (exactly(at), one)) for at, one in enumerate(first.items))
            return Sequence(length(first), rows, counted_from)
        case "zip" if arguments:
            return _zip(arguments)
        case "map" if len(arguments) > 1:
            shortest = _extreme("min", [length(argument) for argument in arguments[1:]])
            return Sequence(as_int(shortest))
        case "dict" | "vars":
            if name == "vars" and isinstance(first, Table):
                return first
            return configurations.built(evaluator, call, module, frame)
        case "getattr" if len(call.args) >= 2:
            match arguments[1]:
                case Constant(value=str(name)):
                    return evaluator.attribute(first, name, module, frame)
            return UNKNOWN
        case "sum" if isinstance(first, Sequence) and first.items is not None and not call.keywords:
            total = arguments[1] if len(arguments) > 1 else exactly(0)
            for item in first.items:
                total = arithmetic.binary(ast.Add(), total, item)
            return total
        case "bool" if arguments:
            return first
        case "divmod" if len(arguments) == 2:
            pair = (arithmetic.binary(op, first, arguments[1]) for op in (ast.FloorDiv(), ast.Mod()))
            return Sequence(exactly(2), tuple(pair))
        case "pow" if len(arguments) == 2:
            return arithmetic.binary(ast.Pow(), first, arguments[1])
    return UNKNOWN


def of_module(evaluator: Evaluator, path: str, call: ast.Call, module: Module, frame: Frame | None) -> Abstract | None:
    """The result of a function of the standard library, or of a progress bar around an iterable; None for others."""
    leaf = path.rsplit(".", 1)[-1]
    package = path.split(".")[0]
    if package not in ("math", "itertools", "tqdm", "numpy") or any(isinstance(one, ast.Starred) for one in call.args):
        return None
    if package in ("math", "numpy") and not (package == "math" or path == f"numpy.{leaf}" and leaf in _OF_NUMBERS):
        return None
    arguments = [evaluator.value(argument, module, frame) for argument in call.args]
    if not arguments:
        return None
    first = arguments[0]
    if package in ("math", "numpy"):
        return _of_numbers(leaf, arguments)
    match leaf:
        case "tqdm" | "tqdm_notebook" | "tqdm_gui":
            return first
        case "trange" | "tnrange":
            return counted(arguments)
        case "repeat" if len(arguments) == 2:
            return Sequence(as_int(arguments[1]), None, first)
        case "islice" if len(arguments) == 2:
            return Sequence(as_int(_extreme("min", [length(first), arguments[1]])), None, each(first))
        case "product" if not call.keywords:
            total: Abstract = exactly(1)
            for argument in arguments:
                total = arithmetic.binary(ast.Mult(), total, length(argument))
            return Sequence(as_int(total), None, Sequence(exactly(len(arguments)), tuple(each(a) for a in arguments)))
        case "chain":
            total = exactly(0)
            for argument in arguments:
                total = arithmetic.binary(ast.Add(), total, length(argument))
            return Sequence(as_int(total), None, join([each(argument) for argument in arguments]))
    return None


_ROUNDING: dict[str, Callable[[float], int]] = {
    "ceil": math.ceil,
    "floor": math.floor,
    "trunc": int,
    "fix": int,
    "rint": round,
}
_REAL: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "exp": math.exp,
}
_TYPES = frozenset(("int8", "int16", "int32", "int64", "int_", "intp", "uint8", "uint16", "uint32", "uint64"))
_OF_NUMBERS = frozenset((*_ROUNDING, *_REAL, *_TYPES, "prod", "power"))
"""Functions of numpy that return a number for a number, and an array for an array."""


def _of_numbers(leaf: str, arguments: list[Abstract]) -> Abstract | None:
    """The result of a function of ``math``, or of one of numpy for numbers; None for anything else."""
    first = arguments[0]
    match leaf:
        case "prod" if isinstance(first, Sequence) and len(arguments) == 1:
            total: Abstract = exactly(1)
            for item in first.items or (UNKNOWN,):
                total = arithmetic.binary(ast.Mult(), total, item)
            return total
        case "pow" | "power" if len(arguments) == 2:
            return arithmetic.binary(ast.Pow(), first, arguments[1])
    if len(arguments) > 1 or not isinstance(first, (Int, Constant)):
        return None
    if leaf in _TYPES:
        return _number("int", first)
    if leaf in _ROUNDING:
        return _rounded(_ROUNDING[leaf], first)
    number = first.exact if isinstance(first, Int) else first.value
    if leaf in _REAL and isinstance(number, (int, float)) and abs(number) <= LARGEST:
        try:
            result = _REAL[leaf](number)
        except (ValueError, OverflowError):
            return UNKNOWN
        return (
            exactly(int(result), first.origin if isinstance(first, Int) else ())
            if result == int(result)
            else Constant(result)
        )
    return UNKNOWN


def _rounded(to_whole: Callable[[float], int], value: Int | Constant) -> Abstract:
    if isinstance(value, Int):
        return value
    if isinstance(value.value, float) and abs(value.value) <= LARGEST:
        return exactly(to_whole(value.value))
    return UNKNOWN


def counted(arguments: list[Abstract]) -> Abstract:
    """``range`` with these arguments."""
    numbers = [as_int(argument) for argument in arguments[:3]]
    origin = tuple(where for number in numbers for where in number.origin)
    if not numbers:
        return UNKNOWN
    if all(number.exact is not None for number in numbers):
        values = [number.low for number in numbers]
        if len(values) == 3 and values[2] == 0:
            return UNKNOWN
        steps = range(*values)
        count = _length_of(steps)
        if count > LARGEST:
            return UNKNOWN
        last = Int(min(0, steps[-1]) if count else 0, max(steps[0], steps[-1]) if count else 0, None)
        return Sequence(exactly(count, origin), None, last)
    if len(numbers) == 1:
        return Sequence(numbers[0], None, Int(0, None, None))
    default = None
    if all(number.default is not None for number in numbers):
        defaults = [number.default for number in numbers if number.default is not None]
        default = _length_of(range(*defaults)) if len(defaults) < 3 or defaults[2] else None
        default = default if default is None or default <= LARGEST else None
    if len(numbers) == 2 and numbers[0].exact is not None:
        span = arithmetic.binary(ast.Sub(), numbers[1], numbers[0])
        return Sequence(as_int(span), None, Int(0, None, None))
    return Sequence(Int(0, None, default, origin), None, Int(0, None, None))


def _length_of(steps: range) -> int:
    """The number of elements of a range; ``len`` rejects more than a machine word."""
    ahead = steps.stop - steps.start if steps.step > 0 else steps.start - steps.stop
    return max(0, -(-ahead // abs(steps.step)))


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
            whole = as_int(Constant(number))
            return whole if name != "float" and whole != ANY else Constant(number, value.sure)
        if isinstance(value.value, (float, bool)):
            return as_int(Constant(float(int(value.value)))) if name in ("int", "long") else value
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


def _one_by_one(value: Abstract, count: int | None) -> tuple[Abstract, ...]:
    """The elements of an iterable, each as far as known."""
    if isinstance(value, Sequence) and value.items is not None:
        return value.items
    return (each(value),) * (count or 0)


def _zip(arguments: list[Abstract]) -> Abstract:
    lengths = [length(argument) for argument in arguments]
    shortest = _extreme("min", list(lengths)) if len(lengths) > 1 else lengths[0]
    shortest = as_int(shortest)
    parts = [_one_by_one(argument, shortest.exact) for argument in arguments]
    rows = None
    if shortest.exact is not None and any(isinstance(a, Sequence) and a.items is not None for a in arguments):
        rows = tuple(Sequence(exactly(len(row)), row, join(row)) for row in zip(*parts))
    row = Sequence(exactly(len(arguments)), tuple(each(a) for a in arguments))
    return Sequence(as_int(shortest), rows, row)
