"""What happens in a session with an editor? Documents open, change and close; each is checked when typing pauses."""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument

from rnnlint.hosts.configuration import FILENAME, Configurations
from rnnlint.hosts.server import answers
from rnnlint.hosts.server.check import Module, Page, Report, check
from rnnlint.hosts.server.places import Places, adopt
from rnnlint.read.neighbours import rests_on
from rnnlint.settings import SettingsError

PAUSE = 0.2
"""How many seconds after the last change a document is checked."""


_OF_EDITOR = "settings"
"""The key of the error about the editor's settings, next to errors stored by document."""


@dataclass(slots=True)
class Opened:
    """A document or notebook in the editor: its last report, and the pending check."""

    report: Report
    due: asyncio.TimerHandle | None = None


class Session:
    """The documents of one editor. They share nothing except the configuration files."""

    def __init__(self, server: LanguageServer, configure: Callable[..., Configurations], judge_noqa: bool) -> None:
        """``configure`` returns the current configurations; it takes ``editor``, the settings of the editor."""
        self._server = server
        self._configure = configure
        self._settings: Mapping[str, Any] = {}
        self._judge_noqa = judge_noqa
        self._opened: dict[str, Opened] = {}
        self._complaints: dict[str, str] = {}

    def take_settings(self, sent: object) -> None:
        """Use the editor's own settings: options by name, or below ``settings`` or ``rnnlint``."""
        while isinstance(sent, Mapping) and (inner := sent.get("rnnlint", sent.get("settings"))) is not None:
            sent = inner
        settings = dict(sent) if isinstance(sent, Mapping) else {}
        try:
            self._configure(editor=settings)
        except SettingsError as error:
            self._complain(_OF_EDITOR, str(error))
            return
        self._complaints.pop(_OF_EDITOR, None)
        if settings != self._settings:
            self._settings = settings
            for uri in self._opened:
                self._check_soon(uri)

    def open(self, uri: str) -> None:
        """Handle a document or notebook that was opened."""
        adopt(self._server.workspace.text_documents, self._server.workspace.position_codec)
        module = self._module(uri)
        if module is not None:
            self._opened[uri] = Opened(Report(module))
            self._check(uri)

    def change(self, uri: str) -> None:
        """Handle a change of text; cells may have been added or removed."""
        adopt(self._server.workspace.text_documents, self._server.workspace.position_codec)
        self._check_soon(uri)

    def close(self, uri: str) -> None:
        """Handle a document that was closed."""
        opened = self._opened.pop(uri, None)
        self._complaints.pop(uri, None)
        if opened is not None:
            if opened.due is not None:
                opened.due.cancel()
            for page in opened.report.module.pages:
                self._publish(page.uri, None, [])

    def files_changed(self, uris: Iterable[str]) -> None:
        """Handle written files: check what depends on them again."""
        paths = {os.path.abspath(path) for path in map(to_fs_path, uris) if path}
        everything = any(os.path.basename(path) == FILENAME for path in paths)
        for uri, opened in self._opened.items():
            if everything or any(rests_on(opened.report.consulted, path) for path in paths):
                self._check_soon(uri)

    def hover(self, uri: str, position: types.Position) -> types.Hover | None:
        """The hover at a position."""
        report, page = self._fresh(uri)
        if report is None or page is None:
            return None
        return answers.hover(report, page, position, self._places(), self._shows_markdown())

    def actions(self, uri: str, wanted: types.Range, only: Iterable[str] | None) -> list[types.CodeAction]:
        """The code actions for a range."""
        # Actions for the whole page are offered only if the client asks for that kind, not at every place.
        asked = (answers.QUICK_FIX,) if only is None else only
        kinds = [kind for kind in answers.KINDS if any(_is_of(kind, word) for word in asked)]
        report, page = self._fresh(uri) if kinds else (None, None)
        if report is None or page is None:
            return []
        places, versioned = self._places(), self._takes_versions()
        found: list[types.CodeAction] = []
        if answers.QUICK_FIX in kinds:
            found += answers.actions(report, page, wanted, places, versioned)
        if answers.FIX_ALL in kinds:
            found += answers.fix_all(report, answers.FIX_ALL, [page], places, versioned)
        if answers.FIX_NOTEBOOK in kinds:
            found += answers.fix_all(report, answers.FIX_NOTEBOOK, report.module.pages, places, versioned)
        return found

    def _check_soon(self, uri: str) -> None:
        opened = self._opened.get(uri)
        if opened is not None:
            if opened.due is not None:
                opened.due.cancel()
            opened.due = asyncio.get_running_loop().call_later(PAUSE, self._check, uri)

    def _check(self, uri: str) -> None:
        opened = self._opened[uri]
        if opened.due is not None:
            opened.due.cancel()
            opened.due = None
        module = self._module(uri) or opened.report.module
        gone = {page.uri for page in opened.report.module.pages} - {page.uri for page in module.pages}
        opened.report = self._report(uri, module)
        for removed in gone:
            self._publish(removed, None, [])
        places = self._places()
        for page in module.pages:
            self._publish(page.uri, page.version, answers.diagnostics(opened.report, page.uri, places))

    def _report(self, uri: str, module: Module) -> Report:
        try:
            report = check(module, self._configure(editor=self._settings), self._judge_noqa)
        except SettingsError as error:
            self._complain(uri, str(error))
            return Report(module)
        except Exception:
            # A document that rnnlint cannot handle must not end the session of all others.
            text = f"rnnlint failed on {module.filename}, please report it:\n{traceback.format_exc()}"
            self._server.window_log_message(types.LogMessageParams(types.MessageType.Error, text))
            return Report(module)
        self._complaints.pop(uri, None)
        return report

    def _complain(self, uri: str, text: str) -> None:
        """Show a message once, however many documents and changes there are until the problem is solved."""
        if text not in self._complaints.values():
            self._server.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"rnnlint: {text}"))
        self._complaints[uri] = text

    def _publish(self, uri: str, version: int | None, found: list[types.Diagnostic]) -> None:
        self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    def _fresh(self, uri: str) -> tuple[Report | None, Page | None]:
        """The report on the current text, and the page in it."""
        notebook = self._server.workspace.get_notebook_document(cell_uri=uri)
        key = notebook.uri if notebook else uri
        opened = self._opened.get(key)
        if opened is None:
            return None, None
        if opened.due is not None:
            self._check(key)
        return opened.report, next((page for page in opened.report.module.pages if page.uri == uri), None)

    def _module(self, uri: str) -> Module | None:
        """The content that the editor has; None for a notebook that it shows as JSON."""
        workspace = self._server.workspace
        notebook = workspace.get_notebook_document(notebook_uri=uri)
        if notebook is not None:
            documents = [(workspace.get_text_document(cell.document), cell.kind) for cell in notebook.cells]
            pages = [_page(document, kind == types.NotebookCellKind.Code) for document, kind in documents]
            return Module(self._filename(uri), tuple(pages), is_notebook=True)
        filename = self._filename(uri)
        if filename.endswith(".ipynb"):
            return None
        return Module(filename, (_page(workspace.get_text_document(uri), True),))

    def _filename(self, uri: str) -> str:
        """The file of a document. A document without one is treated as a file in the editor's folder, with no module
        name."""
        path = to_fs_path(uri)
        return path or os.path.join(self._server.workspace.root_path or os.getcwd(), "<untitled>.py")

    def _places(self) -> Places:
        return Places(self._server.workspace.position_codec)

    def _shows_markdown(self) -> bool:
        text_document = self._server.client_capabilities.text_document
        formats = text_document.hover.content_format if text_document and text_document.hover else None
        return formats is None or types.MarkupKind.Markdown in formats

    def _takes_versions(self) -> bool:
        workspace = self._server.client_capabilities.workspace
        edit = workspace.workspace_edit if workspace else None
        return bool(edit and edit.document_changes)


def _is_of(kind: str, word: str) -> bool:
    """Whether an action's kind is one that the editor requested: ``source`` includes ``source.fixAll``."""
    return not word or kind == word or kind.startswith(f"{word}.")


def _page(document: TextDocument, is_code: bool) -> Page:
    return Page(document.uri, document.source, document.version, document.language_id or "python", is_code)
