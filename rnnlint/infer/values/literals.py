"""What is the value of a literal list or dict, a comprehension or a conditional expression?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.values import arithmetic, guards, iteration
from rnnlint.infer.values.domain import ANY, UNKNOWN, Abstract, Int, Sequence, Table, Where, chosen, exactly, join
from rnnlint.infer.values.frames import Frame
from rnnlint.resolve.values import Module

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

_MOST_ITEMS = 256
"""For longer lists only the length is kept, and no item; nothing is kept of longer dicts."""


def if_expression(evaluator: Evaluator, node: ast.IfExp, module: Module, frame: Frame | None) -> Abstract:
    """The branch that the default run takes, widened by the other."""
    values = [evaluator.value(node.body, module, frame), evaluator.value(node.orelse, module, frame)]
    test = guards.truth_of(evaluator, node.test, module, frame)
    return join(values) if test is None else chosen(values[0 if test else 1], values)


def written_out(evaluator: Evaluator, elements: list[ast.expr], module: Module, frame: Frame | None) -> Abstract:
    """A list or tuple."""
    if any(isinstance(element, ast.Starred) for element in elements[:_MOST_ITEMS]):
        return _spread(evaluator, elements, module, frame)
    if len(elements) > _MOST_ITEMS:
        return Sequence(exactly(len(elements)))
    items = tuple(evaluator.value(element, module, frame) for element in elements)
    where = (Where(module, elements[0]),) if elements else ()
    return Sequence(exactly(len(items), where), items, join(items))


def _spread(evaluator: Evaluator, elements: list[ast.expr], module: Module, frame: Frame | None) -> Abstract:
    """``[first, *rest]``: the concatenation of its parts."""
    if len(elements) > _MOST_ITEMS:
        return Sequence(ANY)
    total: Abstract = Sequence(exactly(0), (), UNKNOWN)
    for element in elements:
        if isinstance(element, ast.Starred):
            value = evaluator.value(element.value, module, frame)
            part = (
                value if isinstance(value, Sequence) else Sequence(iteration.length(value), None, iteration.each(value))
            )
        else:
            one = evaluator.value(element, module, frame)
            part = Sequence(exactly(1), (one,), one)
        total = arithmetic.binary(ast.Add(), total, part)
    return total


def table(evaluator: Evaluator, node: ast.Dict, module: Module, frame: Frame | None) -> Abstract:
    """A dict by its literal keys. An unknown key may replace the values before it."""
    if len(node.keys) > _MOST_ITEMS:
        return UNKNOWN
    entries: dict[object, Abstract] = {}
    is_open = False
    for key, item in zip(node.keys, node.values):
        if isinstance(key, ast.Constant):
            entries[key.value] = evaluator.value(item, module, frame)
        elif key is None:
            inner = evaluator.value(item, module, frame)
            if isinstance(inner, Table):
                entries |= inner.entries
                is_open = is_open or inner.open
            else:
                entries, is_open = dict.fromkeys(entries, UNKNOWN), True
        else:
            value = evaluator.value(item, module, frame)
            entries, is_open = {name: join([before, value]) for name, before in entries.items()}, True
    return Table(entries, is_open, node)


def comprehension(
    evaluator: Evaluator, node: ast.ListComp | ast.GeneratorExp, module: Module, frame: Frame | None
) -> Abstract:
    """A comprehension: as many items as its loops have iterations, if no condition filters them."""
    length = exactly(1)
    for generator in node.generators:
        if generator.ifs or generator.is_async:
            return Sequence(ANY, None, evaluator.value(node.elt, module, frame))
        each = iteration.length(evaluator.value(generator.iter, module, frame))
        product = arithmetic.binary(ast.Mult(), length, each)
        length = product if isinstance(product, Int) else ANY
        if each.origin:
            length = Int(length.low, length.high, length.default, each.origin)
    return Sequence(length, None, evaluator.value(node.elt, module, frame), not isinstance(node.elt, ast.Call))
