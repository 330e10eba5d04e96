"""Does this index select the last step of a sequence?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable
from typing import NamedTuple

from rnnlint.infer.values.domain import Int
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.values import Module

_FURTHEST = 6
_CONVERTING = frozenset(("int", "cast", "to_int32", "to_int64", "constant", "convert_to_tensor", "Dimension"))
_LARGEST = frozenset(("reduce_max", "max", "amax"))


class Steps(NamedTuple):
    """A tensor or list with one entry per step."""

    source: Hashable
    """The run, or the layer, that returned it."""
    axis: int
    """The time axis."""
    back: bool
    """Whether it includes a half that ran backwards."""
    listed: bool
    """Whether it is a list with one tensor per step."""
    tell_count: Callable[[], int | None] | None
    """Returns the number of steps, if the code shows it: called only if an index is known."""
    flat: bool = False
    """Whether batch and time were merged into one axis."""
    turned: bool = False
    """Whether the last step comes first, because the steps were reversed."""

    @property
    def known_count(self) -> int | None:
        """The number of steps, if the code shows it."""
        return self.tell_count() if self.tell_count is not None else None


def takes_last(index: ast.expr, steps: Steps, module: Module, evaluator: Evaluator) -> bool:
    """Whether an index along the time axis is that of the last step, the same for all sequences."""
    index = _behind(index, module)
    if steps.turned:
        return not steps.flat and isinstance(index, ast.Constant) and index.value == 0
    if steps.flat:
        return _is_last_of_each(index, module, evaluator)
    if isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub):
        return isinstance(index.operand, ast.Constant) and index.operand.value == 1
    known = _number(index, module, evaluator)
    if known is not None and steps.known_count is not None:
        return known == steps.known_count - 1
    if isinstance(index, ast.BinOp) and isinstance(index.op, ast.Sub) and _is_one(index.right):
        return _is_count(_behind(index.left, module), steps, module)
    return False


def _is_last_of_each(index: ast.expr, module: Module, evaluator: Evaluator) -> bool:
    """``range(batch) * steps + (steps - 1)``: the last row of each sequence, if the rows of each are contiguous."""
    if not isinstance(index, ast.BinOp) or not isinstance(index.op, ast.Add):
        return False
    for product, last in ((index.left, index.right), (index.right, index.left)):
        product, last = _behind(product, module), _behind(last, module)
        if not isinstance(product, ast.BinOp) or not isinstance(product.op, ast.Mult):
            continue
        factors = [product.left, product.right]
        if not any(_is_range(_behind(one, module)) for one in factors):
            continue
        if isinstance(last, ast.BinOp) and isinstance(last.op, ast.Sub) and _is_one(last.right):
            return any(ast.dump(one) == ast.dump(last.left) for one in factors)
        # `range(batch) * 30 + 29`
        at, *counts = (_number(one, module, evaluator) for one in (last, *factors))
        if at is not None and at + 1 in counts:
            return True
    return False


def _number(node: ast.expr, module: Module, evaluator: Evaluator) -> int | None:
    value = evaluator.query(node, module) if hasattr(node, "lineno") else None
    return value.exact if isinstance(value, Int) else None


def _is_range(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and leaf(node.func) in ("range", "arange")


def _is_count(node: ast.expr, steps: Steps, module: Module) -> bool:
    """Whether this is the number of steps: an axis of a shape, or the length of the longest sequence."""
    match node:
        case ast.Attribute(value=inner, attr="value"):
            return _is_count(_behind(inner, module), steps, module)
        case ast.Subscript(value=inner, slice=ast.Constant(value=axis)):
            return axis == steps.axis and _is_shape(_behind(inner, module))
        case ast.Call(func=function, args=[inner, *_]):
            name = leaf(function)
            if name in _LARGEST:
                return True
            return name == "len" and steps.listed or name == "shape" and steps.axis == 0 and steps.listed
    return False


def _is_shape(node: ast.expr) -> bool:
    match node:
        case ast.Attribute(attr="shape"):
            return True
        case ast.Call(func=ast.Attribute(value=inner, attr="as_list")):
            return _is_shape(inner)
        case ast.Call(func=function, args=[inner]) if leaf(function) in ("unstack", "unpack"):
            return _is_shape(inner)
        case ast.Call(func=function):
            return leaf(function) in ("shape", "int_shape", "get_shape", "shape_list")
    return False


def _behind(node: ast.expr, module: Module) -> ast.expr:
    """The value that a name is certainly bound to, or the argument of a conversion."""
    for _ in range(_FURTHEST):
        match node:
            case ast.Name():
                bindings = module.bindings(node)
                one = bindings[0] if len(bindings) == 1 else None
                if one is None or one.kind != "assign" or one.value is None:
                    return node
                if one.path:
                    part = one.path[0]
                    if len(one.path) > 1 or not isinstance(part, int) or part < 0:
                        return node
                    if not isinstance(one.value, (ast.Tuple, ast.List)):
                        # batch, steps, _ = out.shape
                        return ast.Subscript(one.value, ast.Constant(part), ast.Load())
                    if part >= len(one.value.elts) or any(isinstance(each, ast.Starred) for each in one.value.elts):
                        return node
                    node = one.value.elts[part]
                else:
                    node = one.value
            case ast.Call(func=function, args=[inner, *_]) if leaf(function) in _CONVERTING:
                node = inner
            case _:
                return node
    return node


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 1
