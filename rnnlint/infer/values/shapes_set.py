"""Which shape does the code set on a tensor afterwards? ``x.set_shape([None, 35, 2])``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.values import guards
from rnnlint.infer.values.domain import ANY, UNDEFINED, UNKNOWN, Abstract, Int, Sequence, Tensor, Undefined, Unknown
from rnnlint.infer.values.frames import Frame
from rnnlint.resolve.calls_by import calls_on
from rnnlint.resolve.values import Module

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

_MOST_SET = 10_000
"""The limit on shapes that are set on one name, over all its uses."""


def at_use(evaluator: Evaluator, made: Abstract, name: ast.Name, module: Module, frame: Frame | None) -> Abstract:
    """A tensor with the axes that were set between its binding and this use of its name."""
    calls = calls_on(module, "set_shape", name.id)
    if not calls:
        return made
    if not evaluator.affords(("set shapes", name.id), len(calls), _MOST_SET):
        return UNKNOWN
    bindings, (scope, use) = module.bindings(name), module.tree.home_of(name)
    before = [
        (call, statement)
        for call in calls
        if call.args
        and (statement := module.tree.home_of(call)[1]).lineno < use.lineno
        and module.tree.home_of(call)[0] is scope
        and module.bindings(call.func.value) == bindings  # type: ignore[attr-defined]
    ]
    for call, statement in before:
        if guards.taken(evaluator, statement, use, module, frame) is not False:
            shape = evaluator.value(call.args[0], module, frame)
            if isinstance(shape, Sequence) and shape.items is not None:
                made = _merged(made if isinstance(made, Tensor) else Tensor(None), shape)
    return made


def _merged(made: Tensor, shape: Sequence) -> Tensor:
    """A set axis counts if nothing was known about it."""
    assert shape.items is not None
    before = made.shape if made.shape is not None and len(made.shape) == len(shape.items) else None
    axes: list[Int | Undefined | Unknown] = []
    for number, entry in enumerate(shape.items):
        old = before[number] if before is not None else UNDEFINED
        is_set = isinstance(entry, Int) and entry != ANY and entry.low >= 0
        axes.append(entry if is_set and isinstance(entry, Int) and not isinstance(old, Int) else old)
    return Tensor(tuple(axes), made.mask)
