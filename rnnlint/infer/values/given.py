"""What is a parameter in one call of its function? A written argument, a part of one, or the default."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.values.domain import UNKNOWN, Abstract, Sequence, Table, exactly, join
from rnnlint.infer.values.frames import Argument, Frame
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import Module

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator


def in_frame(evaluator: Evaluator, binding: Binding, module: Module, frame: Frame) -> Abstract:
    """The value of a parameter in the call that the frame describes."""
    args = getattr(frame.function, "args", None)
    if isinstance(args, ast.arguments):
        if binding.node is args.kwarg:
            return _keywords(evaluator, args, frame)
        if binding.node is args.vararg:
            if not frame.complete or any(one.part is not None for one in frame.arguments.values()):
                return UNKNOWN
            items = tuple(value(evaluator, one) or UNKNOWN for one in frame.rest)
            return Sequence(exactly(len(items)), items, join(items))
    argument = frame.arguments.get(binding.name)
    if argument is not None:
        found = value(evaluator, argument)
        if found is not None:
            return found
    elif not frame.complete:
        return UNKNOWN
    return evaluator.value(binding.value, module, None) if binding.value is not None else UNKNOWN


def value(evaluator: Evaluator, argument: Argument) -> Abstract | None:
    """The value of an argument; None if ``*`` or ``**`` certainly does not contain it."""
    whole = evaluator.value(argument.expression, argument.module, argument.frame)
    if argument.part is None:
        return whole
    if isinstance(argument.part, int):
        if not isinstance(whole, Sequence):
            return UNKNOWN
        if whole.items is not None:
            return whole.items[argument.part] if argument.part < len(whole.items) else None
        return whole.item if argument.part < whole.length.low else UNKNOWN
    if not isinstance(whole, Table):
        return UNKNOWN
    if argument.part in whole.entries:
        return whole.entries[argument.part]
    return UNKNOWN if whole.open else None


def _keywords(evaluator: Evaluator, args: ast.arguments, frame: Frame) -> Table:
    """What ``**kwargs`` takes: the keywords that are not parameters."""
    named = {arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs)}
    entries: dict[object, Abstract] = {}
    is_open = False
    for table in frame.tables:
        whole = evaluator.value(table.expression, table.module, table.frame)
        if isinstance(whole, Table):
            entries |= {key: one for key, one in whole.entries.items() if key not in named}
        is_open = is_open or not isinstance(whole, Table) or whole.open
    for name, argument in frame.arguments.items():
        if name not in named:
            entries[name] = value(evaluator, argument) or UNKNOWN
    return Table(entries, is_open)
