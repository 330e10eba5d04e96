"""Does a source come out with its text, its lines and the right places?"""

from __future__ import annotations

import ast
import gc
import os
import pickle
import warnings
from pathlib import Path

import pytest

from rnnlint.read.content import read_bytes
from rnnlint.read.source import Place, Source, SourceError, from_bytes, from_text, from_tree


def names(source: Source) -> dict[str, Place]:
    """The last place of every name in the module."""
    found = (node for node in ast.walk(source.tree) if isinstance(node, ast.Name))
    return {node.id: source.place(node.lineno, node.col_offset) for node in found}


def refusal(data: bytes | str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        from_bytes(data, "a.py") if isinstance(data, bytes) else from_text(data, "a.py")
    assert "\n" not in str(caught.value)
    return caught.value


def test_an_empty_file_is_an_empty_module() -> None:
    for data in (b"", b"\n", b"# only a comment", b"\xef\xbb\xbf"):
        source = from_bytes(data, "a.py")
        assert source.tree.body == []
        assert not source.problems


def test_columns_count_characters_from_one() -> None:
    source = from_bytes("é = 'ñü€😀'; x = 1\ny = 2\n".encode(), "a.py")
    assert names(source) == {"é": Place(1, 1), "x": Place(1, 13), "y": Place(2, 1)}


def test_columns_are_right_in_declared_encodings() -> None:
    for encoding in ("latin-1", "cp1252", "iso-8859-15", "utf-8", "latin-1-unix"):
        codec = encoding.removesuffix("-unix")
        text = f"# -*- coding: {encoding} -*-\né = 'ñ'; x = 1\n"
        source = from_bytes(text.encode(codec), "a.py")
        assert source.text == text
        assert names(source)["x"] == Place(2, 10)


def test_an_encoding_may_be_declared_in_the_second_line_but_not_behind_code() -> None:
    assert from_bytes(b"#!/usr/bin/python\n# vim: fileencoding=latin-1\nx = '\xe9'", "a.py").lines[2] == "x = 'é'"
    assert refusal(b"x = 1\n# coding: latin-1\ny = '\xe9'").row == 3


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    source = from_bytes(b"\xef\xbb\xbfx = 1\n", "a.py")
    assert source.text == "x = 1\n"
    assert names(source)["x"] == Place(1, 1)
    assert from_text("\ufeffx = 1\n", "a.py").text == "x = 1\n"


def test_a_byte_order_mark_contradicts_another_encoding() -> None:
    error = refusal(b"\xef\xbb\xbf# coding: latin-1\n")
    assert "latin-1" in error.reason
    assert from_bytes(b"\xef\xbb\xbf# coding: utf-8\n", "a.py").text == "# coding: utf-8\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_wide_encodings_are_named(encoding: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    assert encoding[:6].upper() in refusal(mark + "x = 1\n".encode(encoding)).reason


def test_a_bad_byte_is_named_with_its_line_and_encoding() -> None:
    error = refusal("x = 1\ny = 'ü', '".encode() + b"\xe9'\n")
    assert (error.row, error.column) == (2, 11)
    assert "0xe9" in error.reason
    assert "utf-8" in error.reason
    assert str(error) == f"a.py:2:11: {error.reason}"


def test_an_encoding_declared_wrongly_is_an_error_at_the_bad_byte() -> None:
    error = refusal(b"# coding: ascii\nx = 1\r\ny = '\xe9'\n")
    assert (error.row, error.column) == (3, 6)
    assert "ascii" in error.reason


@pytest.mark.parametrize("name", ["klingon", "hex", "rot13", "undefined", "idna", "utf-16", "."])
def test_encodings_that_hold_no_python_are_refused(name: str) -> None:
    assert name in refusal(f"# coding: {name}\nx = 'abc'".encode() + b"\x80\n").reason


def test_every_newline_of_python_ends_a_line_and_no_other() -> None:
    source = from_bytes("a = 1\rb = 2\r\nc = 3\n\x0cd = '\u2028 \x1c'; e = 5\x0c\nf = 6".encode(), "a.py")
    assert [(name, place.row) for name, place in names(source).items()] == list(
        zip("abcdef", (1, 2, 3, 4, 4, 5), strict=True)
    )
    assert source.lines == ["a = 1", "b = 2", "c = 3", "\x0cd = '\u2028 \x1c'; e = 5\x0c", "f = 6"]
    assert names(source)["e"].column == 13


def test_newlines_stay_in_the_text_as_they_were() -> None:
    assert from_bytes(b"a = 1\r\nb = 2\r", "a.py").text == "a = 1\r\nb = 2\r"


def test_the_line_of_a_place_is_the_line_as_written() -> None:
    source = from_text("x = 1\n\tprint 'y'\n".replace("\t", ""), "a.py")
    assert source.line_at(Place(2, 1)) == "print 'y'"
    assert source.line_at(Place(3, 1)) == ""
    assert source.line_at(Place(0, 1)) == ""


def test_a_place_behind_the_end_does_no_harm() -> None:
    assert from_text("x = 1", "a.py").place(7, 3) == Place(7, 4)


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [("x = 1\ny = = 2\n", 2, 5), ("def f(:\n", 1, 7), ("x = 'abc\n", 1, 5), ("if x:\npass\n", 2, 1)],
)
def test_a_syntax_error_has_its_place(text: str, row: int, column: int) -> None:
    error = refusal(text)
    assert (error.row, error.column) == (row, column)


