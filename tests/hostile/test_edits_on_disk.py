"""Is a file old or new after `--fix`, never half, and does it keep all that is not its text, whatever happens?"""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from processes import unmeasured

from rnnlint.hosts.command_line import main
from rnnlint.read.problem import SourceError
from rnnlint.report import replacing, temporary

BEFORE = "import tensorflow as tf\n\nout = tf.nn.dynamic_rnn(cell, xs)\n"
AFTER = BEFORE.replace("tf.nn", "tf.compat.v1.nn")
THEIRS = BEFORE + "# theirs\n"
COMMAND = ("check", "--isolated", "--no-cache", "--profile", "maintain", "--fix")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="modes, links and signals of POSIX")


class Result(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one file to fix; beside it is room for what must stay as it is."""
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "a.py").write_text(BEFORE, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def run(project: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `rnnlint check --fix` in the project."""

    def ran(*argv: str) -> Result:
        code = main([*COMMAND, *argv])
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return ran


def files(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if entry.name != ".git")


# ---- what is not text stays


@pytest.mark.parametrize("mode", [0o4755, 0o2755, 0o1644, 0o600, 0o777, 0o640])
def test_all_bits_of_the_mode_stay(run: Run, project: Path, mode: int) -> None:
    (project / "a.py").chmod(mode)
    run("a.py")
    assert (project / "a.py").read_text(encoding="utf-8") == AFTER
    assert stat.S_IMODE((project / "a.py").stat().st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only an administrator gives files away")
def test_the_owner_stays_and_with_it_the_bits_that_lend_rights(run: Run, project: Path) -> None:
    os.chown(project / "a.py", 12345, 23456)
    (project / "a.py").chmod(0o6755)
    run("a.py")
    status = (project / "a.py").stat()
    assert (project / "a.py").read_text(encoding="utf-8") == AFTER
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (12345, 23456, 0o6755)


def test_no_rights_are_lent_by_an_owner_that_could_not_be_kept(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    given = os.stat
    path = str(project / "a.py")

    def of_another(name: object, *more: object, **options: object) -> os.stat_result:
        status = given(name, *more, **options)  # type: ignore[arg-type]
        return os.stat_result((*status[:4], 54321, *status[5:])) if name == path else status

    (project / "a.py").chmod(0o6755)
    monkeypatch.setattr(os, "chown", refuse)
    monkeypatch.setattr(os, "stat", of_another)
    run("a.py")
    monkeypatch.undo()
    assert (project / "a.py").read_text(encoding="utf-8") == AFTER
    assert stat.S_IMODE((project / "a.py").stat().st_mode) == 0o755


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="extended attributes of Linux")
def test_extended_attributes_stay(run: Run, project: Path) -> None:
    try:
        os.setxattr(project / "a.py", "user.origin", b"somewhere")
    except OSError:
        pytest.skip("this file system has none")
    run("a.py")
    assert (project / "a.py").read_text(encoding="utf-8") == AFTER
    assert os.getxattr(project / "a.py", "user.origin") == b"somewhere"


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="access lists of Linux")
def test_a_file_whose_access_list_cannot_be_kept_stays_as_it_is(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "listxattr", lambda _: ["user.odd", "system.posix_acl_access"])
    monkeypatch.setattr(os, "getxattr", lambda *_: b"")
    monkeypatch.setattr(os, "setxattr", refuse)
    result = run("a.py")
    assert (project / "a.py").read_text(encoding="utf-8") == BEFORE
    assert (result.code, result.err) == (
        2,
        "error: a.py: not fixed: it cannot be written: Operation not permitted\n",
    )
    assert files(project) == ["a.py"]


# ---- links


def test_hard_links_are_not_parted(run: Run, project: Path) -> None:
    other = project.parent / "other.py"
    os.link(project / "a.py", other)
    result = run("a.py")
    assert result.code == 2
    assert result.err == (
        "error: a.py: not fixed: the file has 2 names (hard links), and a fix would separate it from the others\n"
    )
    assert os.path.samefile(other, project / "a.py")
    assert other.read_text(encoding="utf-8") == BEFORE


def test_what_a_link_inside_of_the_project_leads_to_is_fixed_and_the_link_stays(run: Run, project: Path) -> None:
    (project / "real").mkdir()
    (project / "a.py").rename(project / "real" / "b")
    (project / "a.py").symlink_to("real/b")
    run("a.py")
    assert (project / "a.py").is_symlink()
    assert (project / "real" / "b").read_text(encoding="utf-8") == AFTER


@pytest.mark.parametrize("kind", ["file", "folder", "chain", "project"])
def test_nothing_outside_of_the_project_is_written_through_a_link(run: Run, project: Path, kind: str) -> None:
    outside = project.parent / "outside"
    outside.mkdir()
    (project / "a.py").rename(outside / "v.py")
    if kind == "project":
        (outside / ".git").mkdir()
    if kind == "file":
        (project / "v.py").symlink_to(outside / "v.py")
    elif kind == "chain":
        (project / "first").symlink_to(outside)
        (project / "v.py").symlink_to("first/v.py")
    else:
        (project / "inner").symlink_to(outside)
    name = "v.py" if kind in ("file", "chain") else "inner/v.py"
    result = run(name)
    assert result.code == 2
    assert result.err == (f"error: {name}: not fixed: it is a link to a file outside the project\n")
    assert (outside / "v.py").read_text(encoding="utf-8") == BEFORE
    assert files(outside) == ["v.py"]


# ---- what cannot be written


def test_a_disk_that_is_full_leaves_the_file_and_nothing_else(project: Path) -> None:
    long = BEFORE + "# filler\n" * 20_000
    (project / "a.py").write_text(long, encoding="utf-8")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000));"
    code = f"{limit} import sys; from rnnlint.hosts.command_line import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, *COMMAND, "a.py"]
    done = subprocess.run(command, cwd=project, env=unmeasured(), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "error: a.py: not fixed: it cannot be written: File too large\n"
    assert (project / "a.py").read_text(encoding="utf-8") == long
    assert files(project) == ["a.py"]


def test_a_file_that_is_too_large_for_the_memory_is_reported(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr("rnnlint.hosts.fixing.edited", too_large)
    result = run("a.py")
    assert result.code == 2
    assert result.err == "error: a.py: not fixed: too large for the memory of this process\n"
    assert (project / "a.py").read_text(encoding="utf-8") == BEFORE


@pytest.mark.parametrize("flag", ["--fix", "--diff"])
def test_a_file_that_goes_before_it_is_fixed_is_told(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch, flag: str
) -> None:
    def gone(name: str) -> bytes:
        raise SourceError(name, 0, 0, "no such file or folder")

    monkeypatch.setattr("rnnlint.hosts.command_line.fix.read_bytes", gone)
    result = run("a.py") if flag == "--fix" else run("--diff", "a.py")
    assert result.code == 2
    assert "a.py: no such file or folder" in result.err
    assert (project / "a.py").read_text(encoding="utf-8") == BEFORE


# ---- somebody else writes


def in_place(path: Path) -> None:
    path.write_text(THEIRS, encoding="utf-8")


def by_another_file(path: Path) -> None:
    (path.parent / "saved").write_text(THEIRS, encoding="utf-8")
    (path.parent / "saved").replace(path)


@pytest.mark.parametrize("save", [in_place, by_another_file])
def test_an_edit_at_the_last_moment_is_not_overwritten(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch, save: Callable[[Path], None]
) -> None:
    path = project / "a.py"
    swap = replacing._swap
    if not swap(str(path), str(path)):
        pytest.skip("this system cannot swap two files")
    calls: list[str] = []

    def late(one: str, other: str) -> bool:
        calls.append(one)
        if len(calls) == 1:
            save(path)
        return swap(one, other)

    monkeypatch.setattr(replacing, "_swap", late)
    result = run("a.py")
    assert result.code == 2
    assert result.err == "error: a.py: not fixed: it changed while rnnlint checked it\n"
    assert path.read_text(encoding="utf-8") == THEIRS
    assert files(project) == ["a.py"]


def test_the_newer_of_two_edits_stays(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = project / "a.py"
    swap = replacing._swap
    if not swap(str(path), str(path)):
        pytest.skip("this system cannot swap two files")
    texts = iter([THEIRS, THEIRS + "# newer\n"])

    def late(one: str, other: str) -> bool:
        text = next(texts, None)
        if text is not None:
            (project / "saved").write_text(text, encoding="utf-8")
            (project / "saved").replace(path)
        return swap(one, other)

    monkeypatch.setattr(replacing, "_swap", late)
    assert run("a.py").code == 2
    assert path.read_text(encoding="utf-8") == THEIRS + "# newer\n"


def test_where_files_cannot_be_swapped_an_edit_before_the_move_is_noticed(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project / "a.py"
    monkeypatch.setattr(replacing, "_swap", lambda *_: False)
    put = replacing.put

    def late(*arguments: object, **options: object) -> None:
        path.write_text(THEIRS, encoding="utf-8")
        put(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(replacing, "put", late)
    assert run("a.py").code == 2
    assert path.read_text(encoding="utf-8") == THEIRS
    monkeypatch.setattr(replacing, "put", put)
    path.write_text(BEFORE, encoding="utf-8")
    assert run("a.py").code == 0
    assert path.read_text(encoding="utf-8") == AFTER


# ---- a run that is killed

KILLED = """
import os, signal, sys
from rnnlint.hosts.command_line import main
from rnnlint.report import atomic, replacing

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

where, number = sys.argv[1:3]
owner = {"create": atomic, "_be_like": atomic, "_swap": replacing}.get(where, os)
real, calls = getattr(owner, where), []

def counted(*arguments):
    calls.append(arguments)
    return die() if len(calls) == int(number) else real(*arguments)

setattr(owner, where, counted)
main(sys.argv[3:])
"""


@pytest.mark.parametrize("where", ["create", "_be_like", "fsync", "chmod", "_swap", "unlink"])
def test_a_run_that_is_killed_leaves_the_old_or_the_new_and_the_next_one_clears_up(
    run: Run, project: Path, where: str
) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, where, "1", *COMMAND, "a.py"], cwd=project, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (project / "a.py").read_text(encoding="utf-8") in (BEFORE, AFTER)
    (project / "b.py").write_text(BEFORE, encoding="utf-8")
    run("a.py", "b.py")
    assert (project / "a.py").read_text(encoding="utf-8") == AFTER
    assert files(project) == ["a.py", "b.py"]


def test_only_what_is_ours_and_left_behind_is_cleared(run: Run, project: Path) -> None:
    word = "0123456789abcdef" * 2
    ours = [f".rnnlint-{word}.tmp", f".rnnlint-{word[::-1]}.tmp"]
    kept = [
        ".rnnlint-",
        ".rnnlint-notes.tmp",
        f".rnnlint-{word}",
        f".rnnlint-{word}.tmp.py",
        f".rnnlint-{word.upper()}.tmp",
    ]
    kept += [f"x.rnnlint-{word}.tmp", f".rnnlint-{word}.tmp\n", f".rnnlint-{word}0.tmp"]
    for name in [*ours, *kept]:
        (project / name).write_text("x", encoding="utf-8")
    odd = [f".rnnlint-{digit * 32}.tmp" for digit in "12345"]
    (project / odd[0]).mkdir()
    os.mkfifo(project / odd[1])
    (project.parent / "victim").write_text("x", encoding="utf-8")
    (project / odd[2]).symlink_to(project.parent / "victim")
    os.link(project.parent / "victim", project / odd[3])
    handle, in_use = temporary.create(str(project))
    os.rename(in_use, project / odd[4])
    run("a.py")
    os.close(handle)
    assert files(project) == sorted(["a.py", *kept, *odd])
    assert (project.parent / "victim").read_text(encoding="utf-8") == "x"


def test_a_plain_check_removes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = f".rnnlint-{'0' * 32}.tmp"
    (project / name).write_text("x", encoding="utf-8")
    for flags in ((), ("--diff",)):
        main(["check", "--isolated", "--no-cache", *flags, "."])
    capsys.readouterr()
    assert files(project) == [name, "a.py"]
