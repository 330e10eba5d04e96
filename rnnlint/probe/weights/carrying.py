"""What are the arrays of the Keras layer for those of the legacy cell?

The arrays are numpy's. Tests compare with `rnnlint.facts.weight_mapping.carry_over`, which works number by number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rnnlint.probe.weights.cells import CUDNN_GRU, Found, mapping_of
from rnnlint.probe.weights.variables import Variable

__all__ = ["WEIGHTS", "carried", "parts_of"]

WEIGHTS = ("kernel", "recurrent_kernel", "bias")
"""In the order of ``layer.set_weights``."""


def parts_of(found: Found, read: Callable[[str], Any]) -> dict[str, Any]:
    """The arrays of the legacy cell by role; `read` returns an array of the checkpoint. Raises what `read` raises."""
    return {role: _whole(one, read) for role, one in found.parts.items()}


def _whole(variable: Variable, read: Callable[[str], Any]) -> Any:
    import numpy

    pieces = [read(source) for source in variable.sources]
    return pieces[0] if len(pieces) == 1 else numpy.concatenate(pieces, axis=variable.axis)


def carried(found: Found, parts: Mapping[str, Any], forget_bias: float = 1.0) -> dict[str, Any]:
    """Kernel [depth, gates * units], recurrent kernel [units, gates * units] and bias of the layer, by name.

    The bias has the shape [gates * units], or [2, gates * units] for a GRU with ``reset_after=True``. `forget_bias`
    applies to cells that add one. Raises ValueError for a cell without a layer.
    """
    if found.keras_layer is None or found.cell is None or found.units is None:
        raise ValueError(f"{found.scope}: {found.reason}")
    kernel, recurrent, bias = (
        _from_cudnn(parts, found.units)
        if found.cell == CUDNN_GRU
        else _from_blocks(found.cell, parts, found.units, forget_bias if found.adds_forget_bias else 0.0)
    )
    return dict(zip(WEIGHTS, (kernel, recurrent, bias)))


def _from_blocks(cell: str, parts: Mapping[str, Any], units: int, forget_bias: float) -> tuple[Any, Any, Any]:
    import numpy

    mapping = mapping_of(cell)
    kernels, biases = [], []
    for gate in mapping.gates:
        (variable,) = [one for one in mapping.variables if gate in one.gates]
        start = variable.gates.index(gate) * units
        kernels.append(parts[f"{variable.scope}kernel"][:, start : start + units])
        bias = parts[f"{variable.scope}bias"][start : start + units]
        biases.append(bias + bias.dtype.type(forget_bias) if gate == mapping.forget_gate else bias)
    whole = numpy.concatenate(kernels, axis=1)
    return whole[:-units], whole[-units:], numpy.concatenate(biases)


def _from_cudnn(parts: Mapping[str, Any], units: int) -> tuple[Any, Any, Any]:
    """cuDNN's GRU resets after the product, as Keras does with ``reset_after=True``, and has two biases."""
    import numpy

    gates, bias = parts["gates/kernel"], parts["gates/bias"]
    # Keras stores the update gate first.
    turned = numpy.concatenate([gates[:, units:], gates[:, :units]], axis=1)
    kernel = numpy.concatenate([turned[:-units], parts["candidate/input_projection/kernel"]], axis=1)
    recurrent = numpy.concatenate([turned[-units:], parts["candidate/hidden_projection/kernel"]], axis=1)
    inputs = numpy.concatenate([bias[units:], bias[:units], parts["candidate/input_projection/bias"]])
    states = numpy.concatenate([numpy.zeros_like(bias), parts["candidate/hidden_projection/bias"]])
    return kernel, recurrent, numpy.stack([inputs, states])
