"""Which recurrent cells does a checkpoint contain, and which Keras layer has the weights of each?

Uses names and shapes only, so nothing here needs TensorFlow or numpy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rnnlint.facts.weight_mapping import MAPPINGS, WeightMapping
from rnnlint.probe.weights import names
from rnnlint.probe.weights.variables import Shape, Variable, variables

__all__ = ["CHOICES", "CUDNN_GRU", "Found", "as_json", "mapping_of", "recognize"]

CUDNN_GRU = "CudnnCompatibleGRUCell"
_CUDNN = "candidate/{}_projection/{}"
_SAME_AS = {
    "LSTMBlockFusedCell": "LSTMCell",
    "CudnnCompatibleLSTMCell": "LSTMCell",
    "GRUBlockCell": "GRUCell",
}
"""Cells with the same weights as another one."""
CHOICES = (*MAPPINGS, *_SAME_AS, CUDNN_GRU)
"""The classes that a user may choose as the cell of a scope."""

_PEEPHOLES = frozenset({"w_f_diag", "w_i_diag", "w_o_diag"})
_PROJECTIONS = ("projection/kernel", "projection/weights", "W_P")
_BLOCK_ROLES = dict(zip(names.BROKEN_UP, ("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias")))


@dataclass(frozen=True, slots=True)
class Found:
    """A cell of the checkpoint."""

    scope: str
    cell: str | None
    """The class, as TensorFlow names it; None if ambiguous."""
    keras_layer: str | None
    """The layer in ``tf.keras.layers`` with these weights; None if there is none."""
    units: int | None = None
    input_depth: int | None = None
    reason: str = ""
    """Why there is no layer."""
    possible: tuple[str, ...] = ()
    """The classes that the user has to choose from."""
    parts: Mapping[str, Variable] = field(default_factory=dict)
    """The variables by their role: ``kernel``, ``gates/bias`` and so on."""

    @property
    def adds_forget_bias(self) -> bool:
        """Whether the cell adds its `forget_bias` at run time, which checkpoints do not store."""
        return self.keras_layer == "LSTM" and self.cell != "CudnnCompatibleLSTMCell"

    def weights(self) -> dict[str, Shape]:
        """The shapes of the layer's weights; empty without a layer."""
        if self.keras_layer is None or self.units is None or self.input_depth is None:
            return {}
        width = self.units * {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}[self.keras_layer]
        bias = (2, width) if self.cell == CUDNN_GRU else (width,)
        return {"kernel": (self.input_depth, width), "recurrent_kernel": (self.units, width), "bias": bias}

    def arguments(self) -> dict[str, bool]:
        """The arguments that the layer needs to compute the same, and to start from the right bias."""
        if self.keras_layer is None or self.cell is None:
            return {}
        if self.keras_layer == "LSTM":
            # The carried bias already includes the forget bias.
            return {"unit_forget_bias": False}
        return {"reset_after": True} if self.cell == CUDNN_GRU else dict(mapping_of(self.cell).options)


def as_json(found: Found) -> dict[str, Any]:
    """The cell as the command prints it."""
    entry: dict[str, Any] = {
        "scope": found.scope,
        "cell": found.cell,
        "keras_layer": found.keras_layer,
        "units": found.units,
        "input_depth": found.input_depth,
        "arguments": found.arguments(),
        "weights": {name: list(shape) for name, shape in found.weights().items()},
        "direction": names.direction(found.scope),
        "layer": names.layer(found.scope),
    }
    if found.keras_layer is None:
        entry["reason"] = found.reason
    if found.possible:
        entry["possible"] = list(found.possible)
    return entry


def mapping_of(cell: str) -> WeightMapping:
    """How the weights of a cell map to Keras. Raises KeyError for cells that are not in `CHOICES`."""
    return MAPPINGS[_SAME_AS.get(cell, cell)]


def recognize(
    shapes: Mapping[str, Shape], chosen: Mapping[str, str] | None = None, averages: bool = False
) -> list[Found]:
    """The cells among the arrays of a checkpoint, judged by their names and shapes.

    `chosen` are the classes that the user chose for scopes; with `averages` the moving averages replace the variables.
    Raises ValueError, with a one-line message, if a choice names no scope, no cell, or a cell that does not fit.
    """
    given = variables(shapes, averages)
    asked = dict(chosen or {})
    groups = _groups(given, asked)
    for scope, cell in asked.items():
        if cell not in CHOICES:
            raise ValueError(f"unknown cell {cell!r} for {scope!r}; choose from {', '.join(CHOICES)}")
        if scope not in groups:
            raise ValueError(f"no variables in the scope {scope!r} that --cell names")
    found = [one for scope, group in groups.items() for one in _cell(scope, group, asked.get(scope))]
    return [*found, *_opaque(given)]


