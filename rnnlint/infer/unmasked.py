"""Which Keras layers compute with the padding of sequences as if it were data?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from rnnlint.infer.domain import Mask
from rnnlint.infer.evaluate import Evaluator
from rnnlint.infer.layer_uses import Seen, Uses
from rnnlint.resolve.module import Module
from rnnlint.resolve.prospects import PADDED_LAYERS


@dataclass(frozen=True, slots=True)
class Unmasked:
    """A recurrent layer that does not see which steps are padding."""

    call: ast.Call
    layer: str
    api: str
    mask: Mask
    """What was lost on the way, or is missing."""


def find(evaluator: Evaluator, module: Module, keras: int) -> Iterator[Unmasked]:
    """The recurrent layers of a module of which some use gets a sequence without its mask, in source order."""
    uses = Uses(evaluator, module, keras)
    for layer in evaluator.bounded(lambda: uses.index(module).recurrent, []):
        if layer.leaf in PADDED_LAYERS:
            lost = [mask for seen in uses.of(layer.call, None) if (mask := _without(seen)) is not None]
            if lost:
                yield Unmasked(layer.call, layer.leaf, layer.path, lost[0])


def _without(seen: Seen) -> Mask | None:
    """What became of the mask, if a use surely gets none."""
    masks = {shape.mask for shape in seen.shapes}
    mask = masks.pop() if len(masks) == 1 else None
    return mask if mask is not None and mask.state != "given" and not seen.masked else None
