"""How long is a list after what was appended to it between its binding and its use?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.values import arithmetic, calls, guards
from rnnlint.infer.values.domain import ANY, Abstract, Int, Sequence, Where, as_int, exactly, join
from rnnlint.infer.values.frames import Frame
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import Module
from rnnlint.resolve.walking import below

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator


def with_appends(
    evaluator: Evaluator, value: Sequence, name: ast.Name, bindings: list[Binding], module: Module, frame: Frame | None
) -> Abstract:
    """A list with what is appended to it between its binding and this use of its name."""
    scope, use = module.tree.home_of(name)
    while scope.kind in ("lambda", "comprehension") and scope.parent is not None:
        scope = scope.parent
    here = [b for b in bindings if b.scope is scope and b.statement is not None]
    if not here:
        return value
    growing = [
        call
        for attr in ("append", "extend", "insert", "pop", "remove", "clear")
        for call in module.calls_of(attr)
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == name.id
        and module.tree.home_of(call)[0] is scope
    ]
    total: Abstract = value.length
    added: list[Abstract] = []
    anew = value.length.exact == 0
    for call in growing:
        statement = module.tree.home_of(call)[1]
        if statement.lineno >= use.lineno or statement.lineno < min(b.statement.lineno for b in here if b.statement):
            if guards.in_loop_without(statement, here[-1].statement, module) and _share_loop(statement, use, module):
                return Sequence(ANY, None, value.item)
            continue
        count = _times(evaluator, call, statement, here[-1].statement, use, module, frame)
        total = arithmetic.binary(ast.Add(), total, count)
        if call.args:
            added.append(evaluator.value(call.args[-1], module, frame))
            anew = anew and _made_with(call, statement, module)
    if not added and total is value.length:
        return value
    items = join([*(value.items or ()), *added]) if added else value.item
    return Sequence(as_int(total), None, items, False if anew else None)


def _made_with(call: ast.Call, statement: ast.stmt, module: Module) -> bool:
    """Whether what is appended is made in the pass that appends it."""
    element = call.args[-1]
    if isinstance(element, ast.Call):
        return True
    if not isinstance(element, ast.Name):
        return False
    loops = list(guards.loops_around(statement, module))
    return all(
        b.statement is not None and list(guards.loops_around(b.statement, module)) == loops
        for b in module.bindings(element)
    )


def _share_loop(one: ast.stmt, other: ast.stmt, module: Module) -> bool:
    return bool(set(guards.loops_around(one, module)) & set(guards.loops_around(other, module)))


def _times(
    evaluator: Evaluator,
    call: ast.Call,
    statement: ast.stmt,
    start: ast.stmt | None,
    use: ast.stmt,
    module: Module,
    frame: Frame | None,
) -> Abstract:
    """How many elements a growing call adds: what it adds once, times the passes of the loops around it."""
    func = call.func
    assert isinstance(func, ast.Attribute)
    if func.attr in ("pop", "remove", "clear"):
        return ANY
    state = guards.taken(evaluator, statement, use, module, frame)
    if state is False:
        return exactly(0)
    if state is None:
        return ANY
    count: Abstract = exactly(1, (Where(module, call),))
    if func.attr == "extend":
        count = calls.length(evaluator.value(call.args[0], module, frame)) if call.args else ANY
    outside = set(guards.loops_around(start, module)) if start is not None else set()
    for loop in guards.loops_around(statement, module):
        if loop in outside:
            break
        if not isinstance(loop, ast.For) or any(isinstance(n, (ast.Break, ast.Continue)) for n in below(loop)):
            return ANY
        passes = calls.length(evaluator.value(loop.iter, module, frame))
        if loop in set(guards.loops_around(use, module)):
            return ANY
        product = arithmetic.binary(ast.Mult(), count, passes)
        count = Int(product.low, product.high, product.default, passes.origin) if isinstance(product, Int) else ANY
    return count
