"""Which flags of `rnnlint check` do not go together?"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from rnnlint.settings import SettingsError

STDIN = "-"
COUNTED = ("full", "concise", "json")
"""The formats that --statistics has."""
FOR_PEOPLE = ("full", "concise")


def refuse_contradictions(arguments: argparse.Namespace) -> None:
    """Raise SettingsError, in one line, for flags that say two things."""
    for complaint in _complaints(arguments):
        raise SettingsError(complaint)


def _complaints(given: argparse.Namespace) -> Iterator[str]:
    if given.write_baseline and given.baseline is None:
        yield "--write-baseline needs --baseline FILE, the file to write"
    if STDIN in given.paths and len(given.paths) > 1:
        yield "- reads standard input and goes with no other path"
    if given.isolated and given.config is not None:
        yield "--isolated and --config contradict each other"
    if given.statistics and given.output_format not in COUNTED:
        yield f"--statistics knows the formats {', '.join(COUNTED)}, not {given.output_format}"
    fixes = "--diff" if given.diff else "--fix" if given.fix else ""
    if fixes and given.write_baseline:
        yield f"{fixes} and --write-baseline contradict each other: what is fixed is not known"
    if fixes and given.show_files:
        yield f"{fixes} and --show-files contradict each other: files that are listed are not checked"
    if given.exit_non_zero_on_fix and not given.fix:
        yield "--exit-non-zero-on-fix needs --fix"
    if given.diff:
        yield from _beside_a_diff(given)


def _beside_a_diff(given: argparse.Namespace) -> Iterator[str]:
    if given.exit_non_zero_on_fix:
        yield "--diff ends with 1 where there are changes, and needs no --exit-non-zero-on-fix"
    if given.output_file is not None:
        yield "--diff prints to standard output, and has no --output-file"
    if given.statistics:
        yield "--diff and --statistics contradict each other"
    if given.output_format not in FOR_PEOPLE:
        yield f"--diff prints a diff, and not {given.output_format}"
