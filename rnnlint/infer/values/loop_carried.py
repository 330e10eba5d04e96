"""Which tensor does a loop pass from one iteration to the next? The shape that is the same in every iteration."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.values import guards, iteration
from rnnlint.infer.values.domain import NOTHING, UNKNOWN, Abstract, Constant, Int, Sequence, Tensor, exactly, join
from rnnlint.infer.values.frames import Frame
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import Module
from rnnlint.resolve.walking import below

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

_MOST_PASSES = 4


def carried(evaluator: Evaluator, name: ast.expr, module: Module, frame: Frame | None = None) -> Abstract:
    """The value of ``x`` in ``for …: x = layer(x)``: the shape before the loop, widened by each iteration's result.

    Also the length of a list that every iteration recreates. Unknown if the loop does not carry the name, or if the
    shape changes in every iteration.
    """
    if not isinstance(name, ast.Name) or module.tree.home(name) is None:
        return UNKNOWN
    key = ("carried", name, frame)
    if key not in evaluator.memo:
        # An expression that depends on itself adds nothing.
        evaluator.memo[key] = UNKNOWN
        evaluator.memo[key] = _settled(evaluator, name, module, frame)
    found = evaluator.memo[key]
    return found if isinstance(found, (Tensor, Sequence)) else UNKNOWN


def behind(evaluator: Evaluator, name: ast.expr, module: Module, frame: Frame | None = None) -> Abstract:
    """The value of ``x`` after ``for …: x = layer(x)``, if the loop certainly runs: the result of its iterations."""
    if not isinstance(name, ast.Name) or module.tree.home(name) is None:
        return UNKNOWN
    key = ("behind a loop", name, frame)
    if key not in evaluator.memo:
        evaluator.memo[key] = UNKNOWN
        evaluator.memo[key] = _after_passes(evaluator, name, module, frame)
    found = evaluator.memo[key]
    return found if isinstance(found, (Tensor, Sequence)) else UNKNOWN


def _after_passes(evaluator: Evaluator, name: ast.Name, module: Module, frame: Frame | None) -> Abstract:
    use = module.tree.home_of(name)[1]
    bindings = module.bindings(name)
    around = set(guards.loops_around(use, module))
    inside = [b for b in bindings if b.statement is not None and set(guards.loops_around(b.statement, module)) - around]
    outside = [b for b in bindings if b not in inside]
    if len(inside) != 1 or not outside or inside[0].kind != "assign" or inside[0].statement is None:
        return UNKNOWN
    loops = [loop for loop in guards.loops_around(inside[0].statement, module) if loop not in around]
    block = module.tree.positions[inside[0].statement][0]
    if len(loops) != 1 or not isinstance(loops[0], ast.For) or block.owner is not loops[0] or block.role != "loop":
        return UNKNOWN
    count = iteration.length(evaluator.value(loops[0].iter, module, frame))
    if count.low < 1 and not count.default:
        return UNKNOWN
    same = _same_names(name, loops[0], bindings, module)
    made: list[Abstract] = [join([evaluator.of_binding(binding, module, frame) for binding in outside])]
    growing = isinstance(made[0], Sequence) and made[0].length.exact is not None and count.exact is not None
    for _ in range(2 if growing else min(count.exact or _MOST_PASSES, _MOST_PASSES)):
        if growing and isinstance(made[-1], Sequence):
            made[-1] = Sequence(made[-1].length, None, UNKNOWN)
        elif not isinstance(made[-1], Tensor) or made[-1].shape is None and made[-1].mask is None:
            return UNKNOWN
        assumed: dict[ast.expr, Abstract] = dict.fromkeys(same, made[-1])
        made += evaluator.assuming(assumed, lambda: [evaluator.of_binding(inside[0], module, frame)])
    if growing:
        return _grown(made, count)
    return made[-1] if count.exact is not None and count.exact < _MOST_PASSES else join(made[1:])


def _grown(made: list[Abstract], count: Int) -> Abstract:
    """``xs = xs + [x]``: a list after so many iterations, if the first two add equally many elements."""
    sizes = [one.length.exact for one in made if isinstance(one, Sequence)]
    if len(sizes) < 3 or count.exact is None or sizes[0] is None or sizes[1] is None or sizes[2] is None:
        return UNKNOWN
    more = sizes[1] - sizes[0]
    if more < 0 or sizes[2] - sizes[1] != more:
        return UNKNOWN
    return Sequence(exactly(sizes[0] + more * count.exact, count.origin), None, UNKNOWN)


def _same_names(name: ast.Name, loop: ast.stmt, bindings: list[Binding], module: Module) -> list[ast.Name]:
    """The reads of a value that a loop carries."""
    return [
        node
        for node in below(loop)
        if isinstance(node, ast.Name) and node.id == name.id and module.tree.home(node) is not None
        and set(module.bindings(node)) >= set(bindings)
    ]  # fmt: skip


def _settled(evaluator: Evaluator, name: ast.Name, module: Module, frame: Frame | None) -> Abstract:
    use = module.tree.home_of(name)[1]
    bindings = module.bindings(name)
    loops = list(guards.loops_around(use, module))
    if not loops or len(bindings) < 2:
        return UNKNOWN
    inside = [b for b in bindings if b.statement is not None and loops[0] in guards.loops_around(b.statement, module)]
    outside = [b for b in bindings if b not in inside]
    if not inside or not outside or any(b.kind != "assign" for b in inside):
        return UNKNOWN
    same = _same_names(name, loops[0], bindings, module)
    entering = join([evaluator.of_binding(binding, module, frame) for binding in outside])
    for _ in range(_MOST_PASSES):
        if isinstance(entering, Sequence):
            entering = Sequence(entering.length, None, UNKNOWN)
        elif isinstance(entering, Constant) and entering.value is None:
            # `out = None`, which the first iteration does not read: its result is what the next one reads.
            entering = NOTHING
        elif not isinstance(entering, Tensor) or entering.shape is None:
            return UNKNOWN
        assumed: dict[ast.expr, Abstract] = dict.fromkeys(same, entering)
        made = evaluator.assuming(assumed, lambda: [evaluator.of_binding(b, module, frame) for b in inside])
        after = join([entering, *made])
        if isinstance(after, Sequence):
            after = Sequence(after.length, None, UNKNOWN)
        if after == entering:
            return entering
        entering = after
    return UNKNOWN
