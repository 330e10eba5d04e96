"""Which answers about a source are cached across calls, and how are they dropped when a run moves on?"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar, cast

_Function = TypeVar("_Function", bound=Callable[..., Any])
_FORGET: list[Callable[[], None]] = []


def remembered(most: int) -> Callable[[_Function], _Function]:
    """Like ``lru_cache``, for answers about texts, nodes and modules: a node keeps its whole part of the tree alive."""

    def decorate(function: _Function) -> _Function:
        kept = lru_cache(maxsize=most)(function)
        _FORGET.append(kept.cache_clear)
        return cast(_Function, kept)

    return decorate


def forget_answers() -> None:
    """Drop all cached answers, and with them the sources."""
    for forget in _FORGET:
        forget()
