"""What is known beside a value: the line that it comes from, and what became of the mask of its padding?"""

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
    """What Keras layers say of the padding of a sequence.

    ``given``: a layer makes a mask. ``lost``: it did, and a layer behind it hands none on. ``missing``: the layer
    that could make it was not asked to; ``lost_by`` is then what would lose it. ``absent``: no layer makes one, as
    behind a plain input.
    """

    state: Literal["given", "lost", "missing", "absent"]
    maker: str
    made_at: Where
    lost_by: str = ""
    lost_at: Where | None = None
    same_steps: bool | None = None
    """Whether what loses it gives as many steps as it gets; None where that is not known."""
    others: tuple[Where, ...] = ()
    """What else could make one, where several that are missing are joined."""
    beside: bool = False
    """Whether it is lost, or would be, because it is joined with something that has none."""


def join_masks(masks: set[Mask | None]) -> Mask | None:
    """The mask, if it is one. Of one that is missing anyhow, whether it would come to an end on the way may differ."""
    if len(masks) == 1:
        return masks.pop()
    missing = [mask for mask in masks if mask is not None and mask.state == "missing"]
    if len(missing) < len(masks) or len({replace(mask, lost_by="") for mask in missing}) != 1:
        return None
    return next(mask for mask in missing if mask.lost_by)