def test_a_null_byte_is_named_with_its_place() -> None:
    error = refusal(b"x = 1\r\ny = \x00\n")
    assert (error.row, error.column) == (2, 5)
    assert "null byte" in error.reason


def test_lone_surrogates_are_refused_in_printable_words() -> None:
    assert str(refusal("x = 1\ny = '\ud800'\n")).encode("ascii")


DEEP = {
    "brackets": "(" * 4000 + ")" * 4000,
    "lists": "x = " + "[" * 150 + "]" * 150 + " + " + "-" * 4000 + "1",
    "attributes": "x = a" + ".b" * 4000,
    "calls": "x = a" + ".b()" * 4000,
    "sums": "x = " + "1 + " * 4000 + "1",
    "signs": "x = " + "-" * 4000 + "1",
    "more signs": "x = " + "-" * 50_000 + "1",
    "lambdas": "x = " + "lambda: " * 4000 + "1",
    "conditions": "x = " + "a if b else " * 4000 + "1",
    "elif": "if a: pass\n" + "elif b: pass\n" * 20_000,
    "blocks": "".join(" " * depth + "if a:\n" for depth in range(4000)) + " " * 4000 + "pass",
    "print": "print 'x'\nx = " + "`1`.a" + ".b" * 4000,
    "a very long chain": "x = a" + ".b()" * 100_000,
}


@pytest.mark.parametrize("kind", DEEP)
def test_nesting_without_end_is_an_error_with_a_place(kind: str) -> None:
    error = refusal(DEEP[kind])
    assert error.row >= 1
    assert "nest" in error.reason or "too many" in error.reason or kind == "print"


def test_nesting_that_people_write_is_read() -> None:
    assert from_text("x = " + "'a' + " * 2000 + "'a'\n", "a.py").tree.body
    assert from_text("x = a" + ".b()" * 1000 + "\n", "a.py").tree.body
    assert from_text("if a: pass\n" + "elif b: pass\n" * 1500, "a.py").tree.body


def test_reading_warns_of_nothing_and_leaves_the_collector_alone() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        from_text("x = '\\d' is 1\nassert (x, 'y')\ny = 1if x else 2\n", "a.py")
    assert gc.isenabled()
    gc.disable()
    try:
        from_text("x = 1\n", "a.py")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_host_s_tree_is_taken_as_it_is() -> None:
    lines = ["é = 'ñ'; x = 1\r\n", "\x0cy = 2"]
    tree = ast.parse("".join(lines))
    source = from_tree(tree, lines, "a.py")
    assert source.tree is tree
    assert source.text == "".join(lines)
    assert source.lines == ["é = 'ñ'; x = 1", "\x0cy = 2"]
    assert names(source)["x"] == Place(1, 10)


def test_a_host_s_tree_may_be_too_deep_as_well() -> None:
    tree = ast.parse("x = " + "1 + " * 500 + "1")
    total = tree.body[0].value  # type: ignore[attr-defined]
    for _ in range(3000):
        total = ast.BinOp(total, ast.Add(), ast.Constant(1), lineno=1, col_offset=0)
    tree.body = [ast.Expr(total, lineno=1, col_offset=0)]
    with pytest.raises(SourceError, match="nested too deep"):
        from_tree(tree, [], "a.py")


def test_what_cannot_be_opened_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "dangling.py").symlink_to("nowhere.py")
    (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    reasons = {}
    for name in ("missing.py", "dangling.py", "loop.py", "folder.py", "pipe.py", "null\0.py"):
        with pytest.raises(SourceError) as caught:
            read_bytes(str(tmp_path / name))
        assert str(caught.value) == f"{tmp_path / name}: {caught.value.reason}"
        reasons[name] = caught.value.reason
    assert reasons["missing.py"] == "no such file or folder"
    assert reasons["dangling.py"] == "dangling link"
    assert reasons["folder.py"] == "is a folder"
    assert reasons["pipe.py"] == "is not a regular file"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch(mode=0)
    with pytest.raises(SourceError, match="cannot be read: Permission denied"):
        read_bytes(str(tmp_path / "a.py"))


def test_a_problem_survives_the_way_between_processes() -> None:
    error = SourceError("a.py", 3, 4, "two\nlines")
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) == "a.py:3:4: two lines"
