"""Does nbqa show the findings of flake8's plugin in the cells of a notebook? The real nbqa and flake8."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.editors

CELLS = [
    ("markdown", "# tf.nn.static_rnn(cell, xs)"),
    ("code", "%matplotlib inline\nimport tensorflow as tf\n\nSTEPS = 200"),
    ("code", "xs = tf.unstack(tf.zeros([2, STEPS, 3]), axis=1)\n'é'; ys = tf.nn.static_rnn(CELL, xs, None, None, [1])"),
    ("code", "tf.nn.rnn_cell.LSTMCell(4)  # noqa: RNN103"),
]


def write(path: Path) -> None:
    cells: list[dict[str, object]] = [{"cell_type": kind, "source": text, "metadata": {}} for kind, text in CELLS]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), "utf-8")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_findings_are_reported_with_their_cells(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path / "note.ipynb")
    done = run(tmp_path, "nbqa", "flake8", "note.ipynb", "--isolated", "--select=RNN")
    assert done.returncode == 1, done.stderr
    places = [line.split(" ")[:2] for line in done.stdout.splitlines()]
    # nbqa counts the cells with code.
    assert places == [["note.ipynb:cell_2:2:11:", "RNN101"], ["note.ipynb:cell_2:2:11:", "RNN201"]]
    assert "200 copies of the cell" in done.stdout


def test_the_command_line_finds_the_same(tmp_path: Path) -> None:
    write(tmp_path / "note.ipynb")
    done = run(tmp_path, "rnnlint", "check", "--no-cache", "--isolated", "--output-format=json", "note.ipynb")
    found = [(row["code"], row["cell"], row["location"]["row"]) for row in json.loads(done.stdout)]
    assert found == [("RNN101", 3, 2), ("RNN201", 3, 2)]
