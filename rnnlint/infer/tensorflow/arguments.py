"""What is an argument of a library call? By position or any of its names, also as a tensor or a shape."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.values import arithmetic, project_functions
from rnnlint.infer.values.domain import ANY, UNDEFINED, UNKNOWN, Abstract, Constant, Int, Sequence, Tensor, as_int
from rnnlint.infer.values.frames import Frame
from rnnlint.resolve.values import Module, ProjectFunction

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator


class Arguments:
    """The arguments of a call by position or by any name that they have had in any release."""

    def __init__(self, evaluator: Evaluator, call: ast.Call, module: Module, frame: Frame | None) -> None:
        self.evaluator, self.call, self.module, self.frame = evaluator, call, module, frame
        self.hidden = any(k.arg is None for k in call.keywords) or any(isinstance(a, ast.Starred) for a in call.args)

    def node(self, position: int | None, *names: str) -> ast.expr | None:
        """The argument's expression, or None if it is not passed."""
        for keyword in self.call.keywords:
            if keyword.arg in names:
                return keyword.value
        if position is None or position >= len(self.call.args):
            return None
        found = self.call.args[position]
        return None if isinstance(found, ast.Starred) else found

    def value(self, position: int | None, *names: str) -> Abstract | None:
        """The argument's value, or None if it is not passed."""
        node = self.node(position, *names)
        return None if node is None else self.evaluator.value(node, self.module, self.frame)

    def tensor(self, position: int | None, *names: str) -> Tensor:
        """The argument as a tensor, of unknown shape if nothing is known."""
        return as_tensor(self.value(position, *names))

    def integer(self, default: int, position: int | None, *names: str) -> int | None:
        """The argument as one integer, such as an axis; None if it is passed but unknown."""
        value = self.value(position, *names)
        if value is None or isinstance(value, Constant) and value.value is None:
            return default
        return as_int(value).exact

    def applied(self, node: ast.expr | None, values: tuple[Abstract, ...]) -> Abstract:
        """The result of the project function that an argument names, for these values; unknown for any other."""
        named = self.module.values(node) if node is not None else ()
        functions = [one for one in named if isinstance(one, ProjectFunction)]
        if node is None or len(functions) != 1:
            return UNKNOWN
        given: list[ast.expr] = [ast.Name(f"value {number}", ast.Load()) for number in range(len(values))]
        call = ast.Call(node, given, [])
        return self.evaluator.assuming(
            dict(zip(given, values)),
            lambda: project_functions.called(self.evaluator, functions[0], call, self.module, self.frame, None),
        )


def as_tensor(value: Abstract | None) -> Tensor:
    """A value as a tensor: a list of tensors counts as stacked."""
    if isinstance(value, Tensor):
        return value
    if isinstance(value, Sequence):
        inner = as_tensor(value.item)
        if inner.shape is not None:
            return Tensor((value.length, *inner.shape))
        if isinstance(value.item, (Int, Constant)):
            return Tensor((value.length,))
    return Tensor(None)


def shape_from(value: Abstract | None, open_is: Abstract = UNDEFINED) -> Tensor:
    """The tensor of a shape argument: integers, None for an undefined axis, -1 and others for unknown ones."""
    if isinstance(value, Int):
        return Tensor((value,))
    if not isinstance(value, Sequence) or value.items is None:
        return Tensor(None)
    axes: list[arithmetic.Axis] = []
    for entry in value.items:
        if isinstance(entry, Constant) and entry.value is None or entry == UNDEFINED:
            # An axis that is None only by default is not undefined on purpose.
            sure = not isinstance(entry, Constant) or entry.sure
            axes.append(UNDEFINED if open_is == UNDEFINED and sure else UNKNOWN)
        elif isinstance(entry, Int) and entry != ANY and entry.low >= 0:
            axes.append(entry)
        else:
            axes.append(UNKNOWN)
    return Tensor(tuple(axes))
