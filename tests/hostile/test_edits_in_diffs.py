"""Can the name of a file make whoever applies a diff change another file?"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from rnnlint.hosts.command_line import main
from rnnlint.report.difference import quoted

BEFORE = "import tensorflow as tf\ntf.nn.dynamic_rnn(c, x)\n"
AFTER = BEFORE.replace("tf.nn", "tf.compat.v1.nn")
HUNK = "\n--- victim.txt\n+++ victim.txt\n@@ -1 +1 @@\n-secret = 1\n+secret = 'owned'\n"
NAMES = [
    f"a.txt{HUNK}.py",
    f"a.txt\r{HUNK}.py",
    "victim.txt .py",
    "victim.txt\t.py",
    "victim.txt\v.py",
    "victim.txt\x85.py",
    "victim.txt\u2028.py",
    "victim.txt\xa0.py",
    'victim.txt".py',
    '"victim.txt" .py',
    "victim.txt\\n.py",
    "\x1b[2J.py",
    "é 😀.py",
    "a  b .py",
    " a.py",
]
APPLY = {
    "patch": ["patch", "-p0", "-f", "-s"],
    "git": ["git", "apply", "-p0", "--unidiff-zero"],
}

pytestmark = pytest.mark.skipif(os.name == "nt", reason="such names exist on POSIX only")


def diff_of(folder: Path, capfd: pytest.CaptureFixture[str]) -> str:
    main(["check", "--isolated", "--no-cache", "--diff", "."])
    return capfd.readouterr().out


@pytest.mark.parametrize("program", APPLY)
@pytest.mark.parametrize("name", NAMES)
def test_a_diff_changes_the_file_that_it_is_of_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], name: str, program: str
) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"no {program} here")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "victim.txt").write_text("secret = 1\n" if HUNK in name else BEFORE, encoding="utf-8")
    victim = (tmp_path / "victim.txt").read_bytes()
    (tmp_path / name).write_text(BEFORE, encoding="utf-8")
    diff = diff_of(tmp_path, capfd)
    assert diff.count("\n--- ") + diff.startswith("--- ") == 1
    subprocess.run(APPLY[program], input=diff.encode(), cwd=tmp_path, check=True, timeout=60)
    assert (tmp_path / "victim.txt").read_bytes() == victim
    assert (tmp_path / name).read_text(encoding="utf-8") == AFTER


def test_the_diff_of_a_notebook_is_none_that_a_program_applies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    if shutil.which("patch") is None:
        pytest.skip("no patch here")
    monkeypatch.chdir(tmp_path)
    for name in ("victim.txt", "n.ipynb:cell"):
        (tmp_path / name).write_text(BEFORE, encoding="utf-8")
    for name in ("victim.txt .ipynb", f"a{HUNK}.ipynb", "n.ipynb"):
        cells = [{"cell_type": "code", "source": BEFORE}]
        (tmp_path / name).write_text(json.dumps({"cells": cells}), encoding="utf-8")
    diff = diff_of(tmp_path, capfd)
    assert diff.count("+tf.compat.v1.nn.dynamic_rnn") == 3
    subprocess.run(APPLY["patch"], input=diff.encode(), cwd=tmp_path, capture_output=True, check=False, timeout=60)
    for name in ("victim.txt", "n.ipynb:cell"):
        assert (tmp_path / name).read_text(encoding="utf-8") == BEFORE


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a/b.py", "a/b.py"),
        ("é.py", "é.py"),
        ("a b.py", "a b.py\t"),
        ('a"b c.py', '"a\\"b c.py"'),
        ("a\\b.py", '"a\\\\b.py"'),
        ("a\n\t\r.py", '"a\\n\\t\\r.py"'),
        ("\x1b\x7f.py", '"\\033\\177.py"'),
        ("\u2028é.py", '"\\342\\200\\250é.py"'),
        (os.fsdecode(b"\xff.py"), '"\\377.py"'),
    ],
)
def test_names_are_quoted_as_git_quotes_them(name: str, shown: str) -> None:
    assert quoted(name) == shown
