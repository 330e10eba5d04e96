"""Does the server of our own say the right thing at the right place? A real client, and the server as a program."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from editor import Editor, apply
from processes import unmeasured

pytestmark = pytest.mark.editors

SERVER = (sys.executable, "-m", "rnnlint", "server")
CODE = """\
import tensorflow as tf

STEPS = 200
xs = tf.unstack(tf.zeros([2, STEPS, 3]), axis=1)
"é€😀"; ys = tf.nn.static_rnn(tf.nn.rnn_cell.LSTMCell(4), xs)
"""
ROW = 4
NAME = "tf.nn.static_rnn"

Start = Callable[..., Editor]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    with Editor(SERVER, tmp_path_factory.mktemp("editor")) as editor:
        yield editor


@pytest.fixture
def editor(shared: Editor) -> Iterator[Editor]:
    """An editor with nothing open. One server serves many tests: documents share nothing."""
    yield shared
    shared.tidy()


@pytest.fixture
def start(project: Path) -> Iterator[Start]:
    """Start an editor in the project; it is closed at the end."""
    editors = []

    def started(*flags: str, command: tuple[str, ...] = SERVER, **options: Any) -> Editor:
        editors.append(Editor([*command, *flags], project, **options))
        return editors[-1]

    yield started
    for editor in editors:
        editor.__exit__(None, None, None)


def uri(project: Path, name: str = "model.py") -> str:
    return (project / name).as_uri()


def codes(found: list[Any]) -> list[str]:
    return [diagnostic.code for diagnostic in found]


def units(text: str, encoding: str = "utf-16-le") -> int:
    size = {"utf-8": 1, "utf-16-le": 2, "utf-32-le": 4}[encoding]
    return len(text.encode(encoding)) // size


def test_a_finding_is_shown_with_all_that_is_known(editor: Editor, project: Path) -> None:
    editor.open(uri(project), CODE)
    found = {diagnostic.code: diagnostic for diagnostic in editor.shown(uri(project))}
    assert set(found) == {"RNN101", "RNN103", "RNN201"}
    unroll, legacy, types = found["RNN201"], found["RNN101"], editor.types
    line = CODE.splitlines()[ROW]
    start_at = units(line[: line.index(NAME)])
    assert start_at == 13, "four characters before it are six units"
    assert unroll.range == types.Range(types.Position(ROW, start_at), types.Position(ROW, start_at + len(NAME)))
    assert unroll.range == legacy.range
    assert unroll.source == "rnnlint"
    assert unroll.severity == types.DiagnosticSeverity.Warning
    assert unroll.code_description is None
    assert unroll.tags is None
    assert list(legacy.tags) == [types.DiagnosticTag.Deprecated]
    (origin,) = unroll.related_information
    assert origin.message == "STEPS = 200"
    assert origin.location.uri == uri(project)
    assert origin.location.range == types.Range(types.Position(2, 0), types.Position(2, 11))


@pytest.mark.parametrize(("encoding", "python"), [("utf-8", "utf-8"), ("utf-16", "utf-16-le"), ("utf-32", "utf-32-le")])
def test_columns_are_in_the_units_that_the_editor_asks_for(
    start: Start, project: Path, encoding: str, python: str
) -> None:
    from lsprotocol import types

    editor = start(general=types.GeneralClientCapabilities(position_encodings=[encoding]))
    assert editor.server.position_encoding == encoding
    editor.open(uri(project), CODE)
    line = CODE.splitlines()[ROW]
    found = next(d for d in editor.shown(uri(project)) if d.code == "RNN101")
    assert found.range.start.character == units(line[: line.index(NAME)], python)
    # An edit in these units reaches the right place, too.
    before = types.Position(ROW, found.range.start.character - len("ys = "))
    editor.change(uri(project), 2, (types.Range(before, before), "zs = "))
    moved = next(d for d in editor.shown(uri(project)) if d.code == "RNN101")
    assert moved.range.start.character == found.range.start.character + len("zs = ")
    assert editor.hover(uri(project), ROW, moved.range.start.character)


@pytest.mark.parametrize("client", ["visual_studio_code", "neovim", "emacs"])
def test_what_real_editors_say_of_themselves_is_understood(start: Start, project: Path, client: str) -> None:
    editor = start(client=client)
    editor.configure({})
    editor.open(uri(project), CODE)
    found = editor.shown(uri(project))
    assert "RNN201" in codes(found)
    assert editor.hover(uri(project), ROW, found[0].range.start.character).contents.value
    (action,) = (a for title, a in editor.actions(uri(project), found[0].range).items() if "RNN201" in title)
    assert (action.edit.changes or action.edit.document_changes) and not editor.messages


def test_typing_is_followed_and_nothing_of_it_is_saved(editor: Editor, project: Path) -> None:
    types = editor.types
    (project / "model.py").write_text("", encoding="utf-8")
    editor.open(uri(project), CODE)
    assert "RNN201" in codes(editor.shown(uri(project)))
    number = types.Range(types.Position(2, 8), types.Position(2, 11))
    editor.change(uri(project), 2, (number, "20"))
    assert codes(editor.shown(uri(project))) == ["RNN101", "RNN103"]


def test_a_burst_of_keys_is_checked_once(editor: Editor, project: Path) -> None:
    types = editor.types
    editor.open(uri(project), "")
    assert editor.shown(uri(project)) == []
    for version, key in enumerate(CODE, 2):
        lines = CODE[: version - 2].split("\n")
        at = types.Position(len(lines) - 1, units(lines[-1]))
        editor.change(uri(project), version, (types.Range(at, at), key))
    assert set(codes(editor.shown(uri(project)))) == {"RNN101", "RNN103", "RNN201"}
    assert editor.waiting(uri(project)) == 0


# Form feeds, U+2028 and the like end lines for str.splitlines, and for no editor.
PIECES = ["é", "😀", "\n", "\r\n", "\r", "\f", "\u2028", "\x1c", "\x85", "word ", ""]


@pytest.mark.parametrize("seed", range(20))
def test_edits_go_where_editors_mean_them(seed: int) -> None:
    from lsprotocol import types
    from pygls.workspace import TextDocument

    from rnnlint.hosts.server.places import adopt

    chance = random.Random(seed)
    text = "".join(chance.choices(PIECES, k=60))
    documents = {"uri": TextDocument("file:///x.py", text, 1)}
    adopt(documents, documents["uri"].position_codec)
    for _ in range(200):
        first = chance.randint(0, len(text))
        last = min(len(text), first + chance.randint(0, 6))
        if any(text[place - 1 : place + 1] == "\r\n" for place in (first, last) if place):
            continue
        where = types.Range(position_in(text, first, types), position_in(text, last, types))
        piece = chance.choice(PIECES)
        text = text[:first] + piece + text[last:]
        documents["uri"].apply_change(types.TextDocumentContentChangePartial(where, piece))
        assert documents["uri"].source == text


def position_in(text: str, place: int, types: Any) -> Any:
    lines = text[:place].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return types.Position(len(lines) - 1, units(lines[-1]))


def test_lines_are_those_of_editors_and_of_python(editor: Editor, project: Path) -> None:
    types = editor.types
    editor.open(uri(project), "# \f\u2028\x85😀\r\nimport tensorflow as tf\r\n\r\f\nx = 1\n")
    assert editor.shown(uri(project)) == []
    editor.change(uri(project), 2, (types.Range(types.Position(4, 4), types.Position(4, 5)), "tf.nn.static_rnn(c, xs)"))
    (found,) = editor.shown(uri(project))
    assert found.range == types.Range(types.Position(4, 4), types.Position(4, 20))


def test_a_syntax_error_while_typing_keeps_what_the_rest_says(editor: Editor, project: Path) -> None:
    types = editor.types
    editor.open(uri(project), CODE)
    assert editor.shown(uri(project))
    end = types.Position(len(CODE.splitlines()), 0)
    editor.change(uri(project), 2, (types.Range(end, end), "def f(:"))
    assert codes(editor.shown(uri(project))) == ["RNN101", "RNN201", "RNN103"]
    assert editor.hover(uri(project), ROW, 14) is not None
    assert not any("Name it" in title for title in editor.actions(uri(project), at(editor, ROW, 14)))
    editor.change(uri(project), 3, (types.Range(end, types.Position(end.line, 7)), ""))
    assert editor.shown(uri(project))
    assert not editor.messages and not editor.logged


def test_comments_silence(editor: Editor, project: Path) -> None:
    editor.open(uri(project), CODE.rstrip() + "  # noqa: RNN1\n")
    assert codes(editor.shown(uri(project))) == ["RNN201"]
    editor.change(uri(project), 2, "# rnnlint: noqa\n" + CODE)
    assert editor.shown(uri(project)) == []


def test_documents_share_nothing(editor: Editor, project: Path) -> None:
    editor.open(uri(project, "a.py"), CODE)
    editor.open(uri(project, "b.py"), "import tensorflow as tf\ntf.keras.layers.LSTM(4)\n")
    assert len(editor.shown(uri(project, "a.py"))) == 3
    assert editor.shown(uri(project, "b.py")) == []
    editor.close(uri(project, "a.py"))
    assert editor.shown(uri(project, "a.py")) == []
    assert editor.hover(uri(project, "a.py"), ROW, 14) is None
    assert editor.actions(uri(project, "a.py"), at(editor, ROW, 14)) == {}
    editor.open(uri(project, "a.py"), CODE)
    assert len(editor.shown(uri(project, "a.py"))) == 3
    assert editor.waiting(uri(project, "b.py")) == 0


def at(editor: Editor, row: int, column: int) -> Any:
    position = editor.types.Position(row, column)
    return editor.types.Range(position, position)


def test_hover_shows_the_rule_and_where_a_length_comes_from(editor: Editor, project: Path) -> None:
    (project / "sizes.py").write_text("# é\nSTEPS = 300\n", encoding="utf-8")
    editor.open(uri(project), CODE.replace("STEPS = 200", "from sizes import STEPS"))
    editor.shown(uri(project))
    contents = editor.hover(uri(project), ROW, 14).contents
    assert contents.kind == "markdown"
    link = f"[sizes.py:2]({uri(project, 'sizes.py')}#L2): `STEPS = 300`"
    assert f"The length 300 comes from:\n\n- {link}" in contents.value
    assert "**RNN201** 300 copies of the cell go into the graph" in contents.value
    assert "**RNN101** tf.nn.static_rnn was removed" in contents.value
    pages = [line for line in contents.value.splitlines() if line.startswith("# ")]
    assert pages == ["# legacy-static-runner (RNN101)"], "the gravest of two brings its page"
    assert editor.hover(uri(project), 0, 0) is None


def test_hover_over_a_code_in_a_comment_shows_its_rule(editor: Editor, project: Path) -> None:
    editor.open(uri(project), "# 😀\nx = '😀'  # noqa: E501, RNN103\n")
    editor.shown(uri(project))
    assert "# legacy-cell (RNN103)" in editor.hover(uri(project), 1, 27).contents.value
    assert editor.hover(uri(project), 1, 20) is None


def test_hover_is_plain_for_editors_without_markdown(start: Start, project: Path) -> None:
    from lsprotocol import types

    plain = types.HoverClientCapabilities(content_format=[types.MarkupKind.PlainText])
    editor = start(text_document=types.TextDocumentClientCapabilities(hover=plain))
    editor.open(uri(project), CODE)
    editor.shown(uri(project))
    contents = editor.hover(uri(project), ROW, 14).contents
    assert contents.kind == "plaintext"
    assert "```" not in contents.value
    assert contents.value.startswith("RNN101 tf.nn.static_rnn was removed")
    assert "\nRNN201 200 copies of the cell" in contents.value
    assert "\nlegacy-static-runner (RNN101)\n" in contents.value


SILENCED = [
    ("tf.nn.static_rnn(c, xs)\n", "tf.nn.static_rnn(c, xs)  # noqa: RNN101\n"),
    ("'😀'; tf.nn.static_rnn(c, xs)  ", "'😀'; tf.nn.static_rnn(c, xs)  # noqa: RNN101"),
    ("tf.nn.static_rnn(c, xs)  # é\r\n", "tf.nn.static_rnn(c, xs)  # é  # noqa: RNN101\r\n"),
    ("tf.nn.static_rnn(c, xs)  # noqa: E501 why\n", "tf.nn.static_rnn(c, xs)  # noqa: E501, RNN101 why\n"),
    ('tf.nn.static_rnn(c, """\n\n""")\nx = 1\n', 'tf.nn.static_rnn(c, """\n\n""")  # noqa: RNN101\nx = 1\n'),
    ("tf.nn.static_rnn \\\n  (c)\n", "tf.nn.static_rnn \\\n  (c)  # noqa: RNN101\n"),
    ("tf.nn.static_rnn(\n    c,\n)\n", "tf.nn.static_rnn(  # noqa: RNN101\n    c,\n)\n"),
    ("print 'x'; tf.nn.static_rnn(`c`, xs)\n", "print 'x'; tf.nn.static_rnn(`c`, xs)  # noqa: RNN101\n"),
]


@pytest.mark.parametrize(("before", "after"), SILENCED)
def test_an_action_silences_the_line(editor: Editor, project: Path, before: str, after: str) -> None:
    head = "import tensorflow as tf\n"
    editor.open(uri(project), head + before)
    (found,) = editor.shown(uri(project))
    actions = editor.actions(uri(project), found.range, ["quickfix"])
    action = actions.pop("rnnlint (RNN101): Add # noqa: RNN101")
    assert not actions or list(actions) == ["rnnlint (RNN101): Name it `tf.compat.v1.nn.static_rnn`"]
    assert list(action.diagnostics) == [found]
    (changed,) = action.edit.document_changes
    assert (changed.text_document.uri, changed.text_document.version) == (uri(project), 1)
    text = apply(head + before, changed.edits)
    assert text == head + after
    editor.change(uri(project), 2, text)
    assert editor.shown(uri(project)) == []
    assert editor.actions(uri(project), found.range) == {}


def test_actions_are_for_the_place_and_the_kind_that_is_asked_for(editor: Editor, project: Path) -> None:
    editor.open(uri(project), CODE)
    found = editor.shown(uri(project))[0]
    assert editor.actions(uri(project), at(editor, 0, 0)) == {}
    assert editor.actions(uri(project), found.range, ["refactor", "source.organizeImports"]) == {}
    assert set(editor.actions(uri(project), found.range)) == {
        "rnnlint (RNN101): Name it `tf.compat.v1.nn.static_rnn`",
        "rnnlint (RNN101): Add # noqa: RNN101",
        "rnnlint (RNN201): Add # noqa: RNN201",
    }


def test_an_action_applies_the_fix_that_a_finding_carries(start: Start, project: Path) -> None:
    editor = start("--report-unused-noqa")
    text = "import tensorflow as tf\n'😀'  # noqa: E501, RNN103\n"
    editor.open(uri(project), text)
    (found,) = editor.shown(uri(project))
    assert list(found.tags) == [editor.types.DiagnosticTag.Unnecessary]
    ((title, action),) = editor.actions(uri(project), found.range).items()
    assert title == "rnnlint (RNN100): Remove RNN103"
    assert action.is_preferred
    text = apply(text, action.edit.document_changes[0].edits)
    assert text == "import tensorflow as tf\n'😀'  # noqa: E501\n"
    editor.change(uri(project), 2, text)
    assert editor.shown(uri(project)) == []


FIXABLE = """\
import tensorflow as tf
'😀'; tf.nn.static_rnn(c, xs); tf.nn.dynamic_rnn(c, x)
c = tf.nn.rnn_cell.LSTMCell(8, None)
"""
FIXED = FIXABLE.replace("nn.static", "compat.v1.nn.static").replace("nn.dynamic", "compat.v1.nn.dynamic")
ALL = "rnnlint: Apply all safe fixes"


@pytest.mark.parametrize("asked", ["source.fixAll.rnnlint", "source.fixAll", "source"])
def test_all_that_is_safe_is_fixed_at_once(editor: Editor, project: Path, asked: str) -> None:
    editor.open(uri(project), FIXABLE)
    editor.shown(uri(project))
    ((title, action),) = editor.actions(uri(project), at(editor, 0, 0), [asked]).items()
    assert (title, action.kind) == (ALL, "source.fixAll.rnnlint")
    (changed,) = action.edit.document_changes
    assert (changed.text_document.uri, changed.text_document.version) == (uri(project), 1)
    assert apply(FIXABLE, changed.edits) == FIXED
    editor.change(uri(project), 2, FIXED)
    assert editor.actions(uri(project), at(editor, 0, 0), [asked]) == {}


def test_a_fix_that_may_change_what_is_computed_says_so(editor: Editor, project: Path) -> None:
    editor.open(uri(project), FIXABLE)
    editor.shown(uri(project))
    (action,) = (a for title, a in editor.actions(uri(project), at(editor, 2, 6)).items() if "(unsafe)" in title)
    assert not action.is_preferred
    text = apply(FIXABLE, action.edit.document_changes[0].edits)
    named = FIXABLE.replace("tf.nn.rnn_cell.", "")
    assert text == named.replace("tf\n", "tf\nfrom tensorflow.compat.v1.nn.rnn_cell import LSTMCell\n", 1)


def test_the_cells_of_a_notebook_are_fixed_one_by_one_and_all_together(editor: Editor, project: Path) -> None:
    base = uri(project, "note.ipynb")
    cells = {f"vscode-notebook-cell{base[4:]}#{at}": text for at, text in enumerate(FIXABLE.splitlines()[:2] * 2)}
    editor.open_notebook(base, cells)
    second, last = list(cells)[1], list(cells)[3]
    editor.shown(second)
    fixed = FIXED.splitlines()[1]
    (action,) = editor.actions(last, at(editor, 0, 0), ["source.fixAll"]).values()
    (changed,) = action.edit.document_changes
    assert (changed.text_document.uri, apply(cells[last], changed.edits)) == (last, fixed)
    (action,) = editor.actions(second, at(editor, 0, 0), ["notebook.source.fixAll"]).values()
    assert action.kind == "notebook.source.fixAll.rnnlint"
    changes = {one.text_document.uri: apply(cells[last], one.edits) for one in action.edit.document_changes}
    assert changes == {second: fixed, last: fixed}


def test_actions_are_right_in_the_middle_of_typing(editor: Editor, project: Path) -> None:
    types = editor.types
    editor.open(uri(project), CODE)
    editor.shown(uri(project))
    top = at(editor, 0, 0)
    editor.change(uri(project), 2, (top, "# one line more\n"))
    actions = editor.actions(uri(project), at(editor, ROW + 1, 14))
    (edit,) = actions["rnnlint (RNN101): Add # noqa: RNN101"].edit.document_changes[0].edits
    assert edit.range.start.line == ROW + 1
    assert types.Position(ROW + 1, 0) < edit.range.start


CELLS = {
    "first": "%matplotlib inline\nimport tensorflow as tf\nSTEPS = 200",
    "words": "# Not code: tf.nn.static_rnn(c, xs)",
    "second": "xs = tf.unstack(x, STEPS)\n'😀'; tf.nn.static_rnn(c, xs)",
}


def notebook(project: Path) -> tuple[str, dict[str, str]]:
    base = uri(project, "note.ipynb")
    return base, {f"vscode-notebook-cell{base[4:]}#{name}": text for name, text in CELLS.items()}


def test_the_cells_of_a_notebook_are_one_module(editor: Editor, project: Path) -> None:
    types = editor.types
    base, cells = notebook(project)
    first, words, second = cells
    editor.open_notebook(base, cells, markup=[words])
    assert editor.shown(first) == editor.shown(words) == []
    found = editor.shown(second)
    assert codes(found) == ["RNN101", "RNN201"]
    assert found[1].range == types.Range(types.Position(1, 6), types.Position(1, 22))
    (origin,) = (r for r in found[1].related_information if r.message == "STEPS = 200")
    assert origin.location.uri == first
    assert origin.location.range.start == types.Position(2, 0)
    assert "# legacy-static-runner (RNN101)" in editor.hover(second, 1, 8).contents.value
    assert editor.hover(first, 1, 8) is None
    action = editor.actions(second, found[0].range)["rnnlint (RNN101): Add # noqa: RNN101"]
    (changed,) = action.edit.document_changes
    assert changed.text_document.uri == second
    assert apply(cells[second], changed.edits) == cells[second] + "  # noqa: RNN101"
    editor.change_cell(base, second, 2, apply(cells[second], changed.edits))
    assert codes(editor.shown(second)) == ["RNN201"]


def test_cells_are_typed_in_added_moved_and_removed(editor: Editor, project: Path) -> None:
    types = editor.types
    base, cells = notebook(project)
    first, words, second = cells
    editor.open_notebook(base, cells, markup=[words])
    assert len(editor.shown(second)) == 2
    number = types.Range(types.Position(2, 8), types.Position(2, 11))
    editor.change_cell(base, first, 2, (number, "2"))
    assert codes(editor.shown(second)) == ["RNN101"]
    added = second.replace("#second", "#third")
    editor.change_cells(base, 3, 3, [], {added: "tf.nn.rnn_cell.LSTMCell(4)"})
    assert codes(editor.shown(added)) == ["RNN103"]
    assert codes(editor.shown(second)) == ["RNN101"]
    # A cell that does not parse is left out, the others are checked.
    editor.change_cell(base, second, 4, "def f(:")
    assert editor.shown(second) == []
    assert codes(editor.shown(added)) == ["RNN103"]
    editor.change_cells(base, 5, 1, [words, second], {})
    assert editor.shown(second) == []
    assert codes(editor.shown(added)) == ["RNN103"]
    assert editor.hover(second, 0, 0) is None
    editor.change_cell(base, added, 6, "\n\ntf.nn.rnn_cell.GRUCell(4)")
    (moved,) = editor.shown(added)
    assert moved.range.start.line == 2
    editor.close_notebook(base, [first, added])
    assert editor.shown(added) == []
    assert not editor.messages and not editor.logged


def test_a_notebook_that_is_shown_as_json_is_left_alone(editor: Editor, project: Path) -> None:
    editor.open(uri(project, "note.ipynb"), '{"cells": []}', "json")
    editor.change(uri(project, "note.ipynb"), 2, "tf.nn.static_rnn")
    editor.open(uri(project), CODE)
    assert editor.shown(uri(project))
    assert editor.waiting(uri(project, "note.ipynb")) == 0


def test_the_nearest_configuration_holds_and_is_read_again(editor: Editor, project: Path) -> None:
    package = project / "package"
    package.mkdir()
    near, far = package / "pyproject.toml", project / "pyproject.toml"
    near.write_text("[tool.rnnlint]\nselect = ['RNN201']\n")
    editor.open(uri(project, "package/model.py"), CODE)
    assert codes(editor.shown(uri(project, "package/model.py"))) == ["RNN201"]
    (registered,) = editor.registered
    patterns = [watcher["globPattern"] for watcher in registered.register_options["watchers"]]
    assert patterns == ["**/*.py", "**/pyproject.toml"]
    far.write_text("[tool.rnnlint]\nmax-unroll = 500\n")
    near.unlink()
    editor.files_changed(near, far)
    assert codes(editor.shown(uri(project, "package/model.py"))) == ["RNN101", "RNN103"]


def test_a_configuration_that_cannot_be_used_is_reported_once(start: Start, project: Path) -> None:
    config = project / "pyproject.toml"
    config.write_text("[tool.rnnlint]\nprofil = 'maintain'\n")
    editor = start()
    for name in ("a.py", "b.py"):
        editor.open(uri(project, name), CODE)
        assert editor.shown(uri(project, name)) == []
    (message,) = editor.messages
    assert message.startswith("rnnlint: pyproject.toml [tool.rnnlint]: unknown option 'profil' (did you mean 'profile'")
    config.write_text("[tool.rnnlint]\n")
    editor.files_changed(config)
    assert len(editor.shown(uri(project, "a.py"))) == 3
    config.write_text("[tool.rnnlint\n")
    editor.files_changed(config)
    assert editor.shown(uri(project, "a.py")) == []
    assert len(editor.messages) == 2
    assert "is not TOML" in editor.messages[-1]


@pytest.mark.parametrize("around", ["{}", "rnnlint", "settings"])
def test_settings_of_the_editor_win_over_the_file_and_flags_over_them(start: Start, project: Path, around: str) -> None:
    (project / "pyproject.toml").write_text("[tool.rnnlint]\nselect = ['RNN103']\n")
    options = {"select": ["RNN201"], "max-unroll": 20}
    editor = start(initialization_options=options if around == "{}" else {around: options})
    editor.open(uri(project), CODE.replace("200", "30"))
    assert codes(editor.shown(uri(project))) == ["RNN201"]
    editor.configure({"rnnlint": {"select": ["RNN201"], "max_unroll": 40}})
    assert codes(editor.shown(uri(project))) == []
    editor.configure({"rnnlint": {}})
    assert codes(editor.shown(uri(project))) == ["RNN103"]
    flagged = start("--stdio", "--select=RNN101", initialization_options=options)
    flagged.open(uri(project), CODE)
    assert codes(flagged.shown(uri(project))) == ["RNN101"]


def test_settings_that_cannot_be_used_are_reported_and_the_last_ones_stay(start: Start, project: Path) -> None:
    editor = start(initialization_options={"select": ["RNN201"]})
    editor.configure({"rnnlint": {"selct": ["RNN103"]}})
    editor.open(uri(project), CODE)
    assert codes(editor.shown(uri(project))) == ["RNN201"]
    (message,) = editor.messages
    assert message == "rnnlint: settings of the editor: unknown option 'selct' (did you mean 'select'?)"


def test_an_editor_that_only_shows_that_settings_changed_is_asked(start: Start, project: Path) -> None:
    editor = start(settings=[{"select": ["RNN103"]}])
    editor.open(uri(project), CODE)
    assert len(editor.shown(uri(project))) == 3
    editor.configure(None)
    assert codes(editor.shown(uri(project))) == ["RNN103"]


def test_flags_win_over_the_configuration(start: Start, project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.rnnlint]\nselect = ['RNN201']\n")
    editor = start("--stdio", "--select=RNN103")
    editor.open(uri(project), CODE)
    assert codes(editor.shown(uri(project))) == ["RNN103"]


def test_what_is_excluded_is_not_shown(editor: Editor, project: Path) -> None:
    (project / "pyproject.toml").write_text(
        "[tool.rnnlint]\nextend-exclude = ['third_party/*']\nper-file-ignores = {'legacy.py' = ['RNN1']}\n"
    )
    for name, expected in (("third_party/a.py", 0), ("build/lib/a.py", 0), ("legacy.py", 1), ("a.py", 3)):
        editor.open(uri(project, name), CODE)
        assert len(editor.shown(uri(project, name))) == expected, name


def test_other_modules_are_read_again_when_they_change(editor: Editor, project: Path) -> None:
    sizes, other = project / "sizes.py", project / "other.py"
    other.write_text("STEPS = 1\n")
    editor.open(uri(project), CODE.replace("STEPS = 200", "from sizes import STEPS"))
    assert "RNN201" not in codes(editor.shown(uri(project)))
    sizes.write_text("STEPS = 300\n")
    editor.files_changed(other)
    editor.files_changed(sizes)
    assert "RNN201" in codes(editor.shown(uri(project)))
    # Editors that watch no files say at least what they save.
    sizes.write_text("STEPS = 3\n")
    editor.open(sizes.as_uri(), "STEPS = 3\n")
    editor.save(sizes.as_uri())
    assert "RNN201" not in codes(editor.shown(uri(project)))
    assert editor.waiting(uri(project)) == 0


def test_a_document_without_a_file_is_checked(editor: Editor, project: Path) -> None:
    editor.open("untitled:Untitled-1", CODE)
    assert len(editor.shown("untitled:Untitled-1")) == 3


def test_odd_text_is_survived(editor: Editor, project: Path) -> None:
    legacy = "import tensorflow as tf\ntf.nn.static_rnn(c, xs)\n"
    texts = ["", "\0tensorflow", "(" * 5000 + " tensorflow.nn.static_rnn", "tensorflow" + ".x" * 3000, "\ufeff", "'"]
    for version, text in enumerate(texts, 2):
        name = f"odd{version}.py"
        editor.open(uri(project, name), text)
        assert editor.shown(uri(project, name)) == []
    coded = "# -*- coding: latin-1 -*-\nimport tensorflow as tf\n'é😀'; tf.nn.static_rnn(c, xs)\n"
    editor.open(uri(project), coded)
    (found,) = editor.shown(uri(project))
    assert found.range.start.character == 7
    editor.change(uri(project), 2, "\ufeff" + legacy.replace("\n", "; ", 1))
    (found,) = editor.shown(uri(project))
    assert found.range.start.character == 26
    assert not editor.messages and not editor.logged


BROKEN = """
import sys
from rnnlint import engine
from rnnlint.hosts.command_line import main

