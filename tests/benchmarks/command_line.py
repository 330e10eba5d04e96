"""What does the command line cost? Beside parsing alone, and beside ruff where that is installed.

    python tests/benchmarks/command_line.py tree FOLDER    a large tree that is mostly not about RNNs
    python tests/benchmarks/command_line.py files FOLDER   the files under FOLDER that have findings
    python tests/benchmarks/command_line.py start          one small file
    python tests/benchmarks/command_line.py growth FOLDER  ten times the files that have findings

Medians of commands that run in turns; ratios are what counts.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from side_by_side import Cost, costs  # noqa: E402 - beside this file

from rnnlint.facts import symbols  # noqa: E402 - found by the line above

CHECK = [sys.executable, "-m", "rnnlint", "check", "--isolated", "-q", "--exit-zero", "--exclude", "none"]
PARSE = """
import ast, gc, os, sys, warnings
warnings.simplefilter("ignore")
if sys.argv.pop(1) == "off":
    gc.disable()
for given in sys.argv[1:]:
    names = [given] if os.path.isfile(given) else (
        os.path.join(folder, name) for folder, _, names in os.walk(given) for name in names if name.endswith(".py")
    )
    for name in names:
        try:
            ast.parse(open(name, "rb").read())
        except (SyntaxError, ValueError, RecursionError):
            pass
"""
SMALL = "import tensorflow as tf\n\ncell = tf.nn.rnn_cell.LSTMCell(8)\nouts, state = tf.nn.dynamic_rnn(cell, x)\n"


def main() -> None:
    """Run one of the measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("tree", "files", "start", "growth"))
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    if chosen.what != "start" and (chosen.folder is None or not chosen.folder.is_dir()):
        parser.error(f"{chosen.what} needs a folder")
    with tempfile.TemporaryDirectory() as folder:
        {"tree": tree, "files": files, "start": start, "growth": growth}[chosen.what](chosen, folder)


def tree(chosen: argparse.Namespace, folder: str) -> None:
    """A large tree, in one process and in two."""
    path = str(chosen.folder.resolve())
    commands = {
        **parse([path]),
        "rnnlint": [*CHECK, "-n", path],
        "rnnlint -j1": [*CHECK, "-n", "-j1", path],
        "rnnlint -j2": [*CHECK, "-n", "-j2", path],
    }
    ruff = shutil.which("ruff")
    if ruff:
        config = Path(folder, "ruff.toml")
        names = "\n".join(f'"{name}".msg = "x"' for name in banned())
        config.write_text(f"[lint.flake8-tidy-imports.banned-api]\n{names}\n", encoding="utf-8")
        settings = [
            "--no-cache",
            "--select",
            "TID251",
            "--exit-zero",
            "-q",
            "--config",
            str(config),
            "--exclude",
            "none",
        ]
        commands["ruff"] = [ruff, "check", *settings, path]
    show(costs(commands, chosen.rounds, folder, surroundings()), "parse")


def files(chosen: argparse.Namespace, folder: str) -> None:
    """Files with findings: a first run, and one where nothing has changed."""
    found = with_findings(chosen.folder)
    kept = [*CHECK, "--cache-dir", str(Path(folder, "cache")), "-j1", *found]
    commands = {
        **parse(found),
        "anew": [*CHECK, "-n", *found],
        "anew -j1": [*CHECK, "-n", "-j1", *found],
        "kept": kept,
    }
    print(f"{len(found)} files with findings")
    show(costs(commands, chosen.rounds, folder, surroundings()), "parse")


def start(chosen: argparse.Namespace, folder: str) -> None:
    """One small file: what it takes above an interpreter that does nothing."""
    Path(folder, "small.py").write_text(SMALL, encoding="utf-8")
    Path(folder, ".git").mkdir()
    commands = {
        "nothing": [sys.executable, "-c", "pass"],
        "anew": [*CHECK, "-n", "small.py"],
        "kept": [*CHECK, "small.py"],
    }
    found = costs(commands, max(chosen.rounds, 15), folder, surroundings())
    show(found, "nothing")
    for name in ("anew", "kept"):
        print(f"{name}: {1000 * (found[name].user - found['nothing'].user):.0f} ms of user time above nothing")


def growth(chosen: argparse.Namespace, folder: str) -> None:
    """The files with findings once and ten times over."""
    found = with_findings(chosen.folder)
    for copy in range(10):
        for number, file in enumerate(found):
            place = Path(folder, f"copy{copy}", str(number), os.path.basename(file))
            place.parent.mkdir(parents=True)
            shutil.copy(file, place)
    commands = {"once": [*CHECK, "-n", "-j1", "copy0"], "ten times": [*CHECK, "-n", "-j1", "."]}
    show(costs(commands, chosen.rounds, folder, surroundings()), "once")


def parse(paths: Sequence[str]) -> dict[str, list[str]]:
    """The commands that parse and do no more: as Python does it, and with its collector off, as we do."""
    start = [sys.executable, "-c", PARSE]
    return {"parse": [*start, "on", *paths], "parse, gc off": [*start, "off", *paths]}


def banned() -> list[str]:
    """The symbols, as ruff wants them named."""
    return ["tensorflow" + path[2:] if path.startswith("tf.") else path for path in symbols.table()]


def with_findings(folder: Path) -> list[str]:
    """The Python files under a folder with findings, listed by another process: a child's peak memory would include
    what this one needs."""
    command = [*CHECK, "-n", "--output-format", "json", str(folder.resolve())]
    listed = subprocess.run(command, stdout=subprocess.PIPE, env=surroundings(), check=False).stdout
    return sorted({one["filename"] for one in json.loads(listed) if one["filename"].endswith(".py")})


def surroundings() -> dict[str, str]:
    """The environment in which this checkout is what runs."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}


def show(found: dict[str, Cost], base: str) -> None:
    """A table with ratios to one of the commands: of user and system time, and of the time that went by."""
    print(f"{'':14}{'user s':>9}{'cpu s':>9}{'wall s':>9}{'peak MB':>9}{'cpu ratio':>24}{'wall ratio':>24}")
    for name, cost in found.items():
        ratios = f"{cost.to(found[base], 'cpu'):>24}{cost.to(found[base], 'wall'):>24}"
        print(f"{name:14}{cost.user:9.3f}{cost.cpu:9.3f}{cost.wall:9.3f}{cost.memory:9.0f}{ratios}")


if __name__ == "__main__":
    main()
