"""What does rnnlint cost the hosts?

`python tests/benchmarks/hosts.py PATH` takes the 25 files under PATH with the most findings and runs each host in turns
without our plugin, with it where nothing has changed since the last run, and with it where nothing is kept. It prints
medians of user time and their ratios, and fails where the second is above the limit. `--every 20` takes each twentieth
file instead, whatever it says: what a tree costs that is mostly not about RNNs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from side_by_side import costs  # noqa: E402 - beside this file

from rnnlint import engine  # noqa: E402 - found by the line above
from rnnlint.read.source import SourceError  # noqa: E402
from rnnlint.settings import Settings  # noqa: E402

LIMIT = 1.03

# An installed rnnlint is hidden, so that both runs have one local plugin.
FLAKE8 = """
import importlib.metadata as metadata
everything = metadata.distributions
metadata.distributions = lambda **named: (d for d in everything(**named) if d.metadata["Name"] != "rnnlint")
from flake8.main.cli import main
raise SystemExit(main())
"""
EMPTY = """
class Plugin:
    name, version = "empty", "1"

    def __init__(self, tree):
        pass

    def run(self):
        return iter(())
"""


def sample(folder: Path, size: int) -> list[str]:
    """The files with the most findings that this Python can parse."""
    project = engine.Project()
    counts: dict[str, int] = {}
    for path in filter(parses, sorted(folder.rglob("*.py"))):
        with contextlib.suppress(SourceError):
            counts[str(path)] = len(engine.check_file(str(path), Settings(), project).findings)
    return sorted((path for path in counts if counts[path]), key=lambda path: (-counts[path], path))[:size]


def parses(path: Path) -> bool:
    """Whether this Python can parse a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
    return True


def commands(host: str, files: Sequence[str], folder: str) -> dict[str, list[str]]:
    """The host without us, with us where nothing has changed since the last run, and with us where nothing is kept."""
    if host == "pylint":
        start = [sys.executable, "-m", "pylint", "--rcfile=", "-j1", "--score=n"]
        ours = [*start, "--load-plugins=rnnlint"]
        return {"without": [*start, *files], "kept": [*ours, *files], "anew": [*ours, "--rnn-cache=n", *files]}
    Path(folder, "empty_plugin.py").write_text(EMPTY, encoding="utf-8")
    made = []
    for plugin in ("empty_plugin:Plugin", "rnnlint.hosts.flake8:Plugin"):
        config = Path(folder, plugin.split(".")[0].split(":")[0] + ".cfg")
        config.write_text(f"[flake8:local-plugins]\nextension =\n    RNN = {plugin}\npaths = {folder}\n", "utf-8")
        made.append([sys.executable, "-c", FLAKE8, "-j1", f"--config={config}"])
    return {"without": [*made[0], *files], "kept": [*made[1], *files], "anew": [*made[1], "--rnn-cache=false", *files]}


def compare(host: str, files: Sequence[str], rounds: int) -> bool:
    """Print what a host costs without us and with us; whether the run that has everything kept is within the limit."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYLINTHOME": folder,
            "RNNLINT_CACHE_DIR": str(Path(folder, "cache")),
            "PYTHONHASHSEED": "0",
        }
        found = costs(commands(host, files, folder), rounds, folder, environment)
    for name, cost in found.items():
        print(f"{host} {name:8} {cost.user:6.2f} s of user time, ratio {cost.to(found['without'], 'user')}")
    base = found["without"].user
    return found["kept"].user / base <= LIMIT


def main() -> int:
    """Measure both hosts; return an exit code that shows whether one is above the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="a folder of Python code")
    parser.add_argument("--files", type=int, default=25)
    parser.add_argument("--every", type=int, metavar="N", help="each Nth file, instead of those with findings")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--host", choices=("flake8", "pylint"), action="append")
    chosen = parser.parse_args()
    folder = chosen.path.resolve()
    if chosen.every:
        files = [str(path) for path in sorted(folder.rglob("*.py"))[:: chosen.every] if parses(path)]
    else:
        files = sample(folder, chosen.files)
    if not files:
        raise SystemExit(f"{chosen.path}: no file to take")
    lines = sum(len(Path(file).read_bytes().splitlines()) for file in files)
    print(f"{len(files)} files, {lines} lines, rounds: {chosen.rounds}")
    within = [compare(host, files, chosen.rounds) for host in chosen.host or ("flake8", "pylint")]
    return int(not all(within))


if __name__ == "__main__":
    sys.exit(main())
