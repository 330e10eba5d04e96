"""What does each stock layer of Keras do with a mask?

The rows of ``keras_masks.tsv`` were measured on Keras 2 and Keras 3: claim keras-mask-table. ``-`` stands where a
release has no such layer, or the layer raises when it is given a mask; a layer without a row was not measured, and
nothing is said of it.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Literal, NamedTuple

_TABLE = os.path.join(os.path.dirname(__file__), "keras_masks.tsv")

Steps = Literal["same", "border", "others"]
"""Whether a layer gives as many steps as it gets; ``border``: with padding "same" or "causal" and without strides."""

JOINING = frozenset(("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract"))
"""Layers that make one tensor of several. Keras 2 keeps the mask of those that have one; on Keras 3 none is left, or
all steps count, where one of them has none (claim keras-joined-masks)."""


class Row(NamedTuple):
    """What a layer does with a mask."""

    keras2: str
    keras3: str
    steps: Steps
    example: str
    """How the measurement makes one."""


@lru_cache(maxsize=1)
def table() -> dict[str, Row]:
    """The rows by each name that a layer has."""
    found = {}
    with open(_TABLE, encoding="utf-8") as file:
        for line in file.read().splitlines()[1:]:
            layer, keras2, keras3, steps, others, example = line.split("\t")
            for name in (layer, *others.split()):
                found[name] = Row(keras2, keras3, steps, example)  # type: ignore[arg-type]
    return found


def keeps(layer: str, keras: int) -> bool | None:
    """Whether a layer of this name hands a mask on in Keras 2 or 3; None where that was not measured."""
    row = table().get(layer)
    said = row and (row.keras2 if keras == 2 else row.keras3)
    return None if said is None or said == "-" else said == "keeps"
