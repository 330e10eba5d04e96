"""What may a module of this floor ask of the evaluator, and what does the evaluator ask of libraries?

Both are interfaces, so that `values` can be read, tested and reused without TensorFlow or Keras: what knows a library
stands in a room above and is handed to the evaluator.
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
    """Answers about expressions of one project; see `evaluate.Evaluator`."""

    keras: int
    """The generation of Keras that the code is meant for: 2 or 3."""
    memo: dict[object, object]
    """What modules of this floor learnt, each under keys of its own."""

    learnt: dict[object, Any]
    """The same, where it holds under the assumptions of now alone."""

    @property
    def assumes(self) -> bool:
        """Whether answers rest on values that expressions are taken to have."""

    @property
    def libraries(self) -> Libraries:
        """Who answers for what libraries give."""

    def query(self, expression: ast.expr, module: Module, frame: Frame | None = None) -> Abstract:
        """What an expression may be; unknown where that takes too much looking."""

    def bounded(self, ask: Callable[[], Answer], otherwise: Fallback) -> Answer | Fallback:
        """An answer that takes several expressions, within the budget of one query."""

    def assuming(self, values: Mapping[ast.expr, Abstract], ask: Callable[[], Answer]) -> Answer:
        """An answer that takes these expressions to have these values; what is learnt on the way is forgotten."""

    def affords(self, what: object, cost: int, most: int) -> bool:
        """Whether what is asked again and again is still within what a module may spend on it; notes the cost."""

    def value(self, node: ast.expr, module: Module, frame: Frame | None) -> Abstract:
        """As `query`, within the budget of the query under way."""

    def settle(
        self, bindings: list[Binding], module: Module, frame: Frame | None, use: ast.stmt | None, name: str = ""
    ) -> Abstract:
        """The value of a name with these bindings."""

    def of_binding(self, binding: Binding, module: Module, frame: Frame | None, name: str = "") -> Abstract:
        """What a binding gives its name."""

    def exported(self, module: Module, name: str) -> Abstract:
        """A module-level name as another module sees it."""

    def attribute(self, base: Abstract, name: str, module: Module, frame: Frame | None) -> Abstract:
        """What ``base.name`` is."""

    def overridden(
        self, before: Abstract, writes: list[Binding], module: Module, frame: Frame | None, use: ast.stmt | None
    ) -> Abstract:
        """A value that assignments under conditions may have replaced."""


class Libraries(Protocol):
    """Answers for what libraries give."""

    def result(self, evaluator: Evaluator, path: str, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
        """What a call of the library function or class with this dotted path gives."""

    def applied(
        self, evaluator: Evaluator, made: Made | Instance, call: ast.Call, module: Module, frame: Frame | None
    ) -> Abstract:
        """What calling an object gives that a library, or an own class, made: a layer's output, a model's."""

    def of_class(self, own: ProjectClass) -> Abstract | None:
        """What an instance of an own class is for a library: an RNN cell. None where it is nothing of the kind."""

    def method(
        self,
        evaluator: Evaluator,
        base: Tensor | Dataset,
        name: str,
        call: ast.Call,
        module: Module,
        frame: Frame | None,
    ) -> Abstract:
        """What a method of a tensor, array or dataset gives: ``array.reshape(…)``, ``dataset.batch(…)``."""

    def parameter(
        self, evaluator: Evaluator, function: ast.AST, own: ast.ClassDef | None, name: str, module: Module
    ) -> Abstract | None:
        """What a framework passes for a parameter of a function that it is given. None where it passes nothing."""

    def binds(self, path: str) -> int | None:
        """Where the function stands that a library function gives back with arguments bound. None for any other."""

    def after_operation(
        self, made: Abstract, operands: Iterable[Abstract], name: str, at: Where, same_steps: bool | None = None
    ) -> Abstract:
        """What an operation makes of tensors, with what becomes of their masks."""


class NoLibraries:
    """No library is known: a call of one gives an object of which nothing more is said."""

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
