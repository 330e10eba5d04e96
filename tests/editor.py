"""What does an editor do? A client of the Language Server Protocol that starts a real server and talks to it.

Imports what the extra `editors` brings when it is used, so that other tests can be collected without.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import defaultdict
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

PATIENCE = 60
"""How many seconds an answer may take: a whole pylsp is slow to start on a busy machine."""

T = TypeVar("T")


class Editor:
    """An editor with one server. Its methods wait for what they ask; `shown` waits for the next diagnostics."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        client: str = "visual_studio_code",
        initialization_options: Any = None,
        settings: Sequence[Any] = (),
        **change: Any,
    ) -> None:
        """``settings`` are what the editor answers to a server that asks for them; ``change`` are capabilities."""
        from lsprotocol import types
        from pygls.lsp.client import LanguageClient
        from pytest_lsp import client_capabilities

        self.types = types
        self.folder = folder
        self.messages: list[str] = []
        self.logged: list[str] = []
        self.registered: list[Any] = []
        self._published: dict[str, asyncio.Queue[Any]] = defaultdict(asyncio.Queue)
        self._open: list[str] = []
        self._notebooks: dict[str, list[str]] = {}
        self._loop = asyncio.new_event_loop()
        self._client = LanguageClient("tests", "1", converter_factory=_converter)
        self._settings = list(settings)
        self._listen()
        capabilities = client_capabilities(client)
        for name, value in change.items():
            setattr(capabilities, name, value)
        # Servers start programs by name; those of this environment are meant.
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        environment = {**os.environ, "PATH": path}
        self.run(self._client.start_io(command[0], *command[1:], cwd=folder, env=environment))
        parameters = types.InitializeParams(
            capabilities, root_uri=folder.as_uri(), initialization_options=initialization_options
        )
        self.server = self.run(self._client.initialize_async(parameters)).capabilities
        self._client.initialized(types.InitializedParams())

    def _listen(self) -> None:
        def publish(params: Any) -> None:
            self._published[params.uri].put_nowait(params)

        types = self.types
        self._client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(publish)
        self._client.feature(types.WINDOW_SHOW_MESSAGE)(lambda params: self.messages.append(params.message))
        self._client.feature(types.WINDOW_LOG_MESSAGE)(lambda params: self.logged.append(params.message))
        self._client.feature(types.WORKSPACE_CONFIGURATION)(lambda _params: self._settings)
        self._client.feature(types.CLIENT_REGISTER_CAPABILITY)(
            lambda params: self.registered.extend(params.registrations)
        )

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        """Run the editor until something has come."""
        return self._loop.run_until_complete(asyncio.wait_for(what, PATIENCE))

    def shown(self, uri: str) -> list[Any]:
        """The next diagnostics of a page."""
        return list(self.run(self._published[uri].get()).diagnostics)

    def waiting(self, uri: str) -> int:
        """How many sets of diagnostics have come that nobody looked at."""
        return self._published[uri].qsize()

    def open(self, uri: str, text: str, language: str = "python") -> None:
        self._open.append(uri)
        item = self.types.TextDocumentItem(uri, language, 1, text)
        self._client.text_document_did_open(self.types.DidOpenTextDocumentParams(item))

    def change(self, uri: str, version: int, *changes: tuple[Any, str] | str) -> None:
        """Changes of a range, or of the whole text."""
        types = self.types
        document = types.VersionedTextDocumentIdentifier(version, uri)
        self._client.text_document_did_change(types.DidChangeTextDocumentParams(document, self._events(changes)))

    def _events(self, changes: Sequence[tuple[Any, str] | str]) -> list[Any]:
        types = self.types
        return [
            types.TextDocumentContentChangeWholeDocument(change)
            if isinstance(change, str)
            else types.TextDocumentContentChangePartial(change[0], change[1])
            for change in changes
        ]

    def save(self, uri: str) -> None:
        params = self.types.DidSaveTextDocumentParams(self.types.TextDocumentIdentifier(uri))
        self._client.text_document_did_save(params)

    def close(self, uri: str) -> None:
        self._open.remove(uri)
        params = self.types.DidCloseTextDocumentParams(self.types.TextDocumentIdentifier(uri))
        self._client.text_document_did_close(params)

    def files_changed(self, *paths: Path) -> None:
        types = self.types
        events = [types.FileEvent(path.as_uri(), types.FileChangeType.Changed) for path in paths]
        self._client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))

    def hover(self, uri: str, row: int, column: int) -> Any:
        types = self.types
        params = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(row, column))
        return self.run(self._client.text_document_hover_async(params))

    def actions(self, uri: str, where: Any, only: list[str] | None = None) -> dict[str, Any]:
        """The actions by their titles."""
        types = self.types
        context = types.CodeActionContext([], only)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), where, context)
        found = self.run(self._client.text_document_code_action_async(params)) or []
        assert len({action.title for action in found}) == len(found)
        return {action.title: action for action in found}

    def open_notebook(self, uri: str, cells: dict[str, str], markup: Sequence[str] = ()) -> None:
        types = self.types
        self._notebooks[uri] = list(cells)
        notebook = types.NotebookDocument(uri, "jupyter-notebook", 1, [self.cell(cell, markup) for cell in cells])
        items = [self.item(cell, text) for cell, text in cells.items()]
        self._client.notebook_document_did_open(types.DidOpenNotebookDocumentParams(notebook, items))

    def cell(self, uri: str, markup: Sequence[str] = ()) -> Any:
        kind = self.types.NotebookCellKind.Markup if uri in markup else self.types.NotebookCellKind.Code
        return self.types.NotebookCell(kind, uri)

    def item(self, uri: str, text: str) -> Any:
        return self.types.TextDocumentItem(uri, "python", 1, text)

    def change_cell(self, uri: str, cell: str, version: int, *changes: tuple[Any, str] | str) -> None:
        types = self.types
        content = types.NotebookDocumentCellContentChanges(
            types.VersionedTextDocumentIdentifier(version, cell), self._events(changes)
        )
        self._change_notebook(uri, version, types.NotebookDocumentCellChanges(text_content=[content]))

    def change_cells(self, uri: str, version: int, start: int, removed: Sequence[str], added: dict[str, str]) -> None:
        types = self.types
        cells = [self.cell(cell) for cell in added]
        structure = types.NotebookDocumentCellChangeStructure(
            types.NotebookCellArrayChange(start, len(removed), cells),
            did_open=[self.item(cell, text) for cell, text in added.items()],
            did_close=[types.TextDocumentIdentifier(cell) for cell in removed if cell not in added],
        )
        self._change_notebook(uri, version, types.NotebookDocumentCellChanges(structure=structure))

    def _change_notebook(self, uri: str, version: int, cells: Any) -> None:
        types = self.types
        document = types.VersionedNotebookDocumentIdentifier(version, uri)
        change = types.NotebookDocumentChangeEvent(cells=cells)
        self._client.notebook_document_did_change(types.DidChangeNotebookDocumentParams(document, change))

    def close_notebook(self, uri: str, cells: Sequence[str]) -> None:
        types = self.types
        del self._notebooks[uri]
        closed = [types.TextDocumentIdentifier(cell) for cell in cells]
        params = types.DidCloseNotebookDocumentParams(types.NotebookDocumentIdentifier(uri), closed)
        self._client.notebook_document_did_close(params)

    def tidy(self) -> None:
        """Close everything, so that the next test finds an editor as new."""
        for uri in list(self._open):
            self.close(uri)
        for uri, cells in list(self._notebooks.items()):
            self.close_notebook(uri, cells)
        self.messages.clear()
        self.logged.clear()

    def configure(self, settings: Any) -> None:
        params = self.types.DidChangeConfigurationParams(settings)
        self._client.workspace_did_change_configuration(params)

    def leave(self) -> int:
        """Shut the server down as the protocol has it; its exit code."""
        self.run(self._client.shutdown_async(None))
        self._client.exit(None)
        return self._end()

    def vanish(self) -> int:
        """Go without a word, as an editor that crashes; the server's exit code."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._end()

    @property
    def _process(self) -> asyncio.subprocess.Process:
        process = self._client._server
        assert process is not None
        return process

    def _end(self) -> int:
        self.run(self._process.wait())
        code = self._process.returncode
        assert code is not None
        self.run(self._client.stop())
        self._loop.close()
        return code

    def __enter__(self) -> Editor:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if not self._loop.is_closed():
            if kind is not None and self._process.returncode is None:
                self._process.kill()
                self._end()
            else:
                self.leave()


def _converter() -> Any:
    """pygls' own, which cannot read what pylsp says of notebooks: cells of a language, in no matter which notebook."""
    from lsprotocol import types
    from pygls.protocol import default_converter

    converter = default_converter()
    whole = converter.get_structure_hook(types.ServerCapabilities)

    def without_notebooks(told: dict[str, Any], kind: Any) -> Any:
        return whole({key: value for key, value in told.items() if key != "notebookDocumentSync"}, kind)

    converter.register_structure_hook(types.ServerCapabilities, without_notebooks)
    return converter


def apply(text: str, edits: Sequence[Any]) -> str:
    """The text after edits whose columns count UTF-16 units, as most editors have them."""
    for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
        start, end = offset(text, edit.range.start), offset(text, edit.range.end)
        text = text[:start] + edit.new_text + text[end:]
    return text


def offset(text: str, position: Any) -> int:
    """The character of a position in UTF-16 units."""
    lines = text.replace("\r\n", "\0\n").replace("\r", "\n").split("\n")
    before = sum(len(line) + 1 for line in lines[: position.line])
    line = lines[position.line] if position.line < len(lines) else ""
    units = line.encode("utf-16-le", "surrogatepass")[: 2 * position.character]
    return before + len(units.decode("utf-16-le", "surrogatepass"))
