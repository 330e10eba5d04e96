"""What does `rnnlint clean` remove? Only the results in the cache folder, which it recognizes by its tag file."""

from __future__ import annotations

from rnnlint.hosts.command_line.flags import Parser
from rnnlint.hosts.store import chosen_folder, clear, refusal
from rnnlint.report.excerpt import printable
from rnnlint.report.run import counted
from rnnlint.settings import SettingsError


def run_clean(argv: list[str]) -> int:
    """The command; returns the exit code."""
    arguments = clean_parser().read(argv)
    folder = chosen_folder(arguments.cache_dir)
    if folder is None:
        raise SettingsError("no cache folder: this user has no home folder")
    reason = refusal(folder)
    if reason is not None:
        raise SettingsError(f"{arguments.cache_dir or folder}: {reason}")
    removed = clear(folder)
    shown = printable(arguments.cache_dir or folder)
    print(f"{shown}: {'removed ' + counted(removed, 'result') if removed is not None else 'nothing to remove'}")
    return 0


def clean_parser() -> Parser:
    """The flags of ``rnnlint clean``."""
    parser = Parser("clean", "Remove the results that rnnlint keeps between runs, and nothing else.")
    parser.add_argument(
        "--cache-dir", metavar="FOLDER", help="where results are cached (default: your user cache folder)"
    )
    return parser
