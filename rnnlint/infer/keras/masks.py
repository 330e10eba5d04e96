"""What happens to a mask in a Keras layer, operator or function?"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace

from rnnlint.facts import keras_masks
from rnnlint.infer.keras.layers import Layer
from rnnlint.infer.values.domain import Abstract, Int, Mask, Sequence, Tensor, Where, truth

_CLEARING = frozenset(("RepeatVector",))
"""Layers whose output steps do not correspond to the input steps."""

_FEATURES = frozenset(("Dense", "EinsumDense"))


def behind(layer: Layer, given: Abstract, made: Abstract, keras: int) -> Abstract:
    """The output of a layer for its input, with what it does to the input's mask in Keras 2 or 3."""
    own = _made(layer)
    if own is not None and own.state == "missing" and isinstance(given, Tensor) and given.mask is not None:
        if given.mask.state == "given":
            own = _lost(given.mask, layer.leaf, own.made_at, True)
    if own is not None and own.state == "missing" and isinstance(given, Tensor) and len(given.shape or ()) > 2:
        # Letters of words: the mask that it could make is none of the steps.
        own = replace(own, state="absent")
    return carrying(made, own or _after(layer, given, made, keras))


def after_operation(
    made: Abstract, operands: Iterable[Abstract], name: str, at: Where, same_steps: bool | None = None
) -> Abstract:
    """The result of a Python operator or a TensorFlow function: it passes no mask on."""
    if not isinstance(made, Tensor):
        return made
    found = [one for one in operands if isinstance(one, Tensor) and one.mask is not None]
    first = min(found, key=lambda one: one.mask is None or one.mask.state != "given", default=None)
    if first is None or first.mask is None:
        return carrying(made, None)
    seen = _has_same_steps(first, made)
    same = same_steps if seen is None else seen
    if first.mask.state == "missing" and same:
        # A mask made before it goes no further: it can only be passed explicitly to the layer after it.
        return carrying(made, replace(first.mask, lost_by=first.mask.lost_by or name))
    return carrying(made, _lost(first.mask, name, at, same))


def carrying(made: Abstract, mask: Mask | None) -> Abstract:
    """A tensor, or the first of several, with this mask."""
    if isinstance(made, Tensor):
        return made if made.mask == mask else replace(made, mask=mask)
    if isinstance(made, Sequence) and made.items and isinstance(made.items[0], Tensor):
        return replace(made, items=(carrying(made.items[0], mask), *made.items[1:]))
    return made


def of_input(layer: Layer) -> Mask:
    """The mask of a model's input: none."""
    return Mask("absent", "Input", Where(layer.module, layer.call.func))


def behind_recurrent(given: Tensor, around: Layer | None) -> Mask | None:
    """The mask that a recurrent layer with ``return_sequences=True`` passes on; ``around`` is its Bidirectional.

    A lost mask is reported at the first recurrent layer, so later ones add nothing. With a missing mask, the outputs of
    a forward layer are right up to the padding: what follows depends on the next layer.
    """
    if given.mask is None or given.mask.state == "lost" or given.mask.state == "missing" and around is not None:
        return None
    return given.mask


def _made(layer: Layer) -> Mask | None:
    """The mask that a layer makes, or that it could make but does not."""
    where = Where(layer.module, layer.call.func)
    if layer.leaf == "Masking":
        return Mask("given", "Masking", where)
    if layer.leaf != "Embedding":
        return None
    said = layer.value(None, "mask_zero")
    if said is None:
        return None if layer.may_hide else Mask("missing", "Embedding", where)
    holds = truth(said)
    return None if holds is None else Mask("given" if holds else "missing", "Embedding", where)


def _after(layer: Layer, given: Abstract, made: Abstract, keras: int) -> Mask | None:
    name = layer.leaf[:1].upper() + layer.leaf[1:]
    if name in _CLEARING:
        return None
    at = Where(layer.module, layer.call.func)
    if isinstance(given, Sequence):
        if name in keras_masks.JOINING:
            return _joined([item for item in given.items or () if isinstance(item, Tensor)], name, at, keras)
        given = given.items[0] if given.items else given
    if not isinstance(given, Tensor) or given.mask is None:
        return None
    if name == "Lambda" and (own := layer.node(2, "mask")) is not None:
        return _by_hand(own[0], given.mask)
    keeps = keras_masks.keeps(name, keras)
    if given.mask.state == "lost" and name in _FEATURES and given.shape is not None and len(given.shape) == 2:
        # A vector that is later turned into steps does not have the steps of the sequence.
        return None
    if keeps is None:
        return None
    return given.mask if keeps else _lost(given.mask, name, at, _keeps_steps(layer, name, given, made))


def _by_hand(function: ast.expr, mask: Mask) -> Mask | None:
    """The mask after ``Lambda(…, mask=function)``: the input's, if the function returns it."""
    if isinstance(function, ast.Constant) and function.value is None:
        return None
    if isinstance(function, ast.Lambda) and isinstance(function.body, ast.Name):
        names = [one.arg for one in function.args.args]
        return mask if len(names) > 1 and function.body.id == names[1] else None
    return None


def _joined(parts: list[Tensor], by: str, at: Where, keras: int) -> Mask | None:
    """The combination of several masks; unknown if one of them is unknown."""
    masks = [part.mask for part in parts if part.mask is not None]
    if not masks or len(masks) < len(parts):
        return None
    states = {mask.state for mask in masks}
    first = {state: next(mask for mask in masks if mask.state == state) for state in states}
    if states == {"missing"}:
        makers = dict.fromkeys(where for mask in masks for where in (mask.made_at, *mask.others))
        lost_by = next((mask.lost_by for mask in masks if mask.lost_by), "")
        beside = any(mask.beside for mask in masks)
        return replace(masks[0], others=tuple(makers)[1:], beside=beside, lost_by=lost_by)
    if len(states) == 1:
        return masks[0]
    if "given" in states and keras == 2:
        return first["given"]
    if "given" in states and states <= {"given", "missing", "absent"}:
        return replace(first["given"], state="lost", lost_by=by, lost_at=at, same_steps=True, beside=True)
    if "lost" in states:
        return first["lost"]
    return replace(first["missing"], beside=True) if "missing" in states else None


def _lost(mask: Mask, by: str, at: Where, same_steps: bool | None) -> Mask | None:
    """The mask after a layer that drops it. A missing mask would be dropped here too, so making one would not help."""
    if mask.state == "missing":
        return None
    return replace(mask, state="lost", lost_by=by, lost_at=at, same_steps=same_steps) if mask.state == "given" else mask


def _keeps_steps(layer: Layer, name: str, given: Tensor, made: Abstract) -> bool | None:
    """Whether a layer returns as many steps as it gets; None if unknown."""
    seen = _has_same_steps(given, made)
    row = keras_masks.table().get(name)
    if seen is not None or row is None:
        return seen
    if row.steps != "border":
        return row.steps == "same"
    border, strides = layer.text("valid", None, "padding"), layer.integer(1, None, "strides")
    if border is None or strides is None:
        return None
    return border.lower() in ("same", "causal") and strides == 1


def _has_same_steps(given: Tensor, made: Abstract) -> bool | None:
    both = [
        one.shape[1] if isinstance(one, Tensor) and one.shape and len(one.shape) > 1 else None for one in (given, made)
    ]
    if all(isinstance(one, Int) and one.exact is not None for one in both):
        return both[0].exact == both[1].exact  # type: ignore[union-attr]
    return None
