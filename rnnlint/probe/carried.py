"""Which Keras layer has the weights of a legacy cell?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from rnnlint.facts.weight_mapping import WeightMapping, carry_over
from rnnlint.probe.legacy_runs import Built, build
from rnnlint.probe.measurement import Here

__all__ = ["carried_weights", "keras_layer", "legacy_beside"]


def legacy_beside(
    here: Here, mapping: WeightMapping, depth: int, units: int, *, forget_bias: float = 1.0, lengths: bool = False
) -> Built:
    """dynamic_rnn over the cell of a mapping; `forget_bias` applies if the cell has one."""
    arguments = {"forget_bias": forget_bias} if mapping.forget_gate else {}
    make = partial(getattr(here.rnn_cell, mapping.cell), units, **arguments)
    return build(here, "dynamic_rnn", make, depth=depth, lengths=lengths)


def carried_weights(mapping: WeightMapping, legacy: Built, forget_bias: float = 1.0) -> list[Any]:
    """The weights of the Keras layer, for a mapping that may be wrong on purpose."""
    kernels, biases = (
        {one.scope: legacy.variables[one.scope + name].tolist() for one in mapping.variables}
        for name in ("kernel", "bias")
    )
    return list(carry_over(mapping, kernels, biases, forget_bias))


def keras_layer(
    here: Here, mapping: WeightMapping, legacy: Built, weights: Sequence[Any] | None = None, **options: Any
) -> Any:
    """The layer, with the weights of the cell or others, which returns its outputs and the parts of its state."""
    depth = int(legacy.inputs.shape[-1])
    given = carried_weights(mapping, legacy) if weights is None else weights
    units = int(legacy.state[0].shape[-1])
    kind = getattr(here.tf.keras.layers, mapping.layer)
    layer = kind(units, return_sequences=True, return_state=True, **{**mapping.options, **options})
    layer(here.numpy.zeros([1, 1, depth], "float32"))
    layer.set_weights([here.numpy.array(one, "float32") for one in given])
    return layer
