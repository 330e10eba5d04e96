"""Which messages of the protocol are handled? Each is passed to the session."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Callable
from typing import BinaryIO, cast

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from rnnlint import __version__
from rnnlint.hosts.configuration import FILENAME, Configurations
from rnnlint.hosts.server import answers
from rnnlint.hosts.server.messages import Messages, without_traceback
from rnnlint.hosts.server.session import Session
from rnnlint.settings import SettingsError

_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    notebook_selector=[
        types.NotebookDocumentFilterWithNotebook(notebook="*", cells=[types.NotebookCellLanguage(language="python")])
    ]
)
_WATCHED = ("**/*.py", f"**/{FILENAME}")


def serve(configure: Callable[..., Configurations], judge_noqa: bool) -> int:
    """Talk to an editor over standard input and output until it exits; return 1 if it exits without a ``shutdown``.

    Raises SettingsError for input that is not a message of the protocol.
    """
    server = LanguageServer("rnnlint", __version__, notebook_document_sync=_NOTEBOOKS)
    session = Session(server, configure, judge_noqa)
    _follow_documents(server, session)
    _follow_notebooks(server, session)
    _follow_files(server, session)
    _follow_settings(server, session)
    _answer(server, session)
    leaving = _follow_the_end(server)
    messages = Messages(sys.stdin.buffer)
    _log_in_rows()
    # pygls closes its output when the editor leaves. No other output may get between messages.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out, contextlib.redirect_stdout(sys.stderr):
        server.start_io(cast("BinaryIO", messages), out)
    if messages.refused:
        raise SettingsError(messages.refused)
    return 1 if leaving == ["exit"] else 0


def _log_in_rows() -> None:
    """Write errors of pygls about a message to standard error, in one line."""
    log = logging.StreamHandler(sys.stderr)
    log.setLevel(logging.WARNING)
    if not os.environ.get("RNNLINT_DEBUG"):
        log.addFilter(without_traceback)
    logging.getLogger("pygls").addHandler(log)
    logging.getLogger("pygls").propagate = False


def _follow_the_end(server: LanguageServer) -> list[str]:
    """The messages with which the editor ended the session; it must send ``shutdown`` before ``exit``."""
    sent: list[str] = []

    def shutdown(*_: object) -> None:
        sent.append("shutdown")

    def leave(*_: object) -> None:
        sent.append("exit")

    server.feature(types.SHUTDOWN)(shutdown)
    server.feature(types.EXIT)(leave)
    return sent


def _follow_documents(server: LanguageServer, session: Session) -> None:
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        session.open(params.text_document.uri)

    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        session.change(params.text_document.uri)

    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        session.close(params.text_document.uri)

    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        session.files_changed([params.text_document.uri])

    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(did_open)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(did_change)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(did_close)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(did_save)


def _follow_notebooks(server: LanguageServer, session: Session) -> None:
    def did_open(params: types.DidOpenNotebookDocumentParams) -> None:
        session.open(params.notebook_document.uri)

    def did_change(params: types.DidChangeNotebookDocumentParams) -> None:
        session.change(params.notebook_document.uri)

    def did_close(params: types.DidCloseNotebookDocumentParams) -> None:
        session.close(params.notebook_document.uri)

    server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)(did_open)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)(did_change)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)(did_close)


def _follow_files(server: LanguageServer, session: Session) -> None:
    def initialized(_params: types.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watches = workspace.did_change_watched_files if workspace else None
        if watches and watches.dynamic_registration:
            watchers = [types.FileSystemWatcher(glob_pattern=pattern) for pattern in _WATCHED]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            registration = types.Registration(id="rnnlint-files", method=method, register_options=options)
            server.client_register_capability(types.RegistrationParams(registrations=[registration]))

    def did_change(params: types.DidChangeWatchedFilesParams) -> None:
        session.files_changed(change.uri for change in params.changes)

    server.feature(types.INITIALIZED)(initialized)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(did_change)


def _follow_settings(server: LanguageServer, session: Session) -> None:
    def initialize(params: types.InitializeParams) -> None:
        session.take_settings(params.initialization_options)

    async def did_change(params: types.DidChangeConfigurationParams) -> None:
        sent: object = params.settings
        workspace = server.client_capabilities.workspace
        if sent is None and workspace is not None and workspace.configuration:
            # Some editors only report that something changed, and wait for a request.
            wanted = types.ConfigurationParams([types.ConfigurationItem(section="rnnlint")])
            sent = next(iter(await server.workspace_configuration_async(wanted)), None)
        session.take_settings(sent)

    server.feature(types.INITIALIZE)(initialize)
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(did_change)


def _answer(server: LanguageServer, session: Session) -> None:
    def hover(params: types.HoverParams) -> types.Hover | None:
        return session.hover(params.text_document.uri, params.position)

    def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        return session.actions(params.text_document.uri, params.range, params.context.only)

    server.feature(types.TEXT_DOCUMENT_HOVER)(hover)
    kinds = types.CodeActionOptions(code_action_kinds=[*answers.KINDS])
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)(code_action)
