"""What does the evaluator offer to this room, and what does it need from libraries?

Both are interfaces, so that `values` can be read, tested and reused without TensorFlow or Keras: library knowledge is
in the rooms above and is passed to the evaluator.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from rnnlint.infer.values.domain import UNKNOWN, Abstract, Dataset, Other, Tensor, Where
from rnnlint.infer.values.frames import Frame
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import Instance, Made, Module, ProjectClass

Answer = TypeVar("Answer")
Fallback = TypeVar("Fallback")


class Evaluator(Protocol):
    """Evaluates expressions of one project; see `evaluate.Evaluator`."""

    keras: int
    """The generation of Keras that the code targets: 2 or 3."""
    memo: dict[object, object]
    """Caches of modules in this room, each under its own keys."""

    learnt: dict[object, Any]
    """The same for results that depend on the current assumptions."""

    is_over_budget: bool
    """Whether a value was left unknown because it takes more looking than a module may spend."""

    @property
    def assumes(self) -> bool:
        """Whether answers rest on values that expressions are taken to have."""

    @property
    def libraries(self) -> Libraries:
        """Evaluates library calls."""

    def query(self, expression: ast.expr, module: Module, frame: Frame | None = None) -> Abstract:
        """What an expression may be; unknown if the budget is used up."""

    def bounded(self, ask: Callable[[], Answer], otherwise: Fallback) -> Answer | Fallback:
        """A result that needs several expressions, within the budget of one query."""

    def assuming(self, values: Mapping[ast.expr, Abstract], ask: Callable[[], Answer]) -> Answer:
        """A result under the assumption that these expressions have these values; caches made on the way are
        dropped."""

    def forget(self) -> None:
        """Drop all cached results, at the end of the check."""

    def affords(self, what: object, cost: int, most: int) -> bool:
        """Whether a repeated computation is within the budget of a module; records its cost."""

    def value(self, node: ast.expr, module: Module, frame: Frame | None) -> Abstract:
        """Like `query`, within the budget of the current query."""

    def settle(
        self, bindings: list[Binding], module: Module, frame: Frame | None, use: ast.stmt | None, name: str = ""
    ) -> Abstract:
        """The value of a name with these bindings."""

    def of_binding(self, binding: Binding, module: Module, frame: Frame | None, name: str = "") -> Abstract:
        """The value that a binding gives its name."""

    def exported(self, module: Module, name: str) -> Abstract:
        """A module-level name as another module sees it."""

    def attribute(self, base: Abstract, name: str, module: Module, frame: Frame | None) -> Abstract:
        """The value of ``base.name``."""

    def overridden(
        self, before: Abstract, writes: list[Binding], module: Module, frame: Frame | None, use: ast.stmt | None
    ) -> Abstract:
        """A value that assignments under conditions may have replaced."""


class Libraries(Protocol):
    """Evaluates library calls."""

    def result(self, evaluator: Evaluator, path: str, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
        """The result of a call of the library function or class with this dotted path."""

    def applied(
        self, evaluator: Evaluator, made: Made | Instance, call: ast.Call, module: Module, frame: Frame | None
    ) -> Abstract:
        """The result of calling an object that a library or a custom class made: a layer's or a model's output."""

    def of_class(self, own: ProjectClass) -> Abstract | None:
        """The library's view of an instance of a custom class: an RNN cell. None if it is nothing of the kind."""

    def method(
        self,
        evaluator: Evaluator,
        base: Tensor | Dataset,
        name: str,
        call: ast.Call,
        module: Module,
        frame: Frame | None,
    ) -> Abstract:
        """The result of a method of a tensor, array or dataset: ``array.reshape(…)``, ``dataset.batch(…)``."""

    def parameter(
        self, evaluator: Evaluator, function: ast.AST, own: ast.ClassDef | None, name: str, module: Module
    ) -> Abstract | None:
        """What a framework passes for a parameter of a function that it calls. None if unknown."""

    def binds(self, path: str) -> int | None:
        """The position of the function that a library function returns with arguments bound. None for any other."""

    def after_operation(
        self, made: Abstract, operands: Iterable[Abstract], name: str, at: Where, same_steps: bool | None = None
    ) -> Abstract:
        """The result of an operation on tensors, including their masks."""


class NoLibraries:
    """No library: a library call returns an object about which nothing else is known."""

    def result(self, evaluator: Evaluator, path: str, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
        return Other(Made(path, call, module), frame)

    def applied(
        self, evaluator: Evaluator, made: Made | Instance, call: ast.Call, module: Module, frame: Frame | None
    ) -> Abstract:
        return UNKNOWN

    def of_class(self, own: ProjectClass) -> Abstract | None:
        return None

    def method(
        self,
        evaluator: Evaluator,
        base: Tensor | Dataset,
        name: str,
        call: ast.Call,
        module: Module,
        frame: Frame | None,
    ) -> Abstract:
        return UNKNOWN

    def parameter(
        self, evaluator: Evaluator, function: ast.AST, own: ast.ClassDef | None, name: str, module: Module
    ) -> Abstract | None:
        return None

    def binds(self, path: str) -> int | None:
        return None

    def after_operation(
        self, made: Abstract, operands: Iterable[Abstract], name: str, at: Where, same_steps: bool | None = None
    ) -> Abstract:
        return made
