"""Is what rnnlint says true? Findings drawn at random, each with the lines around it, to be read by hand.

    python tests/benchmarks/draw.py FOLDER [FOLDER ...] [--number 60] [--seed 1]

What it draws depends on the seed and on the findings alone: all findings of the default rules in the folders, in the
order of folders, files and places. It prints each with its message, its help and its because.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

AROUND = 6
"""Lines shown before and after that of a finding."""


def findings(folder: Path) -> list[dict[str, Any]]:
    """The findings in a folder, in the order of files and places."""
    command = [sys.executable, "-m", "rnnlint", "check", "--isolated", "--no-cache", "--exit-zero", "--output-format"]
    done = subprocess.run([*command, "json", "."], cwd=folder, capture_output=True, text=True, check=False)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return sorted(found, key=lambda one: (one["filename"], one["cell"] or 0, *one["location"].values(), one["code"]))


def shown(folder: Path, finding: dict[str, Any]) -> str:
    """A finding with the lines around it; of a notebook without them."""
    path, row = folder / finding["filename"], finding["location"]["row"]
    lines = [] if finding["cell"] else path.read_text(encoding="utf-8", errors="replace").splitlines()
    first = max(0, row - 1 - AROUND)
    code = [f"{'>' if number == row else ' '} {number:5} {line}"
            for number, line in enumerate(lines[first : row + AROUND], first + 1)]  # fmt: skip
    said = {name: finding[name] for name in ("message", "help", "because") if finding.get(name)}
    told = [f"{name}: {value}" for name, value in said.items()]
    cell = f" cell {finding['cell']}" if finding["cell"] else ""
    return "\n".join([f"{finding['filename']}{cell}:{row} {finding['code']}", *code, *told])


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--number", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    found = [(folder, one) for folder in asked.folders for one in findings(folder)]
    drawn = random.Random(asked.seed).sample(found, min(asked.number, len(found)))
    print(f"{len(drawn)} of {len(found)} findings")
    for number, (folder, one) in enumerate(drawn, 1):
        print(f"\n== {number}. {shown(folder, one)}")


if __name__ == "__main__":
    main()
