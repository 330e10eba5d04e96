"""What does a terminal call? `rnnlint COMMAND ...`; exit codes 0 (clean), 1 (findings), 2 (could not run)."""

# ruff: noqa: E402 - what is imported below must not come from the folder that is checked
from __future__ import annotations

from rnnlint.hosts import import_path

import_path.leave_out_the_working_folder()

import contextlib
import importlib
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence

from rnnlint import __version__
from rnnlint.settings import SettingsError, nearest

# Commands are imported only when they are called, so that no command waits for the imports of the others.
COMMANDS = {
    "check": ("check", "run_check", "Check files and folders, and report or fix what is found"),
    "rule": ("show", "run_rule", "Explain a rule, or all of them"),
    "config": ("show", "run_config", "List the options, their values and where these come from"),
    "clean": ("clean", "run_clean", "Remove the results that rnnlint keeps between runs"),
    "probe": ("probe", "run_probe", "Measure on the installed TensorFlow what the rules claim"),
    "fleet": ("fleet", "run_fleet", "Check many repositories, from Parquet or a folder of checkouts"),
    "weights": ("weights", "run_weights", "Carry weights from TensorFlow 1 checkpoints to Keras"),
    "server": ("server", "run_server", "Show findings in an editor (Language Server Protocol)"),
    "completion": ("completion", "run_completion", "Print the completion script for bash, zsh or fish"),
}
BELOW = {
    "probe": {
        "probe run": "Run a program, and compare what it does with the findings",
        "probe inspect": "Print the operations of each step of an unroll",
    }
}
"""Subcommands of commands, for the help."""

_INTERRUPTED = 130
_PIPE_CLOSED = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return the exit code. Any error is reported in one line, without a traceback."""
    _stand_in_for_closed_streams()
    _tolerate_any_character()
    try:
        code = _run(sys.argv[1:] if argv is None else list(argv))
        sys.stdout.flush()
    except SettingsError as error:
        return _failed(str(error))
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has closed the pipe. Python would report it again when it flushes at exit.
        _forget_output()
        return _PIPE_CLOSED
    except Exception as error:
        if os.environ.get("RNNLINT_DEBUG"):
            raise
        return _failed(_reason(error))
    return code


def _failed(reason: str) -> int:
    from rnnlint.report.excerpt import printable

    # If nobody reads stderr either, the exit code is enough.
    with contextlib.suppress(OSError):
        print(f"error: {printable(reason)}", file=sys.stderr)
    return 2


def _reason(error: Exception) -> str:
    """The message for an error that no command handles."""
    if isinstance(error, OSError):
        try:
            os.getcwd()
        except OSError:
            return "the current folder does not exist any more; change to another one"
        if error.filename is None:
            # A stream: the disk is full, or the stream was closed.
            _forget_output()
            return f"cannot write the output: {error.strerror or error}"
        return f"{os.fsdecode(error.filename)}: {error.strerror or error}"
    from rnnlint.engine import fault

    return fault(error)


def _forget_output() -> None:
    """Redirect standard output to nothing: Python would report the error again when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


class _Closed(io.TextIOBase):
    """Replaces a stream that was closed before the process started."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def buffer(self) -> object:
        raise SettingsError(f"{self._name} is closed")

    def write(self, text: str) -> int:
        raise SettingsError(f"{self._name} is closed")

    def fileno(self) -> int:
        raise SettingsError(f"{self._name} is closed")

    def isatty(self) -> bool:
        return False


def _stand_in_for_closed_streams() -> None:
    if sys.stdin is None:
        sys.stdin = _Closed("standard input")
    if sys.stdout is None:
        sys.stdout = _Closed("standard output")
    if sys.stderr is None:
        # There is nowhere to report errors; only the exit code remains.
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - it is to last as long as the process


def _run(argv: list[str]) -> int:
    first = argv[0] if argv else ""
    if first in COMMANDS:
        module, function, _ = COMMANDS[first]
        command: Callable[[list[str]], int] = getattr(importlib.import_module(f"{__name__}.{module}"), function)
        return command(argv[1:])
    if first in ("--version", "-V"):
        print(f"rnnlint {__version__}")
        return 0
    if first in ("--help", "-h", "help", ""):
        print(_usage(), file=sys.stdout if first else sys.stderr)
        return 0 if first else 2
    kind = "option" if first.startswith("-") else "command"
    raise SettingsError(f"unknown {kind} {first!r}{nearest(first, COMMANDS) or _hint(first)}")


def _hint(first: str) -> str:
    return "; see rnnlint --help" if first.startswith("-") else f"; to check files, use: rnnlint check {first}"


def _usage() -> str:
    named = [(name, text) for top, (_, _, own) in COMMANDS.items() for name, text in ((top, own), *_below(top))]
    rows = "\n".join(f"  {name:<15}{text}" for name, text in named)
    return (
        "Finds recurrent TensorFlow code that no longer runs, unrolls that take minutes\n"
        "to build, and padding that changes results.\n\n"
        "Usage: rnnlint COMMAND [OPTIONS]\n\n"
        f"Commands:\n{rows}\n\n"
        "Options:\n  -h, --help     Show this text; after a command, its options\n  -V, --version  Show the version\n\n"
        "Exit codes: 0 nothing found, 1 findings, 2 something could not be checked."
    )


def _below(command: str) -> Iterator[tuple[str, str]]:
    yield from BELOW.get(command, {}).items()


def _tolerate_any_character() -> None:
    """Show escapes for characters that the terminal's encoding lacks; file names and sources may contain any."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