@dataclass(slots=True)
class _Group:
    """The variables of one scope."""

    base: str
    known: bool
    parts: dict[str, Variable] = field(default_factory=dict)
    """The variables that TensorFlow cells have, by role."""
    extras: dict[str, Variable] = field(default_factory=dict)
    """Others, by name."""


def _groups(given: Mapping[str, Variable], asked: Mapping[str, str]) -> dict[str, _Group]:
    groups: dict[str, _Group] = {}
    for name, one in given.items():
        by_user = [scope for scope in asked if name.startswith(f"{scope}/")]
        scope = max(by_user, key=len, default="")
        place = names.place(name)
        if scope and (place is None or not place.scope.startswith(f"{scope}/")):
            place = names.Place(scope, name[len(scope) + 1 :], names.base_of(scope.rpartition("/")[2]), True)
        if place is None:
            continue
        group = groups.setdefault(place.scope, _Group(place.base, place.known))
        role = names.role(place.rest) or _other_role(place.rest)
        (group.parts if role else group.extras)[role or place.rest] = one
    return groups


def _other_role(rest: str) -> str:
    cudnn = {_CUDNN.format(side, what) for side in ("input", "hidden") for what in ("kernel", "bias")}
    return rest if rest in cudnn else _BLOCK_ROLES.get(rest, "")


def _cell(scope: str, group: _Group, asked: str | None) -> Iterator[Found]:
    """The cell of a scope; empty if there is none."""
    direct = [name for name in group.extras if "/" not in name]
    recurrent = group.extras.get("recurrent_kernel")
    if not asked and recurrent and len(recurrent.shape) == 2 and group.base not in names.UNFIT:
        # A Keras layer: its weights already have the right form.
        return
    if asked:
        fault = _misfit(asked, group.parts)
        if fault:
            raise ValueError(f"--cell {scope}={asked}: {fault}")
        yield _fitting(scope, asked, group)
    elif group.base in names.UNFIT:
        cell, why = names.UNFIT[group.base]
        if group.parts or group.extras:
            yield Found(scope, cell, None, *_sizes_of_unfit(cell, group), why)
    elif group.known:
        if group.parts or direct:
            yield _of_name(scope, group, direct)
    elif any(len(one.shape) == 2 for one in [*group.parts.values(), *(group.extras[name] for name in direct)]):
        yield _unknown(scope, group, direct)


def _sizes_of_unfit(cell: str, group: _Group) -> tuple[int | None, int | None]:
    """Units and input depth, where the kernel of such a cell says them."""
    gates, kernel = names.GATES_OF_UNFIT.get(cell), group.parts.get("kernel")
    if not gates or kernel is None or len(kernel.shape) != 2 or _projected(group) is not None:
        return None, None
    units = kernel.shape[1] // gates
    return (units, kernel.shape[0] - units) if kernel.shape[0] > units > 0 else (None, None)


def _of_name(scope: str, group: _Group, direct: list[str]) -> Found:
    cell = names.CELLS[group.base]
    if cell == "GRUCell" and "gates/kernel" in group.parts and _is_block(group):
        cell = "GRUBlockCell"
    reason = _misfit(cell, group.parts, _projected(group))
    if any(name.rpartition("/")[2] in ("gamma", "beta") for name in group.extras):
        return Found(scope, cell, None, reason="no Keras layer has layer normalization inside the cell")
    odd = [name for name in direct if name.lower() not in _PEEPHOLES and name not in _PROJECTIONS]
    if odd and not reason:
        reason = f"custom cell: {cell} has no variable {odd[0]!r}"
    if reason:
        return Found(scope, cell, None, reason=reason)
    return _fitting(scope, cell, group)


def _is_block(group: _Group) -> bool:
    return any(source.removesuffix(":0").endswith("/w_ru") for source in group.parts["gates/kernel"].sources)


def _projected(group: _Group) -> int | None:
    """The depth of the projection of an LSTMCell."""
    found = [group.extras[name].shape for name in _PROJECTIONS if name in group.extras]
    return found[0][-1] if found and len(found[0]) == 2 else None


