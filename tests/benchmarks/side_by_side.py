"""How long does each of several commands take? Run in turns, so that all of them meet the same weather."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Cost:
    """What runs of one command took: medians, in seconds; memory is that of the largest process, in megabytes."""

    user: float
    cpu: float
    wall: float
    memory: float
    rounds: tuple[tuple[float, float, float, float], ...]
    """The same four numbers for each round."""

    def to(self, base: Cost, what: Literal["user", "cpu", "wall"]) -> str:
        """The ratio to another command, round by round: the median, and from where to where it goes."""
        at = ("user", "cpu", "wall").index(what)
        found = [own[at] / other[at] for own, other in zip(self.rounds, base.rounds, strict=True) if other[at]]
        if not found:
            return "-"
        return f"{statistics.median(found):.3f} ({min(found):.3f}-{max(found):.3f})"


def costs(
    commands: Mapping[str, Sequence[str]], rounds: int, folder: str = ".", environment: Mapping[str, str] | None = None
) -> dict[str, Cost]:
    """The cost of each command over so many rounds, after one that is not counted."""
    found: dict[str, list[tuple[float, float, float, float]]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        names = list(commands)
        for name in names if number % 2 else reversed(names):
            once = _run(commands[name], folder, environment)
            if number:
                found[name].append(once)
    return {name: Cost(*map(statistics.median, zip(*runs, strict=True)), tuple(runs)) for name, runs in found.items()}


def _run(
    command: Sequence[str], folder: str, environment: Mapping[str, str] | None
) -> tuple[float, float, float, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = os.times().elapsed
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            command, cwd=folder, env=dict(environment or os.environ), stdout=subprocess.DEVNULL, stderr=errors
        ) as process,
    ):
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        errors.seek(0)
        told = errors.read()
    if b"Traceback" in told:
        raise SystemExit(f"{' '.join(command[:6])} failed:\n{told.decode(errors='replace')}")
    wall = os.times().elapsed - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    user, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    return user, user + system, wall, usage.ru_maxrss / 1024
