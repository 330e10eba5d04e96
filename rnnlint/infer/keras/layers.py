"""Which Keras layer does this call construct, and with which arguments?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rnnlint.infer.tensorflow.arguments import Arguments
from rnnlint.infer.values.domain import (
    UNKNOWN,
    Abstract,
    Constant,
    Sequence,
    Table,
    as_int,
    truth,
)
from rnnlint.infer.values.frames import Frame, enter
from rnnlint.resolve.calls_by import calls_in
from rnnlint.resolve.classes import class_bindings
from rnnlint.resolve.values import External, Instance, Made, Module, Partial, ProjectClass, Value

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

_ROOTS = (
    "keras.", "tf.keras.", "tf_keras.", "tf.python.keras.", "tf.compat.v1.keras.", "tf.compat.v2.keras.",
    "tf.contrib.keras.", "tf._api.v2.keras.",
)  # fmt: skip
_FUNCTIONS = (".ops.", ".backend.", ".utils.", ".preprocessing.", ".activations.", ".initializers.", ".datasets.")

RECURRENT = {"SimpleRNN": 3, "LSTM": 3, "GRU": 3, "RNN": 3, "ConvLSTM1D": 4, "ConvLSTM2D": 5, "ConvLSTM3D": 6}
"""Layers that take ``unroll``, and the rank of their input."""

MODELS = frozenset(("Sequential", "Model", "Functional"))
INPUTS = frozenset(("Input", "InputLayer"))


def is_keras(path: str) -> bool:
    """Whether a path is in Keras, in any of its spellings."""
    return path.startswith(_ROOTS)


def is_layer(path: str) -> bool:
    """Whether a path may name a layer, a model or an input: Keras without its plain functions."""
    return is_keras(path) and not any(part in path for part in _FUNCTIONS)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A Keras layer, described by its construction: the call itself, a ``partial``, a custom class's ``__init__``."""

    path: str
    call: ast.Call
    module: Module
    keywords: tuple[tuple[ast.keyword, Arguments], ...]
    """The call that takes precedence."""
    positional: tuple[tuple[ast.expr, Arguments], ...]
    hidden: bool
    """Whether there may be arguments that are not visible, as in ``LSTM(8, **options)``."""

    @property
    def leaf(self) -> str:
        """The name of the class."""
        return self.path.rsplit(".", 1)[-1]

    def value(self, position: int | None, *names: str) -> Abstract | None:
        """An argument by position or by any of these names; None if it is not passed."""
        for keyword, where in self.keywords:
            if keyword.arg in names:
                return where.evaluator.value(keyword.value, where.module, where.frame)
            if keyword.arg is None:
                table = where.evaluator.value(keyword.value, where.module, where.frame)
                if isinstance(table, Table):
                    found = [table.entries[name] for name in names if name in table.entries]
                    if found:
                        return found[0]
        if position is None or position >= len(self.positional):
            return None
        node, where = self.positional[position]
        if any(isinstance(before, ast.Starred) for before, _ in self.positional[: position + 1]):
            return UNKNOWN
        return where.evaluator.value(node, where.module, where.frame)

    def integer(self, default: int | None, position: int | None, *names: str) -> int | None:
        """An argument as one integer (also from a tuple of one); None if unknown."""
        value = self.value(position, *names)
        if value is None or isinstance(value, Constant) and value.value is None:
            return default
        return as_int(value.items[0] if isinstance(value, Sequence) and value.items else value).exact

    def text(self, default: str, position: int | None, *names: str) -> str | None:
        """An argument as a string; None if unknown."""
        value = self.value(position, *names)
        if value is None:
            return default
        return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None

    def flag(self, position: int | None, name: str) -> bool | None:
        """An argument that is False by default; None if unknown."""
        value = self.value(position, name)
        if value is None:
            return None if self.may_hide else False
        return truth(value)

    @property
    def may_hide(self) -> bool:
        """Whether an argument that is not visible may still be passed."""
        if not self.hidden:
            return False
        if any(isinstance(node, ast.Starred) for node, _ in self.positional):
            return True
        tables = [
            where.evaluator.value(keyword.value, where.module, where.frame)
            for keyword, where in self.keywords
            if keyword.arg is None
        ]
        return not all(isinstance(table, Table) and not table.open for table in tables)

    def node(self, position: int, *names: str) -> tuple[ast.expr, Arguments] | None:
        """An argument's expression, and where to evaluate it."""
        for keyword, where in self.keywords:
            if keyword.arg in names:
                return keyword.value, where
        if position < len(self.positional) and not isinstance(self.positional[position][0], ast.Starred):
            return self.positional[position]
        return None


def returns_sequences(layer: Layer) -> bool | None:
    """Whether a recurrent layer returns its output for every step."""
    return layer.flag(1 if layer.leaf == "RNN" else None, "return_sequences")


def constructed_by(evaluator: Evaluator, call: ast.Call, module: Module, frame: Frame | None = None) -> list[Layer]:
    """The layers that a call may construct: a Keras class, under any alias, or a class derived from one."""
    found = [_layer(evaluator, value, call, module, frame) for value in module.values(call.func)]
    return [layer for layer in found if layer is not None]


