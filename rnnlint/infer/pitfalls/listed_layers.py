"""Which layers of a list are called in sequence, each on the output of the previous one?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from rnnlint.infer.pitfalls.sameness import is_same_name
from rnnlint.infer.values import guards
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import Module


def holder_of(made: ast.Call, module: Module) -> tuple[ast.expr, ast.AST] | None:
    """The list whose elements all come from this call, and the loop or comprehension that repeats the call."""
    around = surroundings_of(module)
    parent = around.parent.get(made)
    if isinstance(parent, ast.ListComp) and parent.elt is made and len(parent.generators) == 1:
        assigned = around.parent.get(parent)
        if isinstance(assigned, ast.Assign) and len(assigned.targets) == 1:
            return assigned.targets[0], parent.generators[0]
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr == "append":
        loops = list(guards.loops_around(module.tree.home_of(made)[1], module))
        block = module.tree.positions[module.tree.home_of(made)[1]][0]
        only = sum(_is_list(call, parent.func.value, module) for call in module.calls_of("append")) == 1
        if loops and block.owner is loops[0] and only:
            return parent.func.value, loops[0]
    return None


def _is_list(call: ast.Call, wanted: ast.expr, module: Module) -> bool:
    return isinstance(call.func, ast.Attribute) and _is_same(call.func.value, wanted, module)


def _is_same(one: ast.expr, other: ast.expr, module: Module) -> bool:
    if isinstance(one, ast.Name) and isinstance(other, ast.Name):
        homes = [module.tree.home_of(name)[0] for name in (one, other)]
        return one.id == other.id and homes[0] is homes[1]
    return is_same_name(one, other, module)


def runs_in_turn(holder: ast.expr, module: Module) -> bool:
    """Whether a loop iterates over the list and passes each element only the previous output."""
    return any(isinstance(loop, ast.For) and _hands_on(loop, holder, module) for loop in module.tree.loops())


def _hands_on(loop: ast.For, holder: ast.expr, module: Module) -> bool:
    element = _element(loop, holder, module)
    if element is None:
        return False
    for statement in loop.body:
        match statement:
            case ast.Assign(
                targets=[ast.Name(id=carried)], value=ast.Call(func=function, args=[ast.Name(id=given), *_])
            ):
                is_layer = isinstance(function, ast.Name) and function.id == element
                if is_layer or _is_indexed(function, element, holder, module):
                    return given == carried and len(list(_writes(carried, loop))) == 1
    return False


def _element(loop: ast.For, holder: ast.expr, module: Module) -> str | None:
    """The name of each element, or of its index."""
    target, iterated = loop.target, loop.iter
    name = leaf(iterated.func) if isinstance(iterated, ast.Call) else None
    if name == "enumerate" and isinstance(iterated, ast.Call) and isinstance(target, ast.Tuple) and iterated.args:
        target, iterated = target.elts[-1], iterated.args[0]
    elif name == "range":
        return target.id if isinstance(target, ast.Name) else None
    return target.id if isinstance(target, ast.Name) and _is_same(iterated, holder, module) else None


def _is_indexed(function: ast.expr, index: str, holder: ast.expr, module: Module) -> bool:
    """``self.layers[i](x)``"""
    return (
        isinstance(function, ast.Subscript)
        and isinstance(function.slice, ast.Name)
        and function.slice.id == index
        and _is_same(function.value, holder, module)
    )


def _writes(name: str, loop: ast.For) -> Iterator[ast.Name]:
    for node in ast.walk(loop):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
            yield node
