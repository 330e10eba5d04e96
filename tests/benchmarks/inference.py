"""How much time does inference add to finding the legacy uses?

usage: python tests/benchmarks/inference.py PATH [--rounds N]

Checks every Python file under PATH twice in turn, once with the rules of the 1xx family alone and no lengths, once
with all rules, each with a project of its own, and prints the user time of both and their ratio. Files that
the pre-filter leaves out cost the same in both and are counted in both.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import statistics
import time
from unittest import mock

from rnnlint import engine
from rnnlint.read import files
from rnnlint.read.source import SourceError
from rnnlint.rules.watch import Context
from rnnlint.settings import Settings

LEGACY = Settings(select=("RNN1",))
ALL = Settings(select=("ALL",), max_unroll=0)


def main() -> None:
    """Print the two times and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    found = [item for item in files.find([options.path]) if isinstance(item, str) and item.endswith(".py")]
    pairs = [(without_inference(found), check(found, ALL)) for _ in range(options.rounds)]
    without, with_it = (statistics.median(column) for column in zip(*pairs))
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"{len(found)} files, {options.rounds} rounds, medians of user time")
    print(f"legacy uses alone   {without:8.2f} s")
    print(f"with inference      {with_it:8.2f} s")
    print(f"ratio of the pairs  {ratio:8.3f}")


def without_inference(found: list[str]) -> float:
    """Seconds for the 1xx rules where no length is asked for."""
    with mock.patch.object(engine, "Context", functools.partial(Context, lengths=False)):
        return check(found, LEGACY)


def check(found: list[str], settings: Settings) -> float:
    """Seconds of user time to check the files once."""
    project = engine.Project()
    start = time.process_time()
    for filename in found:
        with contextlib.suppress(SourceError):
            engine.check_file(filename, settings, project)
    return time.process_time() - start


if __name__ == "__main__":
    main()