honest = engine.check_source

def check_source(source, settings, project):
    if "BOOM" in source.text:
        raise ZeroDivisionError("boom")
    return honest(source, settings, project)

engine.check_source = check_source
main(["server"])
"""


def test_a_fault_of_ours_ends_no_session(start: Start, project: Path) -> None:
    editor = start(command=(sys.executable, "-c", BROKEN))
    editor.open(uri(project), CODE)
    assert len(editor.shown(uri(project))) == 3
    editor.change(uri(project), 2, CODE + "BOOM\n")
    assert editor.shown(uri(project)) == []
    (logged,) = editor.logged
    assert "please report it" in logged
    assert "ZeroDivisionError: boom" in logged
    editor.change(uri(project), 3, CODE)
    assert len(editor.shown(uri(project))) == 3


def test_the_server_leaves_with_the_editor(project: Path) -> None:
    editor = Editor(SERVER, project)
    editor.open(uri(project), CODE)
    editor.shown(uri(project))
    assert editor.leave() == 0
    editor = Editor(SERVER, project)
    editor.open(uri(project), CODE)
    assert editor.vanish() == 0


def test_a_check_is_over_before_one_sees_it(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ.keys() - unmeasured():
        monkeypatch.delenv(name)
    editor = start()
    path = Path(__file__).parents[2] / "docs" / "example" / "model.py"
    text = path.read_text(encoding="utf-8")
    editor.open(path.as_uri(), text)
    editor.shown(path.as_uri())
    took = []
    for version in range(2, 12):
        editor.change(path.as_uri(), version, text + "\n" * version)
        began = time.perf_counter()
        # A question in the middle of typing is answered after a check.
        editor.hover(path.as_uri(), 0, 0)
        took.append(time.perf_counter() - began)
        editor.shown(path.as_uri())
    # The quickest, for the machine may be busy with other things.
    assert min(took) < 0.1, took
