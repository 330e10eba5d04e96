"""What does `rnnlint check` do? Find the files, check each, apply fixes, and show the remaining findings."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TextIO

from rnnlint.finding import Finding
from rnnlint.hosts.checking import Checker
from rnnlint.hosts.command_line.flags import (
    FOR_PEOPLE,
    STDIN,
    Parser,
    check_parser,
    chosen_options,
    settle,
)
from rnnlint.hosts.command_line.progress import Progress
from rnnlint.hosts.configuration import Configurations, project_root
from rnnlint.hosts.outcome import Outcome
from rnnlint.hosts.parallel import outcomes
from rnnlint.hosts.searching import files_of
from rnnlint.hosts.store import chosen_folder, refusal, user_folder
from rnnlint.read.content import MOST
from rnnlint.read.problem import SourceError
from rnnlint.report import color, formats
from rnnlint.report.excerpt import printable
from rnnlint.report.run import Run
from rnnlint.settings import SettingsError

if TYPE_CHECKING:
    from rnnlint.hosts.command_line.fix import Findings, Made
    from rnnlint.hosts.command_line.known import Known


class _Task(NamedTuple):
    """The options and paths of the user, in usable form."""

    arguments: argparse.Namespace
    configurations: Configurations
    cwd: str
    root: str


def run_check(argv: list[str]) -> int:
    """The command; returns the exit code."""
    parser = check_parser()
    task = _task(parser, argv)
    found = list(_files(task))
    files = [item for item in found if isinstance(item, str)]
    errors = [item for item in found if isinstance(item, SourceError)]
    arguments = task.arguments
    if arguments.show_files:
        _complain(found, errors, arguments.quiet)
        print("".join(f"{printable(_shown_path(file, task.cwd))}\n" for file in files), end="")
        return 2 if errors else 0
    known = None
    if arguments.baseline:
        from rnnlint.hosts.command_line.known import open_known, scope_of, without_known, write_known

        # Report an unusable baseline at once, not after minutes of checking.
        known = open_known(arguments.baseline, arguments.write_baseline)
    data = _from_stream() if files == [STDIN] else None
    findings, failed = _check(files, task, data)
    made = None
    if arguments.fix or arguments.diff:
        findings, failed, made = _mended(files, task, data, (findings, failed), known)
    errors += failed
    _complain(found, errors, arguments.quiet)
    if known is not None:
        scope = scope_of(files, task.configurations, task.root)
        if arguments.write_baseline:
            write_known(findings, known, scope, arguments.quiet)
            return 2 if errors else 0
        findings = without_known(findings, known, scope, arguments.quiet)
    if arguments.add_noqa:
        from rnnlint.hosts.command_line.add_noqa import add_noqa

        kept = add_noqa(findings, task.root, arguments.quiet)
        _complain([*files, *kept], kept, arguments.quiet)
        return 2 if errors or kept else 0
    return _ended(findings, errors, task, made)


def _from_stream() -> bytes:
    data = sys.stdin.buffer.read(MOST + 1)
    if len(data) > MOST:
        raise SettingsError(f"standard input is larger than {MOST // 2**20} MiB")
    return data


def _ended(findings: Sequence[Finding], errors: Sequence[SourceError], task: _Task, made: Made | None) -> int:
    """Check standard input, or the files, show the result and return the exit code."""
    arguments = task.arguments
    if arguments.diff and made is not None:
        if not arguments.quiet:
            from rnnlint.hosts.command_line.fix import tell_diff

            tell_diff(made, findings, arguments.unsafe_fixes)
        bad = bool(made.fixes)
    else:
        _report(findings, errors, task, made)
        bad = bool(findings) or bool(made and made.fixes and arguments.exit_non_zero_on_fix)
    if errors:
        return 2
    return 1 if bad and not arguments.exit_zero else 0


def _task(parser: Parser, argv: list[str]) -> _Task:
    arguments = parser.read(argv)
    arguments.paths = arguments.paths or ["."]
    if arguments.isolated and arguments.config is not None:
        raise SettingsError("--isolated and --config cannot be combined")
    cwd = os.getcwd()
    configurations = Configurations(chosen_options(arguments), cwd, arguments.config, arguments.isolated)
    # Report an unusable configuration even if there is no file to check.
    settle(arguments, configurations.for_folder(cwd).run)
    return _Task(arguments, configurations, cwd, project_root(cwd))


def _files(task: _Task) -> Iterator[str | SourceError]:
    """The files to check, each once."""
    if task.arguments.paths == [STDIN]:
        yield STDIN
        return
    yield from files_of(task.arguments.paths, task.configurations, task.cwd)


def _check(files: Sequence[str], task: _Task, data: bytes | None, again: bool = False) -> Findings:
    """The findings in the files, or in ``data`` instead of them. Files that are checked ``again`` get no second
    warning."""
    arguments = task.arguments
    if data is not None:
        found = iter([_make_checker(task)().check_bytes(data, arguments.stdin_filename or STDIN)])
    else:
        found = outcomes(files, _make_checker(task), arguments.jobs)
    findings: list[Finding] = []
    errors: list[SourceError] = []
    left_out: list[SourceError] = []
    with Progress(len(files), arguments.quiet) as progress:
        for file, outcome in zip(files, found):
            if not any(outcome):
                progress.step()
                continue
            findings += _wanted(outcome, arguments)
            if outcome.error is not None:
                errors.append(outcome.error)
            elif not (arguments.quiet or again):
                for note in _notes(outcome):
                    progress.clear()
                    _tell("note", f"{file}: {note}")
            left_out += outcome.problems
            progress.step()
    if not again:
        _warn_of_cells(left_out, arguments.verbose)
    return findings, errors


def _notes(outcome: Outcome) -> Iterator[str]:
    """What a user should know about how a file was checked."""
    if outcome.is_python2:
        yield "is Python 2; rnnlint checked it as Python 2 (flake8 and pylint cannot)"
    if outcome.is_over_budget:
        yield "some values take too long to follow and count as unknown, so findings that depend on them are missing"


def _warn_of_cells(left_out: Sequence[SourceError], verbose: bool) -> None:
    """One line for a skipped cell, or one for all if there are many: courses have cells with gaps to fill in."""
    if len(left_out) > 1 and not verbose:
        from rnnlint.report.run import counted

        notebooks = counted(len({problem.filename for problem in left_out}), "notebook")
        _tell("warning", f"{len(left_out)} cells of {notebooks} do not parse and were skipped; --verbose lists them")
        return
    for problem in left_out:
        _tell("warning", problem)


def _make_checker(task: _Task) -> Callable[[], Checker]:
    return partial(Checker, task.configurations, task.arguments.report_unused_noqa, _cache_folder(task))


def _mended(
    files: Sequence[str], task: _Task, data: bytes | None, found: Findings, known: Known | None
) -> tuple[list[Finding], list[SourceError], Made]:
    """The findings after fixing, or the current ones if the fixes are only shown."""
    from rnnlint.hosts.command_line.fix import Mender

    arguments = task.arguments
    wanted = partial(_wanted, arguments=arguments)
    mender = Mender(arguments, _make_checker(task), wanted, known, task.root, task.cwd)
    if data is not None:
        name = arguments.stdin_filename or STDIN
        result, made = mender.fix_content(data, name)
        if arguments.diff:
            mender.show_content(data, name, result, made)
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(result.data)
            found = _check(files, task, result.data, again=True)
    elif arguments.diff:
        made = mender.show(found)
    else:
        found, made = mender.mend(found, lambda: _check(files, task, None, again=True))
    return found[0], [*found[1], *made.problems.values()], made


def _cache_folder(task: _Task) -> str | None:
    if not task.configurations.for_folder(task.cwd).settings.cache:
        return None
    folder = chosen_folder(task.arguments.cache_dir)
    if folder is not None and folder != user_folder():
        reason = refusal(folder)
        if reason is not None:
            raise SettingsError(f"{task.arguments.cache_dir or folder}: {reason}")
    return folder


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
    """Absolute paths, as in ruff."""
    return file if file == STDIN else os.path.join(cwd, file)


def _report(findings: Sequence[Finding], errors: Sequence[SourceError], task: _Task, made: Made | None) -> None:
    arguments = task.arguments
    if made is not None and made.fixes and not arguments.quiet and arguments.output_format not in FOR_PEOPLE:
        from rnnlint.report.after_fixes import fixed_lines

        # Formats for programs have no place for it.
        print("".join(fixed_lines(made.fixes, made.files, findings)), end="", file=sys.stderr)
    if arguments.output_file is None:
        # Next to a fixed source on standard output, the report would look like a part of it.
        is_taken = arguments.fix and arguments.paths == [STDIN]
        _write_to(sys.stderr if is_taken else sys.stdout, findings, errors, task, made)
        return
    from io import StringIO

    from rnnlint.report.atomic import write_atomically

    text = StringIO()
    _write_to(text, findings, errors, task, made)
    try:
        write_atomically(arguments.output_file, text.getvalue(), root=task.root)
    except OSError as error:
        raise SettingsError(f"{arguments.output_file}: cannot be written: {error.strerror}") from None


def _write_to(
    stream: TextIO, findings: Sequence[Finding], errors: Sequence[SourceError], task: _Task, made: Made | None
) -> None:
    arguments = task.arguments
    colored = color.wanted(arguments.color, stream.isatty(), os.environ)
    fixed = (made.fixes, frozenset(made.files)) if made is not None else None
    migrates = task.configurations.for_folder(task.cwd).settings.profile == "migrate"
    run = Run(
        findings,
        task.root,
        task.cwd,
        errors,
        colored,
        arguments.quiet,
        fixed,
        migrates,
        docs_url=arguments.docs_url or "",
        unsafe=arguments.unsafe_fixes,
    )
    stream.writelines(_rendered(arguments.output_format, run, arguments.statistics))


def _rendered(name: str, run: Run, by: str | None) -> Iterator[str]:
    if by is None:
        return formats.render(name, run)
    from rnnlint.report import statistics

    return statistics.as_json(run, by) if name == "json" else statistics.as_text(run, by)
