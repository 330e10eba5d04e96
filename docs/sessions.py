"""What do the commands of a page print? Runs its console blocks in order, in one copy of an example.

A page that begins with `<!-- session: FOLDER -->` is such a session; FOLDER lies in docs/. In its `console` and `sh`
blocks each line that begins with `$ ` (in `sh` each line) is a command. A `console` block shows what they print, which
`python docs/make_pages.py` writes; a `sh` block shows commands alone. A block of another language with a title that
names a file, such as `toml title="pyproject.toml"`, adds to that file.
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

# Commands that need TensorFlow, with the patch that holds what they change; tests that have TensorFlow compare.
PATCHES = {"tf_upgrade_v2": "steps/tf_upgrade_v2.diff"}
# Commands that set up an environment or run the user's program: a session takes them as done.
_TAKEN_AS_DONE = ("pip", "python", "python3", "export")


def is_session(text: str) -> bool:
    """Whether a page is one whose commands are run."""
    return _HEAD.match(text) is not None


def with_outputs(text: str) -> str:
    """The page with what its commands print now. Raises ValueError where one cannot be run."""
    head = _HEAD.match(text)
    assert head is not None
    with tempfile.TemporaryDirectory() as top:
        # The name of the folder is in no output, since commands name paths within it.
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
    """What a command prints, on both streams in their order. Raises ValueError where it is none that is known."""
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
    """In this folder, with a cache that is removed with it, and without what the caller's terminal asks for."""
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
