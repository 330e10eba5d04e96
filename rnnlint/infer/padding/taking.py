"""Where is the last of the per-step results taken?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rnnlint.infer.padding.attention import is_softmax_of
from rnnlint.infer.padding.holding import Follower, Held
from rnnlint.infer.padding.last_steps import Steps, takes_last
from rnnlint.infer.tensorflow.arguments import Arguments
from rnnlint.infer.values.domain import Int
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.values import Module

_KEEPING = frozenset(("dropout", "identity", "relu", "tanh", "cast", "to_float", "stop_gradient", "convert_to_tensor"))
"""Functions that keep the steps, and keep zeros zero."""

_JOINING = frozenset(("concat", "concat_v2", "concatenate"))
_LISTING = frozenset(("unstack", "unpack"))
_POOLING = frozenset(("reduce_mean", "reduce_max", "reduce_sum", "reduce_min", "mean", "max", "amax"))
_STACKING = frozenset(("stack", "pack"))


class Taken(NamedTuple):
    """An expression that takes the last step of a run's outputs."""

    node: ast.expr
    module: Module
    steps: Steps


class Taking:
    """Follows outputs through functions that keep their steps, and records where the last one is taken."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self.last: dict[ast.expr, Taken] = {}
        """The expressions that take the last step, in order of discovery."""
        self.is_pooled = False
        """Whether all steps are combined into one vector."""
        self._held: Mapping[Held, None] = {}

    def through(self, parent: ast.AST, held: Held, follower: Follower) -> Iterable[Held]:
        """The result of the expression around some outputs."""
        assert isinstance(held.what, Steps)
        self._held = follower.held
        match parent:
            case ast.Call():
                return self._called(parent, held, held.what)
            case ast.Subscript() if parent.value is held.node and not held.path:
                return self._indexed(parent, held, held.what)
            case ast.BinOp() if not held.path:
                return self._operated(parent, held, held.what)
        return ()

    def _indexed(self, parent: ast.Subscript, held: Held, steps: Steps) -> Iterable[Held]:
        parts = parent.slice.elts if isinstance(parent.slice, ast.Tuple) else [parent.slice]
        if any(isinstance(part, ast.Constant) and part.value in (None, ...) for part in parts[: steps.axis + 1]):
            return ()
        for axis, part in enumerate(parts):
            is_slice = isinstance(part, ast.Slice)
            if axis == steps.axis:
                wanted = part.lower if isinstance(part, ast.Slice) and part.upper is None else part
                if wanted is not None and takes_last(wanted, steps, held.module, self._evaluator):
                    self._take(parent, held, steps)
                    return ()
                if isinstance(part, ast.Slice) and part.lower is part.upper is None and _is_minus_one(part.step):
                    turned = steps._replace(turned=not steps.turned, tell_count=None)
                    return (held._replace(node=parent, what=turned),)
                if not is_slice or isinstance(part, ast.Slice) and (part.upper is not None or part.step is not None):
                    return ()
            elif axis < steps.axis and not is_slice:
                return ()
        return (held._replace(node=parent, what=steps._replace(tell_count=None)),)

    def _operated(self, parent: ast.BinOp, held: Held, steps: Steps) -> Iterable[Held]:
        """The sum of both directions."""
        other = parent.right if parent.left is held.node else parent.left
        if isinstance(parent.op, ast.Mult) and is_softmax_of(other, held.node, held.module):
            return (held._replace(node=parent),)
        if isinstance(parent.op, ast.Add):
            for one in self._held:
                if one.node is other and isinstance(one.what, Steps) and not one.path:
                    return (held._replace(node=parent, what=steps._replace(back=steps.back or one.what.back)),)
        return ()

    def _called(self, call: ast.Call, held: Held, steps: Steps) -> Iterable[Held]:
        name = leaf(call.func) or ""
        if name in _JOINING or name in ("add", "add_n"):
            return self._joined(call, held, steps, name)
        if held.path:
            return (held._replace(node=call),) if name in ("list", "tuple") else ()
        made = held._replace(node=call)
        arguments = Arguments(self._evaluator, call, held.module, None)
        if arguments.hidden:
            return ()
        if name in _KEEPING and call.args and call.args[0] is held.node:
            return (made,)
        if name == "transpose" and not steps.listed:
            order = arguments.node(1, "perm")
            numbers = [getattr(one, "value", None) for one in getattr(order, "elts", ())]
            return (made._replace(what=steps._replace(axis=1 - steps.axis)),) if numbers == [1, 0, 2] else ()
        if name == "reverse" and not steps.listed and not steps.flat:
            axes = arguments.node(1, "axis", "dims")
            numbers = [getattr(one, "value", None) for one in getattr(axes, "elts", [axes])]
            return (made._replace(what=steps._replace(turned=not steps.turned)),) if numbers == [steps.axis] else ()
        if name in _STACKING and steps.listed:
            axis = self._number(arguments, 0, 1, "axis")
            return (made._replace(what=steps._replace(axis=axis, listed=False)),) if axis in (0, 1) else ()
        if name in _LISTING and not steps.listed:
            at = self._number(arguments, 0, 2, "axis")
            return (made._replace(what=steps._replace(axis=0, listed=True)),) if at == steps.axis else ()
        if name == "split" and steps.axis == self._number(arguments, 0, 2, "axis") and not steps.listed:
            pieces = self._number(arguments, 0, 1, "num_or_size_splits")
            return (made._replace(what=steps._replace(axis=0, listed=True)),) if pieces == steps.known_count else ()
        if name in _POOLING and not steps.flat and not steps.listed and call.args[:1] == [held.node]:
            axis = self._number(arguments, -1, 1, "axis")
            self.is_pooled = self.is_pooled or axis == steps.axis
        if name == "reshape":
            return self._reshaped(arguments, made, steps)
        if name in ("gather", "slice", "strided_slice") and self._picks_last(name, arguments, held, steps):
            self._take(call, held, steps)
        return ()

    def _number(self, arguments: Arguments, default: int, position: int, name: str) -> int | None:
        return self._evaluator.bounded(lambda: arguments.integer(default, position, name), None)

    def _reshaped(self, arguments: Arguments, made: Held, steps: Steps) -> Iterable[Held]:
        shape = arguments.node(1, "shape")
        if not isinstance(shape, (ast.List, ast.Tuple)) or steps.listed:
            return ()
        if len(shape.elts) == 2:
            return (made._replace(what=steps._replace(flat=True)),)
        return (made,) if len(shape.elts) == 3 and not steps.flat else ()

    def _picks_last(self, name: str, arguments: Arguments, held: Held, steps: Steps) -> bool:
        if name == "gather":
            index, axis = arguments.node(1, "indices"), self._number(arguments, 0, 3, "axis")
            at = 0 if steps.flat else steps.axis
            return index is not None and axis == at and takes_last(index, steps, held.module, self._evaluator)
        begin, size = arguments.node(1, "begin"), arguments.node(2, "size", "end")
        starts = begin.elts if isinstance(begin, (ast.List, ast.Tuple)) else []
        sizes = size.elts if isinstance(size, (ast.List, ast.Tuple)) else []
        if steps.flat or len(starts) <= steps.axis:
            return False
        wanted = sizes[steps.axis] if len(sizes) > steps.axis else None
        single = name == "strided_slice" or isinstance(wanted, ast.Constant) and wanted.value == 1
        return single and takes_last(starts[steps.axis], steps, held.module, self._evaluator)

    def _joined(self, call: ast.Call, held: Held, steps: Steps, name: str) -> Iterable[Held]:
        """Both directions concatenated; in old releases the axis came first."""
        if steps.listed or steps.flat or len(held.path) > 1:
            return ()
        if name in _JOINING:
            if not held.path:
                return ()
            axes = [k.value for k in call.keywords if k.arg in ("axis", "concat_dim")]
            axes += [one for one in call.args if one is not held.node]
            numbers = [self._evaluator.query(axis, held.module) for axis in axes]
            if not any(isinstance(number, Int) and number.exact in (2, -1) for number in numbers):
                return ()
        return (held._replace(node=call, what=steps._replace(back=self._has_back(held) or steps.back), path=()),)

    def _has_back(self, held: Held) -> bool:
        """Whether a backward half is next to it in the same list."""
        same = (one for one in self._held if one.node is held.node and isinstance(one.what, Steps))
        return any(one.what.back for one in same)  # type: ignore[attr-defined]

    def _take(self, node: ast.expr, held: Held, steps: Steps) -> None:
        known = self.last.get(node)
        if known is None or steps.back and not known.steps.back:
            self.last[node] = Taken(node, held.module, steps)


def _is_minus_one(step: ast.expr | None) -> bool:
    return step is not None and ast.unparse(step) == "-1"
