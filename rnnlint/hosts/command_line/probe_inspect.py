"""What does `rnnlint probe inspect` print? The operations of each unrolled step, next to the body of a loop."""

from __future__ import annotations

import shutil

from rnnlint.hosts.command_line.flags import Parser
from rnnlint.probe.inspection import MOST_STEPS, inspect
from rnnlint.probe.steps import CELLS
from rnnlint.settings import SettingsError

_WIDE = 120
_NARROW = 60
"""The smallest width in columns; a narrower terminal wraps the lines."""


def run_inspect(argv: list[str]) -> int:
    """``rnnlint probe inspect --cell CELL --steps N``."""
    arguments = inspect_parser().read(argv)
    width = max(_NARROW, shutil.get_terminal_size((_WIDE, 24)).columns)
    try:
        print(inspect(arguments.cell, arguments.steps, width), end="")
    except (ValueError, RuntimeError) as error:
        raise SettingsError(str(error)) from None
    return 0


def inspect_parser() -> Parser:
    """The flags of ``rnnlint probe inspect``."""
    parser = Parser(
        "probe inspect", "Print the operations of each unrolled step, and the body of the loop beside them."
    )
    parser.add_argument("--cell", default="lstm", choices=tuple(CELLS), help="(default: lstm)")
    parser.add_argument(
        "--steps", default=3, type=int, metavar="N", help=f"time steps, from 1 to {MOST_STEPS} (default: 3)"
    )
    return parser
