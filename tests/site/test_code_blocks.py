"""Does each code block of the documentation do what it says? Each is run, read by its language, or tested elsewhere.

A block of a language or with a program that nothing here checks fails: each has to be checked by something.
"""

from __future__ import annotations

import ast
import configparser
import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
import sessions

import rnnlint
from rnnlint.hosts.command_line import main
from rnnlint.hosts.command_line.flags import check_parser
from rnnlint.hosts.configuration import Configurations
from rnnlint.settings import OPTIONS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# Readers of what stands in the blocks; the environment that builds the site has them.
lua = pytest.importorskip("luaparser.ast")
sexpdata = pytest.importorskip("sexpdata")
yaml = pytest.importorskip("yaml")

pytestmark = pytest.mark.site

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


class Block(NamedTuple):
    """A fenced block: its page, the line that it begins at, its language, the title after that, and its text."""

    page: str
    row: int
    language: str
    title: str
    text: str


ELSEWHERE = {
    # What needs TensorFlow, a service or a browser. Each pair is a page and words of the block, with the file that
    # runs it or makes it.
    ("docs/ci.md", "pre-commit run"): "tests/hosts/test_pre_commit.py",
    ("docs/how-long-is-too-long.md", "first_run.py"): "tests/benchmarks/first_run.py",
    ("docs/probe.md", "rnnlint probe inspect"): "tests/measured/test_inspection.py",
    ("docs/probe-run.md", "$ rnnlint probe run"): "tests/hosts/test_probe_run.py",
    ("docs/editors.md", "--load-plugins=rnnlint\n"): "tests/hosts/test_pylint.py",
}
"""A console block shows what a command printed once; the file beside it prints or compares it."""


def blocks() -> Iterator[Block]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in re.finditer(
            r"^(?P<indent> *)```(?P<language>\w*)(?: title=\"(?P<title>[^\"]*)\")?\n(?P<text>.*?)^(?P=indent)```$",
            text,
            flags=re.DOTALL | re.MULTILINE,
        ):
            row = text[: found.start()].count("\n") + 1
            name = str(page.relative_to(ROOT))
            yield Block(name, row, found["language"], found["title"] or "", textwrap.dedent(found["text"]))


BLOCKS = list(blocks())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example, under the names that pages give to a user's code."""
    for name in ("src", "model", "model_v2", "docs/example", "tests"):
        shutil.copytree(ROOT / "docs" / "example", tmp_path / name)
    shutil.copytree(ROOT / "docs" / "example", tmp_path, dirs_exist_ok=True)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def checked(block: Block) -> None:
    """Raise where a block is wrong, or where nothing knows how to check it."""
    CHECKS[block.language](block)


def test_every_block_is_of_a_language_that_is_checked() -> None:
    assert {block.language for block in BLOCKS if not is_elsewhere(block)} <= set(CHECKS)
    assert len(BLOCKS) > 80


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.page}:{block.row}")
def test_a_block_does_what_it_says(block: Block, project: Path) -> None:
    if not is_elsewhere(block):
        checked(block)


def is_elsewhere(block: Block) -> bool:
    if sessions.is_session((ROOT / block.page).read_text(encoding="utf-8")):
        # Its commands are run by docs/make_pages.py; of the rest the language is checked.
        return block.language in ("console", "sh", "diff")
    return any(block.page == page and words in block.text for page, words in ELSEWHERE)


def test_what_is_checked_elsewhere_is_there() -> None:
    for (page, words), file in ELSEWHERE.items():
        assert any(block.page == page and words in block.text for block in BLOCKS), f"{page}: {words}"
        assert (ROOT / file).is_file()


def python(block: Block) -> None:
    """Parsed, linted, and run where it has the name of a program."""
    ast.parse(block.text)
    rnnlint.check_source(block.text)
    if block.title:
        command = [sys.executable, "-W", "error", "-c", block.text]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout


def toml(block: Block) -> None:
    tools = tomllib.loads(block.text)["tool"]
    if "rnnlint" in tools:
        file = Path("pyproject.toml")
        file.write_text(block.text, encoding="utf-8")
        Configurations({}, os.getcwd(), str(file))
    names = {f"rnn-{option.name}" for option in OPTIONS if option.in_hosts}
    assert set(tools.get("pylint", {}).get("rnnlint", {})) <= names


