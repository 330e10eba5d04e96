"""How long is an axis after a sliding window?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rnnlint.infer.values.domain import Int


def through(axis: Int, change: Callable[[int], int]) -> Int:
    """An axis whose length is changed by a monotonic function."""
    high = None if axis.high is None else max(0, change(axis.high))
    default = None if axis.default is None else max(0, change(axis.default))
    return replace(axis, low=max(0, change(axis.low)), high=high, default=default)


def window(axis: Int, size: int | None, stride: int | None, border: str | None) -> Int | None:
    """A sliding window over an axis; None if a relevant argument is unknown."""
    if not stride or border is None:
        return None
    if border in ("same", "causal"):
        return through(axis, lambda n: -(-n // stride))
    return None if size is None else through(axis, lambda n: (n - size) // stride + 1)
