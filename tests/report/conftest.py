"""What do the tests of reports show? Findings made by hand, so that no rule and no engine takes part."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rnnlint.finding import Finding
from rnnlint.report.formats import render
from rnnlint.report.run import Run

DYNAMIC: dict[str, Any] = dict(  # noqa: C408
    filename="model.py",
    cell=None,
    row=12,
    column=7,
    code="RNN102",
    end_row=12,
    end_column=24,
    name="legacy-dynamic-runner",
    message="tf.nn.dynamic_rnn was removed in TensorFlow 2.0; use `tf.keras.layers.RNN(cell)`",
    api="tf.nn.dynamic_rnn",
    line="out = tf.nn.dynamic_rnn(cell, x)",
    help="use `tf.keras.layers.RNN(cell)`",
)

Make = Callable[..., Finding]
Show = Callable[..., str]


@pytest.fixture
def make() -> Make:
    """A finding of a dynamic runner, with any of its fields changed."""

    def made(**changes: Any) -> Finding:
        return Finding(**{**DYNAMIC, **changes})

    return made


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Show:
    """The text that a format makes of findings, in an empty folder and outside of any CI."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)

    def shown(name: str, *findings: Finding, **changes: Any) -> str:
        run = Run(**{"findings": findings, "root": str(tmp_path), "cwd": str(tmp_path), **changes})
        return "".join(render(name, run))

    return shown
