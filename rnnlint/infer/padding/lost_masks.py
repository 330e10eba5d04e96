"""Which Keras layers treat the padding of sequences as data?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

from rnnlint.infer.keras.layers import Layer, returns_sequences
from rnnlint.infer.keras.uses import Seen, Uses
from rnnlint.infer.padding.evidence import Evidence
from rnnlint.infer.padding.layer_steps import LayerSteps
from rnnlint.infer.padding.sources import Source
from rnnlint.infer.values.domain import UNKNOWN, Int, Mask
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.prospects import PADDED_LAYERS, prospects_of
from rnnlint.resolve.values import Module

Used: TypeAlias = Literal["state", "pooled", ""]
"""What padding affects: a result that a mask would correct, a function that combines all steps, or nothing."""


@dataclass(frozen=True, slots=True)
class Unmasked:
    """A recurrent layer that does not know which steps are padding, and whose result is used."""

    call: ast.Call
    layer: str
    api: str
    mask: Mask
    """The mask that was dropped on the way, or is missing."""
    padding: Source | None
    """The source of padding, for a missing mask."""
    use: ast.Call | None
    """The call of the layer, or of its wrapper; None if it is in the list of a Sequential."""
    wrapper: str
    pooled: bool = False
    """Whether padding only affects a function that combines the outputs of all steps."""

    @property
    def place(self) -> ast.expr:
        """The place of the finding: where the layer is called, if it is not called where it is made."""
        if self.use is None or isinstance(self.use.func, ast.Call):
            return self.call.func
        return self.use.func


def find(evaluator: Evaluator, module: Module, evidence: Evidence, keras: int) -> Iterator[Unmasked]:
    """The recurrent layers of a module of which some use gets a sequence without its mask, in source order.

    A missing mask is reported once for each layer that could make it, and only if padding reaches that layer.
    """
    prospects = prospects_of(module)
    if not prospects.may_make_masks and not evidence.pads(prospects.may_embed):
        return
    if module.tree.writes_of("_keras_mask"):
        # Masks are passed on by hand.
        return
    uses = Uses(evaluator, module, keras)
    told: set[Mask] = set()
    for layer in evaluator.bounded(lambda: uses.index(module).recurrent, []):
        if layer.leaf not in PADDED_LAYERS:
            continue
        for seen in uses.of(layer.call, None):
            mask = _without(seen)
            if mask is None or mask in told:
                continue
            padding = None if mask.state == "lost" else _padding(layer, mask, uses, evidence)
            used: Used = ""
            if padding is not None:
                ask = partial(_ends_in_padding, evaluator, layer, seen, padding, uses)
                used = evaluator.bounded(ask, "")
            if mask.state == "lost" or used:
                told |= set() if mask.state == "lost" else {mask}
                pooled = used == "pooled"
                yield Unmasked(layer.call, layer.leaf, layer.path, mask, padding, seen.use, seen.wrapper, pooled)
                break


def _without(seen: Seen) -> Mask | None:
    """The state of the mask, if a use certainly gets none. A single step is not a padded sequence."""
    masks = {shape.mask for shape in seen.shapes}
    mask = masks.pop() if len(masks) == 1 else None
    if mask is None or mask.state == "given" or seen.masked:
        return None
    steps = {shape.shape[1] if shape.shape and len(shape.shape) > 1 else UNKNOWN for shape in seen.shapes}
    return None if any(isinstance(one, Int) and one.exact == 1 for one in steps) else mask


def _padding(layer: Layer, mask: Mask, uses: Uses, evidence: Evidence) -> Source | None:
    """The source of padding of a layer; if no layer could make a mask, only one that certainly reaches it."""
    index = uses.index(layer.module)
    wrappers = (wrapper for leaf, wrapper in index.wrapped.get(layer.call, ()) if leaf == "Bidirectional")
    called = [*index.uses(layer.call), *(call for wrapper in wrappers for call in index.uses(wrapper))]
    given = [argument for call in called for argument in call.args[:1]]
    return evidence.of_layer(layer.call, given, sure=mask.state == "absent")


def _ends_in_padding(evaluator: Evaluator, layer: Layer, seen: Seen, padding: Source, uses: Uses) -> Used:
    """Whether padding affects a layer's results: a state after it, or outputs after padding at the start.

    The outputs of a forward layer before the padding are right, unless all outputs are combined.
    """
    gives_state = returns_sequences(layer) is False or layer.flag(2 if layer.leaf == "RNN" else None, "return_state")
    if gives_state or seen.wrapper == "Bidirectional" or padding.first or layer.flag(None, "go_backwards"):
        return "state"
    found = LayerSteps(evaluator, layer, uses.index(layer.module).uses(layer.call), back=False)
    if found.is_pooled or found.last(layer.module):
        return "state"
    return "pooled" if found.is_pooled_by_function else ""
