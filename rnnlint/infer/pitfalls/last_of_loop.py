"""Does a loop over layers set return_sequences for the last layer only, instead of for all others?"""

from __future__ import annotations

import ast

from rnnlint.infer.keras.layers import RECURRENT, Layer
from rnnlint.infer.pitfalls.listed_layers import holder_of, runs_in_turn
from rnnlint.infer.values import guards, iteration
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import Module

_COUNTING = ("range", "enumerate")


def is_turned_round(evaluator: Evaluator, layer: Layer) -> bool:
    """Whether a layer of a loop has ``return_sequences=i == layers - 1``, each on the output of the previous one."""
    if layer.leaf not in RECURRENT:
        return False
    said = next((k.value for k in layer.call.keywords if k.arg == "return_sequences"), None)
    index = _index_that_is_last(said, layer.module) if said is not None else None
    loop = _loop_of(index, layer) if index is not None else None
    if loop is None or not _is_handed_on(layer.call, loop, layer.module):
        return False
    count = iteration.length(evaluator.value(loop.iter, layer.module, None))
    return count.exact not in (0, 1) and count.default not in (0, 1)


def _index_that_is_last(said: ast.expr, module: Module) -> ast.Name | None:
    """The index of ``i == n - 1``, which is true for the last pass of a loop alone."""
    match said:
        case ast.IfExp(test=test, body=ast.Constant(value=True), orelse=ast.Constant(value=False)):
            return _index_that_is_last(test, module)
        case ast.Compare(left=ast.Name() as index, ops=[ast.Eq() | ast.GtE()], comparators=[last]):
            if isinstance(last, ast.Name):
                found = module.bindings(last)
                one = found[0].value if len(found) == 1 and found[0].kind == "assign" and not found[0].path else None
                last = one if one is not None else last
            match last:
                case ast.BinOp(op=ast.Sub(), right=ast.Constant(value=1)):
                    return index
    return None


def _loop_of(index: ast.Name, layer: Layer) -> ast.For | ast.comprehension | None:
    """The loop that counts its passes with the index, where the layer is made in each of them."""
    module = layer.module
    scope, statement = module.tree.home_of(layer.call)
    loop: ast.AST | None = None
    if isinstance(scope.node, ast.ListComp) and len(scope.node.generators) == 1:
        loop = scope.node.generators[0]
    else:
        owners = list(guards.owners(statement, module))
        loops = [at for at, one in enumerate(owners) if isinstance(one, ast.For)]
        if loops and not any(isinstance(one, (ast.If, ast.Match)) for one in owners[: loops[0]]):
            loop = owners[loops[0]]
    if not isinstance(loop, (ast.For, ast.comprehension)) or getattr(loop, "ifs", None):
        return None
    counted = isinstance(loop.iter, ast.Call) and leaf(loop.iter.func) in _COUNTING
    target = loop.target.elts[0] if isinstance(loop.target, ast.Tuple) and loop.target.elts else loop.target
    return loop if counted and isinstance(target, ast.Name) and target.id == index.id else None


def _is_handed_on(made: ast.Call, loop: ast.For | ast.comprehension, module: Module) -> bool:
    """Whether each layer gets what the pass before gave: ``x = LSTM(…)(x)``, ``model.add(LSTM(…))``, or a list."""
    around = surroundings_of(module)
    node: ast.AST = made
    parent = around.parent.get(node)
    while isinstance(parent, ast.Call) and leaf(parent.func) == "Bidirectional":
        node, parent = parent, around.parent.get(parent)
    match parent:
        case ast.Call(func=function, args=[ast.Name(id=given), *_]) if function is node:
            assigned = around.parent.get(parent)
            targets = assigned.targets if isinstance(assigned, ast.Assign) else []
            return any(isinstance(one, ast.Name) and one.id == given for one in targets)
        case ast.Call(func=ast.Attribute(value=ast.Name() as model, attr="add")) if isinstance(loop, ast.For):
            made_at = [one.statement for one in module.bindings(model)]
            return bool(made_at) and not any(one is None or loop in guards.loops_around(one, module) for one in made_at)
        case ast.ListComp():
            call = around.parent.get(parent)
            if isinstance(call, ast.Call) and leaf(call.func) == "Sequential":
                return True
    found = holder_of(made, module)
    return found is not None and runs_in_turn(found[0], module)
