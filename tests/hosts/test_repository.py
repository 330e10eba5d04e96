"""Are the files of a repository that is in memory checked as those of a checkout are, and is nothing opened?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from repository_files import ROWS, found_on_disk, without_repo, write

from rnnlint.hosts.fleet import repository
from rnnlint.hosts.fleet.repository import Row, check_alone, check_repository
from rnnlint.read.problem import SourceError
from rnnlint.read.tree import InMemory
from rnnlint.settings import Settings, from_mapping


@pytest.mark.parametrize(
    "options", [{}, {"max-unroll": "10", "target-tensorflow": "2.15"}, {"extend-exclude": "cells.py"}]
)
def test_what_is_found_is_what_check_finds(
    options: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = [f"--{name}={value}" for name, value in options.items()]
    wanted = found_on_disk(write(tmp_path / "owner"), capsys, *flags)
    came = check_repository("some/owner", ROWS, from_mapping(options, "test"))
    assert len(wanted) > 1
    assert without_repo(came.findings) == wanted
    assert {one["repo"] for one in came.findings} == {"some/owner"}
    assert came.errors == []


def test_alone_a_file_says_less() -> None:
    together, alone = check_repository("a/b", ROWS, Settings()), check_alone("a/b", ROWS, Settings())
    paths = [{one["path"] for one in came.findings} for came in (together, alone)]
    assert paths[0] - paths[1] == {"net/model.py"}
    assert together.files == alone.files


BAD = [
    (Row(None, b"x = 1"), "has no path"),
    (Row("", b"x = 1"), "has no path"),
    (Row("..", b"x = 1"), "its path is outside the repository"),
    (Row("../x.py", b"x = 1"), "its path is outside the repository"),
    (Row("a/../../x.py", b"x = 1"), "its path is outside the repository"),
    (Row("a\\..\\..\\x.py", b"x = 1"), "its path is outside the repository"),
    (Row("C:/x.py", b"x = 1"), "its path is outside the repository"),
    (Row("a\0b.py", b"x = 1"), "its path is outside the repository"),
    (Row("x.py", None), "has no content"),
    (Row("x.py", b"x = 1\n" * 9_000_000), "is larger than 32 MiB"),
    (Row("x.py", b"# \xff\xfe\n"), "is not utf-8"),
    (Row("x.py", b"import tensorflow as tf\ntf.nn.dynamic_rnn((\n"), "never closed"),
    (Row("x.ipynb", b'{"cells": tensorflow.nn.dynamic_rnn'), ""),
]


@pytest.mark.parametrize(("row", "reason"), BAD)
def test_a_bad_row_becomes_an_error_and_the_others_are_checked(row: Row, reason: str) -> None:
    came = check_repository("a/b", [row, *ROWS], Settings())
    assert [one["path"] for one in came.errors] == [row.path]
    assert reason in came.errors[0]["reason"]
    assert came.findings == check_repository("a/b", ROWS, Settings()).findings


def test_paths_are_taken_from_the_top_of_the_repository() -> None:
    same = ["/net/cells.py", "./net/cells.py", "net//cells.py", "x/../net/cells.py", "net\\cells.py"]
    for path in same:
        rows = [row._replace(path=path) if row.path == "net/cells.py" else row for row in ROWS]
        came = check_repository("a/b", rows, Settings())
        assert len(came.findings) == len(check_repository("a/b", ROWS, Settings()).findings), path
        assert path in {one["path"] for one in came.findings}


def test_of_two_rows_with_one_path_each_is_checked() -> None:
    rows = [
        Row("a.py", b"from tensorflow.nn import dynamic_rnn\n"),
        Row("a.py", b"from tensorflow.nn import raw_rnn\n"),
    ]
    assert [one["api"] for one in check_repository(None, rows, Settings()).findings] == [
        "tf.nn.dynamic_rnn", "tf.nn.raw_rnn",
    ]  # fmt: skip


@pytest.mark.parametrize("repo", ["..", "/", "../../etc", "a/..", "\0", "", None, "C:\\Windows"])
def test_nothing_is_opened_whatever_a_row_says(repo: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    check_repository("a/b", ROWS, Settings())  # imports what it needs

    def refuse(*arguments: object, **_: object) -> None:
        raise AssertionError(arguments)

    rows = [
        *ROWS,
        Row("/etc/passwd.py", b"from tensorflow.contrib import rnn\nfrom .passwd import rnn\nrnn.GRUCell(4)\n"),
    ]
    with monkeypatch.context() as patched:
        for name in ("open", "listdir", "scandir", "stat", "lstat"):
            patched.setattr(os, name, refuse)
        patched.setattr("builtins.open", refuse)
        came = check_repository(repo, rows, Settings())
    assert len(came.findings) > 3


def test_a_repository_that_is_too_large_is_said_to_be() -> None:
    note = repository.too_large("a/b")
    assert (note["repo"], note["kind"]) == ("a/b", "note")
    assert "256 MiB" in note["reason"]


def test_a_tree_in_memory_knows_its_folders() -> None:
    tree = InMemory({"/r/a/b.py": b"1", "/r/a/c/d.py": b"2", "/r/e": b"3"})
    assert tree.names_in("/r") == {"a", "e"}
    assert [(one.name, one.is_folder) for one in tree.entries("/r/a")] == [("b.py", False), ("c", True)]
    assert tree.names_in("/r/e") == tree.names_in("/etc") == frozenset()
    assert tree.read("/r/a/c/d.py") == b"2"
    with pytest.raises(SourceError):
        tree.read("/etc/passwd")
