"""Does python-lsp-server show what our plugins for flake8 and pylint say? The real server, over its protocol."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from editor import Editor

pytestmark = pytest.mark.editors

PAGE = Path(__file__).parents[2] / "docs" / "editors.md"
SERVER = (sys.executable, "-m", "pylsp")
CODE = """\
import tensorflow as tf
from sizes import STEPS

xs = tf.unstack(tf.zeros([2, STEPS, 3]), axis=1)
"é€"; ys = tf.nn.static_rnn(CELL, xs)
"""
ROW, NAME = 4, "tf.nn.static_rnn"
COLUMN = CODE.splitlines()[ROW].index(NAME)


def settings(plugin: str) -> Any:
    """Those of the page, with one of the two plugins."""
    (block,) = (b for b in re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL) if "pylsp" in b)
    chosen = json.loads(block)
    assert all(of["enabled"] for of in chosen["pylsp"]["plugins"].values())
    plugins = {name: {"enabled": False} for name in ("pycodestyle", "pyflakes", "mccabe", "flake8", "pylint")}
    plugins[plugin] = chosen["pylsp"]["plugins"][plugin]
    return {"pylsp": {"plugins": plugins}}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "sizes.py").write_text("STEPS = 300\n", encoding="utf-8")
    (tmp_path / "model.py").write_text(CODE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def editor(project: Path) -> Iterator[Editor]:
    with Editor(SERVER, project) as started:
        yield started


def shown(editor: Editor, uri: str, code: str) -> list[Any]:
    """The first diagnostics with that code; pylsp sends some before each of its checks is done."""
    while True:
        found = editor.shown(uri)
        if any(diagnostic.code == code for diagnostic in found):
            return [diagnostic for diagnostic in found if code[1:3] in diagnostic.code]


def test_the_flake8_plugin_shows_findings_on_unsaved_text(editor: Editor, project: Path) -> None:
    uri, types = (project / "model.py").as_uri(), editor.types
    editor.configure(settings("flake8"))
    editor.open(uri, CODE)
    legacy, unroll = sorted(shown(editor, uri, "RNN201"), key=lambda found: found.code)
    assert (legacy.source, legacy.code, unroll.code) == ("flake8", "RNN101", "RNN201")
    assert legacy.range.start == unroll.range.start == types.Position(ROW, COLUMN)
    assert legacy.severity == types.DiagnosticSeverity.Warning
    assert unroll.message.startswith("RNN201 300 copies of the cell")
    top = types.Position(0, 0)
    editor.change(uri, 2, (types.Range(top, top), "\n"))
    while (moved := shown(editor, uri, "RNN101")[0]).range.start.line == ROW:
        pass
    assert moved.range.start == types.Position(ROW + 1, COLUMN)


def test_the_pylint_plugin_shows_findings(editor: Editor, project: Path) -> None:
    uri, types = (project / "model.py").as_uri(), editor.types
    editor.configure(settings("pylint"))
    editor.open(uri, CODE)
    unroll, legacy = sorted(shown(editor, uri, "W6721"), key=lambda found: found.code, reverse=True)
    assert (unroll.code, legacy.code) == ("W6721", "E6711")
    assert legacy.source == "pylint"
    assert legacy.message.startswith("[legacy-static-runner-error] ")
    assert unroll.message.startswith("[large-static-unroll] 300 copies of the cell")
    assert legacy.range.start == unroll.range.start == types.Position(ROW, COLUMN)
    assert legacy.range.end.line == ROW
    assert legacy.severity == types.DiagnosticSeverity.Error
