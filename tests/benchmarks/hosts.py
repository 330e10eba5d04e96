"""What does rnnlint cost the hosts? `python tests/benchmarks/hosts.py PATH` takes the 25 files under PATH with the most
findings and runs each host with and without our plugin in turns; it prints medians of user time and their ratios.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

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
    for path in sorted(folder.rglob("*.py")):
        try:
            counts[str(path)] = len(engine.check_file(str(path), Settings(), project).findings)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
        except (SourceError, SyntaxError, ValueError):
            counts.pop(str(path), None)
    return sorted((path for path in counts if counts[path]), key=lambda path: (-counts[path], path))[:size]


def user_time(command: Sequence[str], folder: str) -> float:
    """The seconds of user time that a command takes; what it prints is of no interest."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYLINTHOME": folder, "PYTHONHASHSEED": "0"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if "Traceback" in done.stderr or not done.stdout:
        raise SystemExit(f"{' '.join(command[:6])} failed:\n{done.stderr}")
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def compare(name: str, without: Sequence[str], with_us: Sequence[str], rounds: int, folder: str) -> float:
    """The ratio of the medians of two commands, which run in turns so that both meet the same weather."""
    times: tuple[list[float], list[float]] = ([], [])
    for command in (without, with_us):
        user_time(command, folder)
    for number in range(rounds):
        for which in (0, 1) if number % 2 else (1, 0):
            times[which].append(user_time((without, with_us)[which], folder))
    before, after = map(statistics.median, times)
    pairs = statistics.median(b / a for a, b in zip(*times))
    ratio = after / before
    verdict = "ok" if ratio <= LIMIT else f"above {LIMIT}"
    print(f"{name}: {before:.2f} s without, {after:.2f} s with: ratio {ratio:.3f} (of pairs {pairs:.3f}), {verdict}")
    return ratio


def commands(host: str, files: Sequence[str], folder: str) -> tuple[list[str], list[str]]:
    """The host without us and with us."""
    if host == "pylint":
        start = [sys.executable, "-m", "pylint", "--rcfile=", "-j1", "--score=n"]
        return [*start, *files], [*start, "--load-plugins=rnnlint", *files]
    Path(folder, "empty_plugin.py").write_text(EMPTY, encoding="utf-8")
    made = []
    for plugin in ("empty_plugin:Plugin", "rnnlint.hosts.flake8:Plugin"):
        config = Path(folder, plugin.split(".")[0].split(":")[0] + ".cfg")
        config.write_text(f"[flake8:local-plugins]\nextension =\n    RNN = {plugin}\npaths = {folder}\n", "utf-8")
        made.append([sys.executable, "-c", FLAKE8, "-j1", f"--config={config}", *files])
    return made[0], made[1]


def main() -> int:
    """Measure both hosts; the exit code tells whether one is above the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="a folder of Python code")
    parser.add_argument("--files", type=int, default=25)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--host", choices=("flake8", "pylint"), action="append")
    chosen = parser.parse_args()
    files = sample(chosen.path.resolve(), chosen.files)
    if not files:
        raise SystemExit(f"{chosen.path}: no file with a finding")
    lines = sum(len(Path(file).read_bytes().splitlines()) for file in files)
    print(f"{len(files)} files, {lines} lines, rounds: {chosen.rounds}")
    ratios = []
    for host in chosen.host or ("flake8", "pylint"):
        with tempfile.TemporaryDirectory() as folder:
            ratios.append(compare(host, *commands(host, files, folder), chosen.rounds, folder))
    return int(max(ratios) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
