"""Which Keras layers of a module unroll, and over which time axis?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from rnnlint.infer.keras.layers import RECURRENT, Layer, constructed_by, returns_sequences, supers
from rnnlint.infer.keras.own_inputs import own_input
from rnnlint.infer.keras.uses import Seen, Uses
from rnnlint.infer.values.arithmetic import Axis
from rnnlint.infer.values.domain import ANY, UNDEFINED, UNKNOWN, Int, Tensor, Undefined, join, truth
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.prospects import UNROLL_OF_RNN, prospects_of
from rnnlint.resolve.values import External, Made, Module, Partial, ProjectClass

_COUNTED = frozenset(
    """
    units cell layer return_sequences return_state go_backwards unroll name input_shape batch_input_shape input_dim
    input_length kernel_initializer recurrent_initializer bias_initializer unit_forget_bias trainable seed
    """.split()  # noqa: SIM905 - as a list it would be three times as long
)
"""Arguments that the graph-cost table supports."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The properties of a layer that the graph-cost table needs."""

    layer: str
    """For example ``LSTM``, ``RNN(LSTMCell)`` or ``Bidirectional(GRU)``."""
    return_sequences: bool
    units: int | None
    batch: int | None


@dataclass(frozen=True, slots=True)
class UnrolledLayer:
    """A Keras layer with ``unroll=True``. ``axis`` is its time axis, in steps; UNDEFINED if the code leaves it
    undefined.

    If the layer is made in one method and called in another, unknown code may call it too: then the steps of the known
    calls are only the low end.
    """

    call: ast.Call
    layer: str
    api: str
    axis: Axis
    cost: Cost | None

    @property
    def is_open(self) -> bool:
        """Whether the time axis is undefined on purpose."""
        return self.axis == UNDEFINED

    @property
    def length(self) -> Int:
        """The number of steps; unlimited if the axis is undefined or unknown."""
        return self.axis if isinstance(self.axis, Int) else ANY


def find(evaluator: Evaluator, module: Module, keras: int = 3) -> Iterator[UnrolledLayer]:
    """Every construction of a layer with ``unroll=True`` in a module. ``keras`` is 2 or 3."""
    uses: Uses | None = None
    for found, of in _constructions(evaluator, module):
        if keras == 2 and found[0].leaf.startswith("Conv"):
            # Keras 2 rejects unrolling these, so nothing is copied.
            continue
        uses = uses or Uses(evaluator, module, keras)
        seen = uses.of(found[0].call, of)
        axis, cost = evaluator.bounded(partial(_described, found, seen, module), (UNKNOWN, None))
        yield UnrolledLayer(found[0].call, found[0].leaf, found[0].path, axis, cost)


def _described(found: list[Layer], seen: list[Seen], module: Module) -> tuple[Axis, Cost | None]:
    return _time_axis(found[0], seen), _cost(found, seen, module)


def _constructions(evaluator: Evaluator, module: Module) -> Iterator[tuple[list[Layer], ProjectClass | None]]:
    """The calls that construct a layer that unrolls, in source order, and the class whose ``__init__`` it is."""
    own = {layer.call: (layer, of) for layer, of in supers(evaluator, module)}
    for call in prospects_of(module).constructions:
        if call in own:
            layer, of = own[call]
            if _unrolls(evaluator, layer) and not _passes_on(call, module):
                yield [layer], of
        elif _may_unroll(call, module):
            found = [layer for layer in constructed_by(evaluator, call, module) if _unrolls(evaluator, layer)]
            if found:
                yield found, None


def _may_unroll(call: ast.Call, module: Module) -> bool:
    """Whether a call itself may contain ``unroll=True``, checked before names are resolved."""
    if any(keyword.arg == "unroll" for keyword in call.keywords):
        return True
    may = len(call.args) > UNROLL_OF_RNN or any(keyword.arg is None for keyword in call.keywords)
    if not (may or module.tree.mentions.of_word("partial")):
        return False
    # A custom class's __init__ is found separately.
    values = module.values(call.func)
    return any(isinstance(v, Partial) or may and isinstance(v, External) for v in values)


def _passes_on(call: ast.Call, module: Module) -> bool:
    """Whether an ``__init__`` only passes its argument on: then the calls that pass it are found."""
    said = [keyword for keyword in call.keywords if keyword.arg == "unroll"]
    for keyword in said or [keyword for keyword in call.keywords if keyword.arg is None]:
        if isinstance(keyword.value, ast.Name):
            return any(binding.kind == "parameter" for binding in module.bindings(keyword.value))
    return False


