"""Where do the programs of these tests lie? In an empty folder: the engine looks for what other modules store."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("programs")


@pytest.fixture(autouse=True)
def _programs_lie_alone(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(empty_folder)
