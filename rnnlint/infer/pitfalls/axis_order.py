"""Which axis of a tensor comes first, batch or time?

The order is known where an input is declared: an axis is named after batches or steps, or the first is undefined and
the second has a fixed length, as in a batch of sequences; padded rows form the batch axis. From there it is followed
through names, functions of the project, feeds and transpositions.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable
from typing import TypeAlias

from rnnlint.infer.keras.layers import is_keras
from rnnlint.infer.pitfalls import axis_names
from rnnlint.infer.pitfalls.axis_names import Layout, meaning
from rnnlint.infer.pitfalls.sameness import bindings_of
from rnnlint.infer.tensorflow.feeds import Feeds
from rnnlint.infer.values.callers import frames_of
from rnnlint.infer.values.domain import Int, Sequence
from rnnlint.infer.values.entered import parameter_of
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import External, Made, Module, ProjectFunction

Known: TypeAlias = "tuple[Layout, ast.expr]"
"""A layout, and the place of its declaration."""

SWAPPED: dict[Layout, Layout] = {"batch": "time", "time": "batch"}

_KEEPING = frozenset(
    """
    cast identity dropout embedding_lookup convert_to_tensor to_float relu tanh constant array asarray float32 astype
    copy stop_gradient batch_normalization dense
    """.split()  # noqa: SIM905
)
_KEEPING_LAYERS = frozenset(
    """
    Embedding Masking Dropout SpatialDropout1D Dense TimeDistributed LayerNormalization BatchNormalization Activation
    GaussianNoise
    """.split()  # noqa: SIM905
)
_TURNING = frozenset(("transpose", "permute_dimensions"))
_INPUTS = ("a", "x", "ids", "tensor", "input", "value", "params", "inputs", "arr")
_DEEPEST = 12


class AxisOrder:
    """Finds the layouts of the tensors of one module."""

    def __init__(self, evaluator: Evaluator, module: Module) -> None:
        self._evaluator, self._module = evaluator, module
        self._feeds = Feeds(module)
        self._entered: dict[ast.AST, Known | None] = {}
        """The layouts of the parameters of the functions that are being followed."""
        self._asked: set[ast.AST] = set()

    def ask(self, node: ast.expr, is_list: bool) -> Known | None:
        """The layout of an input, within the budget of one query."""
        return self._evaluator.bounded(lambda: self.of_list(node) if is_list else self.of(node), None)

    def of(self, node: ast.expr, depth: int = 0) -> Known | None:
        """The layout of a tensor [batch, steps, …] or [steps, batch, …]."""
        if depth > _DEEPEST or node in self._asked:
            return None
        self._asked.add(node)
        try:
            return self._of(node, depth + 1)
        finally:
            self._asked.discard(node)

    def _of(self, node: ast.expr, depth: int) -> Known | None:
        match node:
            case ast.Call():
                return self._of_call(node, depth)
            case ast.BinOp(left=left, right=right):
                found = [one for one in (self.of(left, depth), self.of(right, depth)) if one is not None]
                return _agreed(found)
            case ast.Subscript(value=inner, slice=index) if _takes_whole_axes(index):
                return self.of(inner, depth)
        bindings = bindings_of(node, self._module)
        return _agreed([self._of_binding(one, depth) for one in bindings])

    def _of_binding(self, binding: Binding, depth: int) -> Known | None:
        if binding.kind == "parameter":
            if binding.node in self._entered:
                return self._entered[binding.node]
            return self._of_callers(binding, depth)
        if binding.kind != "assign" or binding.path or binding.value is None:
            return None
        return self.of(binding.value, depth)

    def _of_callers(self, parameter: Binding, depth: int) -> Known | None:
        """The layout that all calls of a function in this module pass."""
        function, owner = parameter.scope.node, parameter.scope.enclosing_class()
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        of = owner.node if owner is not None and isinstance(owner.node, ast.ClassDef) else None
        found: list[Known | None] = []
        for frame in frames_of(self._evaluator, function, self._module, of):
            given = frame.arguments.get(parameter.name)
            if given is None or given.part is not None or given.module is not self._module:
                return None
            found.append(self.of(given.expression, depth))
        return _agreed(found)

    # ---- lists of tensors

    def of_list(self, node: ast.expr, depth: int = 0) -> Known | None:
        """The layout of the tensor that a list was split from: the list runs along its first axis."""
        if depth > _DEEPEST:
            return None
        if isinstance(node, ast.ListComp) and len(node.generators) == 1:
            # [tf.squeeze(piece, [0]) for piece in tf.split(x, count, 0)]
            same = node.elt.args[0] if isinstance(node.elt, ast.Call) and node.elt.args else node.elt
            each = node.generators[0].target
            is_same = isinstance(same, ast.Name) and isinstance(each, ast.Name) and same.id == each.id
            return self.of_list(node.generators[0].iter, depth + 1) if is_same else None
        if not isinstance(node, ast.Call):
            found = bindings_of(node, self._module)
            if len(found) != 1 or found[0].kind != "assign" or found[0].path or found[0].value is None:
                return None
            return self.of_list(found[0].value, depth + 1)
        name = self._leaf(node)
        if name not in ("unstack", "unpack", "split") or not node.args:
            return None
        axis = next((k.value for k in node.keywords if k.arg == "axis"), node.args[2] if len(node.args) > 2 else None)
        number = 0 if axis is None else self._number(axis)
        flat = self._flattened(node.args[0]) if name == "split" else None
        whole = self.of(flat if flat is not None else node.args[0], depth + 1)
        if whole is None or number not in (0, 1) or flat is not None and number:
            return None
        return whole if number == 0 else (SWAPPED[whole[0]], whole[1])

    def _flattened(self, node: ast.expr) -> ast.expr | None:
        """The layout of a tensor that ``tf.reshape(x, [-1, depth])`` flattens."""
        if not isinstance(node, ast.Call):
            found = bindings_of(node, self._module)
            value = found[0].value if len(found) == 1 and found[0].kind == "assign" and not found[0].path else None
            if not isinstance(value, ast.Call):
                return None
            node = value
        shape = _given(node, 1, "shape") if self._leaf(node) == "reshape" else None
        is_flat = (
            isinstance(shape, (ast.List, ast.Tuple)) and len(shape.elts) == 2 and isinstance(shape.elts[0], ast.UnaryOp)
        )
        return node.args[0] if is_flat and node.args else None

    # ---- calls

    def _of_call(self, call: ast.Call, depth: int) -> Known | None:
        values = self._module.values(call.func)
        if len(values) == 1 and isinstance(values[0], Made):
            return self._of_layer(values[0], call, depth)
        if len(values) == 1 and isinstance(values[0], ProjectFunction):
            return self._of_function(values[0], call, depth)
        name = self._leaf(call)
        if name in ("placeholder", "Input"):
            return self._of_input(call, name, depth)
        if name == "pad_sequences":
            return "batch", call.func
        made = axis_names.axes_made(call, leaf(call.func) or "")
        if made:
            return _by_names(made, call)
        if not name:
            # A method of an array: ``data.transpose(1, 0, 2)``.
            if values or not isinstance(call.func, ast.Attribute):
                return None
            return self._changed(call.func.attr, call.func.value, call.args, call, depth)
        given = next((k.value for k in call.keywords if k.arg in _INPUTS), None)
        rest = call.args
        if name == "embedding_lookup":
            given = next((k.value for k in call.keywords if k.arg == "ids"), *call.args[1:2] or (None,))
        elif given is None and call.args:
            given, rest = call.args[0], call.args[1:]
        return self._changed(name, given, rest, call, depth) if given is not None else None

    def _changed(self, name: str, given: ast.expr, rest: list[ast.expr], call: ast.Call, depth: int) -> Known | None:
        """The layout that a function or method returns for a tensor."""
        if name in _TURNING:
            order = next((k.value for k in call.keywords if k.arg in ("perm", "axes", "pattern")), None)
            numbers = self._numbers(rest) if order is None and len(rest) > 1 else None
            if numbers is None and (order is not None or rest):
                numbers = self._numbers_of(order if order is not None else rest[0])
            found = self.of(given, depth) if numbers is not None else None
            if found is None or numbers is None or numbers[2:] != [*range(2, len(numbers))]:
                return None
            return (SWAPPED[found[0]], found[1]) if numbers[:2] == [1, 0] else found
        if name == "swapaxes":
            found = self.of(given, depth) if sorted(map(str, self._numbers(rest))) == ["0", "1"] else None
            return (SWAPPED[found[0]], found[1]) if found is not None else None
        if name == "reshape":
            shape = next((k.value for k in call.keywords if k.arg == "shape"), *rest if len(rest) == 1 else (None,))
            return _by_names(axis_names.elements_of(shape) or rest, call)
        return self.of(given, depth) if name in _KEEPING else None

    def _of_layer(self, made: Made, call: ast.Call, depth: int) -> Known | None:
        """The layout that a Keras layer returns for a tensor."""
        name = made.path.rpartition(".")[2]
        if not is_keras(made.path) or not call.args:
            return None
        if name == "Lambda":
            function = _given(made.call, 0, "function")
            values = made.module.values(function) if function is not None else ()
            if len(values) == 1 and isinstance(values[0], ProjectFunction):
                return self._of_function(values[0], call, depth)
        return self.of(call.args[0], depth) if name in _KEEPING_LAYERS else None

    def _of_function(self, value: ProjectFunction, call: ast.Call, depth: int) -> Known | None:
        """The layout that a function of this module returns for these arguments."""
        function = value.node
        if value.module is not self._module or value.owner is not None:
            return None
        if isinstance(function, ast.Lambda):
            returned = [function.body]
        else:
            returned = [r.value for r in self._module.tree.scope_of(function).returns if r.value is not None]
        given: dict[ast.AST, Known | None] = {}
        for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
            name = parameter_of(function, call, argument, False)
            binding = self._module.tree.scope_of(function).given.get(name) if name is not None else None
            if binding is not None:
                given[binding.node] = self.of(argument, depth)
        before = {node: self._entered[node] for node in given if node in self._entered}
        self._entered |= given
        found = _agreed([self.of(one, depth) for one in returned])
        for node in given:
            del self._entered[node]
        self._entered |= before
        return found

    # ---- where it is declared

    def _of_input(self, call: ast.Call, name: str, depth: int) -> Known | None:
        """The layout that an input declares; for a placeholder also that of its feeds, if they agree."""
        at = 0 if name == "Input" else 1
        axes = axis_names.elements_of(_given(call, at, "shape"))
        if name == "Input":
            is_batch = bool(axes) and meaning(axes[0]) == "batch"
            return ("time" if is_batch else "batch"), call.func
        said = _by_names(axes, call)
        if said is None and len(axes) in (2, 3) and _is_none(axes[0]) and meaning(axes[1]) is None:
            length = self._evaluator.value(axes[1], self._module, None)
            if isinstance(length, Int) and length.exact is not None and length.exact > 1:
                said = "batch", call.func
        fed = [self.of(one.value, depth) for one in self._feeds.of.get(call, ()) if one.module is self._module]
        known = [one for one in (said, *fed) if one is not None]
        return _agreed(known if said is not None else fed)

    # ---- names and numbers

    def _leaf(self, call: ast.Call) -> str:
        """The last name of a library's function."""
        paths = [value.path for value in self._module.values(call.func) if isinstance(value, External)]
        return (leaf(call.func) or "") if paths else ""

    def _number(self, node: ast.expr) -> int | None:
        value = self._evaluator.value(node, self._module, None)
        return value.exact if isinstance(value, Int) else None

    def _numbers(self, nodes: Iterable[ast.expr]) -> list[int | None]:
        return [self._number(node) for node in nodes]

    def _numbers_of(self, node: ast.expr) -> list[int | None] | None:
        value = self._evaluator.value(node, self._module, None)
        if not isinstance(value, Sequence) or value.items is None:
            return None
        return [item.exact if isinstance(item, Int) else None for item in value.items]


def _agreed(found: Collection[Known | None]) -> Known | None:
    """The common layout, if all agree."""
    layouts = {one[0] if one is not None else None for one in found}
    return next(iter(found)) if len(layouts) == 1 else None


def _by_names(axes: list[ast.expr], call: ast.Call) -> Known | None:
    layout = axis_names.first_of(axes)
    return (layout, call.func) if layout is not None else None


def _given(call: ast.Call, position: int, name: str) -> ast.expr | None:
    named = (keyword.value for keyword in call.keywords if keyword.arg == name)
    return next(named, call.args[position] if len(call.args) > position else None)


def _takes_whole_axes(index: ast.expr) -> bool:
    """``x[:, :, :3]``, ``x[..., None]``: the first two axes stay."""
    parts = index.elts if isinstance(index, ast.Tuple) else []
    if parts and isinstance(parts[0], ast.Constant) and parts[0].value is ...:
        return True
    return len(parts) > 2 and all(isinstance(part, ast.Slice) for part in parts[:2])


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
