"""What do the tests change around them? The cache folder is not that of their user, and interrupts arrive."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell ignores interrupts for a command in the background, and programs that a test starts inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


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
