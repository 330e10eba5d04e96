"""Where does the input of a runner or layer come from, and can padded sequences have its shape?"""

from __future__ import annotations

import ast

from rnnlint.infer.padding.sources import Source
from rnnlint.infer.tensorflow.feeds import Feeds, placeholders
from rnnlint.infer.values.behind import bindings_of
from rnnlint.infer.values.domain import Int, Tensor
from rnnlint.infer.values.frames import callers, enter
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import External, Made, Module

_FURTHEST = 12
_COMPUTING = ("tf.", "numpy.", "keras.", "tf_keras.")
"""Libraries whose functions compute."""


class Origins:
    """The origins of the input of a runner or layer, followed backwards as far as the code shows."""

    def __init__(self, feeds: Feeds) -> None:
        self._feeds = feeds
        self._seen: set[ast.AST] = set()

    def may_be_anything(self, node: ast.expr, module: Module) -> bool:
        """Whether part of it may come from outside the visible code."""
        self._seen = set()
        return self._of(node, module, 0)

    def _of(self, node: ast.expr, module: Module, distance: int) -> bool:
        if node in self._seen:
            return False
        self._seen.add(node)
        if distance > _FURTHEST:
            return True
        match node:
            case ast.Name() | ast.Attribute():
                return self._named(node, module, distance)
            case ast.Call():
                return self._called(node, module, distance)
            case ast.Subscript(value=inner) | ast.Starred(value=inner) | ast.NamedExpr(value=inner):
                return self._of(inner, module, distance + 1)
        children = (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
        return any(self._of(child, module, distance + 1) for child in children)

    def _named(self, node: ast.Name | ast.Attribute, module: Module, distance: int) -> bool:
        made = placeholders(node, module)
        if made:
            return any(self._called(one.call, one.module, distance) for one in made)
        bindings = bindings_of(node, module)
        if not bindings:
            return not any(isinstance(value, External) for value in module.values(node))
        return any(self._bound(binding, module, distance) for binding in bindings)

    def _bound(self, binding: Binding, module: Module, distance: int) -> bool:
        if binding.kind == "parameter":
            return self._parameter(binding, module, distance)
        if binding.kind in ("import", "from", "star"):
            return True
        return binding.value is not None and self._of(binding.value, module, distance + 1)

    def _parameter(self, binding: Binding, module: Module, distance: int) -> bool:
        function = binding.scope.node
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return True
        owner = binding.scope.enclosing_class()
        of = owner.node if owner is not None and isinstance(owner.node, ast.ClassDef) else None
        found = callers(function, module, of)
        given = (
            enter(function, one.call, one.module, None, of is not None).arguments.get(binding.name) for one in found
        )
        return not found or any(
            one is None or one.part is not None or self._of(one.expression, one.module, distance + 1) for one in given
        )

    def _called(self, call: ast.Call, module: Module, distance: int) -> bool:
        made = placeholders(call, module)
        if made:
            fed = self._feeds.of.get(call, [])
            return not fed or any(self._of(one.value, one.module, distance + 1) for one in fed)
        if leaf(call.func) in ("Input", "get_next", "load", "pop"):
            return True
        arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
        if any(self._of(argument, module, distance + 1) for argument in arguments):
            return True
        values = module.values(call.func)
        if arguments and any(isinstance(v, External) and v.path.startswith(_COMPUTING) for v in values):
            # It comes from what it is given; the module of the function is no part of that.
            return False
        if isinstance(call.func, ast.Attribute):
            return self._of(call.func.value, module, distance + 1)
        return not arguments or not any(isinstance(v, (External, Made)) for v in values)


def may_fit(evaluator: Evaluator, padding: Source, given: ast.expr, module: Module) -> bool:
    """Whether padded sequences can have the shape of the input: not if its number of steps is fixed and differs."""
    wanted = evaluator.query(given, module)
    axes = wanted.shape if isinstance(wanted, Tensor) else None
    steps = [axis.exact if isinstance(axis, Int) else None for axis in (axes or ())[:2]]
    if len(steps) < 2 or steps[1] is None:
        return True
    if padding.length is not None:
        said = evaluator.query(padding.length, padding.module)
        return isinstance(said, Int) and (said.exact in steps or said.exact is None and said.default in steps)
    padded = evaluator.query(padding.node, module)
    axes = padded.shape if isinstance(padded, Tensor) else None
    length = axes[1] if axes and len(axes) > 1 else None
    return isinstance(length, Int) and length.exact in steps
