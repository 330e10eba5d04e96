"""How does the CPU time grow with one thing in a program? Each is made three and ten times as large.

Run it with ``tox -e growth`` or ``python tests/benchmarks/growth.py [NAME...]``. It prints the seconds of each size and
the exponent between the two larger ones, and ends with 1 where one is above 1.2. The programs of
``tests/test_growth.py`` and ``tests/growing_programs.py`` are measured here by time, and with them some that take too
long for a test.
"""

from __future__ import annotations

import math
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import growing_programs
import test_growth as programs

STEEPEST = programs.STEEPEST
PATIENCE = 300
"""Seconds that one run may take."""

REPEATS = 3
"""Of so many runs the quickest counts: what else the machine does only ever adds."""

ENOUGH = 0.5
"""Seconds that the largest must take to be judged."""

Make = Callable[[int], programs.Program]


def branches(size: int) -> programs.Program:
    """A chain of ``elif``, with a call in each link; Python itself parses no more than about 2,000."""
    links = "".join(f"elif a == {at}:\n    f = tf.nn.dynamic_rnn\n    {programs.CALL}\n" for at in range(1, size))
    return {"m.py": f"{programs.TF}if a == 0:\n    f = tf.nn.static_rnn\n{links}f(c, x)\n"}


def calls(size: int) -> programs.Program:
    """Findings one after the other, each with a fix."""
    return {"m.py": programs.TF + f"{programs.CALL}\n" * size}


def one_cell(size: int) -> programs.Program:
    """A notebook whose only cell has all findings."""
    return programs.notebook([programs.TF + f"{programs.CALL}\n" * size])


def bindings_and_uses(size: int) -> programs.Program:
    """A name that is bound again and again, and used each time."""
    return {
        "m.py": programs.TF + "".join(f"r{at} = tf.nn.dynamic_rnn\nr = r{at}\nr(c, x)\n" for at in range(size)),
    }


CHECKED: dict[Make, int] = {
    **{programs.parts_of(name): part.size for name, part in growing_programs.PARTS.items()},
    growing_programs.modules_that_call_the_next: 200,
    growing_programs.modules_of_one_function: 300,
    growing_programs.cells_with_functions: 600,
    programs.cells_that_import: 3000,
    programs.comments_that_silence: 3000,
    programs.one_line_of_calls: 3000,
    programs.one_line_that_is_not_ascii: 3000,
    programs.one_call_of_calls: 1500,
    programs.names_of_the_library: 3000,
    programs.names_by_star: 6000,
    programs.modules_in_a_circle: 200,
    programs.conditions_one_after_the_other: 5000,
    programs.files_in_one_folder: 3000,
    branches: 900,
    bindings_and_uses: 3000,
}
FIXED: dict[Make, int] = {
    calls: 5000,
    one_cell: 5000,
    programs.cells_that_import: 3000,
    programs.one_line_of_calls: 3000,
    programs.files_in_one_folder: 1000,
}
"""The largest size of each, checked alone and with its fixes."""


def seconds(make: Make, size: int, flags: tuple[str, ...]) -> float:
    """The CPU time of a run in a separate process, in seconds. Raises CalledProcessError if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "project")
        programs.write(place, make(size))
        code = "import sys; from rnnlint.hosts.command_line import main; sys.exit(main(sys.argv[1:]))"
        command = [sys.executable, "-c", code, "check", "--isolated", "--no-cache", "--jobs", "1", "--quiet"]
        command += ["--exit-zero", "--statistics", "--max-unroll", "0", "--select", "ALL", *flags, str(place)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE, cwd=folder)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(make: Make, size: int, flags: tuple[str, ...], start: float) -> float:
    """Print a row; the exponent."""
    sizes = (size // 10, size // 3, size)
    times = [min(seconds(make, one, flags) for _ in range(REPEATS)) for one in sizes]
    work = [max(one - start, 0.02) for one in times]
    # What takes less than that is made of what is loaded once.
    exponent = math.log(work[2] / work[1]) / math.log(sizes[2] / sizes[1]) if times[2] > ENOUGH else 0.0
    shown = "  ".join(f"{one:>6,}: {time:6.2f} s" for one, time in zip(sizes, times))
    name = make.__name__.replace("_", " ") + (", fixed" if flags else "")
    print(f"{name:<42} {shown}  {exponent:5.2f}{'  too steep' if exponent > STEEPEST else ''}", flush=True)
    return exponent


def main(names: list[str]) -> int:
    """Measure those whose name holds one of the words, or all; 1 where one grows too fast."""
    os.environ.pop("RNNLINT_DEBUG", None)
    start = min(seconds(lambda _: {"m.py": "x = 1\n"}, 1, ()) for _ in range(REPEATS))
    print(f"a file with nothing to find: {start:.2f} s of CPU time; Python {sys.version.split()[0]}")
    exponents = [
        measured(make, size, flags, start)
        for table, flags in ((CHECKED, ()), (FIXED, ("--fix", "--unsafe-fixes")))
        for make, size in table.items()
        if not names or any(name in make.__name__ for name in names)
    ]
    steep = sum(exponent > STEEPEST for exponent in exponents)
    print(f"{steep} of {len(exponents)} grow faster than the power of {STEEPEST}")
    return int(steep > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
