"""Which variables does a checkpoint contain, with parts joined and optimizer slots left out?

Uses names and shapes only, so nothing here needs TensorFlow or numpy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

__all__ = ["Shape", "Variable", "variables"]

Shape = tuple[int, ...]

_AVERAGE = "ExponentialMovingAverage"
_AVERAGE_NAME = re.compile(rf"(?P<of>.+)/{_AVERAGE}(?P<part>/part_\d+)?")
_PART = re.compile(r"(?P<whole>.+)/part_(?P<number>\d+)")
# Up to 0.12 LSTMCell kept its kernel as W_0, W_1, ... and its projection as W_P_0, W_P_1, ...
_SHARD = re.compile(r"(?P<whole>.+/W(?:_P)?)_(?P<number>\d+)")
_SLOTS = frozenset({"m", "v", "vhat", "momentum", "velocity", "accumulator", "rms"})
"""Folders in which a Keras optimizer stores a variable for each one of the model."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable as the code made it."""

    shape: Shape
    sources: tuple[str, ...]
    """The arrays of the checkpoint that store it, in order."""
    axis: int = 0
    """The axis along which they are joined."""
    fault: str = ""
    """Why they cannot be joined; or empty."""


def variables(shapes: Mapping[str, Shape], averages: bool = False) -> dict[str, Variable]:
    """The variables of a model by name, from the names and shapes of the arrays of a checkpoint.

    Optimizer slots and moving averages are left out; with `averages` a moving average replaces its variable.
    """
    given = {name.removesuffix(":0"): Variable(shape, (name,)) for name, shape in shapes.items()}
    if averages:
        given |= {of: given[name] for name in given if (of := _averaged(name, given))}
    given = {name: one for name, one in given.items() if _AVERAGE not in name.split("/")}
    joined = _joined(given, _PART.fullmatch)
    bases = given.keys() | joined.keys()
    kept = {name: one for name, one in joined.items() if not _is_slot(name, bases)}
    return _joined(kept, _SHARD.fullmatch)


def _averaged(name: str, names: Iterable[str]) -> str:
    """The variable whose moving average this is; or empty."""
    match = _AVERAGE_NAME.fullmatch(name)
    if match is None:
        return ""
    whole = match["of"] + (match["part"] or "")
    parts = whole.split("/")
    # The averages may have been created within a separate scope.
    tails = ["/".join(parts[at:]) for at in range(len(parts) - 1)]
    return next((tail for tail in tails if tail in names), whole)


def _is_slot(name: str, names: Iterable[str]) -> bool:
    parts = name.split("/")
    if any("/".join(parts[:at]) in names for at in range(2, len(parts))):
        return True
    inside = [at for at in range(1, len(parts) - 1) if parts[at - 1] in _SLOTS]
    return any("/".join(parts[at:]) in names for at in inside)


def _joined(given: Mapping[str, Variable], numbered: Callable[[str], re.Match[str] | None]) -> dict[str, Variable]:
    found = {name: one for name, one in given.items() if not numbered(name)}
    parts: dict[str, dict[int, Variable]] = {}
    for name, one in given.items():
        if match := numbered(name):
            parts.setdefault(match["whole"], {})[int(match["number"])] = one
    for whole, pieces in parts.items():
        # There is a whole variable as well, so the parts are something else.
        found.setdefault(whole, _join([pieces[at] for at in sorted(pieces)], sorted(pieces)))
    return _with_sides(found)


def _join(pieces: list[Variable], numbers: list[int]) -> Variable:
    sources = tuple(source for piece in pieces for source in piece.sources)
    first = pieces[0].shape
    if numbers != list(range(len(numbers))):
        missing = next(at for at in range(numbers[-1]) if at not in numbers)
        return Variable(first, sources, fault=f"part {missing} of it is missing")
    fitting = [axis for axis in range(len(first)) if len({_without(one.shape, axis) for one in pieces}) == 1]
    if not fitting or any(len(one.shape) != len(first) for one in pieces):
        return Variable(first, sources, fault="the shapes of its parts do not match")
    return _along(pieces, sources, fitting[0])


def _along(pieces: list[Variable], sources: tuple[str, ...], axis: int) -> Variable:
    first = pieces[0].shape
    size = sum(one.shape[axis] for one in pieces)
    return Variable((*first[:axis], size, *first[axis + 1 :]), sources, axis)


def _without(shape: Shape, axis: int) -> Shape:
    return shape[:axis] + shape[axis + 1 :]


def _with_sides(found: dict[str, Variable]) -> dict[str, Variable]:
    """The axis of a kernel whose parts fit along both axes: its bias decides, with one number per column."""
    for name, one in found.items():
        scope, _, last = name.rpartition("/")
        bias = found.get(f"{scope}/{_BIASES[last]}") if last in _BIASES else None
        count = len(one.sources)
        if bias and count > 1 and len(one.shape) == 2 and not one.fault and one.axis == 0 and len(bias.shape) == 1:
            rows, columns = one.shape
            if columns * count == bias.shape[0] and columns != bias.shape[0] and rows % count == 0:
                found[name] = Variable((rows // count, columns * count), one.sources, 1)
    return found


_BIASES = {"kernel": "bias", "weights": "biases", "W": "B"}
