"""Where do the tests keep what hosts keep between runs? Not where their user does."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def _cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Programs that the tests start inherit it."""
    before = os.environ.get("RNNLINT_CACHE_DIR")
    os.environ["RNNLINT_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["RNNLINT_CACHE_DIR"]
    else:
        os.environ["RNNLINT_CACHE_DIR"] = before
