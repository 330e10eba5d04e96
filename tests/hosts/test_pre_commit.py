"""Does the hook work? The real `pre-commit try-repo`, which installs rnnlint from a repository of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.editors

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "ci.md"
CODE = "import tensorflow as tf\n\ntf.nn.static_rnn(cell, xs)\n"
NOTEBOOK = {
    "cells": [{"cell_type": "code", "source": CODE, "metadata": {}, "outputs": [], "execution_count": None}],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}
WHO = ("-c", "user.name=tests", "-c", "user.email=tests@example.com", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *WHO, *arguments], cwd=folder, check=True, capture_output=True, timeout=60)


def pre_commit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"), "PRE_COMMIT_COLOR": "never"}
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False
    )  # fmt: skip


@pytest.fixture(scope="module")
def rnnlint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of what is to be installed, as it stands in this checkout."""
    folder = tmp_path_factory.mktemp("rnnlint")
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder)
    leave_out = shutil.ignore_patterns("__pycache__", ".*_cache")
    shutil.copytree(ROOT / "rnnlint", folder / "rnnlint", ignore=leave_out)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "all")
    git(folder, "tag", "v0")
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


def test_the_hook_reports_what_is_committed(rnnlint: Path, project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.rnnlint]\nper-file-ignores = { 'legacy.py' = ['RNN1'] }\n")
    (project / "model.py").write_text(CODE)
    (project / "legacy.py").write_text(CODE)
    (project / "silenced.py").write_text(CODE.replace("xs)", "xs)  # noqa: RNN101"))
    (project / "note.ipynb").write_text(json.dumps(NOTEBOOK))
    (project / "words.txt").write_text(CODE)
    (project / "script").write_text("#!/usr/bin/env python3\n" + CODE)
    (project / "script").chmod(0o755)
    git(project, "add", "-A")
    done = pre_commit(project, "try-repo", str(rnnlint), "rnnlint", "--all-files", "--verbose")
    assert done.returncode == 1, done.stdout + done.stderr
    assert sorted(re.findall(r"--> (\S+)", done.stdout)) == [
        "model.py:3:1",
        ["note.ipynb:cell", "1:3:1"][0],
        "script:4:1",
    ]
    assert "Found 3 findings in 3 files." in done.stdout
    assert "exit code: 1" in done.stdout
    for name in ("model.py", "note.ipynb", "script"):
        (project / name).unlink()
    git(project, "add", "-A")
    done = pre_commit(project, "try-repo", str(rnnlint), "rnnlint", "--all-files")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^rnnlint\.+Passed$", done.stdout, re.MULTILINE)


def test_the_configuration_of_the_page_stops_a_commit(rnnlint: Path, project: Path) -> None:
    (block,) = re.findall(r"```yaml\n(repos:\n.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    text = block.replace("URL-OF-THE-REPOSITORY", rnnlint.as_uri()).replace("rev: v0.1.0", "rev: v0")
    assert text.count(rnnlint.as_uri()) == 1 and "rev: v0\n" in text
    (project / ".pre-commit-config.yaml").write_text(text)
    (project / "model.py").write_text(CODE)
    (project / "third_party").mkdir()
    (project / "third_party" / "a.py").write_text(CODE)
    git(project, "add", "-A")
    done = pre_commit(project, "run")
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.findall(r"--> (\S+)", done.stdout) == ["model.py:3:1"]


def test_a_hook_that_fixes_passes_once_its_fixes_are_added(rnnlint: Path, project: Path) -> None:
    """What the page shows: a name that a fix has written runs on the target, and is not reported by this hook."""
    page = PAGE.read_text(encoding="utf-8")
    (hook,) = re.findall(r"```yaml\n(      - id: rnnlint\n        args: .*?)```", page, re.DOTALL)
    (shown,) = re.findall(r"```console\n(\$ git add .*?)```", page, re.DOTALL)
    text = f"repos:\n  - repo: {rnnlint.as_uri()}\n    rev: v0\n    hooks:\n{hook}"
    (project / ".pre-commit-config.yaml").write_text(text)
    (project / "model.py").write_text("import tensorflow as tf\n\ntf.nn.dynamic_rnn(cell, xs, lengths)\n")
    codes, printed = [], ""
    for _ in range(2):
        git(project, "add", "-A")
        done = pre_commit(project, "run")
        codes.append(done.returncode)
        said = "".join(line for line in done.stdout.splitlines(True) if not line.startswith(("[INFO]", "[WARNING]")))
        printed += f"$ git add model.py && pre-commit run\n{said}"
    assert codes == [1, 0], printed
    assert printed.rstrip() == shown.rstrip()
    assert "tf.compat.v1.nn.dynamic_rnn(" in (project / "model.py").read_text()