def _fitting(scope: str, cell: str, group: _Group) -> Found:
    """The cell whose shapes fit, with the reason if Keras lacks part of it."""
    units, depth = _sizes(cell, group.parts, _projected(group))
    lacking = []
    if any(name.lower() in _PEEPHOLES for name in group.extras):
        lacking.append("peepholes (gates that read the cell state)")
    if any(name in _PROJECTIONS for name in group.extras):
        lacking.append("projection of the output")
    if lacking:
        return Found(scope, cell, None, units, depth, f"no Keras layer has {' and '.join(lacking)}")
    layer = "GRU" if cell == CUDNN_GRU else mapping_of(cell).layer
    return Found(scope, cell, layer, units, depth, parts=group.parts)


def _unknown(scope: str, group: _Group, direct: list[str]) -> Found:
    """A scope in the place of a cell, with a name that no TensorFlow cell uses."""
    ordinary = [cell for cell in ("BasicRNNCell", "LSTMCell", "GRUCell") if not _misfit(cell, group.parts)]
    if direct or not ordinary or any(name.rpartition("/")[2] in ("gamma", "beta") for name in group.extras):
        return Found(scope, None, None, reason="custom cell: its name and its variables match no TensorFlow cell")
    may_be = " or ".join(ordinary)
    wanted = f"--cell {scope}={ordinary[0] if len(ordinary) == 1 else 'NAME'}"
    reason = f"ambiguous: by its shapes it may be {may_be}, or a custom cell; choose with {wanted}"
    return Found(scope, None, None, reason=reason, possible=tuple(ordinary))


def _misfit(cell: str, parts: Mapping[str, Variable], projected: int | None = None) -> str:
    """Why the variables are not those of the cell; empty if they fit."""
    wanted = _roles(cell)
    missing = [role for role in wanted if role not in parts]
    if missing:
        return f"{cell} has a {missing[0]}, which is missing"
    more = [role for role in parts if role not in wanted]
    if more:
        return f"{cell} has no {more[0]}"
    for role, one in parts.items():
        if one.fault:
            return f"{role}: {one.fault}"
        if len(one.shape) != (2 if role.endswith("kernel") else 1):
            return f"{role} has {len(one.shape)} axes, in {cell} it has {2 if role.endswith('kernel') else 1}"
    units, depth = _sizes(cell, parts, projected)
    if units < 1 or depth < 1:
        return f"{next(iter(wanted))} of shape {list(parts[next(iter(wanted))].shape)} leaves no rows for the input"
    shapes = _shapes(cell, units, depth, projected)
    wrong = [role for role, shape in shapes.items() if parts[role].shape != shape]
    if wrong:
        role = wrong[0]
        return f"{role} has the shape {list(parts[role].shape)}, which does not fit the other variables of {cell}"
    return ""


def _roles(cell: str) -> tuple[str, ...]:
    if cell == CUDNN_GRU:
        sides = [_CUDNN.format(side, what) for side in ("input", "hidden") for what in ("kernel", "bias")]
        return ("gates/kernel", "gates/bias", *sides)
    return tuple(one.scope + what for one in mapping_of(cell).variables for what in ("kernel", "bias"))


def _sizes(cell: str, parts: Mapping[str, Variable], projected: int | None = None) -> tuple[int, int]:
    """Units and input depth, from the first kernel."""
    gates = 2 if cell == CUDNN_GRU else len(mapping_of(cell).variables[0].gates)
    rows, columns = parts[_roles(cell)[0]].shape
    units = columns // gates
    return units, rows - (units if projected is None else projected)


def _shapes(cell: str, units: int, depth: int, projected: int | None) -> dict[str, Shape]:
    """The sizes of a cell, from its variables."""
    rows = depth + (units if projected is None else projected)
    if cell == CUDNN_GRU:
        first = {"gates/kernel": (rows, 2 * units), "gates/bias": (2 * units,)}
        sides = {_CUDNN.format("input", "kernel"): (depth, units), _CUDNN.format("hidden", "kernel"): (units, units)}
        return {**first, **sides, **{_CUDNN.format(side, "bias"): (units,) for side in ("input", "hidden")}}
    found: dict[str, Shape] = {}
    for one in mapping_of(cell).variables:
        found[f"{one.scope}kernel"] = (rows, len(one.gates) * units)
        found[f"{one.scope}bias"] = (len(one.gates) * units,)
    return found


def _opaque(given: Mapping[str, Variable]) -> Iterator[Found]:
    for name in given:
        scope, _, last = name.rpartition("/")
        if last in ("opaque_kernel", "opaque_params"):
            reason = "opaque: cuDNN stores the weights in one buffer; first save the canonical form on a GPU"
            yield Found(scope, "CudnnRNN", None, reason=reason)
