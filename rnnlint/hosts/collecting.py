"""How long does Python look for garbage while files are checked? Seldom: trees are many objects and hardly cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (1_000_000, 50, 50)


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """A quarter of a run, and a third in a host with trees of its own, would go by without anything found."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
