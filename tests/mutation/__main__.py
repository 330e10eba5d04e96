"""How many of the faults that could be in the engine do the tests see? A sample of mutants, each run against its tests.

`tox -e mutation` first records which tests run a line; of these, the ones that run the fewest lines are asked first.
What no test sees is printed; what computes the same is in equivalent.txt, beside this file, and not counted. The record
has to be of the sources as they are: a line that moved since has other tests, or none.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from coverage import CoverageData
from mutants import Mutant, mutants

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
ROOMS = ("read", "resolve", "infer", "rules", "hosts")
_MOST_TESTS = 25
"""Functions of tests that are asked about one mutant."""


class Contexts:
    """Which tests run a line, as coverage has recorded it."""

    def __init__(self, filename: str) -> None:
        data = CoverageData(filename)
        data.read()
        self._lines: dict[str, dict[int, list[str]]] = {}
        sizes: Counter[str] = Counter()
        for measured in data.measured_files():
            by_line = data.contexts_by_lineno(measured)
            self._lines["rnnlint" + measured.replace(os.sep, "/").rpartition("/rnnlint")[2]] = by_line
            for contexts in by_line.values():
                sizes.update(contexts)
        self._sizes = sizes

    def tests(self, mutant: Mutant) -> list[str]:
        """The tests of its line, those that run the fewest lines first, as arguments for pytest."""
        contexts = {*self._lines.get(mutant.filename, {}).get(mutant.row, ())} - {""}
        found = [_argument(one) for one in sorted(contexts, key=lambda one: (self._sizes[one], one))]
        return [one for one in found if one][:_MOST_TESTS]


def _argument(context: str) -> str | None:
    """`tests.infer.test_lengths.test_this` as `tests/infer/test_lengths.py::test_this`."""
    parts = context.split(".")
    for size in range(len(parts) - 1, 0, -1):
        path = Path(*parts[:size]).with_suffix(".py")
        for folder in (ROOT, ROOT / "tests", *(ROOT / "tests").iterdir()):
            if (folder / path).is_file():
                return f"{(folder / path).relative_to(ROOT).as_posix()}::{'::'.join(parts[size:])}"
    return None


def candidates() -> list[Mutant]:
    """Every mutant of the rooms."""
    found = []
    for room in ROOMS:
        for path in sorted((ROOT / "rnnlint" / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/command_line/probe" not in name:
                found += mutants(path.read_text(encoding="utf-8"), name)
    return found


def judged(mutant: Mutant, contexts: Contexts, seconds: int) -> str:
    """What becomes of it: "killed", "survived", or "no test"."""
    tests = contexts.tests(mutant)
    if not tests:
        return "no test"
    with tempfile.TemporaryDirectory() as folder:
        for name in ("rnnlint", "tests", "docs"):
            shutil.copytree(ROOT / name, Path(folder, name), ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", folder)
        text = (ROOT / mutant.filename).read_text(encoding="utf-8")
        changed = text[: mutant.start] + mutant.new + text[mutant.end :]
        Path(folder, mutant.filename).write_text(changed, encoding="utf-8")
        return "killed" if _fails(folder, tests, seconds) else "survived"


def _fails(folder: str, tests: list[str], seconds: int) -> bool:
    environment = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", *tests]
    started = time.monotonic()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            # 5: nothing was collected, 1 and 2: a failure, or an error of an import.
            return process.wait(seconds) not in (0, 5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
            print(f"  ended after {time.monotonic() - started:.0f} s", flush=True)
            return True


def main() -> int:
    """0 where enough are killed, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=str(ROOT / ".coverage"), help="of coverage, with contexts")
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=300, help="after which the tests of a mutant are ended")
    parser.add_argument(
        "--least", type=float, default=0.0, help="the part that has to be killed, or the exit code is 1"
    )
    arguments = parser.parse_args()
    equivalent = {line.partition("  # ")[0] for line in (HERE / "equivalent.txt").read_text("utf-8").splitlines()}
    chosen = [one for one in candidates() if one.key not in equivalent]
    chosen = random.Random(arguments.seed).sample(chosen, min(arguments.sample, len(chosen)))
    contexts = Contexts(arguments.data)
    count: Counter[str] = Counter()
    rooms: dict[str, Counter[str]] = {room: Counter() for room in ROOMS}
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for mutant, fate in zip(
            chosen, pool.map(partial(judged, contexts=contexts, seconds=arguments.seconds), chosen)
        ):
            count[fate] += 1
            rooms[mutant.filename.split("/")[1]][fate] += 1
            if fate != "killed":
                print(
                    f"{fate}: {mutant.filename}:{mutant.row}: {_short(mutant.old)} -> {_short(mutant.new)}", flush=True
                )
    part = count["killed"] / max(1, count.total())
    print(f"{count['killed']} of {count.total()} killed ({part:.0%}), seed {arguments.seed}")
    for room, fates in rooms.items():
        print(f"  {room}: {fates['killed']} of {fates.total()}")
    return int(part < arguments.least)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 90 else f"{text[:90]}…"


if __name__ == "__main__":
    sys.exit(main())
