"""Where does the input of a runner or layer come from, and can padded sequences have its shape?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

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
        return any(self._of(node, module, 0))

    def _of(self, node: ast.expr, module: Module, distance: int) -> Iterator[bool]:
        """Whether each of its origins may be anything that the code does not show."""
        if node in self._seen:
            return
        self._seen.add(node)
        if distance > _FURTHEST:
            yield True
            return
        match node:
            case ast.Name() | ast.Attribute():
                yield from self._named(node, module, distance)
            case ast.Call():
                yield from self._called(node, module, distance)
            case ast.Subscript(value=inner) | ast.Starred(value=inner) | ast.NamedExpr(value=inner):
                yield from self._of(inner, module, distance + 1)
            case ast.Constant():
                yield False
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        yield from self._of(child, module, distance + 1)

    def _named(self, node: ast.Name | ast.Attribute, module: Module, distance: int) -> Iterator[bool]:
        made = placeholders(node, module)
        for one in made:
            yield from self._called(one.call, one.module, distance)
        if made:
            return
        bindings = bindings_of(node, module)
        if not bindings:
            yield not any(isinstance(value, External) for value in module.values(node))
        for binding in bindings:
            if binding.kind == "parameter":
                yield from self._parameter(binding, module, distance)
            elif binding.kind in ("import", "from", "star"):
                yield True
            elif binding.value is not None:
                yield from self._of(binding.value, module, distance + 1)

    def _parameter(self, binding: Binding, module: Module, distance: int) -> Iterator[bool]:
        function = binding.scope.node
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield True
            return
        owner = binding.scope.enclosing_class()
        of = owner.node if owner is not None and isinstance(owner.node, ast.ClassDef) else None
        found = callers(function, module, of)
        if not found:
            yield True
        for caller in found:
            argument = enter(function, caller.call, caller.module, None, of is not None).arguments.get(binding.name)
            if argument is None or argument.part is not None:
                yield True
            else:
                yield from self._of(argument.expression, argument.module, distance + 1)

    def _called(self, call: ast.Call, module: Module, distance: int) -> Iterator[bool]:
        made = placeholders(call, module)
        if made:
            fed = self._feeds.of.get(call, [])
            if not fed:
                yield True
            for one in fed:
                yield from self._of(one.value, one.module, distance + 1)
            return
        if leaf(call.func) in ("Input", "get_next", "load", "pop"):
            yield True
            return
        arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
        for argument in arguments:
            yield from self._of(argument, module, distance + 1)
        values = module.values(call.func)
        if arguments and any(isinstance(v, External) and v.path.startswith(_COMPUTING) for v in values):
            # It comes from what it is given; the module of the function is no part of that.
            return
        if isinstance(call.func, ast.Attribute):
            yield from self._of(call.func.value, module, distance + 1)
        elif not arguments or not any(isinstance(v, (External, Made)) for v in values):
            yield True


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
