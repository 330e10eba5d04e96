"""How often does Python collect garbage while files are checked? Rarely: syntax trees have many objects and few
cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (3_000_000, 50, 50)
"""More objects than a run keeps at a time (see `resolve.project`), so the collector does not scan them."""


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """The default would spend a quarter of a run, or a third in a host with its own trees, and find nothing."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
