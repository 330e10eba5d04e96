"""What becomes of a mask behind this Keras layer, operator or function?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rnnlint.facts import keras_masks
from rnnlint.infer.domain import Abstract, Mask, Sequence, Tensor, Where, truth
from rnnlint.infer.keras_layers import Layer


def behind(layer: Layer, given: Abstract, made: Abstract) -> Abstract:
    """What a layer makes of its input, with what it makes of the input's mask."""
    return carrying(made, _made(layer) or _after(layer, given))


def after_operation(made: Abstract, operands: Iterable[Abstract], name: str, at: Where) -> Abstract:
    """What an operator of Python or a function of TensorFlow makes of tensors: it hands no mask on."""
    if not isinstance(made, Tensor):
        return made
    found = [one.mask for one in operands if isinstance(one, Tensor) and one.mask is not None]
    mask = min(found, key=lambda one: one.state != "given", default=None)
    return carrying(made, _lost(mask, name, at) if mask is not None else None)


def carrying(made: Abstract, mask: Mask | None) -> Abstract:
    """A tensor, or the first of several, with this mask."""
    if isinstance(made, Tensor):
        return made if made.mask == mask else replace(made, mask=mask)
    if isinstance(made, Sequence) and made.items and isinstance(made.items[0], Tensor):
        return replace(made, items=(carrying(made.items[0], mask), *made.items[1:]))
    return made


def behind_recurrent(given: Tensor, around: Layer | None) -> Mask | None:
    """What a recurrent layer with ``return_sequences=True`` hands on; ``around`` is its Bidirectional.

    What was lost is told of at the first recurrent layer, and those behind it add nothing. Where a mask is missing,
    the outputs of one that runs forward are right up to the padding: what comes of that is up to the next.
    """
    if given.mask is None or given.mask.state == "lost" or given.mask.state == "missing" and around is not None:
        return None
    return given.mask


def _made(layer: Layer) -> Mask | None:
    """The mask that a layer makes, or that it could make and does not."""
    where = Where(layer.module, layer.call.func)
    if layer.leaf == "Masking":
        return Mask("given", "Masking", where)
    if layer.leaf != "Embedding":
        return None
    said = layer.value(None, "mask_zero")
    if said is None:
        return None if layer.hidden else Mask("missing", "Embedding", where)
    holds = truth(said)
    return None if holds is None else Mask("given" if holds else "missing", "Embedding", where)


def _after(layer: Layer, given: Abstract) -> Mask | None:
    keeps = keras_masks.keeps(layer.leaf)
    if isinstance(given, Sequence):
        # Where one of several has a mask and another none, Keras makes one of both: nothing is said of that.
        masks = {item.mask if isinstance(item, Tensor) else None for item in given.items or ()}
        mask = masks.pop() if len(masks) == 1 else None
    else:
        mask = given.mask if isinstance(given, Tensor) else None
    if mask is None or keeps is None:
        return None
    return mask if keeps else _lost(mask, layer.leaf, Where(layer.module, layer.call.func))


def _lost(mask: Mask, by: str, at: Where) -> Mask | None:
    """A mask behind what loses it. One that is missing would be lost here too: to make it would help nobody."""
    if mask.state == "missing":
        return None
    return replace(mask, state="lost", lost_by=by, lost_at=at) if mask.state == "given" else mask
