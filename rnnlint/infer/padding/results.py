"""Which results of a runner are used: every step, the last one, or the final state?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from typing import NamedTuple

from rnnlint.infer.padding.holding import Follower, Held
from rnnlint.infer.padding.last_steps import Steps
from rnnlint.infer.padding.runs import Run
from rnnlint.infer.padding.taking import Taken, Taking
from rnnlint.infer.values.domain import Int, Tensor
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import Module

_SILENT = frozenset(("print", "shape", "len", "Print", "type", "isinstance"))
_SHAPES = frozenset(("shape", "get_shape", "set_shape", "dtype", "name"))


class State(NamedTuple):
    """The final state of a run, or a part of it."""

    run: Run


class Results:
    """Where a module, and those that call it, use the results of a run."""

    def __init__(self, run: Run, module: Module, evaluator: Evaluator, target: str) -> None:
        self.run, self._evaluator, self._target = run, evaluator, target
        self._taking = Taking(evaluator)
        self.state_is_used = False
        self._follower = Follower(self._through)
        self._follower.follow(self._starts(module))
        states = (held for held in self._follower.held if isinstance(held.what, State) and not held.path)
        if any(self._is_returned(held) for held in states):
            self.state_is_used = True

    @staticmethod
    def of(run: Run, module: Module, evaluator: Evaluator, target: str) -> Results:
        """The results of a run, followed on first use."""
        key = ("results", run.call, target)
        known = evaluator.memo.get(key)
        if not isinstance(known, Results):
            known = evaluator.memo[key] = Results(run, module, evaluator, target)
        return known

    @property
    def last(self) -> Mapping[ast.expr, Taken]:
        """The expressions that take the last step, in order of discovery."""
        return self._taking.last

    @property
    def is_pooled(self) -> bool:
        """Whether the outputs of all steps are combined into one vector."""
        return self._taking.is_pooled

    def _starts(self, module: Module) -> Iterator[Held]:
        run, call = self.run, self.run.call
        major = run.argument("time_major", self._target)
        fixed = major is None or isinstance(major, ast.Constant)
        axis = 0 if run.is_static or isinstance(major, ast.Constant) and major.value else 1
        count = cache(partial(self._count, module, axis))
        paired = run.is_bidirectional and not run.is_static and not run.leaf.startswith("stack")
        if fixed and paired:
            yield Held(call, module, Steps(run, axis, False, False, count), (0, 0))
            yield Held(call, module, Steps(run, axis, True, False, count), (0, 1))
        elif fixed:
            yield Held(call, module, Steps(run, axis, run.is_bidirectional, run.is_static, count), (0,))
        yield Held(call, module, State(run), (1,))
        if run.is_bidirectional and not paired:
            yield Held(call, module, State(run), (2,))

    def _count(self, module: Module, axis: int) -> int | None:
        """The number of steps, if the code shows it."""
        given = self.run.inputs(self._target)
        shape = self._evaluator.query(given, module) if given is not None else None
        axes = shape.shape if isinstance(shape, Tensor) else None
        found = axes[axis] if axes and len(axes) > axis else None
        return found.exact if isinstance(found, Int) else None

    def _through(self, parent: ast.AST, held: Held, follower: Follower) -> Iterable[Held]:
        if isinstance(held.what, State):
            return self._of_state(parent, held)
        return self._taking.through(parent, held, follower)

    # ---- states

    def _is_returned(self, held: Held) -> bool:
        """Whether a function returns only the state: then the state is its purpose."""
        return isinstance(surroundings_of(held.module).parent.get(held.node), ast.Return)

    def _of_state(self, parent: ast.AST, held: Held) -> Iterable[Held]:
        match parent:
            case ast.Attribute(attr=name):
                if name not in _SHAPES and not held.path:
                    return (held._replace(node=parent),)
                return ()
            case ast.Subscript() if parent.value is held.node:
                return (held._replace(node=parent),)
            case ast.Expr() | ast.Delete() | ast.FormattedValue():
                return ()
            case ast.Call() if leaf(parent.func) in _SILENT:
                return ()
        if not held.path or isinstance(held.node, (ast.List, ast.Tuple)):
            self.state_is_used = True
        return ()
