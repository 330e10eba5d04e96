"""Which runners and layers get a sequence whose batch and time axis are swapped?

The layout is known where an input is declared: an axis is named for batches or for steps, or the first is open and the
second has a fixed length, as a batch of sequences has. From there it is followed through names and transpositions.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from rnnlint.facts.symbols import Symbol
from rnnlint.infer.keras.layers import is_keras
from rnnlint.infer.pitfalls.sameness import bindings_of
from rnnlint.infer.values.domain import Int, Sequence
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.given import argument, hides
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.sites import Site
from rnnlint.resolve.values import External, Made, Module

Layout: TypeAlias = Literal["batch", "time"]
"""Which axis comes first."""

_SWAPPED: dict[Layout, Layout] = {"batch": "time", "time": "batch"}
_BATCH = frozenset(("batch", "batches"))
_STEPS = frozenset(("step", "steps", "time", "times", "timesteps", "seq", "seqlen", "sequence", "frames", "window"))
_KEEPING = frozenset(
    ("cast", "identity", "dropout", "embedding_lookup", "convert_to_tensor", "to_float", "relu", "tanh")
)
_LAYERS = ("SimpleRNN", "LSTM", "GRU")
_DEEPEST = 12


class SwappedAxes(NamedTuple):
    """A call that reads the rows of a batch as steps."""

    call: ast.Call
    name: str
    api: str
    wants: Layout
    declared: ast.expr
    """The input whose layout is known."""
    is_static: bool = False
    is_layer: bool = False


def find(evaluator: Evaluator, module: Module, sites: Iterable[Site], target: str) -> Iterator[SwappedAxes]:
    """All of a module: legacy runners, then layers of Keras."""
    known = _Layouts(evaluator, module)
    for site in sites:
        call = None if isinstance(site.node, ast.alias) else module.tree.call_of(site.node)
        if call is not None and site.symbol.family in ("static", "dynamic") and not hides(call):
            yield from _runner(known, call, site.symbol, target)
    if module.calls_of("Input"):
        yield from _layers(known, module)


def _runner(known: _Layouts, call: ast.Call, symbol: Symbol, target: str) -> Iterator[SwappedAxes]:
    inputs, major = (argument(call, symbol, name, target) for name in ("inputs", "time_major"))
    is_static = symbol.family == "static"
    if inputs is None or major is not None and not isinstance(major, ast.Constant):
        return
    wants: Layout = "time" if is_static or isinstance(major, ast.Constant) and major.value else "batch"
    found = known.ask(inputs, is_static)
    if found is not None and found[0] != wants:
        yield SwappedAxes(call, symbol.path.rpartition(".")[2], symbol.path, wants, found[1], is_static)


def _layers(known: _Layouts, module: Module) -> Iterator[SwappedAxes]:
    for call in module.tree.every_call():
        made = [value for value in module.values(call.func) if isinstance(value, Made)]
        if len(made) != 1 or not call.args or not is_keras(made[0].path):
            continue
        name = made[0].path.rpartition(".")[2]
        if name in _LAYERS and not any(k.arg in ("time_major", None) for k in made[0].call.keywords):
            found = known.ask(call.args[0], False)
            if found is not None and found[0] == "time":
                yield SwappedAxes(call, name, made[0].path, "batch", found[1], is_layer=True)


class _Layouts:
    """Asks for the layouts of one module."""

    def __init__(self, evaluator: Evaluator, module: Module) -> None:
        self._evaluator, self._module = evaluator, module

    def ask(self, node: ast.expr, is_list: bool) -> tuple[Layout, ast.expr] | None:
        """The layout of an input, within the budget of one query."""
        return self._evaluator.bounded(lambda: self.of_list(node) if is_list else self.of(node), None)

    def of(self, node: ast.expr, depth: int = 0) -> tuple[Layout, ast.expr] | None:
        """The layout of a tensor [batch, steps, …] or [steps, batch, …], and where it is declared."""
        if depth > _DEEPEST:
            return None
        if isinstance(node, ast.Call):
            return self._of_call(node, depth)
        found = bindings_of(node, self._module)
        if len(found) != 1 or found[0].kind != "assign" or found[0].path or found[0].value is None:
            return None
        return self.of(found[0].value, depth + 1)

    def of_list(self, node: ast.expr, depth: int = 0) -> tuple[Layout, ast.expr] | None:
        """The layout that a list of tensors was cut from: what each is one of comes first."""
        if not isinstance(node, ast.Call):
            found = bindings_of(node, self._module) if depth < _DEEPEST else []
            if len(found) != 1 or found[0].kind != "assign" or found[0].path or found[0].value is None:
                return None
            return self.of_list(found[0].value, depth + 1)
        if self._leaf(node) not in ("unstack", "unpack") or not node.args:
            return None
        axis = next((k.value for k in node.keywords if k.arg == "axis"), node.args[2] if len(node.args) > 2 else None)
        number = 0 if axis is None else self._number(axis)
        whole = self.of(node.args[0], depth + 1)
        if whole is None or number not in (0, 1):
            return None
        return whole if number == 0 else (_SWAPPED[whole[0]], whole[1])

    def _of_call(self, call: ast.Call, depth: int) -> tuple[Layout, ast.expr] | None:
        name = self._leaf(call)
        if name in ("placeholder", "Input"):
            return self._declared(call, name)
        given = next((k.value for k in call.keywords if k.arg in ("a", "x", "ids")), None)
        if name == "embedding_lookup":
            given = given or (call.args[1] if len(call.args) > 1 else None)
        elif given is None:
            given = call.args[0] if call.args else None
        if given is None:
            return None
        if name == "transpose":
            order = next(
                (k.value for k in call.keywords if k.arg == "perm"), call.args[1] if len(call.args) > 1 else None
            )
            numbers = self._numbers(order) if order is not None else None
            found = self.of(given, depth + 1) if numbers is not None else None
            if found is None or numbers is None or numbers[2:] != [*range(2, len(numbers))]:
                return None
            return (_SWAPPED[found[0]], found[1]) if numbers[:2] == [1, 0] else found
        return self.of(given, depth + 1) if name in _KEEPING else None

    def _declared(self, call: ast.Call, name: str) -> tuple[Layout, ast.expr] | None:
        if name == "Input":
            return "batch", call.func
        shape = next((k.value for k in call.keywords if k.arg == "shape"), call.args[1] if len(call.args) > 1 else None)
        if not isinstance(shape, (ast.List, ast.Tuple)) or len(shape.elts) < 2:
            return None
        first, second = (_meaning(axis) for axis in shape.elts[:2])
        if first != "batch" and second != "time" and (first == "time" or second == "batch"):
            return "time", call.func
        if first != "time" and second != "batch" and (first == "batch" or second == "time"):
            return "batch", call.func
        if first is second is None and _is_none(shape.elts[0]) and len(shape.elts) == 3:
            length = self._evaluator.value(shape.elts[1], self._module, None)
            if isinstance(length, Int) and length.exact is not None and length.exact > 1:
                return "batch", call.func
        return None

    def _leaf(self, call: ast.Call) -> str:
        """The last name of a library's function."""
        paths = [value.path for value in self._module.values(call.func) if isinstance(value, External)]
        return (leaf(call.func) or "") if paths else ""

    def _number(self, node: ast.expr) -> int | None:
        value = self._evaluator.value(node, self._module, None)
        return value.exact if isinstance(value, Int) else None

    def _numbers(self, node: ast.expr) -> list[int | None] | None:
        value = self._evaluator.value(node, self._module, None)
        if not isinstance(value, Sequence) or value.items is None:
            return None
        return [item.exact if isinstance(item, Int) else None for item in value.items]


def _meaning(axis: ast.expr) -> Layout | None:
    """What an axis of a declared shape is named for."""
    words = set((leaf(axis) or "").lower().split("_"))
    if words & _BATCH:
        return "batch"
    return "time" if words & _STEPS else None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
