"""Does an edit change what it covers and nothing else? In every encoding, with every newline, and in notebooks."""

from __future__ import annotations

import codecs
import json
import random
from typing import Any

import pytest

from rnnlint.finding import Edit
from rnnlint.read.edited import edited
from rnnlint.read.edited_notebook import cell_texts
from rnnlint.read.problem import SourceError

WORD = Edit(2, 1, 2, 4, "new")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a\nold\nb\n", b"a\nnew\nb\n"),
        (b"a\r\nold\r\nb", b"a\r\nnew\r\nb"),
        (b"a\rold\rb\n\r\n", b"a\rnew\rb\n\r\n"),
        (b"\f\told\x0b\nold\n\n\n", b"\f\told\x0b\nnew\n\n\n"),
        (codecs.BOM_UTF8 + b"a\nold", codecs.BOM_UTF8 + b"a\nnew"),
        ("# coding: latin-1\nold = 'é'\r\n".encode("latin-1"), "# coding: latin-1\nnew = 'é'\r\n".encode("latin-1")),
        ("# coding: cp1252\nold = '€'\r\n".encode("cp1252"), "# coding: cp1252\nnew = '€'\r\n".encode("cp1252")),
        ("# coding: shift_jis\nold='表'\n".encode("shift_jis"), "# coding: shift_jis\nnew='表'\n".encode("shift_jis")),
        ("'é😀\u2028'\nold".encode(), "'é😀\u2028'\nnew".encode()),
    ],
)
def test_all_else_stays_to_the_byte(before: bytes, after: bytes) -> None:
    assert edited(before, "m.py", {None: [WORD]}) == after


@pytest.mark.parametrize(
    ("edit", "after"),
    [
        (Edit(1, 1, 1, 1, "x"), b"xab\ncd\n"),
        (Edit(1, 3, 1, 3, "x"), b"abx\ncd\n"),
        (Edit(1, 3, 2, 1, ""), b"abcd\n"),
        (Edit(1, 1, 2, 1, ""), b"cd\n"),
        (Edit(2, 1, 3, 1, ""), b"ab\n"),
        (Edit(3, 1, 3, 1, "x"), b"ab\ncd\nx"),
    ],
)
def test_edits_may_cover_newlines_and_stand_at_ends(edit: Edit, after: bytes) -> None:
    assert edited(b"ab\ncd\n", "m.py", {None: [edit]}) == after


def test_edits_are_made_in_any_order() -> None:
    first, second = Edit(1, 1, 1, 2, "long"), Edit(1, 3, 1, 4, "")
    for edits in ([first, second], [second, first]):
        assert edited(b"a b c", "m.py", {None: edits}) == b"long  c"


@pytest.mark.parametrize(
    "edit", [Edit(0, 1, 1, 1, ""), Edit(1, 9, 1, 9, ""), Edit(9, 1, 9, 1, ""), Edit(2, 1, 1, 1, "")]
)
def test_a_place_that_is_not_there_is_reported(edit: Edit) -> None:
    with pytest.raises(SourceError, match=r"m\.py:.* cannot be fixed") as caught:
        edited(b"ab\ncd\n", "m.py", {None: [edit]})
    error = caught.value
    assert (error.filename, error.row, error.column) == ("m.py", edit.row, edit.column)


def test_a_codec_that_does_not_give_the_same_bytes_back_is_reported() -> None:
    # UTF-7 writes this character in another way than this file does.
    data = b"# coding: utf-7\nold = '+AGE-'\n"
    with pytest.raises(SourceError, match="restored exactly"):
        edited(data, "m.py", {None: [WORD]})


# ---- notebooks


def notebook(*sources: Any, key: str = "source", **style: Any) -> str:
    cells = [{"cell_type": "code", "outputs": [{"text": ["old\n"]}], key: source} for source in sources]
    whole = {"cells": cells, "metadata": {"é": 1}} if key == "source" else {"worksheets": [{"cells": cells}], "é": 1}
    return json.dumps(whole, **style)