def layer_of(evaluator: Evaluator, made: Value, frame: Frame | None = None) -> Layer | None:
    """The layer that a value stands for; None if it is not a layer. ``frame`` is the call in which the value is
    needed."""
    if isinstance(made, Made) and is_layer(made.path):
        module, call = made.module, made.call
        frame = frame_of(call, module, frame)
        for value in module.values(call.func):
            if external(value) == made.path:
                return _layer(evaluator, value, call, module, frame)
        return _from_calls(evaluator, made.path, call, module, ((call, module, frame),), 0)
    if isinstance(made, Instance) and made.made_by is not None and made.made_in is not None:
        frame = frame_of(made.made_by, made.made_in, frame)
        return _layer(evaluator, made.of, made.made_by, made.made_in, frame)
    return None


def frame_of(call: ast.Call, module: Module, frame: Frame | None) -> Frame | None:
    """The frame, if a call is in the function that the frame belongs to."""
    if frame is None or module.tree.home(call) is None:
        return None
    scope = module.tree.home_of(call)[0]
    while scope.kind in ("comprehension", "lambda") and scope.parent is not None:
        scope = scope.parent
    return frame if scope.node is frame.function else None


def external(value: Value) -> str | None:
    """The path that a value names, also through ``functools.partial``."""
    while isinstance(value, Partial):
        value = value.of
    return value.path if isinstance(value, External) else None


Written = tuple[ast.Call, Module, Frame | None]


def _layer(evaluator: Evaluator, value: Value, call: ast.Call, module: Module, frame: Frame | None) -> Layer | None:
    written: list[Written] = [(call, module, frame)]
    while isinstance(value, Partial):
        written.append((value.call, value.module, None))
        value = value.of
    if isinstance(value, External) and is_layer(value.path):
        return _from_calls(evaluator, value.path, call, module, tuple(written), len(written) - 1)
    if isinstance(value, ProjectClass):
        path = keras_base(value)
        if path is None:
            return None
        inner = _own_init(value)
        if inner is None:
            return _from_calls(evaluator, path, call, module, tuple(written), len(written) - 1)
        function, above, home = inner
        if above is None:
            return None
        entered = enter(function, call, module, frame, True)
        parts: list[Written] = [(above, home, entered)]
        if any(keyword.arg is None for keyword in above.keywords):
            # Arguments passed on as **kwargs are looked up by name.
            parts.append((ast.Call(call.func, [], call.keywords), module, frame))
        layer = _from_calls(evaluator, path, call, module, tuple(parts), 0)
        return replace(layer, hidden=not _is_complete(call)) if len(parts) > 1 else layer
    return None


def _is_complete(call: ast.Call) -> bool:
    return all(k.arg is not None for k in call.keywords) and not any(isinstance(a, ast.Starred) for a in call.args)


def _from_calls(
    evaluator: Evaluator, path: str, call: ast.Call, module: Module, written: tuple[Written, ...], partials: int
) -> Layer:
    """A layer from its calls; the arguments of ``partial`` calls come first, without the partial's function."""
    keywords: list[tuple[ast.keyword, Arguments]] = []
    positional: list[tuple[ast.expr, Arguments]] = []
    hidden = False
    for index, (part, home, frame) in enumerate(written):
        where = Arguments(evaluator, part, home, frame)
        hidden = hidden or where.hidden
        keywords += [(keyword, where) for keyword in part.keywords]
        own = part.args[1:] if 0 < index <= partials else part.args
        positional[:0] = [(node, where) for node in own]
    return Layer(path, call, module, tuple(keywords), tuple(positional), hidden)


def keras_base(of: ProjectClass) -> str | None:
    """The Keras class that a class of the project derives from."""
    todo, seen = [of], {of.node}
    while todo:
        current = todo.pop(0)
        for base in current.node.bases:
            for value in current.module.values(base):
                path = external(value)
                if path is not None and is_layer(path):
                    return path
                if isinstance(value, ProjectClass) and value.node not in seen:
                    seen.add(value.node)
                    todo.append(value)
    return None


def _own_init(of: ProjectClass) -> tuple[ast.FunctionDef, ast.Call | None, Module] | None:
    """The ``__init__`` of a class of the project with its call of the base's, if there is exactly one."""
    for module, binding in class_bindings(of, "__init__"):
        if isinstance(binding.node, ast.FunctionDef):
            scope = module.tree.scope_of(binding.node)
            calls = [one for one in calls_in(module, "__init__", scope) if isinstance(one.func, ast.Attribute)]
            return binding.node, calls[0] if len(calls) == 1 else None, module
    return None


def method(of: ProjectClass, name: str) -> tuple[ast.FunctionDef, Module] | None:
    """A method of a class of the project, or of its bases in the project."""
    for module, binding in class_bindings(of, name):
        if isinstance(binding.node, ast.FunctionDef):
            return binding.node, module
    return None


def supers(evaluator: Evaluator, module: Module) -> Iterator[tuple[Layer, ProjectClass]]:
    """``super().__init__(...)`` in classes that derive from a Keras layer, as the layer that it constructs."""
    for call in module.calls_of("__init__"):
        scope = module.tree.home_of(call)[0]
        owner = scope.enclosing_class()
        if owner is None or not isinstance(owner.node, ast.ClassDef) or not isinstance(call.func, ast.Attribute):
            continue
        of = ProjectClass(owner.node, module)
        path = keras_base(of)
        if path is None:
            continue
        is_super = isinstance(call.func.value, ast.Call) and getattr(call.func.value.func, "id", "") == "super"
        written = call if is_super else ast.Call(call.func, call.args[1:], call.keywords)
        yield _from_calls(evaluator, path, call, module, ((written, module, None),), 0), of
