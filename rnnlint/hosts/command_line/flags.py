"""Which flags does a command have, and which cannot be combined? Those of the option table, and those of a terminal."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NoReturn

from rnnlint.report.formats import FORMATS
from rnnlint.settings import OPTIONS, Option, SettingsError, nearest

STDIN = "-"
COUNTED_BY = ("rule", "api", "file")
"""What --statistics can count by."""
COUNTED = ("full", "concise", "grouped", "json")
"""The formats that --statistics supports."""
FOR_PEOPLE = ("full", "concise", "grouped")


class _Help(argparse.HelpFormatter):
    """A formatter that reads the terminal's width once: argparse makes one for each flag and looks it up each time."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_width())


@lru_cache(maxsize=1)
def _width() -> int:
    try:
        return int(os.environ.get("COLUMNS") or os.get_terminal_size(1).columns) - 2
    except (OSError, ValueError):
        return 78


class Parser(argparse.ArgumentParser):
    """A parser that raises instead of printing the usage and exiting, so that each error is one line."""

    def __init__(self, command: str, description: str) -> None:
        super().__init__(prog=f"rnnlint {command}", description=description, allow_abbrev=False, formatter_class=_Help)

    def error(self, message: str) -> NoReturn:
        raise SettingsError(f"{message}; see {self.prog} --help")

    def read(self, argv: Sequence[str]) -> argparse.Namespace:
        """The parsed arguments; paths and flags may be mixed."""
        # Without this, argparse would take a following path for the value of --statistics.
        argv = [f"{word}=rule" if word == "--statistics" else word for word in argv]
        arguments, unknown = self.parse_known_intermixed_args(argv)
        if unknown:
            word = unknown[0].partition("=")[0]
            flags = [flag for action in self._actions for flag in action.option_strings]
            hint = nearest(word, flags) or f"; see {self.prog} --help"
            raise SettingsError(f"unknown option {word!r}{hint}")
        return arguments


def check_parser() -> Parser:
    """The flags of ``rnnlint check``."""
    parser = Parser("check", "Check files and folders, and report or fix what is found.")
    # The generated usage would list thirty flags in a row, and is slow to make.
    parser.usage = "rnnlint check [OPTIONS] [PATH ...]"
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and folders (default: .), or - for stdin")
    add_options(parser)
    fixes = parser.add_argument_group("fixes")
    fixes.add_argument("--fix", action="store_true", help="apply the safe fixes, and report the remaining findings")
    fixes.add_argument(
        "--unsafe-fixes", action="store_true", help="with --fix or --diff, also apply fixes that may change results"
    )
    fixes.add_argument("--diff", action="store_true", help="print what --fix would change as a diff, and write nothing")
    fixes.add_argument(
        "--exit-non-zero-on-fix",
        action="store_true",
        help="exit with 1 if anything was fixed, even if no finding remains",
    )
    output = parser.add_argument_group("output")
    output.add_argument("-o", "--output-file", metavar="FILE", help="write the report to FILE")
    output.add_argument(
        "--statistics", nargs="?", const="rule", choices=COUNTED_BY, metavar="BY",
        help="print the number of findings by rule instead; use =api or =file to count by API or file"
    )  # fmt: skip
    output.add_argument("--show-files", action="store_true", help="list the files that would be checked, and exit")
    output.add_argument("-v", "--verbose", action="store_true", help="list each skipped notebook cell")
    output.add_argument("-q", "--quiet", action="store_true", help="print only findings and errors")
    output.add_argument("--color", default="auto", choices=("auto", "always", "never"), help="(default: auto)")
    output.add_argument("-e", "--exit-zero", action="store_true", help="exit with 0 even if there are findings")
    silence = parser.add_argument_group("known findings")
    silence.add_argument("--ignore-noqa", action="store_true", help="also report findings that noqa comments silence")
    silence.add_argument("--add-noqa", action="store_true", help="add a noqa comment to the line of each finding")
    silence.add_argument(
        "--report-unused-noqa", action="store_true", help="report noqa comments that silence nothing (RNN100)"
    )
    silence.add_argument("--write-baseline", action="store_true", help="write the findings to the baseline FILE")
    add_configuration(parser)
    cache = parser.add_argument_group("miscellaneous")
    cache.add_argument("--stdin-filename", metavar="NAME", help="the file name to use for standard input")
    cache.add_argument(
        "-j", "--jobs", type=jobs, metavar="N", help="check files in up to N processes (default: chosen automatically)"
    )
    cache.add_argument("-n", dest="cache", action="store_false", default=argparse.SUPPRESS, help="same as --no-cache")
    cache.add_argument(
        "--cache-dir", metavar="FOLDER", help="where results are cached (default: your user cache folder)"
    )
    return parser


def jobs(text: str) -> int:
    """Parse a number of processes."""
    if not re.fullmatch("[0-9]{1,6}", text) or not int(text):
        raise argparse.ArgumentTypeError(f"must be a whole number, 1 or more, not {text[:60]!r}")
    return int(text)


def add_configuration(parser: Parser) -> None:
    """Add the flags that say where settings come from."""
    group = parser.add_argument_group("configuration")
    group.add_argument("--config", metavar="FILE", help="use only the [tool.rnnlint] table of this TOML file")
    group.add_argument("--isolated", action="store_true", help="ignore all configuration files")


