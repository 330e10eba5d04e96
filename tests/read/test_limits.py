"""What is read at the limits of size, shape and system? Files, long lines, broken rows and odd notebooks."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from rnnlint.read import content, files, neighbours, rows
from rnnlint.read.exclusion import Exclusion
from rnnlint.read.problem import SourceError
from rnnlint.read.recovery import recover
from rnnlint.read.room import with_room
from rnnlint.read.source import from_bytes, from_text
from rnnlint.read.splices import rewritten
from rnnlint.read.tree import ON_DISK

# ---- files


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"12345")
    assert content.read_regular(str(tmp_path / "a.py"), 5) == b"12345"
    with pytest.raises(OSError, match="is larger than 0 MiB"):
        content.read_regular(str(tmp_path / "a.py"), 4)


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="this system has no /proc")
def test_what_tells_no_size_is_read_to_its_end_and_not_beyond_the_limit() -> None:
    assert content.read_regular("/proc/self/status").startswith(b"Name:")
    with pytest.raises(OSError, match="is larger than"):
        content.read_regular("/proc/self/status", 10)


def test_a_link_is_refused_on_a_system_that_has_no_flag_for_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.py").write_bytes(b"1")
    (tmp_path / "link.py").symlink_to("a.py")
    monkeypatch.setattr(content, "_NO_LINK", 0)
    assert content.read_regular(str(tmp_path / "a.py"), follow=False) == b"1"
    with pytest.raises(OSError, match="is a link"):
        content.read_regular(str(tmp_path / "link.py"), follow=False)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no such sockets")
def test_a_socket_is_told_to_be_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("a.py")
        with pytest.raises(SourceError) as caught:
            content.read_bytes("a.py")
    assert caught.value.reason == "is not a regular file"


def test_an_entry_that_cannot_be_looked_at_is_a_problem() -> None:
    def refuse(**_: object) -> bool:
        raise PermissionError(13, "Permission denied")

    entry = SimpleNamespace(name="a.py", is_dir=refuse)
    found = files._judge(entry, SimpleNamespace(path="src"), None, Exclusion((), "."))  # type: ignore[arg-type]
    assert isinstance(found, SourceError)
    assert found.reason == "cannot be read: Permission denied"


def test_an_answer_rests_on_the_files_that_it_names_and_on_all_of_a_folder(tmp_path: Path) -> None:
    consulted = {"/a/b.py", neighbours.whole("/c")}
    named = ["/a/b.py", "/a/c.py", "/c/d/e.py", "/cd/e.py"]
    assert [name for name in named if neighbours.rests_on(consulted, name)] == ["/a/b.py", "/c/d/e.py"]


def test_a_script_that_cannot_be_read_says_nothing_of_the_folder_beside_it(tmp_path: Path) -> None:
    (tmp_path / "run.py").symlink_to("nowhere.py")
    assert not neighbours._imports(str(tmp_path / "run.py"), "net", ON_DISK)


def test_scripts_are_looked_for_a_few_folders_up_and_no_further(tmp_path: Path) -> None:
    folder = tmp_path
    for name in "abcdefgh":
        folder /= name
        folder.mkdir()
        (folder.parent / "run.py").write_text(f"import {name}\n", encoding="utf-8")

    def names_in(path: str) -> list[str]:
        return os.listdir(path)

    top = neighbours._with_scripts_above(str(folder), names_in, ON_DISK)  # type: ignore[arg-type]
    above = Path(top).relative_to(tmp_path)
    assert 0 < len(above.parts) < 8


# ---- rows and columns


def test_places_in_a_long_line_are_those_in_a_short_one() -> None:
    line = "aé€😀" * 200
    assert len(line) >= rows._LONG
    for column in (0, 1, 2, 3, 4, 401, 799, 800):
        at = len(line[:column].encode())
        assert rows.byte_column(line, column) == at
        assert rows.character_column(line, at) == column
    # Inside of a character it is still that character, and behind the end the end.
    assert rows.character_column(line, len("aé€".encode()) + 2) == rows.character_column("aé€😀", 8) == 3
    assert rows.byte_column(line, 10_000) == len(line.encode())


# ---- what can be parsed of a text


def test_a_statement_that_no_repair_mends_is_left_out_and_the_rest_is_kept() -> None:
    found = recover("import a\n  return return\ndef f():\n}\n'''\n", "model.py")
    assert found is not None
    assert found.rows == ["import a", "pass", "", "", ""]


def test_of_a_text_that_is_no_statement_nothing_is_left() -> None:
    assert recover("    \\\n", "model.py") is None
    assert recover("", "model.py") is None


def test_an_answer_comes_back_from_where_there_is_more_room() -> None:
    assert with_room(lambda: 3) == with_room(lambda: 3, deep=True) == 3


def test_bytes_that_could_not_be_restored_are_not_rewritten() -> None:
    with pytest.raises(SourceError, match="could not be restored exactly"):
        rewritten(b"x", "a.py", "\ud800", [], "utf-8")


# ---- notebooks


def notebook(*cells: object) -> bytes:
    return json.dumps({"cells": list(cells), "nbformat": 4, "nbformat_minor": 5, "metadata": {}}).encode()


def code(source: str) -> dict[str, object]:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}


def test_a_text_that_is_called_a_notebook_is_read_as_one() -> None:
    found = from_text(notebook(code("x = 1\n")).decode(), "a.ipynb")
    assert len(found.tree.body) == 1


def test_a_cell_may_begin_indented_and_go_on_less_so() -> None:
    found = from_bytes(notebook(code("  x = 1\ny = 2\n"), code("z = 3\n")), "a.ipynb")
    assert [row for row in found.lines if "=" in row][-1].strip() == "z = 3"
