"""Which recurrent Keras layers get only the last output of another one, but expect a sequence?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from rnnlint.infer.keras.layer_calls import input_of
from rnnlint.infer.keras.layers import RECURRENT, Layer
from rnnlint.infer.keras.shapes import never_returns_sequences
from rnnlint.infer.keras.uses import Index, Uses
from rnnlint.infer.pitfalls.last_of_loop import is_turned_round
from rnnlint.infer.pitfalls.listed_layers import holder_of, runs_in_turn
from rnnlint.infer.values import guards, iteration
from rnnlint.infer.values.callers import frames_of
from rnnlint.infer.values.domain import Tensor, Where
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.values import Module


class LastOutputInStack(NamedTuple):
    """A recurrent layer whose last output reaches another one."""

    layer: Layer
    above: Layer
    """The layer that gets it."""

    @property
    def place(self) -> ast.expr:
        """The place of the missing argument."""
        return self.layer.call.func


def find(evaluator: Evaluator, module: Module, keras: int) -> Iterator[LastOutputInStack]:
    """The layers of a module, each once, ordered by the layers after them."""
    uses = Uses(evaluator, module, keras)
    index = evaluator.bounded(lambda: uses.index(module), None)
    if index is None:
        return
    made = {layer.call: layer for layer in index.recurrent}
    told: set[ast.Call] = set()
    for above in index.recurrent:
        ends = evaluator.bounded(partial(_ends, evaluator, above, uses, index), [])
        for end in ends:
            below = made.get(end.node) if isinstance(end.node, ast.Call) else None
            if below is not None and below.call not in told:
                told.add(below.call)
                yield LastOutputInStack(below, above)
        if above.call not in told and (_follows_itself(evaluator, above) or is_turned_round(evaluator, above)):
            told.add(above.call)
            yield LastOutputInStack(above, above)


def _follows_itself(evaluator: Evaluator, layer: Layer) -> bool:
    """Whether several layers of a list, made by one call that never sets return_sequences, are called in sequence."""
    if layer.leaf not in RECURRENT or not never_returns_sequences(layer):
        return False
    found = holder_of(layer.call, layer.module)
    return (
        found is not None and _passes_twice(evaluator, found[1], layer.module) and runs_in_turn(found[0], layer.module)
    )


def _ends(evaluator: Evaluator, above: Layer, uses: Uses, index: Index) -> list[Where]:
    """The layers whose last output certainly reaches a layer."""
    found: list[Where] = []
    seen = uses.of(above.call, None)
    for one in seen:
        lasts = [_last(shape, above) for shape in one.shapes]
        if lasts and all(lasts):
            found += [last for last in lasts if last is not None]
        if one.use is not None:
            found += _from_the_pass_before(evaluator, one.use, above)
            found += _from_calls(evaluator, one.use, above)
    only = all(shape.shape is None for one in seen for shape in one.shapes)
    for wrapper in _with_wrappers(above.call, index):
        lasts = [_last(shape, above) for shape in index.unfit.get(wrapper, ())]
        sure = only and all(lasts)
        found += [last for last in lasts if last is not None and _comes_to(evaluator, above, last, sure)]
    return found


def _with_wrappers(call: ast.Call, index: Index) -> list[ast.Call]:
    return [call, *(wrapper for leaf, wrapper in index.wrapped.get(call, ()) if leaf == "Bidirectional")]


def _last(shape: Tensor, above: Layer) -> Where | None:
    """The layer whose last output a tensor is, if it has no steps."""
    if shape.shape is None or len(shape.shape) != RECURRENT[above.leaf] - 1:
        return None
    return shape.last_of


def _comes_to(evaluator: Evaluator, above: Layer, last: Where, sure: bool) -> bool:
    """Whether a layer may follow another one: in code order, or in the next iteration of a loop."""
    if last.module is not above.module or not isinstance(last.node, ast.Call):
        return sure
    if (last.node.lineno, last.node.col_offset) < (above.call.lineno, above.call.col_offset) and sure:
        return True
    loops = set(_loops(above.call, above.module))
    return any(
        _passes_twice(evaluator, loop, above.module) for loop in _loops(last.node, above.module) if loop in loops
    )


def _loops(call: ast.Call, module: Module) -> Iterator[ast.AST]:
    """The loops, and the comprehensions with one ``for``, in whose every iteration a call runs."""
    scope, statement = module.tree.home_of(call)
    if isinstance(scope.node, ast.ListComp) and len(scope.node.generators) == 1:
        yield scope.node.generators[0]
    loops = list(guards.loops_around(statement, module))
    for owner in guards.owners(statement, module):
        if isinstance(owner, (ast.If, ast.Match, ast.Try)):
            # Perhaps not in each iteration.
            return
        if owner in loops:
            yield owner


def _passes_twice(evaluator: Evaluator, loop: ast.AST, module: Module) -> bool:
    if not isinstance(loop, (ast.For, ast.comprehension)) or getattr(loop, "ifs", None):
        return False
    count = iteration.length(evaluator.value(loop.iter, module, None))
    if count.low > 1 or (count.default or 0) > 1:
        return True
    # A list of sizes is never meant for a single layer.
    return count.default is None and count.high != 1 and _is_whole(loop.iter)


def _is_whole(iterated: ast.expr) -> bool:
    """Whether a loop iterates over a whole named list, and not over a slice of it or over numbers."""
    match iterated:
        case ast.Call(func=ast.Name(id="enumerate" | "zip"), args=[*given]) if given:
            return all(map(_is_whole, given))
        case ast.Subscript(slice=ast.Constant(value=str())):
            return True
    return isinstance(iterated, (ast.Name, ast.Attribute))


def _from_calls(evaluator: Evaluator, use: ast.Call, above: Layer) -> Iterator[Where]:
    """What some calls of the function pass to a layer in it, where others pass a sequence."""
    module = above.module
    scope = module.tree.home_of(use)[0]
    if not isinstance(scope.node, ast.FunctionDef) or scope.enclosing_class() is not None:
        return
    for frame in frames_of(evaluator, scope.node, module, None):
        value = input_of(evaluator, use, module, frame)
        last = _last(value, above) if isinstance(value, Tensor) else None
        if last is not None:
            yield last


def _from_the_pass_before(evaluator: Evaluator, use: ast.Call, above: Layer) -> Iterator[Where]:
    """``for …: x = layer(x)``: the result of the previous iteration."""
    given = use.args[0] if use.args else None
    module = above.module
    if not isinstance(given, ast.Name) or module.tree.home(use) is None:
        return
    statement = module.tree.home_of(use)[1]
    loops = [loop for loop in guards.loops_around(statement, module) if _passes_twice(evaluator, loop, module)]
    for binding in module.bindings(given):
        if binding.statement is None or binding.kind != "assign":
            continue
        if any(loop in loops for loop in guards.loops_around(binding.statement, module)):
            value = evaluator.of_binding(binding, module, None)
            last = _last(value, above) if isinstance(value, Tensor) else None
            if last is not None:
                yield last
