"""What does `rnnlint server` do? It talks to an editor over standard input and output."""

from __future__ import annotations

import os
from functools import partial

from rnnlint.hosts.command_line.flags import Parser, add_configuration, add_options, chosen_options
from rnnlint.hosts.configuration import Configurations
from rnnlint.settings import SettingsError

_LIBRARIES = ("pygls", "lsprotocol", "cattrs", "attrs")


def run_server(argv: list[str]) -> int:
    """The command; ends when the editor does. Returns 1 if the editor exits without a shutdown request."""
    arguments = server_parser().read(argv)
    if arguments.isolated and arguments.config is not None:
        raise SettingsError("--isolated and --config cannot be combined")
    flags = chosen_options(arguments, of_run=False)
    configure = partial(Configurations, flags, os.getcwd(), arguments.config, arguments.isolated)
    # Report unusable flags at once, where the user can see it.
    configure()
    try:
        from rnnlint.hosts.server.stdio import serve
    except ModuleNotFoundError as error:
        if str(error.name).split(".")[0] not in _LIBRARIES:
            raise
        raise SettingsError("rnnlint server needs pygls 2 or later: pip install 'rnnlint[server]'") from None
    return serve(configure, arguments.report_unused_noqa)


def server_parser() -> Parser:
    """The flags of ``rnnlint server``."""
    parser = Parser("server", "Show findings in an editor that supports the Language Server Protocol.")
    parser.add_argument("--stdio", action="store_true", help="accepted for compatibility; the server always uses stdio")
    parser.add_argument(
        "--report-unused-noqa", action="store_true", help="report noqa comments that silence nothing (RNN100)"
    )
    add_options(parser, of_run=False)
    add_configuration(parser)
    return parser
