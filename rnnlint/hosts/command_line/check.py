"""What does `rnnlint check` do? Find the files, check each, and show what is left after comments and baseline."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, TextIO

from rnnlint.finding import Finding
from rnnlint.hosts.checking import Checker
from rnnlint.hosts.command_line.flags import Parser, check_parser, chosen_options
from rnnlint.hosts.command_line.progress import Progress
from rnnlint.hosts.configuration import Configurations, project_root
from rnnlint.hosts.outcome import Outcome
from rnnlint.hosts.parallel import outcomes
from rnnlint.read.files import find
from rnnlint.read.problem import SourceError
from rnnlint.report import color, formats
from rnnlint.report.excerpt import printable
from rnnlint.report.run import Run
from rnnlint.settings import SettingsError

STDIN = "-"
CACHE = ".rnnlint_cache"
COUNTED = ("full", "concise", "json")
"""The formats that --statistics has."""


class _Task(NamedTuple):
    """What the user asked for."""

    arguments: argparse.Namespace
    configurations: Configurations
    cwd: str
    root: str


def run_check(argv: list[str]) -> int:
    """The command; gives the exit code."""
    parser = check_parser()
    task = _task(parser, argv)
    found = list(_files(task))
    files = [item for item in found if isinstance(item, str)]
    errors = [item for item in found if isinstance(item, SourceError)]
    arguments = task.arguments
    if arguments.show_files:
        _complain(found, errors, arguments.quiet)
        print("".join(f"{_shown_path(file, task.cwd)}\n" for file in files), end="")
        return 2 if errors else 0
    if arguments.baseline:
        from rnnlint.hosts.command_line.known import open_known, scope_of, without_known, write_known

        # What is wrong with the baseline is said before minutes have gone by.
        known = open_known(arguments.baseline, arguments.write_baseline)
    findings, failed = _check(files, task)
    errors += failed
    _complain(found, errors, arguments.quiet)
    if arguments.baseline:
        scope = scope_of(files, task.configurations, task.root)
        if arguments.write_baseline:
            write_known(findings, known, scope, arguments.quiet)
            return 2 if errors else 0
        findings = without_known(findings, known, scope, arguments.quiet)
    _report(findings, errors, task)
    if errors:
        return 2
    return 1 if findings and not arguments.exit_zero else 0


def _task(parser: Parser, argv: list[str]) -> _Task:
    arguments = parser.read(argv)
    arguments.paths = arguments.paths or ["."]
    if arguments.write_baseline and arguments.baseline is None:
        raise SettingsError("--write-baseline needs --baseline FILE, the file to write")
    if STDIN in arguments.paths and len(arguments.paths) > 1:
        raise SettingsError("- reads standard input and goes with no other path")
    if arguments.isolated and arguments.config is not None:
        raise SettingsError("--isolated and --config contradict each other")
    if arguments.statistics and arguments.output_format not in COUNTED:
        raise SettingsError(f"--statistics knows the formats {', '.join(COUNTED)}, not {arguments.output_format}")
    cwd = os.getcwd()
    configurations = Configurations(chosen_options(arguments), cwd, arguments.config, arguments.isolated)
    # A configuration that cannot be used is told even where there is no file to check.
    configurations.for_folder(cwd)
    return _Task(arguments, configurations, cwd, project_root(cwd))


def _files(task: _Task) -> Iterator[str | SourceError]:
    """What to check, once each. A folder is searched with the patterns of the configuration it lies under."""
    if task.arguments.paths == [STDIN]:
        yield STDIN
        return
    seen: set[str] = set()
    for path in task.arguments.paths:
        settings = task.configurations.for_folder(path if os.path.isdir(path) else os.path.dirname(path)).settings
        for item in find([path], settings.exclude, settings.extend_exclude, settings.respect_gitignore, root=task.cwd):
            key = os.path.abspath(item) if isinstance(item, str) else str(item)
            if key not in seen:
                seen.add(key)
                yield item


def _check(files: Sequence[str], task: _Task) -> tuple[list[Finding], list[SourceError]]:
    arguments = task.arguments
    make_checker = partial(Checker, task.configurations, arguments.report_unused_noqa, _cache_folder(task))
    if files == [STDIN]:
        data = sys.stdin.buffer.read()
        found = iter([make_checker().check_bytes(data, arguments.stdin_filename or STDIN)])
    else:
        found = outcomes(files, make_checker, arguments.jobs)
    findings: list[Finding] = []
    errors: list[SourceError] = []
    with Progress(len(files), arguments.quiet) as progress:
        for file, outcome in zip(files, found):
            findings += _wanted(outcome, arguments)
            if outcome.error is not None:
                errors.append(outcome.error)
            elif outcome.is_python2 and not arguments.quiet:
                progress.clear()
                _tell("note", f"{file}: is Python 2, read as such (flake8 and pylint cannot)")
            for problem in outcome.problems:
                progress.clear()
                _tell("warning", problem)
            progress.step()
    return findings, errors


def _cache_folder(task: _Task) -> str | None:
    if not task.configurations.for_folder(task.cwd).settings.cache:
        return None
    return os.path.abspath(task.arguments.cache_dir or os.path.join(task.root, CACHE))


def _wanted(outcome: Outcome, arguments: argparse.Namespace) -> list[Finding]:
    findings = list(outcome.findings)
    if arguments.ignore_noqa:
        findings += outcome.silenced
    if arguments.report_unused_noqa:
        findings += outcome.unused_noqa
    return sorted(findings, key=lambda finding: (finding.cell or 0, finding.row, finding.column, finding.code))


def _complain(found: Sequence[object], errors: Iterable[SourceError], quiet: bool) -> None:
    if not found and not quiet:
        _tell("warning", "no Python files found under the given paths")
    for error in errors:
        _tell("error", error)


def _tell(kind: str, what: object) -> None:
    print(f"{kind}: {printable(str(what))}", file=sys.stderr)


def _shown_path(file: str, cwd: str) -> str:
    """Absolute, as ruff shows them."""
    return file if file == STDIN else os.path.join(cwd, file)


def _report(findings: Sequence[Finding], errors: Sequence[SourceError], task: _Task) -> None:
    arguments = task.arguments
    if arguments.output_file is None:
        _write_to(sys.stdout, findings, errors, task)
        return
    from io import StringIO

    from rnnlint.report.atomic import write_atomically

    text = StringIO()
    _write_to(text, findings, errors, task)
    try:
        write_atomically(arguments.output_file, text.getvalue())
    except OSError as error:
        raise SettingsError(f"{arguments.output_file}: cannot be written: {error.strerror}") from None


def _write_to(stream: TextIO, findings: Sequence[Finding], errors: Sequence[SourceError], task: _Task) -> None:
    arguments = task.arguments
    colored = color.wanted(arguments.color, stream.isatty(), os.environ)
    run = Run(findings, task.root, task.cwd, errors, colored, arguments.quiet)
    stream.writelines(_rendered(arguments.output_format, run, arguments.statistics))


def _rendered(name: str, run: Run, count: bool) -> Iterator[str]:
    if not count:
        return formats.render(name, run)
    from rnnlint.report import statistics

    return statistics.as_json(run) if name == "json" else statistics.as_text(run)
