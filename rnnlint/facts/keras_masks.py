"""What does each built-in Keras layer do with a mask?

The rows of ``keras_masks.tsv`` were measured on Keras 2 and Keras 3: claim keras-mask-table. ``-`` means that a release
has no such layer, or that the layer raises when it gets a mask. A layer without a row was not measured and is never
reported.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Literal, NamedTuple

_TABLE = os.path.join(os.path.dirname(__file__), "keras_masks.tsv")

Steps = Literal["same", "border", "others"]
"""Whether a layer returns as many steps as it gets; ``border``: with padding "same" or "causal" and without strides."""

JOINING = frozenset(("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract"))
"""Layers that join several tensors. Keras 2 keeps the mask of those that have one; on Keras 3, if one tensor has
none, no mask is left or every step counts (claim keras-joined-masks)."""


class Row(NamedTuple):
    """What a layer does with a mask."""

    keras2: str
    keras3: str
    steps: Steps
    example: str
    """How the measurement creates one."""


@lru_cache(maxsize=1)
def table() -> dict[str, Row]:
    """The rows by each name of a layer."""
    found = {}
    with open(_TABLE, encoding="utf-8") as file:
        for line in file.read().splitlines()[1:]:
            layer, keras2, keras3, steps, others, example = line.split("\t")
            for name in (layer, *others.split()):
                found[name] = Row(keras2, keras3, steps, example)  # type: ignore[arg-type]
    return found


def keeps(layer: str, keras: int) -> bool | None:
    """Whether a layer of this name passes a mask on in Keras 2 or 3; None if that was not measured."""
    row = table().get(layer)
    said = row and (row.keras2 if keras == 2 else row.keras3)
    return None if said is None or said == "-" else said == "keeps"
