"""Are files written whole, or not at all, on other systems and where others hold them?"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from rnnlint.finding import Edit, Finding
from rnnlint.report import atomic, comments, difference, replacing, run, temporary
from rnnlint.report.noqa_edit import NoqaEdits


def refuse(number: int) -> Any:
    def refused(*_: object, **__: object) -> Any:
        raise OSError(number, os.strerror(number))

    return refused


@pytest.mark.skipif(os.name == "nt", reason="locks of POSIX")
def test_a_name_that_another_run_holds_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporary, "lock", lambda _: False)
    with pytest.raises(BlockingIOError):
        temporary.create(str(tmp_path))


@pytest.mark.skipif(os.name == "nt", reason="locks of POSIX")
@pytest.mark.parametrize(("number", "held"), [(errno.EWOULDBLOCK, False), (errno.ENOLCK, True)])
def test_what_cannot_be_locked_counts_as_held(
    number: int, held: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(temporary.fcntl, "flock", refuse(number))
    assert temporary.lock(0) is held


def test_without_locks_what_is_old_was_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporary, "_CAN_LOCK", False)
    names = [tmp_path / f".rnnlint-{digit * 32}.tmp" for digit in "ab"]
    for name in names:
        name.touch()
    os.utime(names[0], (0, 0))
    temporary.clear(str(tmp_path))
    assert [name.exists() for name in names] == [False, True]


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_device_that_cannot_be_opened_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", refuse(errno.EACCES))
    with pytest.raises(PermissionError):
        atomic.write_atomically(os.devnull, "x")


def test_attributes_that_cannot_be_listed_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")
    monkeypatch.setattr(os, "listxattr", refuse(errno.ENOTSUP), raising=False)
    atomic.write_atomically(str(tmp_path / "a"), "new", durable=True)
    assert (tmp_path / "a").read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EINVAL])
def test_files_are_not_swapped_where_the_system_cannot(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Library:
        def renameat2(self, *_: object) -> int:
            return -1

    monkeypatch.setattr(replacing.sys, "platform", "linux")
    monkeypatch.setattr("ctypes.CDLL", lambda *_, **__: Library())
    monkeypatch.setattr("ctypes.get_errno", lambda: number)
    assert replacing._swap("a", "b") is False
    monkeypatch.setattr("ctypes.get_errno", lambda: errno.EACCES)
    with pytest.raises(OSError, match="denied"):
        replacing._swap("a", "b")
    monkeypatch.setattr("ctypes.CDLL", refuse(errno.ENOENT))
    assert replacing._swap("a", "b") is False
    monkeypatch.setattr(replacing.sys, "platform", "plan9")
    monkeypatch.setattr("ctypes.CDLL", lambda *_, **__: Library())
    assert replacing._swap("a", "b") is False


def test_a_path_on_another_drive_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def apart(*_: object) -> str:
        raise ValueError("path is on mount 'D:'")

    run.path_from.cache_clear()
    monkeypatch.setattr("os.path.relpath", apart)
    assert run.path_from("/elsewhere", "/a/b.py") == "/a/b.py"
    run.path_from.cache_clear()


def test_a_comment_on_the_last_line_may_lack_its_newline() -> None:
    assert [one.text for one in comments.comments(("x = 1  # noqa",))] == ["# noqa"]


def test_a_diff_of_a_cell_needs_no_newline_at_its_end() -> None:
    told = list(difference._diff("x = 1", "x = 2", "n.ipynb", False))
    assert told[-2:] == ["-x = 1\n", "+x = 2\n"]
    assert "No newline" in "".join(difference._diff("x = 1", "x = 2", "a.py", True))


def test_a_code_that_is_found_twice_in_a_row_is_silenced_once() -> None:
    finding = Finding("a.py", None, 1, 1, "RNN102", 1, 2, "legacy", "is legacy")
    other = Finding("a.py", None, 1, 5, "RNN102", 1, 6, "legacy", "is legacy")
    (edit,) = NoqaEdits(("f(); f()",)).of([finding, other])
    assert isinstance(edit, Edit)
    assert edit.content.strip() == "# noqa: RNN102"
