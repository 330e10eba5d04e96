"""What does `rnnlint probe` do? It measures each claim on the installed TensorFlow and shows the results."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rnnlint import __version__
from rnnlint.facts import claims, evidence
from rnnlint.hosts.command_line.destination import try_destination, write_destination
from rnnlint.hosts.command_line.flags import Parser
from rnnlint.hosts.command_line.progress import Left, Progress
from rnnlint.probe import driver, processes, rows, table
from rnnlint.probe.measurement import Device, Measurement, measurements
from rnnlint.report import color
from rnnlint.report.excerpt import printable
from rnnlint.report.rule_pages import codes_by_claim
from rnnlint.report.rules import reported
from rnnlint.settings import SettingsError, nearest

SUBCOMMANDS: Mapping[str, tuple[str, str]] = {
    "inspect": ("probe_inspect", "run_inspect"),
    "run": ("probe_run", "run_probe_run"),
}
"""The subcommands of `probe`: the module in this folder, and its function."""

INSTALL = "pip install 'rnnlint[probe]'"
_WIDEST = 120


def run_probe(argv: list[str]) -> int:
    """The command: returns 0 if all claims were confirmed or not measurable, 1 if one was refuted, 2 on errors."""
    if argv and argv[0] in SUBCOMMANDS:
        module, function = SUBCOMMANDS[argv[0]]
        command: Callable[[list[str]], int] = getattr(
            importlib.import_module(f"rnnlint.hosts.command_line.{module}"), function
        )
        return command(argv[1:])
    arguments = probe_parser().read(argv)
    chosen = _chosen(arguments.claim)
    if arguments.list:
        _list(chosen, arguments.output_format)
        return 0
    # Report an unwritable file at once, not after minutes of measuring.
    for file in [arguments.report, str(evidence.FILE) if arguments.record else None]:
        try_destination(file)
    if arguments.recorded:
        _show_recorded(chosen, arguments)
        return 0
    if not processes.installed("tensorflow"):
        raise SettingsError(f"rnnlint probe needs TensorFlow: {INSTALL}; --recorded shows the recorded results")
    if arguments.record and arguments.device == "gpu":
        raise SettingsError("evidence is recorded on a CPU: remove --record or --device gpu")
    run = {**rows.circumstances(__version__, arguments.full), "device": arguments.device}
    results, ended = _measure(chosen, arguments.full, arguments.device)
    if ended and not results:
        raise ended
    found = rows.rows(results, codes_by_claim(reported()), run)
    _show(found, arguments)
    code = _finish(results, found, arguments, whole=not ended)
    if ended:
        _tell(f"{len(results)} of {len(chosen)} claims were measured before the run ended")
        raise ended
    return code


def _show_recorded(chosen: Sequence[Measurement], arguments: argparse.Namespace) -> None:
    if arguments.record:
        raise SettingsError("--recorded measures nothing: remove --record")
    found = rows.recorded([one.claim for one in chosen], codes_by_claim(reported()))
    _show(found, arguments)
    _report(found, arguments)


def probe_parser() -> Parser:
    """The flags of ``rnnlint probe``."""
    parser = Parser(
        "probe",
        "Measure whether the claims of the rules hold on the installed TensorFlow. This takes about three minutes.",
    )
    parser.add_argument("--claim", action="append", metavar="ID", help="measure only this claim; can be repeated")
    parser.add_argument("--full", action="store_true", help="measure all sizes; takes at least half an hour")
    parser.add_argument(
        "--device",
        default="cpu",
        choices=("cpu", "gpu"),
        help="the device to measure on (default: cpu, even if there is a GPU)",
    )
    parser.add_argument(
        "--recorded",
        action="store_true",
        help="show the results recorded for this release of rnnlint; needs no TensorFlow",
    )
    parser.add_argument("--list", action="store_true", help="list the claims, and measure nothing")
    parser.add_argument("--output-format", default="text", choices=("text", "json"))
    parser.add_argument("--report", metavar="FILE", help="write an HTML page with the results to FILE")
    parser.add_argument("--record", action="store_true", help="record the results as the evidence of this rnnlint")
    parser.add_argument("--color", default="auto", choices=("auto", "always", "never"), help="(default: auto)")
    return parser


def _chosen(ids: Sequence[str] | None) -> list[Measurement]:
    known = measurements()
    for one in ids or ():
        if one not in claims.by_id():
            raise SettingsError(f"unknown claim {one!r}{nearest(one, claims.by_id()) or '; see rnnlint probe --list'}")
    return [known[one] for one in claims.by_id() if ids is None or one in ids]


def _list(chosen: Sequence[Measurement], output_format: str) -> None:
    rules = codes_by_claim(reported())
    shown = [(claims.by_id()[one.claim], rules.get(one.claim, [])) for one in chosen]
    if output_format == "json":
        names = ("id", "statement", "measured", "holds_when")
        _print_json([{name: getattr(claim, name) for name in names} | {"rules": codes} for claim, codes in shown])
        return
    for claim, codes in shown:
        print(f"{claim.id}{'  ' + ' '.join(codes) if codes else ''}\n    {claim.statement}")


def _measure(
    chosen: Sequence[Measurement], full: bool, device: Device
) -> tuple[list[driver.Result], BaseException | None]:
    """The results, and the error that ended the run early, if any."""
    results: list[driver.Result] = []
    left = Left({one.claim: one.seconds + 1 for one in chosen})
    try:
        with Progress(len(chosen), False, what="claims") as progress:
            for result in driver.measure(chosen, full, lambda claim: progress.doing(f"{claim}{left.more}"), device):
                results.append(result)
                left.done(result.claim)
                progress.step()
                # If no progress bar can be drawn, a log gets one line per claim.
                if not progress.visible:
                    _tell(left.line(result.claim, table.WORDS[result.verdict]))
    except driver.CannotMeasure as error:
        return results, SettingsError(str(error))
    except KeyboardInterrupt as error:
        return results, error
    return results, None


def _show(found: Sequence[Mapping[str, Any]], arguments: argparse.Namespace) -> None:
    if arguments.output_format == "json":
        _print_json(found)
    else:
        colored = color.wanted(arguments.color, sys.stdout.isatty(), os.environ)
        width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
        sys.stdout.writelines(table.render(found, width, color.painter(colored)))


def _report(found: Sequence[Mapping[str, Any]], arguments: argparse.Namespace) -> None:
    if arguments.report:
        from rnnlint.probe import page

        write_destination(arguments.report, page.render(found))


def _finish(
    results: Sequence[driver.Result], found: Sequence[Mapping[str, Any]], arguments: argparse.Namespace, whole: bool
) -> int:
    """Write the outputs and return the exit code. ``whole`` is False for a run that ended early."""
    _report(found, arguments)
    failed = [one for one in results if one.failed]
    for one in failed:
        _tell(f"error: {one.claim} could not be measured: {one.why}")
    refuted = any(one.verdict == "refuted" for one in results)
    if arguments.record and whole:
        if failed or refuted or any(one.verdict == "undecided" for one in results):
            raise SettingsError("nothing was recorded, because not every claim was confirmed")
        _record(results, found[0]["run"])
    return 2 if failed else 1 if refuted else 0


def _record(results: Sequence[driver.Result], run: Mapping[str, Any]) -> None:
    old = evidence.records() if evidence.FILE.exists() else ()
    # Evidence of claims that no longer exist is dropped.
    new = list(_records(results, run))
    kept = [one for one in evidence.merged(old, new) if one.claim in claims.by_id()]
    write_destination(str(evidence.FILE), evidence.as_text(kept))
    recorded = sum(one in kept for one in new)
    fuller = f"; kept {len(new) - recorded} more detailed records" if recorded < len(new) else ""
    _tell(f"recorded {recorded} claims in {evidence.FILE}{fuller}")


def _records(results: Sequence[driver.Result], run: Mapping[str, Any]) -> Iterator[evidence.Record]:
    when = {name: value for name, value in run.items() if name != "full"}
    where = f"{sys.platform}-{platform.machine()}".lower()
    for one in results:
        yield evidence.Record(
            claim=one.claim, **one.environment, platform=where, full=run["full"],
            verdict=one.verdict, summary=one.summary, why=one.why, measured=one.measured, run=when,
        )  # fmt: skip


def _tell(text: str) -> None:
    print(printable(text), file=sys.stderr)


def _print_json(value: object) -> None:
    import json

    print(json.dumps(value, indent=2))
