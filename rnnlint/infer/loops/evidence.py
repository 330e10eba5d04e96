"""Does a loop step through time? The evidence in its header and body for one call in it.

The best evidence is the state: what the cell returns in one iteration goes into it in the next. A loop over layers uses
another cell in each iteration, and one over batches executes something; neither is a loop over time.
"""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TypeAlias

from rnnlint.infer.keras import graph_code
from rnnlint.infer.loops.cell_calls import Callee
from rnnlint.infer.loops.words import counts_other_things
from rnnlint.infer.values import loop_passes
from rnnlint.resolve.walking import below

Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Loop: TypeAlias = ast.For | ast.AsyncFor | ast.While

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
LOOPS = (ast.For, ast.AsyncFor, ast.While)

MOST_CALLS = 200
"""The most calls of one loop that are analyzed; one step of a cell never has more."""


class Header:
    """What a loop shows, computed once for all calls in it."""

    def __init__(self, node: Loop | Comprehension) -> None:
        self.node = node
        self.asked = 0

    @cached_property
    def targets(self) -> frozenset[str]:
        """The names that a ``for`` or a comprehension binds in each iteration."""
        if isinstance(self.node, ast.While):
            return frozenset()
        if isinstance(self.node, (ast.For, ast.AsyncFor)):
            return loop_passes.places(self.node.target)
        return frozenset(name for generator in self.node.generators for name in loop_passes.places(generator.target))

    @cached_property
    def is_excluded(self) -> bool:
        """Whether the loop counts something else, or executes what a time loop only builds."""
        if counts_other_things(self.node):
            return True
        return isinstance(self.node, LOOPS) and graph_code.runs_each_pass(self.node.body)

    @cached_property
    def flow(self) -> list[loop_passes.Step]:
        """The assignments of the body."""
        return loop_passes.steps(self.node.body) if isinstance(self.node, LOOPS) else []

    @cached_property
    def counter(self) -> frozenset[str]:
        """What differs between iterations by the loop itself, and everything computed from it."""
        seeds = self.targets
        if isinstance(self.node, ast.While):
            tested = loop_passes.reads(self.node.test)
            seeds = frozenset(name for step in self.flow for name in step.writes & step.reads & tested)
        return loop_passes.reached(seeds, self._readers)

    @cached_property
    def _readers(self) -> loop_passes.Readers:
        return loop_passes.readers(self.flow)

    @cached_property
    def _by_statement(self) -> dict[ast.stmt, list[loop_passes.Step]]:
        found: dict[ast.stmt, list[loop_passes.Step]] = {}
        for step in self.flow:
            found.setdefault(step.node, []).append(step)
        return found

    def _depends_on(self, call: ast.Call, statement: ast.stmt) -> tuple[frozenset[str], frozenset[str]]:
        """What the statement of a call writes, and everything computed from it."""
        result = loop_passes.written_by(self._by_statement.get(statement, ()), call)
        return result, loop_passes.reached(result, self._readers)

    def may_be_over_time(self, call: ast.Call, statement: ast.stmt) -> bool:
        """Whether a call is worth resolving: its result comes back to it, or it takes ``x[:, t]``."""
        self.asked += 1
        if self.asked > MOST_CALLS or self.is_excluded:
            return False
        return not self._depends_on(call, statement)[1].isdisjoint(loop_passes.reads(call)) or self._takes_a_step(call)

    def is_over_time(self, found: Callee, statement: ast.stmt) -> bool:
        """Whether the iterations are the time steps of a cell that this call, in this statement of the body, runs."""
        if not isinstance(self.node, LOOPS):
            return found.sure and self._selects_a_step(found)
        result, after = self._depends_on(found.call, statement)
        if not found.named.isdisjoint(self.counter | result):
            return False
        if not after.isdisjoint(loop_passes.reads(found.state)):
            fed = not self.counter.isdisjoint(loop_passes.reads(found.given))
            if fed or found.whole:
                return fed
            # A `while` that counts its iterations is equivalent to a `for`.
            counts = isinstance(self.node, ast.For) or bool(self.counter)
            return self._keeps(after, statement, found) or found.sure and counts
        return found.sure and isinstance(self.node, ast.For) and self._selects_a_step(found)

    def is_bare(self, found: Callee, statement: ast.stmt) -> bool:
        """Whether only the state indicates time: no input differs between iterations, and nothing is collected."""
        after = self._depends_on(found.call, statement)[1]
        fed = not self.counter.isdisjoint(loop_passes.reads(found.given))
        carried = not after.isdisjoint(loop_passes.reads(found.state))
        return carried and not fed and not self._keeps(after, statement, found)

    def _keeps(self, after: frozenset[str], statement: ast.stmt, found: Callee) -> bool:
        """Whether each iteration leaves something besides the state: an output in a list, a part of the loss."""
        state = loop_passes.reads(found.state)
        for step in self.flow:
            adds = isinstance(step.node, (ast.Expr, ast.AugAssign)) or _stores_an_item(step.node)
            grows = adds or step.node is not statement and not step.writes.isdisjoint(step.reads)
            if grows and not after.isdisjoint(step.reads) and not step.writes <= state:
                return True
        return False

    def _selects_a_step(self, found: Callee) -> bool:
        """Whether the input is indexed along an axis after the batch, ``x[:, t]``, and the state stays the same."""
        if not self.targets.isdisjoint(found.named):
            return False
        if not (self.targets | self.counter).isdisjoint(loop_passes.reads(found.state)):
            return False
        return self._takes_a_step(found.given)

    def _takes_a_step(self, expression: ast.expr) -> bool:
        return any(
            isinstance(node, ast.Subscript)
            and isinstance(node.slice, ast.Tuple)
            and any(isinstance(index, ast.Name) and index.id in self.targets for index in node.slice.elts[1:])
            for node in below(expression)
        )


def _stores_an_item(node: ast.stmt) -> bool:
    """``outputs[t] = …``, also among several targets."""
    return isinstance(node, ast.Assign) and any(
        isinstance(part, ast.Subscript) for target in node.targets for part in below(target)
    )
