"""Does the code show that the sequences of a batch have different lengths?"""

from __future__ import annotations

import ast

from rnnlint.infer.tensorflow.feeds import Feeds, placeholders
from rnnlint.infer.values.behind import bindings_of
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.values import Module

_SAME_FOR_ALL = frozenset(("fill", "ones", "full", "ones_like", "full_like", "tile", "repeat"))
"""Functions that make lengths which are all equal."""

_CONVERTING = frozenset(("cast", "to_int32", "to_int64", "constant", "convert_to_tensor", "array", "asarray"))

_FURTHEST = 6


def may_differ(lengths: ast.expr, module: Module, feeds: Feeds, distance: int = 0) -> bool:
    """Whether sequences certainly have lengths that are not known to be equal; otherwise perhaps none is padded."""
    if distance > _FURTHEST:
        return True
    match lengths:
        case ast.Name() | ast.Attribute():
            made = placeholders(lengths, module)
            fed = [one for each in made for one in feeds.of.get(each.call, ())]
            if fed:
                return any(may_differ(one.value, one.module, feeds, distance + 1) for one in fed)
            bindings = bindings_of(lengths, module)
            if any(isinstance(one.value, ast.Constant) and one.value.value is None for one in bindings):
                return False
            if len(bindings) != 1 or bindings[0].value is None or bindings[0].path or bindings[0].kind != "assign":
                return True
            return may_differ(bindings[0].value, module, feeds, distance + 1)
        case ast.BinOp(left=left, right=right):
            either = left if isinstance(left, (ast.List, ast.Call)) else right
            return may_differ(either, module, feeds, distance + 1)
        case ast.Call(func=function, args=[inner, *_]) if leaf(function) in _CONVERTING:
            return may_differ(inner, module, feeds, distance + 1)
        case ast.Call(func=function):
            return leaf(function) not in _SAME_FOR_ALL
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return len({ast.dump(element) for element in elements}) != 1
        case ast.ListComp(elt=element, generators=[generator]):
            names = {node.id for node in ast.walk(generator.target) if isinstance(node, ast.Name)}
            return any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(element))
        case ast.IfExp() | ast.BoolOp():
            return False
    return True
