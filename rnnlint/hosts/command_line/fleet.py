"""What does `rnnlint fleet` do? It checks many repositories, stored in Parquet files or as a folder of checkouts."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from rnnlint.hosts.command_line.flags import Parser, add_configuration, add_options, chosen_options, jobs
from rnnlint.hosts.command_line.progress import Progress
from rnnlint.hosts.configuration import Configurations
from rnnlint.report.excerpt import printable
from rnnlint.report.run import counted
from rnnlint.settings import Settings, SettingsError

_COLUMNS = ("repo", "path", "content")


def run_fleet(argv: list[str]) -> int:
    """The command: returns 0 if everything was checked, whatever was found, and 2 if the run failed."""
    arguments = fleet_parser().read(argv)
    if arguments.isolated and arguments.config is not None:
        raise SettingsError("--isolated and --config cannot be combined")
    cwd = os.getcwd()
    configurations = Configurations(chosen_options(arguments, False), cwd, arguments.config, arguments.isolated)
    settings = configurations.for_folder(cwd).settings
    given = {what: name for what in _COLUMNS if (name := getattr(arguments, f"{what}_column")) is not None}
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise SettingsError("rnnlint fleet needs pyarrow: pip install 'rnnlint[fleet]'") from None
    if arguments.report is not None:
        _refuse(arguments.report)
    code = _on_spark(arguments, given, settings) if arguments.spark else _local(arguments, given, settings)
    _report(arguments)
    return code


def _local(arguments: argparse.Namespace, given: dict[str, str], settings: Settings) -> int:
    from rnnlint.hosts.fleet import local

    sources, columns = _sources(arguments.sources, given)
    for name in filter(None, (arguments.out, arguments.errors)):
        _refuse(name)
    outputs = local.Outputs(arguments.out, arguments.errors or _beside(arguments.out))
    count = arguments.jobs or _cores()
    with Progress(0, arguments.quiet, what="parts") as progress:
        done = local.run(sources, columns, settings, outputs, count, progress.at)
    _tell(
        arguments, f"{counted(done.findings, 'finding')} in {counted(done.files, 'file')}", done.errors, outputs.errors
    )
    return 0


def _on_spark(arguments: argparse.Namespace, given: dict[str, str], settings: Settings) -> int:
    from rnnlint.hosts.fleet import cluster

    if arguments.jobs:
        raise SettingsError("--jobs does not apply to --spark; set the number in the master, as in local[4]")
    errors = arguments.errors or _beside(arguments.out)
    findings, failed = cluster.run(arguments.sources, given, settings, arguments.spark, arguments.out, errors)
    _tell(arguments, counted(findings, "finding"), failed, errors)
    return 0


def _report(arguments: argparse.Namespace) -> None:
    """Write the HTML page, if the user asked for one."""
    if arguments.report is None:
        return
    from rnnlint.hosts.fleet.summary import summary
    from rnnlint.probe.page import style
    from rnnlint.report.atomic import write_atomically
    from rnnlint.report.fleet_page import render

    try:
        write_atomically(arguments.report, render(summary(arguments.out), style()))
    except OSError as error:
        raise SettingsError(f"{arguments.report}: cannot be written: {error.strerror}") from None


def _tell(arguments: argparse.Namespace, found: str, failed: int, errors: str) -> None:
    if arguments.quiet:
        return
    print(printable(f"{found}: {arguments.out}"), file=sys.stderr)
    if failed:
        print(printable(f"{counted(failed, 'error or note', 'errors and notes')}: {errors}"), file=sys.stderr)


def fleet_parser() -> Parser:
    """The flags of ``rnnlint fleet``."""
    parser = Parser("fleet", "Check many repositories, stored in Parquet files or as a folder of checkouts.")
    parser.usage = "rnnlint fleet SOURCE [SOURCE ...] --out FINDINGS.parquet [OPTIONS]"
    parser.add_argument(
        "sources", nargs="+", metavar="SOURCE",
        help="a Parquet file, a folder of Parquet files, or a folder with one checkout per subfolder",
    )  # fmt: skip
    parser.add_argument("--out", required=True, metavar="FINDINGS.parquet", help="the file to write the findings to")
    parser.add_argument(
        "--errors", metavar="FILE", help="the file to write errors and notes to (default: next to the findings)"
    )
    parser.add_argument("--report", metavar="FILE.html", help="write a page that summarizes the findings")
    for what, held in zip(
        _COLUMNS, ("the repository", "the path within the repository", "the text or bytes of the file")
    ):
        parser.add_argument(
            f"--{what}-column", metavar="NAME", help=f"the column that contains {held} (default: {what})"
        )
    parser.add_argument("-j", "--jobs", type=jobs, metavar="N", help="check in N processes (default: one per core)")
    parser.add_argument(
        "--spark", metavar="MASTER",
        help="run on an Apache Spark master, such as local[4] or spark://HOST:7077; all paths are paths for Spark",
    )  # fmt: skip
    parser.add_argument("-q", "--quiet", action="store_true", help="print errors only")
    add_options(parser, of_run=False)
    add_configuration(parser)
    return parser


def _sources(paths: Sequence[str], given: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    """The sources: Parquet files with their columns, or checkouts."""
    from rnnlint.hosts.fleet import sources

    try:
        return sources.found(paths, given)
    except OSError as error:
        raise SettingsError(f"{error.filename}: {error.strerror}") from None


def _beside(out: str) -> str:
    """``findings.errors.parquet`` for ``findings.parquet``."""
    base, suffix = os.path.splitext(out)
    return f"{base}.errors{suffix or '.parquet'}"


def _refuse(name: str) -> None:
    """Report unwritable outputs at once, not after hours of checking."""
    folder = os.path.dirname(name) or os.curdir
    if os.path.isdir(name) or os.path.lexists(name) and not os.path.isfile(name):
        raise SettingsError(f"{name}: not a regular file, so it cannot be replaced")
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK):
        raise SettingsError(f"{name}: the folder does not exist or is not writable")


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        return os.cpu_count() or 1
