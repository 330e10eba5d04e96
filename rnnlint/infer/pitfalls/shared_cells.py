"""Which stacks and which pairs of directions use one cell object, and so share its weights?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

from rnnlint.infer.keras.layers import is_keras
from rnnlint.infer.pitfalls.sameness import bindings_of, has_own_scopes, is_from_outside, is_same_name, name_key, origin
from rnnlint.infer.values import guards, iteration
from rnnlint.infer.values.domain import Int
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.calls_by import calls_on, dotted
from rnnlint.resolve.given import argument
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.sites import Site
from rnnlint.resolve.values import External, Module, ProjectFunction

_DIRECTIONS = ("cell_fw", "cell_bw")
_DEEPEST = 6


class SharedCell(NamedTuple):
    """A stack, or a bidirectional runner, with one cell object in several places."""

    call: ast.Call
    name: str
    api: str
    cell: ast.expr
    """The repeated cell."""
    directions: bool


def find(evaluator: Evaluator, module: Module, sites: Iterable[Site], target: str) -> Iterator[SharedCell]:
    """All shared cells of a module: legacy stacks and runners, then stacks of Keras cells."""
    for found in (*_legacy(evaluator, module, sites, target), *_keras(evaluator, module)):
        if not has_own_scopes(found.cell, module):
            yield found


def _legacy(evaluator: Evaluator, module: Module, sites: Iterable[Site], target: str) -> Iterator[SharedCell]:
    for site in sites:
        call = None if isinstance(site.node, ast.alias) else module.tree.call_of(site.node)
        name = site.symbol.path.rpartition(".")[2]
        if call is None:
            continue
        if name == "MultiRNNCell" or name.startswith("stack_bidirectional"):
            for listed in ("cells", "cells_fw", "cells_bw"):
                cells = argument(call, site.symbol, listed, target)
                ask = partial(_repeated, evaluator, cells, module) if cells is not None else None
                cell = evaluator.bounded(ask, None) if ask is not None else None
                if cell is not None:
                    yield SharedCell(call, name, site.symbol.path, cell, False)
                    break
        elif "bidirectional" in name:
            forward, backward = (argument(call, site.symbol, way, target) for way in _DIRECTIONS)
            if forward is not None and backward is not None and _is_one(forward, backward, module):
                yield SharedCell(call, name, site.symbol.path, forward, True)


def _keras(evaluator: Evaluator, module: Module) -> Iterator[SharedCell]:
    for name in ("StackedRNNCells", "RNN"):
        for call in module.calls_of(name):
            paths = [value.path for value in module.values(call.func) if isinstance(value, External)]
            cells = next((k.value for k in call.keywords if k.arg in ("cells", "cell")), *call.args[:1] or (None,))
            if cells is not None and paths and all(is_keras(path) for path in paths):
                cell = evaluator.bounded(partial(_repeated, evaluator, cells, module), None)
                if cell is not None:
                    yield SharedCell(call, name, paths[0], cell, False)


def _is_one(one: ast.expr, other: ast.expr, module: Module) -> bool:
    made = origin(one, module)
    return made is not None and made is origin(other, module) and one is not other or is_same_name(one, other, module)


def _repeated(evaluator: Evaluator, cells: ast.expr, module: Module, depth: int = 0) -> ast.expr | None:
    """The cell that is in a list of cells more than once, if one certainly is."""
    if depth > _DEEPEST:
        return None
    match cells:
        case ast.BinOp(op=ast.Mult()):
            listed, count = (cells.left, cells.right) if _is_list(cells.left) else (cells.right, cells.left)
            if isinstance(listed, (ast.List, ast.Tuple)) and listed.elts and _is_several(evaluator, count, module):
                return listed.elts[0]
        case ast.BinOp(op=ast.Add()):
            for part in (cells.left, cells.right):
                found = _repeated(evaluator, part, module, depth + 1)
                if found is not None:
                    return found
            match cells:
                case ast.BinOp(left=ast.List(elts=first), right=ast.List(elts=second)):
                    return _twice([*first, *second], module)
        case ast.ListComp(generators=[generator]) | ast.GeneratorExp(generators=[generator]):
            several = not generator.ifs and _runs_again(evaluator, generator, module)
            return cells.elt if several and is_from_outside(cells.elt, generator, module) else None
        case ast.List() | ast.Tuple():
            return _twice(cells.elts, module)
        case ast.Call(func=ast.Name(id="list" | "tuple"), args=[inner]):
            return _repeated(evaluator, inner, module, depth + 1)
        case ast.Call(func=function, args=[inner, count]) if leaf(function) == "repeat":
            is_from_itertools = any(isinstance(v, External) and "itertools" in v.path for v in module.values(function))
            return inner if is_from_itertools and _is_several(evaluator, count, module) else None
        case ast.Name() | ast.Attribute():
            return _of_name(evaluator, cells, module, depth)
        case ast.Call(func=function):
            return _returned(evaluator, function, module, depth)
    return None


def _returned(evaluator: Evaluator, function: ast.expr, module: Module, depth: int) -> ast.expr | None:
    """The repeated cell in the list that a function of the module returns, whichever branch it takes."""
    values = module.values(function)
    if len(values) != 1 or not isinstance(values[0], ProjectFunction) or values[0].module is not module:
        return None
    of = values[0].node
    ends = [of.body] if isinstance(of, ast.Lambda) else [one.value for one in module.tree.scope_of(of).returns]
    found = [_repeated(evaluator, one, module, depth + 1) for one in ends if one is not None]
    return found[0] if found and all(found) and len(found) == len(ends) else None


def _is_list(node: ast.expr) -> bool:
    return isinstance(node, (ast.List, ast.Tuple))


def _is_several(evaluator: Evaluator, count: ast.expr, module: Module) -> bool:
    """Whether a number may be more than one: nobody writes a stack for a single layer."""
    number = evaluator.value(count, module, None)
    if not isinstance(number, Int):
        return True
    return number.exact not in (0, 1) and number.default not in (0, 1)


def _runs_again(evaluator: Evaluator, loop: ast.AST, module: Module) -> bool:
    if not isinstance(loop, (ast.For, ast.comprehension)):
        return isinstance(loop, ast.While)
    count = iteration.length(evaluator.value(loop.iter, module, None))
    return count.exact not in (0, 1) and count.default not in (0, 1)


def _twice(elements: list[ast.expr], module: Module) -> ast.expr | None:
    """The first cell that a previous element already holds."""
    seen: set[object] = set()
    for one in elements:
        keys = {key for key in (origin(one, module), name_key(one, module)) if key is not None}
        if keys & seen:
            return one
        seen |= keys
    return None


def _of_name(evaluator: Evaluator, cells: ast.expr, module: Module, depth: int) -> ast.expr | None:
    found = bindings_of(cells, module)
    for binding in found:
        if binding.kind != "assign" or binding.path or binding.value is None:
            continue
        shared = _repeated(evaluator, binding.value, module, depth + 1)
        if shared is not None:
            return shared
    return _appended(evaluator, cells, module)


def _appended(evaluator: Evaluator, cells: ast.expr, module: Module) -> ast.expr | None:
    """The cell that is added to a list more than once: in each iteration of a loop, or by two statements."""
    added: list[tuple[ast.expr, ast.stmt]] = []
    for call in calls_on(module, "extend", dotted(cells) or ""):
        if isinstance(call.func, ast.Attribute) and len(call.args) == 1 and _is_list_of(call.func.value, cells, module):
            shared = _repeated(evaluator, call.args[0], module, _DEEPEST - 1)
            if shared is not None:
                return shared
            more = call.args[0].elts if isinstance(call.args[0], (ast.List, ast.Tuple)) else []
            added += [(one, module.tree.home_of(call)[1]) for one in more]
    for call in calls_on(module, "append", dotted(cells) or ""):
        if isinstance(call.func, ast.Attribute) and len(call.args) == 1 and _is_list_of(call.func.value, cells, module):
            added.append((call.args[0], module.tree.home_of(call)[1]))
    if isinstance(cells, ast.Name):
        added += _joined(cells, module)
    made = {binding.statement for binding in bindings_of(cells, module) if binding.kind == "assign"}
    for cell, statement in added:
        for owner in guards.owners(statement, module):
            if isinstance(owner, (ast.If, ast.Match, ast.Try)):
                break
            if owner in list(guards.loops_around(statement, module)):
                inside = any(one is not None and owner in guards.loops_around(one, module) for one in made)
                if not inside and _runs_again(evaluator, owner, module) and is_from_outside(cell, owner, module):
                    return cell
                break
    for binding in bindings_of(cells, module):
        if isinstance(binding.value, ast.List) and binding.statement is not None and not binding.path:
            added += [(one, binding.statement) for one in binding.value.elts]
    return _twice([cell for cell, statement in added if _runs_once(statement, module)], module)


def _runs_once(statement: ast.stmt, module: Module) -> bool:
    """Whether a statement is in no branch and no loop."""
    around = (one for one in guards.owners(statement, module) if one is not statement)
    return all(isinstance(one, (ast.With, ast.AsyncWith)) for one in around)


def _joined(cells: ast.Name, module: Module) -> Iterator[tuple[ast.expr, ast.stmt]]:
    """``cells += [cell]``, in the scope of the list."""
    scope = module.tree.home_of(cells)[0]
    for statement in module.tree.holding(cells.id):
        match statement:
            case ast.AugAssign(target=ast.Name(id=cells.id), value=ast.List(elts=[cell])):
                if module.tree.positions[statement][0].scope is scope:
                    yield cell, statement


def _is_list_of(receiver: ast.expr, cells: ast.expr, module: Module) -> bool:
    if isinstance(receiver, ast.Name) and isinstance(cells, ast.Name) and receiver.id == cells.id:
        ours, theirs = module.bindings(receiver), module.bindings(cells)
        return bool({id(one) for one in ours} & {id(one) for one in theirs})
    return is_same_name(receiver, cells, module)
