"""How many rows a second does `rnnlint fleet` check, how does that grow, and how much memory does it take?

Makes Parquet of the repositories in a folder, again and again under new names until there are enough rows, and checks
it on this machine and on Spark side by side.

    python tests/benchmarks/fleet.py FOLDER --rows 10000 100000 [--spark "local[2]"] [--jobs 2]
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

SCHEMA = pa.schema([("repo", pa.string()), ("path", pa.string()), ("content", pa.binary())])
GROUP = 1000
LARGEST = 1_000_000
"""Bytes of a file that is taken: a notebook full of pictures measures how fast it is read."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a folder with a checkout in each of its folders")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--spark", metavar="MASTER")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    ways = {f"{arguments.jobs} processes": ["-j", str(arguments.jobs)]}
    if arguments.spark:
        ways[f"Spark {arguments.spark}"] = ["--spark", arguments.spark]
    files = list(read(arguments.folder))
    print(
        "| Rows | How | Seconds | CPU seconds | Rows a second | MiB at most | Findings |\n|---|---|---|---|---|---|---|"
    )
    before: dict[str, tuple[int, float]] = {}
    growth: list[str] = []
    with tempfile.TemporaryDirectory(prefix="rnnlint-fleet-") as folder:
        for rows in arguments.rows:
            table = Path(folder, f"{rows}.parquet")
            make(table, files, rows)
            for number, (way, options) in enumerate(ways.items()):
                out = Path(folder, f"{rows}-{number}.parquet")
                used = cpu()
                seconds, most = measured(table, out, options)
                used = cpu() - used
                found = pq.read_table(out, columns=["code"]).num_rows
                cells = (rows, way, f"{seconds:.1f}", f"{used:.1f}", f"{rows / seconds:.0f}", most // 2**20, found)
                print(f"| {' | '.join(map(str, cells))} |", flush=True)
                if way in before:
                    fewer, sooner = before[way]
                    power = math.log(seconds / sooner) / math.log(rows / fewer)
                    growth.append(f"{way}: from {fewer} to {rows} rows the time grows with the power of {power:.2f}")
                before[way] = rows, seconds
    print("\n".join(growth))


def read(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    """The Python files and notebooks of each checkout."""
    for repo in sorted(one for one in folder.iterdir() if one.is_dir() and not one.name.startswith(".")):
        for path in sorted(repo.rglob("*")):
            if path.suffix in (".py", ".ipynb") and path.is_file() and path.stat().st_size <= LARGEST:
                yield repo.name, path.relative_to(repo).as_posix(), path.read_bytes()


def make(target: Path, files: list[tuple[str, str, bytes]], rows: int) -> None:
    """So many rows: the files again and again, each time in repositories of other names."""
    with pq.ParquetWriter(target, SCHEMA) as writer:
        for first in range(0, rows, GROUP):
            some = [files[at % len(files)] for at in range(first, min(first + GROUP, rows))]
            names = [f"{at // len(files)}/{files[at % len(files)][0]}" for at in range(first, first + len(some))]
            _, paths, contents = zip(*some)
            arrays = [pa.array(column, kind) for column, kind in zip((names, paths, contents), SCHEMA.types)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=SCHEMA))


def measured(table: Path, out: Path, options: list[str]) -> tuple[float, int]:
    """The seconds of a run, and the most bytes that its processes had at one time."""
    command = [sys.executable, "-m", "rnnlint", "fleet", str(table), "--out", str(out), "--isolated", "-q", *options]
    begin, most = time.monotonic(), 0
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, memory(process.pid))
            time.sleep(0.2)
    assert process.returncode == 0, command
    return time.monotonic() - begin, most


def cpu() -> float:
    """The seconds that processes which have ended were at work: on a busy machine they say more than the time does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def memory(process: int) -> int:
    """The bytes of a process and of those below it; what they share counts once for each part (PSS)."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        children.setdefault(parent, []).append(int(folder.name))
    total, todo = 0, [process]
    while todo:
        one = todo.pop()
        todo += children.get(one, [])
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next((int(row.split()[1]) for row in text.splitlines() if row.startswith("Pss:")), 0) * 1024
    return total


if __name__ == "__main__":
    main()
