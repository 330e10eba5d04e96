"""What is known besides a value: the line that it comes from, and the mask of its padding."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rnnlint.resolve.values import Module


@dataclass(frozen=True, slots=True)
class Where:
    """The line that a value comes from."""

    module: Module
    node: ast.AST


@dataclass(frozen=True, slots=True)
class Mask:
    """What Keras layers do with the padding of a sequence.

    ``given``: a layer makes a mask. ``lost``: it did, and a later layer drops it. ``missing``: the layer that could
    make it does not; ``lost_by`` is then the layer that would drop it. ``absent``: no layer makes one, as after a plain
    input.
    """

    state: Literal["given", "lost", "missing", "absent"]
    maker: str
    made_at: Where
    lost_by: str = ""
    lost_at: Where | None = None
    same_steps: bool | None = None
    """Whether the layer that drops it returns as many steps as it gets; None if unknown."""
    others: tuple[Where, ...] = ()
    """Other layers that could make a mask, if several without one are joined."""
    beside: bool = False
    """Whether it is dropped, or would be, because it is joined with something that has none."""


def join_masks(masks: set[Mask | None]) -> Mask | None:
    """The common mask, if there is one. For a missing mask, whether it would be dropped on the way may differ."""
    if len(masks) == 1:
        return masks.pop()
    missing = [mask for mask in masks if mask is not None and mask.state == "missing"]
    if len(missing) < len(masks) or len({replace(mask, lost_by="") for mask in missing}) != 1:
        return None
    return next(mask for mask in missing if mask.lost_by)
