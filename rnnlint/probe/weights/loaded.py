"""How are converted weights loaded into a layer?

This runs in your own process, with the Keras that you have imported; it only imports numpy.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rnnlint.probe.weights.answering import ask
from rnnlint.probe.weights.carrying import WEIGHTS
from rnnlint.probe.weights.reading import Archive

__all__ = ["CellWeights", "Loaded", "load"]

_GATES = {1: "SimpleRNN", 3: "GRU", 4: "LSTM"}


class CellWeights:
    """The weights of one cell, in the order and shapes of Keras."""

    def __init__(self, scope: str, arrays: Mapping[str, Any]) -> None:
        """`arrays` are kernel, recurrent_kernel and bias. Raises ValueError if their shapes fit no layer."""
        self.scope = scope
        self.arrays: Mapping[str, Any] = MappingProxyType({name: arrays[name] for name in WEIGHTS})
        kernel, recurrent, bias = (self.arrays[name].shape for name in WEIGHTS)
        width = recurrent[1] if len(recurrent) == 2 else 0
        gates = width // recurrent[0] if width and recurrent[0] else 0
        fits = len(kernel) == 2 and gates in _GATES and width == kernel[1] == bias[-1] == gates * recurrent[0]
        if not fits or bias not in ((width,), (2, width)):
            raise ValueError(f"{scope}: no layer has weights of shapes {kernel}, {recurrent} and {bias}")
        self.input_depth: int = kernel[0]
        self.units: int = recurrent[0]
        self.keras_layer: str = _GATES[gates]
        self.reset_after = len(bias) == 2

    def apply_to(self, layer: Any, session: Any = None) -> None:
        """Set the weights of a Keras LSTM, GRU or SimpleRNN, or of its cell; build the layer if necessary.

        For a layer in a graph pass a `session`, or make one the default; such a layer must have been called before.
        Raises ValueError, with a one-line message, if the layer is of another kind or size, if it computes something
        else, or if there is no session.
        """
        cell = getattr(layer, "cell", layer)
        fault = self._fault(cell)
        if fault:
            raise ValueError(f"{self.scope} does not fit the layer {getattr(layer, 'name', layer)!r}: {fault}")
        if _is_in_graph():
            self._load(layer, session)
            return
        if not layer.built:
            layer.build((None, self.input_depth) if cell is layer else (None, None, self.input_depth))
        self._check_shapes(layer, layer.get_weights())
        layer.set_weights(list(self.arrays.values()))

    def _check_shapes(self, layer: Any, weights: Any) -> None:
        wanted = [array.shape for array in self.arrays.values()]
        shapes = [tuple(one.shape) for one in weights]
        if shapes != wanted:
            fault = f"its weights have the shapes {shapes}, not {wanted}"
            raise ValueError(f"{self.scope} does not fit the layer {layer.name!r}: {fault}")

    def _load(self, layer: Any, session: Any) -> None:
        """Set the weights of a layer whose variables are in a graph of TensorFlow 1."""
        session = session or sys.modules["tensorflow"].compat.v1.get_default_session()
        if session is None:
            raise ValueError(f"{self.scope}: the layer is in a graph; pass the session to apply_to as session=")
        if not layer.built:
            raise ValueError(f"{self.scope}: call the layer {layer.name!r} before you set its weights in a session")
        # A Keras 3 variable wraps a TensorFlow variable.
        variables = [one if hasattr(one, "load") else one.value for one in layer.weights]
        self._check_shapes(layer, variables)
        for one, array in zip(variables, self.arrays.values()):
            one.load(array, session)

    def _fault(self, cell: Any) -> str:
        kinds = [base.__name__ for base in type(cell).__mro__]
        if f"{self.keras_layer}Cell" not in kinds:
            return f"it is an object of class {kinds[0].removesuffix('Cell')}, not {self.keras_layer}"
        if cell.units != self.units:
            return f"it has {cell.units} units, not {self.units}"
        if not getattr(cell, "use_bias", True):
            return "it was made with use_bias=False"
        if self.keras_layer == "GRU" and bool(cell.reset_after) != self.reset_after:
            return f"make it with reset_after={self.reset_after}"
        return ""

    def __repr__(self) -> str:
        return f"<{self.keras_layer} {self.scope}: {self.units} units, input depth {self.input_depth}>"


def _is_in_graph() -> bool:
    """Whether layers are made in a TensorFlow 1 graph, where values exist in a session only."""
    tensorflow = sys.modules.get("tensorflow")
    return tensorflow is not None and not tensorflow.executing_eagerly()


class Loaded(Mapping[str, CellWeights]):
    """The cells by scope."""

    def __init__(self, cells: Mapping[str, CellWeights], reasons: Mapping[str, str]) -> None:
        self._cells = dict(cells)
        self._reasons = dict(reasons)

    def __getitem__(self, scope: str) -> CellWeights:
        """The weights of one scope. Raises KeyError with the reason, or with the existing scopes."""
        if scope in self._cells:
            return self._cells[scope]
        why = self._reasons.get(scope, f"there are {', '.join(self._cells) or 'no cells'}")
        raise KeyError(f"{scope}: {why}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)


def load(
    path: str | os.PathLike[str],
    *,
    cells: Mapping[str, str] | None = None,
    forget_bias: float = 1.0,
    averages: bool = False,
) -> Loaded:
    """The weights from ``rnnlint weights --output``, or those of a checkpoint, by the scope of each cell.

    The other arguments apply to a checkpoint, which TensorFlow reads in a separate process: `cells` names the class of
    cells whose name is ambiguous, `forget_bias` is that of the legacy cells, and `averages` uses moving averages.
    Raises ValueError, with a one-line message, if the file cannot be used, and OSError if there is none.
    """
    name = os.fspath(path)
    if name.endswith(".npz"):
        archive = _opened(name)
        if any(one.endswith("/recurrent_kernel") for one in archive.shapes):
            return Loaded(_carried_cells(name, archive), {})
    with tempfile.TemporaryDirectory(prefix="rnnlint-weights-") as folder:
        output = os.path.join(folder, "weights.npz")
        try:
            entries = ask(name, output=output, cells=cells, forget_bias=forget_bias, averages=averages)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        reasons = {entry["scope"]: entry["reason"] for entry in entries if entry["keras_layer"] is None}
        return Loaded(_carried_cells(name, Archive(Path(output))), reasons)


def _opened(name: str) -> Archive:
    try:
        return Archive(Path(name))
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _carried_cells(name: str, archive: Archive) -> dict[str, CellWeights]:
    found = {}
    for scope in sorted({one.rpartition("/")[0] for one in archive.shapes}):
        missing = [part for part in WEIGHTS if f"{scope}/{part}" not in archive.shapes]
        if missing:
            raise ValueError(f"{name}: {scope} has no {missing[0]}")
        found[scope] = CellWeights(scope, {part: archive.read(f"{scope}/{part}") for part in WEIGHTS})
    return found
