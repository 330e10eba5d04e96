"""Does the command line stand alone? Without hosts and TensorFlow, and without importing what it reads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from processes import unmeasured

BANNED = ("astroid", "flake8", "keras", "lsprotocol", "numpy", "pygls", "pylint", "tensorflow", "tf_keras")

# An import of a banned module fails as if it were not installed, and is recorded; at the end the program prints which
# were tried and which other modules were imported.
PROGRAM = f"""
import json, sys

class Absent:
    tried = []

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {BANNED!r}:
            self.tried.append(name)
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
from rnnlint.hosts.command_line import main
code = main(sys.argv[1:])
sys.stdout.flush()
print(json.dumps({{"code": code, "tried": Absent.tried, "modules": sorted(sys.modules)}}), file=sys.stderr)
"""

CODE = """\
import tensorflow as tf
import sentinel

open("executed", "w").close()
tf.nn.dynamic_rnn(sentinel.cell, None)
"""


def run(folder: Path, *arguments: str) -> tuple[str, int, list[str], set[str]]:
    """Standard output, the exit code, the banned imports that were tried, and all modules at the end."""
    command, environ = [sys.executable, "-c", PROGRAM, *arguments], unmeasured()
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60, check=False)
    *complaints, report = done.stderr.splitlines()
    assert done.returncode == 0, done.stderr
    assert not complaints, complaints
    told = json.loads(report)
    return done.stdout, told["code"], told["tried"], set(told["modules"])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "model.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "sentinel.py").write_text("open('executed', 'w').close()\ncell = None\n", encoding="utf-8")
    cells = [{"cell_type": "code", "source": CODE, "metadata": {}, "outputs": [], "execution_count": None}]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "model.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.rnnlint]\n", encoding="utf-8")
    return tmp_path


FORMATS = ("full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "checkstyle")


@pytest.mark.parametrize("output", FORMATS)
def test_checking_needs_neither_hosts_nor_tensorflow(project: Path, output: str) -> None:
    out, code, tried, _ = run(project, "check", "--no-cache", f"--output-format={output}", ".")
    assert "RNN102" in out
    assert code == 1
    assert tried == []


def test_linting_imports_nothing_of_what_it_reads(project: Path) -> None:
    _, _, _, modules = run(project, "check", "--no-cache", ".")
    assert not (project / "executed").exists()
    assert modules.isdisjoint({"model", "sentinel"})


@pytest.mark.parametrize(
    "arguments",
    [
        ("rule", "RNN101"),
        ("rule", "--all", "--output-format=json"),
        ("config",),
        ("probe", "--list"),
        ("--version",),
        ("--help",),
    ],
)
def test_the_other_commands_need_nothing_either(project: Path, arguments: tuple[str, ...]) -> None:
    out, code, tried, _ = run(project, *arguments)
    assert out
    assert code == 0
    assert tried == []


def test_little_is_imported_to_begin_with(project: Path) -> None:
    # What costs time before the first file is read. Processes and networks have no place in a linter.
    _, _, _, modules = run(project, "check", "--no-cache", "model.py")
    assert modules.isdisjoint({"asyncio", "multiprocessing", "socket", "sqlite3", "unittest", "urllib.request"})
