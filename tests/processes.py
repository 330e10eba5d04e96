"""What do tests give to the programs that they start?"""

from __future__ import annotations

import os


def unmeasured(**more: str) -> dict[str, str]:
    """The environment of a program whose coverage is not measured, with some variables more.

    What measures imports modules, writes a file when the program ends, and changes how processes end: tests that ask
    about these things would ask about coverage.
    """
    measured = ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START", "COVERAGE_RCFILE")
    return {**{name: value for name, value in os.environ.items() if name not in measured}, **more}