def ini(block: Block) -> None:
    parser = configparser.ConfigParser()
    parser.read_string(block.text)
    names = {f"rnn-{option.name}" for option in OPTIONS if option.in_hosts}
    for section in parser.sections():
        assert {name for name in parser[section] if name.startswith("rnn-")} <= names
        commands(parser[section].get("commands", ""))


def in_yaml(block: Block) -> None:
    assert yaml.safe_load(block.text)
    for command in re.findall(r"^(?:[ -]*run: |[ -]*)(rnnlint .*)$", block.text, flags=re.MULTILINE):
        commands(command)


def commands(text: str) -> None:
    """The commands of rnnlint in a text have flags that there are."""
    for line in text.splitlines():
        words = shlex.split(line.replace("{posargs:src}", "src"), comments=True)
        if words[:2] == ["rnnlint", "check"]:
            check_parser().read(words[2:])


def sh(block: Block) -> None:
    done = subprocess.run(["bash", "-n", "-c", block.text], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for line in block.text.splitlines():
        for command in line.split(" && "):
            words = shlex.split(command, comments=True)
            if words:
                PROGRAMS[Path(words[0]).name](words)


def rnnlint_command(words: list[str]) -> None:
    """Run, but for what needs TensorFlow, a table or an editor: of that the help has to know the flags."""
    words = [word for word in words[1:] if word not in ("[PATH", "...]")]
    if words[0] in ("probe", "weights", "server", "fleet"):
        names = words[: 2 if words[1:2] in (["run"], ["inspect"]) else 1]
        done, text = ran([*names, "--help"])
        assert done == 0
        own = words if names[-1] != "run" else []
        assert {word for word in own if word.startswith("--")} <= set(re.findall(r"--[a-z][\w-]*", text))
        return
    stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(b""))
    try:
        code, text = ran(words)
    finally:
        sys.stdin = stdin
    assert code in (0, 1), text
    assert "error:" not in text


def ran(words: list[str]) -> tuple[int, str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            return main(words), out.getvalue()
        except SystemExit as end:
            return int(end.code or 0), out.getvalue()


def host(words: list[str]) -> None:
    """flake8 and pylint: exit codes that say that there are findings, not that an option is wrong."""
    done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode != 32, done.stderr
    assert done.stdout


def pip(words: list[str]) -> None:
    """What is installed is this project, with extras that there are, or a package of others."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for word in words[2:]:
        assert not word.startswith("rnnlint"), "there is no release to install"
        if found := re.fullmatch(r"\.\[([\w,]+)\]", word):
            assert set(found[1].split(",")) <= set(extras)


def python_command(words: list[str]) -> None:
    """A module or a script that there is."""
    if words[1:3] == ["-m", "venv"] or words[1:3] == ["-m", "pytest"]:
        return
    place = ROOT / (words[2].replace(".", "/") if words[1] == "-m" else words[1])
    assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file()


def tox(words: list[str]) -> None:
    """Environments that there are."""
    environments = configparser.ConfigParser(interpolation=None)
    environments.read(ROOT / "tox.ini", encoding="utf-8")
    for names in [after for word, after in pairwise(words) if word == "-e"]:
        assert {f"testenv:{name}" for name in names.split(",")} <= set(environments)


def nothing(words: list[str]) -> None:
    """Programs of others, that tests/hosts or tests/measured run as the page has them."""


PROGRAMS: dict[str, Callable[[list[str]], None]] = {
    "rnnlint": rnnlint_command,
    "flake8": host,
    "pylint": host,
    "pip": pip,
    "python": python_command,
    "python3": python_command,
    "tox": tox,
    "nbqa": nothing,  # tests/hosts/test_nbqa.py
    "tf_upgrade_v2": nothing,  # tests/measured/test_four_steps.py
}

CHECKS: dict[str, Callable[[Block], None]] = {
    "python": python,
    "toml": toml,
    "ini": ini,
    "yaml": in_yaml,
    "json": lambda block: json.loads(block.text),
    "lua": lambda block: lua.parse(block.text),
    "elisp": lambda block: sexpdata.parse(block.text),
    "sh": sh,
}