def add_options(parser: Parser, of_run: bool = True) -> None:
    """Add a flag for each row of the option table. Values stay text; the table's checks report what is wrong.

    Pass ``of_run=False`` for a command that shows no report.
    """
    group = parser.add_argument_group("options that you can also set in [tool.rnnlint] of pyproject.toml")
    for option in OPTIONS:
        if not option.flag or option.of_run and not of_run:
            continue
        flag, default = f"--{option.name}", argparse.SUPPRESS
        if option.kind == "bool":
            group.add_argument(flag, action=argparse.BooleanOptionalAction, default=default, help=_help(option))
        elif option.kind in _REPEATED:
            metavar = option.metavar or _REPEATED[option.kind]
            group.add_argument(flag, action="append", default=default, metavar=metavar, help=_help(option))
        else:
            metavar = option.metavar or ("{" + ",".join(option.choices) + "}" if option.choices else "")
            group.add_argument(flag, default=default, metavar=metavar or option.kind.upper(), help=_help(option))


_REPEATED = {"codes": "CODES", "list": "PATTERNS", "map": "PATTERN:CODE"}


def _help(option: Option) -> str:
    text = option.help
    if option.metavar and option.choices:
        text += ": " + ", ".join(option.choices)
    if option.default not in (None, "", (), {}) and "default" not in text:
        shown = str(option.default).lower() if option.kind == "bool" else option.default
        text += f" (default: {shown})"
    return text.replace("%", "%%")


def chosen_options(arguments: argparse.Namespace, of_run: bool = True) -> dict[str, Any]:
    """The options given as flags, as values for the option table; ``of_run`` as for `add_options`."""
    given = vars(arguments)
    offered = (option for option in OPTIONS if option.flag and (of_run or not option.of_run))
    return {option.name: _value(option, given[option.key]) for option in offered if option.key in given}


def _value(option: Option, value: Any) -> Any:
    if option.kind == "map":
        return _pairs(value, option.name)
    return ",".join(value) if option.kind in _REPEATED else value


def _pairs(values: Sequence[str], name: str) -> Mapping[str, list[str]]:
    """Parse comma-separated PATTERN:CODE pairs; a word without a colon is another code for the previous pattern."""
    pairs: dict[str, list[str]] = {}
    for value in values:
        pattern = ""
        for part in filter(None, (part.strip() for part in value.split(","))):
            before, colon, code = part.rpartition(":")
            pattern = before.strip() if colon else pattern
            if not pattern or not code.strip():
                raise SettingsError(f"command line: {name} must be PATTERN:CODE, not {value!r}")
            pairs.setdefault(pattern, []).append(code.strip())
    return pairs


def settle(arguments: argparse.Namespace, current: Mapping[str, Any]) -> None:
    """Apply the configuration of the run to flags that are not set, and reject flags that cannot be combined.

    ``current`` are the values of the options of the run, by attribute. Raises SettingsError, with a one-line message.
    """
    given = getattr(arguments, "output_format", None)
    arguments.baseline = current.get("baseline")
    arguments.output_format = current.get("output_format", "full")
    arguments.docs_url = current.get("docs_url", "")
    if given is None:
        # A format from the configuration file must not prevent a mode that does not support it.
        shows = FOR_PEOPLE if arguments.diff else COUNTED if arguments.statistics else FORMATS
        arguments.output_format = arguments.output_format if arguments.output_format in shows else "full"
    for complaint in _complaints(arguments):
        raise SettingsError(complaint)


def _complaints(given: argparse.Namespace) -> Iterator[str]:
    if given.write_baseline and given.baseline is None:
        yield "--write-baseline needs --baseline FILE, the file to write"
    if STDIN in given.paths and len(given.paths) > 1:
        yield "- reads standard input and cannot be combined with paths"
    if given.statistics and given.output_format not in COUNTED:
        yield f"--statistics supports the formats {', '.join(COUNTED)}, not {given.output_format}"
    fixes = "--diff" if given.diff else "--fix" if given.fix else ""
    if fixes and given.write_baseline:
        yield f"{fixes} and --write-baseline cannot be combined: the baseline would not match the fixed files"
    if fixes and given.show_files:
        yield f"{fixes} and --show-files cannot be combined: --show-files checks nothing"
    if given.add_noqa:
        yield from _beside_comments(given, fixes)
    if given.exit_non_zero_on_fix and not given.fix:
        yield "--exit-non-zero-on-fix needs --fix"
    if given.diff:
        yield from _beside_a_diff(given)


def _beside_comments(given: argparse.Namespace, fixes: str) -> Iterator[str]:
    others = {
        fixes: bool(fixes),
        "--write-baseline": given.write_baseline,
        "--show-files": given.show_files,
        "--ignore-noqa": given.ignore_noqa,
        "--statistics": given.statistics,
        "--output-file": given.output_file,
    }
    yield from (f"--add-noqa and {flag} cannot be combined" for flag, is_given in others.items() if is_given)
    if given.paths == [STDIN]:
        yield "--add-noqa changes files and cannot be used with standard input"


def _beside_a_diff(given: argparse.Namespace) -> Iterator[str]:
    if given.exit_non_zero_on_fix:
        yield "--diff exits with 1 if there are changes; remove --exit-non-zero-on-fix"
    if given.output_file is not None:
        yield "--diff prints to standard output; remove --output-file"
    if given.statistics:
        yield "--diff and --statistics cannot be combined"
    if given.output_format not in FOR_PEOPLE:
        yield f"--diff prints a diff and cannot be combined with --output-format {given.output_format}"
