"""What do the commands of a page print? Runs its console blocks in order, in a copy of an example.

A page that begins with `<!-- session: FOLDER -->` is a session; FOLDER is in docs/. In a `console` block, each line
that begins with `$ ` is a command, in a `sh` block each line. A `console` block shows the output of its commands,
which `python docs/make_pages.py` writes. A `sh` block shows only commands. A block of another language whose title
names a file, such as `toml title="pyproject.toml"`, is appended to that file.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rnnlint.hosts.command_line import main as rnnlint

DOCS = Path(__file__).resolve().parent

_HEAD = re.compile(r"<!-- session: (?P<folder>[\w-]+) -->\n")
_BLOCK = re.compile(r"^```(?P<language>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<body>.*?)^```$", re.M | re.S)

# Commands that need TensorFlow, and the patch with their changes. Tests with TensorFlow compare them.
PATCHES = {"tf_upgrade_v2": "steps/tf_upgrade_v2.diff"}
# Commands that set up an environment or run the user's program. A session skips them.
_TAKEN_AS_DONE = ("pip", "python", "python3", "export")


def is_session(text: str) -> bool:
    """Whether the commands of a page are run."""
    return _HEAD.match(text) is not None


def with_outputs(text: str) -> str:
    """The page with the current output of its commands. Raises ValueError if a command cannot be run."""
    head = _HEAD.match(text)
    assert head is not None
    with tempfile.TemporaryDirectory() as top:
        # Commands use paths within the folder, so its name appears in no output.
        folder = Path(top) / head["folder"]
        shutil.copytree(DOCS / head["folder"], folder, ignore=shutil.ignore_patterns("__pycache__", "README.md"))
        shutil.copytree(DOCS / "steps", Path(top) / "steps")
        with _within(folder):
            return _BLOCK.sub(_replayed, text)


def _replayed(block: re.Match[str]) -> str:
    language, title, body = block["language"], block["title"], block["body"]
    if title:
        with open(title, "a", encoding="utf-8") as file:
            file.write(body)
    elif language == "sh":
        for line in body.splitlines():
            run(line)
    elif language == "console":
        commands = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
        return "```console\n" + "\n".join(f"$ {command}\n{run(command)}" for command in commands) + "```"
    return block.group()


def run(line: str) -> str:
    """The output of a command, with both streams in order. Raises ValueError for an unknown command."""
    command, _, rest = line.partition(" | head -n ")
    words = shlex.split(command, comments=True)
    if not words or Path(words[0]).name in _TAKEN_AS_DONE:
        return ""
    if words[0] == "rnnlint":
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            rnnlint(words[1:])
        printed = out.getvalue()
    elif words[0] in PATCHES:
        printed = _git(["apply", str(DOCS / PATCHES[words[0]])])
    elif words[:2] == ["git", "apply"]:
        printed = _git(words[1:])
    else:
        raise ValueError(f"a session cannot run: {line}")
    return "".join(printed.splitlines(keepends=True)[: int(rest)]) if rest else printed


def _git(words: list[str]) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ValueError(f"git {shlex.join(words)}: {done.stderr}")
    return done.stdout


@contextlib.contextmanager
def _within(folder: Path) -> Iterator[None]:
    """Run in this folder, with a temporary cache and without the terminal settings of the caller."""
    before, environment = os.getcwd(), dict(os.environ)
    os.environ.update(NO_COLOR="1", COLUMNS="80", RNNLINT_CACHE_DIR=str(folder.parent / "cache"))
    for name in ("FORCE_COLOR", "GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        os.environ.pop(name, None)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(environment)
