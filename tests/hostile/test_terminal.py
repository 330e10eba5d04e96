"""Can the name of a file, or a line in it, steer the terminal or GitHub's log that shows it?"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="names that Windows does not have")

CODE = "import tensorflow as tf\ntf.nn.dynamic_rnn(c, x)  # \x1b[31m \u202e \x9b2J \u2066\n"
NAMES = [
    "a\x1b]0;owned\x07.py",
    "b\u202eyp.c.py",
    "c\n::error file=x::forged\n.py",
    "::warning::forged.py",
    " ::stop-commands::x.py",
    "\u2028::notice::x.py",
    "d\r\x9b2J.py",
    "e%0A::error::x.py",
    "f,col=9,title=x:y.py",
]
FORMATS = ["full", "concise", "grouped", "pylint", "github", "gitlab", "json", "jsonl", "sarif", "junit", "checkstyle"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / name).write_text(CODE, encoding="utf-8")
    (tmp_path / os.fsdecode(b"g\xff.py")).write_text(CODE, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[str, str]:
    command = [sys.executable, "-m", "rnnlint", "check", "-n", "--isolated", "--jobs", "1", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=False)
    assert done.returncode in (0, 1)
    return done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def unsafe(text: str) -> set[str]:
    return {char for char in text if not char.isprintable() and char not in "\n\t"}


@pytest.mark.parametrize("output", FORMATS)
def test_no_format_prints_what_steers_a_terminal(folder: Path, output: str) -> None:
    out, err = run(folder, "--output-format", output)
    assert unsafe(out + err) == set()
    assert "dynamic_rnn" in out


@pytest.mark.parametrize("output", FORMATS)
def test_no_name_becomes_a_command_of_github(folder: Path, output: str) -> None:
    commands = [row for row in run(folder, "--output-format", output)[0].splitlines() if row.lstrip().startswith("::")]
    if output != "github":
        assert commands == []
        return
    assert len(commands) == len(NAMES) + 1
    assert all(row.startswith("::error title=rnnlint (RNN102),file=") for row in commands)
    # Behind its properties a command has one pair of colons: nothing of a name ends them earlier.
    assert all("::RNN102 " in row and row.count("::") == 2 for row in commands)


@pytest.mark.parametrize("arguments", [("--show-files",), ("--statistics",), ("--statistics=file",)])
def test_lists_print_nothing_that_steers_a_terminal(folder: Path, arguments: tuple[str, ...]) -> None:
    out, err = run(folder, *arguments)
    assert unsafe(out + err) == set()
    assert not any(row.lstrip().startswith("::") for row in out.splitlines())
    if "--show-files" in arguments:
        assert len(out.splitlines()) == len(NAMES) + 1


def test_a_name_in_an_error_steers_nothing(tmp_path: Path) -> None:
    (tmp_path / "x\x1b[2J\n::error::y.py").write_text("import tensorflow as tf\ntf.nn.static_rnn(\n", encoding="utf-8")
    command = [sys.executable, "-m", "rnnlint", "check", "-n", "--isolated", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert unsafe(done.stdout + done.stderr) == set()
    assert not any(row.lstrip().startswith("::") for row in (done.stdout + done.stderr).splitlines())


@pytest.mark.parametrize("content", ["m.py", "-"])
def test_a_diff_steers_no_terminal_and_stays_as_it_is_elsewhere(tmp_path: Path, content: str) -> None:
    (tmp_path / "m.py").write_text(CODE, encoding="utf-8")
    arguments = ("-n", "--isolated", "--diff", content)
    command = [sys.executable, "-m", "rnnlint", "check", *arguments]
    ours, theirs = os.openpty()
    with (tmp_path / "m.py").open("rb") as stdin:
        subprocess.run(command, cwd=tmp_path, stdin=stdin, stdout=theirs, stderr=theirs, timeout=60, check=False)
    os.close(theirs)
    shown = ""
    with contextlib.suppress(OSError):
        while part := os.read(ours, 2**16):
            shown += part.decode("utf-8")
    os.close(ours)
    assert "+tf.compat.v1.nn.dynamic_rnn(c, x)" in shown
    assert unsafe(shown) <= {"\r"}
    with (tmp_path / "m.py").open("rb") as stdin:
        piped = subprocess.run(command, cwd=tmp_path, stdin=stdin, capture_output=True, timeout=60, check=False).stdout
    assert f"-{CODE.splitlines()[1]}" in piped.decode("utf-8")
