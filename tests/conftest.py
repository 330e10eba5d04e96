"""Where do the tests keep what hosts keep between runs? Not where their user does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def _cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Programs that the tests start inherit it."""
    folder = str(tmp_path_factory.mktemp("cache"))
    # Tests that take the first away are still kept from the cache folder of their user.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNNLINT_CACHE_DIR", folder)
        home = str(tmp_path_factory.mktemp("home"))
        patch.setenv("XDG_CACHE_HOME", home)
        patch.setenv("LOCALAPPDATA", home)
        yield
