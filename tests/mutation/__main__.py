"""How many of the faults that could be in the engine do the tests see? A sample of mutants, each run against its tests.

`tox -e mutation` first records which tests run a line; of these, the ones that run the fewest lines are asked first.
What no test sees is printed, or with --write-survivors written to survivors.txt, where a word on each is kept. What
computes the same is in equivalent.txt, beside this file, and not counted. The record has to be of the sources as they
are: a line that moved since has other tests, or none.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from judge import Judge
from mutants import Mutant, mutants
from record import Record, Recorder

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
ROOMS = ("read", "resolve", "infer", "rules", "hosts")


def main() -> int:
    """0 where enough are killed, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / ".coverage-mutation", help="which test runs which line")
    parser.add_argument("--record", action="store_true", help="run the tests once and write --data")
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=20, help="of the processor, after which no further test begins")
    parser.add_argument("--least", type=float, default=0.0, help="the part to be killed, or the exit code is 1")
    parser.add_argument("--write-survivors", action="store_true", help=f"to {HERE.name}/survivors.txt")
    parser.add_argument("tests", nargs="*", default=["tests"], help="where the tests are")
    arguments = parser.parse_args()
    options = ["-q", "-p", "no:cacheprovider", *arguments.tests]
    if arguments.record:
        # A test that fails while it is recorded still says which lines it runs.
        return int(pytest.main(options, plugins=[Recorder(arguments.data)]) not in (0, 1))
    fates = _fates(arguments, options)
    count = Counter(fates.values())
    part = count["killed"] / max(1, count.total())
    total = f"{count['killed']} of {count.total()} killed ({part:.0%}), seed {arguments.seed}"
    print(total)
    for room in ROOMS:
        of_room = [fate for mutant, fate in fates.items() if mutant.filename.split("/")[1] == room]
        print(f"  {room}: {of_room.count('killed')} of {len(of_room)}")
    if arguments.write_survivors:
        _write_survivors(total, [one for one, fate in fates.items() if fate != "killed"])
    return int(part < arguments.least)


def _fates(arguments: argparse.Namespace, options: list[str]) -> dict[Mutant, str]:
    equivalent = _words(HERE / "equivalent.txt")
    candidates = [one for one in _candidates() if one.key not in equivalent]
    fates: dict[Mutant, str] = {}

    def told(mutant: Mutant, fate: str) -> None:
        fates[mutant] = fate
        if len(fates) % 25 == 0:
            print(f"{len(fates)} so far", file=sys.__stderr__, flush=True)
        if fate != "killed":
            # Past pytest, which keeps what is printed.
            print(f"{fate}: {mutant.filename}:{mutant.row}: {mutant.short}", file=sys.__stderr__, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(ROOT, Path(folder), Record(arguments.data), arguments.seconds, told)
        judge.chosen = random.Random(arguments.seed).sample(candidates, min(arguments.sample, len(candidates)))
        pytest.main(options, plugins=[judge])
    return fates


def _candidates() -> list[Mutant]:
    """Every mutant of the rooms."""
    found = []
    for room in ROOMS:
        for path in sorted((ROOT / "rnnlint" / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/command_line/probe" not in name:
                found += mutants(path.read_text(encoding="utf-8"), name)
    return found


def _words(path: Path) -> dict[str, str]:
    """The word on each mutant that is listed there, by its key."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return {key: word for key, _, word in (line.partition("  # ") for line in lines) if key}


def _write_survivors(total: str, survivors: list[Mutant]) -> None:
    path = HERE / "survivors.txt"
    words = _words(path)
    lines = [f"{one.key}  # {words.get(one.key, 'not looked at yet')}" for one in survivors]
    path.write_text("".join(f"{line}\n" for line in ["", f"  # {total}", *sorted(lines)][1:]), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
