"""Does each fix go into the cell that it is for, wherever its finding stands, and does a fix that is no use end?"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rnnlint import engine
from rnnlint.finding import Edit, Finding, Fix
from rnnlint.hosts.configuration import Configurations
from rnnlint.hosts.fixing import Fixed, fixed
from rnnlint.hosts.outcome import Outcome
from rnnlint.hosts.server.check import Module, Page, check
from rnnlint.read.edited_notebook import cell_texts
from rnnlint.report.applying import compatible
from rnnlint.report.run import is_offered
from rnnlint.settings import Settings

IMPORTS = """\
import tensorflow as tf
from keras.layers import Embedding, GRU, Input, LSTM
from keras.preprocessing.sequence import pad_sequences
x = pad_sequences(tokens, maxlen=20)
"""
EMBEDDING = ("emb = Embedding(1000, 32)\n", "emb = Embedding(1000, 32, mask_zero=True)\n")
LAYER = "out = GRU(8)(emb(Input((20,))))\n"
RUN = ("ys = tf.nn.dynamic_rnn(cell, xs)\n", "ys = tf.compat.v1.nn.dynamic_rnn(cell, xs)\n")
NOISE = [
    "# a comment that is long enough to have such a place\n",
    "é = '😀'\n",
    "\n",
    "%matplotlib inline\n",
    "x += 1\n",
]


def notebook(cells: list[dict[str, Any]], **style: Any) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, **style).encode()


def code(text: str, as_list: bool = False) -> dict[str, Any]:
    return {"cell_type": "code", "outputs": [], "source": text.splitlines(True) if as_list else text}


def mended(data: bytes, name: str = "n.ipynb", find: Any = None) -> Fixed:
    """The content after all fixes, unsafe ones too."""

    def checked(content: bytes, filename: str) -> Outcome:
        if find is not None:
            return Outcome(find(content))
        found = engine.check_bytes(content, filename, Settings(), engine.Project())
        return Outcome(found.findings, problems=found.problems, error=found.broken)

    return fixed(data, name, checked, lambda outcome: [f for f in outcome.findings if is_offered(f, unsafe=True)])


# ---- which cell


def test_what_mends_a_finding_goes_into_the_cell_where_the_embedding_is_made() -> None:
    lines = "".join(NOISE[:1] * 7)
    result = mended(notebook([code(IMPORTS + EMBEDDING[0]), code(lines + LAYER)]))
    assert cell_texts(result.data) == {1: IMPORTS + EMBEDDING[1], 2: lines + LAYER}
    assert result.made == 1


@st.composite
def laid_out(draw: st.DrawFn) -> tuple[bytes, dict[int, str]]:
    """A notebook with things to fix in any cells, and the cells that it should have afterwards."""
    pieces: list[tuple[str, str]] = [(IMPORTS, IMPORTS), EMBEDDING, (LAYER, LAYER)]
    for at in range(draw(st.integers(0, 2))):
        pieces.insert(draw(st.integers(1, 3 + at)), RUN)
    cells: list[dict[str, Any]] = []
    after: dict[int, str] = {}
    as_list = st.booleans()
    while pieces:
        if draw(st.integers(0, 3)) == 0:
            cells.append({"cell_type": "markdown", "source": "text\n" * draw(st.integers(1, 9))})
            after[len(cells)] = cells[-1]["source"]
            continue
        before, now = "", ""
        for old, new in pieces[: (taken := draw(st.integers(0, len(pieces))))]:
            noise = "".join(draw(st.lists(st.sampled_from(NOISE), max_size=4)))
            before, now = before + noise + old, now + noise + new
        del pieces[:taken]
        rest = "".join(draw(st.lists(st.sampled_from(NOISE), max_size=3))) + draw(st.sampled_from(["", "y"]))
        cells.append(code(before + rest, draw(as_list)))
        after[len(cells)] = now + rest
    style = draw(st.sampled_from([{}, {"indent": 1}, {"ensure_ascii": False}, {"separators": (",", ":")}]))
    return notebook(cells, **style), after


@hypothesis_settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(laid_out())
def test_fixes_in_any_cell_with_findings_in_any_other_change_what_they_are_for_and_nothing_else(
    laid: tuple[bytes, dict[int, str]],
) -> None:
    before, after = laid
    result = mended(before)
    assert result.problem is None
    assert cell_texts(result.data) == after
    assert mended(result.data) == Fixed(result.data)


def test_an_edit_names_its_cell_and_its_file() -> None:
    data = notebook([code(IMPORTS), code(EMBEDDING[0]), code(LAYER)])
    (finding,) = engine.check_bytes(data, "n.ipynb", Settings(), engine.Project()).findings
    assert finding.cell == 3
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    assert (edit.cell, edit.filename) == (2, "n.ipynb")


# ---- which file


def test_an_embedding_of_another_module_is_not_written_into_this_one(tmp_path: Path) -> None:
    (tmp_path / "made.py").write_text("from keras.layers import Embedding\n" + EMBEDDING[0], encoding="utf-8")
    text = "from made import emb\n" + IMPORTS + LAYER
    path = tmp_path / "a.py"
    assert mended(text.encode(), str(path)) == Fixed(text.encode())


def test_a_fix_that_names_another_file_is_not_made(tmp_path: Path) -> None:
    edit = Edit(1, 1, 1, 2, "y", filename="b.py")
    finding = Finding("a.py", None, 1, 1, "RNN101", 1, 2, "x", "x", fix=Fix("x", "safe", (edit,)))
    assert compatible([finding]) == []
    own = finding._replace(fix=Fix("x", "safe", (edit._replace(filename="a.py"),)))
    assert compatible([own]) == [own]


# ---- which page of an editor


def test_a_quick_fix_in_an_editor_changes_the_page_where_the_embedding_is_made() -> None:
    types = pytest.importorskip("lsprotocol.types")
    codec = pytest.importorskip("pygls.workspace").PositionCodec()
    from rnnlint.hosts.server import answers
    from rnnlint.hosts.server.places import Places

    texts = [IMPORTS, EMBEDDING[0], "\n" * 40 + LAYER]
    pages = tuple(Page(f"cell:{number}", text, number) for number, text in enumerate(texts, 1))
    report = check(
        Module("n.ipynb", pages, is_notebook=True), Configurations({}, os.getcwd(), isolated=True), judge_noqa=False
    )
    everywhere = types.Range(types.Position(0, 0), types.Position(99, 0))
    for versioned in (False, True):
        fix, comment = answers.actions(report, pages[2], everywhere, Places(codec), versioned)
        for action, uri in ((fix, "cell:2"), (comment, "cell:3")):
            edit = action.edit
            assert edit is not None
            changed = edit.document_changes if versioned else edit.changes
            assert changed is not None
            assert [one.text_document.uri for one in changed] if versioned else list(changed) == [uri]
    (edit,) = fix.edit.document_changes[0].edits
    assert (edit.range.start.line, edit.range.start.character, edit.new_text) == (0, 24, ", mask_zero=True")


# ---- fixes that are no use


def stubborn(column: int, content: str, code: str = "RNN101") -> Any:
    """Finds the same thing at the first character of each text that there is, and would write the same each time."""

    def find(data: bytes) -> list[Finding]:
        fix = Fix("x", "safe", (Edit(1, column, 1, column, content),))
        return [Finding("a.py", None, 1, 1, code, 1, 2, "x", "x", fix=fix)]

    return find


@pytest.mark.parametrize(("column", "content"), [(4, "z"), (4, " + 1"), (2, "b"), (1, "q")])
def test_a_fix_that_leaves_its_finding_is_not_made_and_told(column: int, content: str) -> None:
    result = mended(b"a=b\n", "a.py", stubborn(column, content))
    assert (result.data, result.made) == (b"a=b\n", 0)
    assert str(result.problem) == (
        "a.py:1:1: not fixed, please report it: the fix of RNN101 does not resolve the finding"
    )


def test_the_fixes_of_others_are_made_beside_one_that_is_no_use() -> None:
    def find(data: bytes) -> list[Finding]:
        found = stubborn(1, "q")(data)
        at = data.find(b"old") + 1
        if at:
            fix = Fix("y", "safe", (Edit(1, at, 1, at + 3, "new"),))
            found.append(Finding("a.py", None, 1, at, "RNN102", 1, at + 3, "x", "x", fix=fix))
        return found

    result = mended(b"a=old\n", "a.py", find)
    assert (result.data, result.made) == (b"a=new\n", 1)
    assert result.problem is not None
    assert "RNN101" in result.problem.reason