@pytest.mark.parametrize("style", [{}, {"indent": 1}, {"indent": 3, "ensure_ascii": False}, {"separators": (",", ":")}])
@pytest.mark.parametrize("key", ["source", "input"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_only_the_line_of_a_cell_changes(style: dict[str, Any], key: str, newline: str) -> None:
    sources = ["x = 1", ["é = 1\n", "old = 'é'  # \\ \" \t\n", "y"], "é\nold"]
    for number, source in ((2, ["é = 1\n", "new = 'é'  # \\ \" \t\n", "y"]), (3, "é\nnew")):
        before = (notebook(*sources, key=key, **style) + "\n").replace("\n", newline)
        wanted = [*sources]
        wanted[number - 1] = source
        after = (notebook(*wanted, key=key, **style) + "\n").replace("\n", newline)
        assert edited(before.encode(), "n.ipynb", {number: [WORD]}) == after.encode()


def test_escapes_of_others_stay_as_they_are() -> None:
    before = r'{"cells": [{"source": ["a\/\n", "old \u00e9 é \ud83d\ude00 \/ old\n"], "outputs": [1.50, 1e5]}]}'
    edits = [WORD, Edit(2, 13, 2, 16, "né")]
    after = edited(before.encode(), "n.ipynb", {1: edits}).decode()
    assert after == before.replace("old \\u", "new \\u").replace("\\/ old", "\\/ né")


def test_what_is_put_in_is_escaped_where_the_file_escapes() -> None:
    before = '{"cells": [{"source": "a\\nold"}]}'
    edit = Edit(2, 1, 2, 4, '"é\t')
    assert edited(before.encode(), "n.ipynb", {1: [edit]}) == b'{"cells": [{"source": "a\\n\\"\\u00e9\\t"}]}'
    wide = before.replace("a", "ö").encode()
    assert edited(wide, "n.ipynb", {1: [edit]}) == '{"cells": [{"source": "ö\\n\\"é\\t"}]}'.encode()


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16-le", "utf-16", "utf-32-be"])
def test_a_notebook_keeps_its_encoding(codec: str) -> None:
    text = notebook("a\nold", ensure_ascii=False)
    expected = notebook("a\nnew", ensure_ascii=False)
    assert edited(text.encode(codec), "n.ipynb", {1: [WORD]}) == expected.encode(codec)


@pytest.mark.parametrize(
    ("lines", "edit", "expected"),
    [
        (["a\n", "b\n", "c"], Edit(2, 1, 3, 1, ""), ["a\n", "c"]),
        (["a\n", "b\n", "c"], Edit(1, 1, 2, 1, ""), ["b\n", "c"]),
        (["a\n", "b\n", "c"], Edit(3, 1, 3, 2, ""), ["a\n", "b\n"]),
        (["a\n", "b\n", "c"], Edit(1, 2, 2, 1, ""), ["ab\n", "c"]),
        (["a\n", "b\n", "c"], Edit(1, 2, 3, 1, ""), ["ac"]),
        (["a\n", "b\n", "c\n"], Edit(1, 1, 4, 1, ""), [""]),
        (["a\n", "b\n", "c\n"], Edit(2, 1, 4, 1, ""), ["a\n"]),
        (["a\nb\n", "c"], Edit(2, 1, 2, 2, "x"), ["a\nx\n", "c"]),
    ],
)
def test_a_list_keeps_one_line_in_each_string(lines: list[str], edit: Edit, expected: list[str]) -> None:
    after = edited(notebook(lines, indent=1).encode(), "n.ipynb", {1: [edit]})
    assert after.decode() == notebook(expected, indent=1)


def test_the_last_of_two_equal_keys_counts_as_in_json() -> None:
    text = '{"cells": [], "cells": [{"source": "x", "source": "a\\nold"}]}'
    assert edited(text.encode(), "n.ipynb", {1: [WORD]}) == text.replace("old", "new").encode()


@pytest.mark.parametrize("source", [["a\n", 5, "old"], 5, "a"])
def test_a_cell_that_is_laid_out_in_no_known_way_is_left_alone(source: Any) -> None:
    with pytest.raises(SourceError, match=r"n\.ipynb:.* cannot be fixed: "):
        edited(notebook(source).encode(), "n.ipynb", {1: [WORD]})


PIECES = ["a", "é", "😀", '"', "\\", "\t", "\n", "\n", "\u2028", "\x7f", "/"]


@pytest.mark.parametrize("seed", range(200))
def test_any_edit_of_any_cell_gives_what_it_gives_in_plain_text(seed: int) -> None:
    chance = random.Random(seed)
    source = "".join(chance.choices(PIECES, k=chance.randint(1, 30)))
    cuts = sorted(chance.choices(range(len(source) + 1), k=3))
    by_cut = [source[a:b] for a, b in zip([0, *cuts], [*cuts, len(source)])]
    form = chance.choice([source, source.splitlines(keepends=True), by_cut])
    first, last = sorted(chance.choices(range(len(source) + 1), k=2))
    new = "".join(chance.choices(PIECES, k=chance.randint(0, 3)))
    style = chance.choice([{}, {"indent": 1, "ensure_ascii": False}])
    edit = Edit(*place(source, first), *place(source, last), new)
    after = edited(notebook("x", form, "y", **style).encode(), "n.ipynb", {2: [edit]})
    assert cell_texts(after) == {1: "x", 2: source[:first] + new + source[last:], 3: "y"}
    assert json.loads(after)["cells"][0] == json.loads(notebook("x"))["cells"][0]


def place(text: str, offset: int) -> tuple[int, int]:
    lines = text[:offset].split("\n")
    return len(lines), len(lines[-1]) + 1