def _unrolls(evaluator: Evaluator, layer: Layer) -> bool:
    if layer.leaf not in RECURRENT:
        return False
    position = UNROLL_OF_RNN if layer.leaf == "RNN" else None
    value = evaluator.bounded(lambda: layer.value(position, "unroll"), None)
    return value is not None and truth(value) is True


def _time_axis(layer: Layer, seen: list[Seen]) -> Axis:
    """The longest axis of all uses; for the shapes of one use, what is true of all."""
    axes = [(_joined([_time_of(layer, shape) for shape in use.shapes]), use.remote) for use in seen]
    if not any(isinstance(axis, Int) or axis == UNDEFINED for axis, _ in axes):
        own = own_input(layer)
        axis = _time_of(layer, own) if own is not None else UNKNOWN
        # Keras reads its own declaration only in a first layer; elsewhere it still shows what the author expects.
        return axis if isinstance(axis, Int) or not axes else UNKNOWN
    if any(axis == UNDEFINED for axis, _ in axes):
        return UNDEFINED
    known = [axis for axis, _ in axes if isinstance(axis, Int)]
    longest = max(known, key=lambda axis: (axis.default is not None, axis.default or axis.low))
    low = max(axis.low for axis in known)
    if len(known) < len(axes) or any(remote for _, remote in axes) or any(axis.default is None for axis in known):
        return Int(low, None, None, next(axis.origin for axis in known if axis.low == low))
    high = max((axis.high for axis in known if axis.high is not None), default=None)
    return replace(longest, low=low, high=high if all(axis.high is not None for axis in known) else None)


def _joined(axes: list[Axis]) -> Axis:
    joined = join(axes)
    return joined if isinstance(joined, (Int, Undefined)) else UNKNOWN


def _time_of(layer: Layer, given: Tensor) -> Axis:
    if given.shape is None or len(given.shape) != RECURRENT[layer.leaf]:
        return UNKNOWN
    axis = given.shape[0 if layer.flag(None, "time_major") else 1]
    return UNKNOWN if axis == ANY else axis


# ---- the cost


def _cost(found: list[Layer], seen: list[Seen], module: Module) -> Cost | None:
    """The layer in the terms of the graph-cost table; None if the table does not cover it."""
    layer = found[0]
    names = {keyword.arg for keyword, _ in layer.keywords}
    wrappers = {use.wrapper for use in seen}
    if len(found) > 1 or layer.hidden or not names <= _COUNTED or len(layer.positional) > 1:
        return None
    if len(seen) > 1 or not all(use.plain for use in seen) or not wrappers <= {"", "Bidirectional"} or _masks(module):
        return None
    written = _written(layer)
    sequences = returns_sequences(layer)
    if written is None or sequences is None:
        return None
    if wrappers == {"Bidirectional"}:
        written = f"Bidirectional({written})"
    return Cost(written, sequences, layer.integer(None, 0, "units"), _batch(seen))


def _batch(seen: list[Seen]) -> int | None:
    sizes = {shape.shape[0] if shape.shape else UNKNOWN for use in seen for shape in use.shapes}
    first = next(iter(sizes)) if len(sizes) == 1 else UNKNOWN
    return first.exact if isinstance(first, Int) else None


def _written(layer: Layer) -> str | None:
    if layer.leaf != "RNN":
        return layer.leaf
    found = layer.node(0, "cell")
    if found is None:
        return None
    cells = found[0].elts if isinstance(found[0], (ast.List, ast.Tuple)) else [found[0]]
    names = []
    for cell in cells:
        made = [value.path.rsplit(".", 1)[-1] for value in found[1].module.values(cell) if isinstance(value, Made)]
        if len(made) != 1 or any(k.arg not in ("units", "name") for k in getattr(cell, "keywords", [])):
            return None
        names += made
    inner = ",".join(names)
    return f"RNN([{inner}])" if isinstance(found[0], (ast.List, ast.Tuple)) else f"RNN({inner})"


def _masks(module: Module) -> bool:
    """Whether the module makes masks: a masked step takes more operations, and masks are not followed here."""
    if "masks" not in module.memo:
        said = any("mask_zero" in line for line in module.source.lines)
        module.memo["masks"] = said or bool(module.calls_of("Masking"))
    return bool(module.memo["masks"])
