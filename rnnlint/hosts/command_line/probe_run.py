"""What does `rnnlint probe run` do? It runs the user's program in a process that records it, and compares."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

from rnnlint import __version__
from rnnlint.hosts.command_line.destination import try_destination, write_destination
from rnnlint.hosts.command_line.flags import Parser
from rnnlint.hosts.command_line.probe_rows import BAD, Row, rows
from rnnlint.hosts.command_line.probe_said import statement
from rnnlint.hosts.command_line.probe_table import as_json, as_text
from rnnlint.probe.rows import circumstances
from rnnlint.probe.watch.record import Record, from_json, merged
from rnnlint.read.content import read_regular
from rnnlint.report import color
from rnnlint.report.excerpt import printable
from rnnlint.settings import SettingsError

INSTALL = "pip install 'rnnlint[probe]'"

_WITH_VALUE = ("--output-format", "-o", "--output-file", "--color")
_USAGE = "rnnlint probe run [OPTIONS] (SCRIPT | -m MODULE) [ARGS…]"


def run_probe_run(argv: list[str]) -> int:
    """``rnnlint probe run``: returns 0 if everything that ran matches the findings, 1 if not, 2 if it could not run."""
    ours, program = _divided(argv)
    arguments = run_parser().read(ours)
    _refuse(program)
    try_destination(arguments.output_file)
    run = circumstances(__version__)
    record = _watched(program, quiet=arguments.output_format == "json" and arguments.output_file is None)
    if record is None:
        return 2
    said = statement(record.files, record.versions.get("tensorflow", ""), record.keras)
    for problem in said.problems:
        print(f"warning: {printable(str(problem))}", file=sys.stderr)
    found = rows(record, said)
    _show(found, record, run, arguments)
    if record.raised or record.status:
        return 2
    return 1 if any(row.verdict in BAD for row in found) else 0


def run_parser() -> Parser:
    """The flags of ``rnnlint probe run``, which precede the program."""
    parser = Parser("probe run", "Run a program, and compare what it does with the findings of rnnlint.")
    parser.usage = _USAGE
    parser.add_argument("--output-format", default="text", choices=("text", "json"), help="(default: text)")
    parser.add_argument("-o", "--output-file", metavar="FILE", help="write the comparison to FILE")
    parser.add_argument("--color", default="auto", choices=("auto", "always", "never"), help="(default: auto)")
    return parser


def _divided(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """Our flags, and the program with its own arguments."""
    at = 0
    while at < len(argv) and argv[at].startswith("-") and argv[at] not in ("-", "--") and argv[at][:2] != "-m":
        at += 2 if argv[at] in _WITH_VALUE else 1
    ours, program = list(argv[:at]), list(argv[at:])
    if program[:1] == ["--"]:
        program = program[1:]
    if program and program[0].startswith("-m") and len(program[0]) > 2:
        program = ["-m", program[0][2:], *program[1:]]
    return ours, program


def _refuse(program: Sequence[str]) -> None:
    """Raise SettingsError for a program that cannot be run, before TensorFlow takes seconds to start."""
    if not program or program == ["-m"]:
        raise SettingsError(f"name the program to run: {_USAGE}")
    spec = importlib.util.find_spec("tensorflow")
    if spec is None or spec.origin is None:
        raise SettingsError(f"probe run needs TensorFlow: {INSTALL}")
    script = program[0]
    if script == "-m":
        return
    if not os.path.exists(script):
        raise SettingsError(f"{script}: no such file")
    if os.path.isdir(script) and not os.path.exists(os.path.join(script, "__main__.py")):
        raise SettingsError(f"{script}: is a folder without __main__.py")
    if os.path.isfile(script) and os.path.splitext(script)[1] in (".ipynb", ".zip", ".pyc"):
        raise SettingsError(f"{script}: is not a Python script")


def _watched(program: Sequence[str], quiet: bool) -> Record | None:
    """The record of a run; None, after a line that says why, if there is none. ``quiet`` reserves stdout for our
    output."""
    with tempfile.TemporaryDirectory(prefix="rnnlint-") as folder:
        path = os.path.join(folder, "record.json")
        command = [sys.executable, "-m", "rnnlint.probe.watch", path, *program]
        sys.stdout.flush()
        status = _run(command, sys.stderr.fileno() if quiet else None)
        try:
            # The program may have written anything there.
            forked = sorted(name for name in os.listdir(folder) if name.startswith("record.json.")
                            and not name.endswith(".part"))  # fmt: skip
            children = [from_json(json.loads(read_regular(os.path.join(folder, name), follow=False)))
                        for name in forked]  # fmt: skip
            return merged(from_json(json.loads(read_regular(path, follow=False))), children)
        except FileNotFoundError:
            if status < 0:
                print(f"error: the program was killed by {signal.Signals(-status).name}", file=sys.stderr)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            print("error: the program left an incomplete record", file=sys.stderr)
    return None


def _run(command: Sequence[str], stdout: int | None) -> int:
    """Run the program to its end. The program handles interrupts; what it did until then is still shown."""
    with subprocess.Popen(command, stdout=stdout) as process:
        # Set only now: the program would inherit the ignored interrupt.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return process.wait()
        finally:
            signal.signal(signal.SIGINT, before)


def _show(found: Sequence[Row], record: Record, run: Mapping[str, Any], arguments: argparse.Namespace) -> None:
    stream = sys.stdout if arguments.output_file is None else None
    colored = color.wanted(arguments.color, stream is not None and stream.isatty(), os.environ)
    if arguments.output_format == "json":
        text = json.dumps(as_json(found, record, run), indent=2) + "\n"
    else:
        text = "".join(as_text(found, record, os.getcwd(), color.painter(colored)))
    if stream is not None:
        stream.write(text)
        return
    write_destination(arguments.output_file, text)
