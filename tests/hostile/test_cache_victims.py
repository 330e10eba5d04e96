"""Is whatever lies beside, behind or in the place of the cache left as it is?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")

CODE = "import tensorflow as tf\ntf.nn.dynamic_rnn(c, x)\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a finding; the user's home, with an old file, is beside it."""
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "m.py").write_text(CODE)
    (tmp_path / "home" / "notes").mkdir(parents=True)
    old = tmp_path / "home" / "notes" / "old.txt"
    old.write_text("precious")
    os.utime(old, (1, 1))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.delenv("RNNLINT_CACHE_DIR", raising=False)
    monkeypatch.chdir(folder)
    return folder


def check(*argv: str) -> subprocess.CompletedProcess[str]:
    """Run the command; a hang is an error."""
    command = [sys.executable, "-m", "rnnlint", "check", "--output-format", "concise", *argv]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def state(folder: Path) -> dict[str, object]:
    """All that lies in a folder."""
    return {str(p.relative_to(folder)): p.read_text() if p.is_file() else None for p in sorted(folder.rglob("*"))}


def entry(project: Path) -> Path:
    (found,) = project.parent.glob("caches/rnnlint/*/*.json")
    return found


def test_nothing_is_written_into_the_repository(project: Path) -> None:
    before = state(project)
    assert check().returncode == 1
    assert state(project) == before


@pytest.mark.parametrize("named", [".", "../home", "../home/notes", "link", "link-to-link", "m.py"])
def test_a_folder_that_is_not_ours_is_refused(project: Path, named: str) -> None:
    (project / "link").symlink_to("../home")
    (project / "link-to-link").symlink_to("link")
    before = state(project.parent)
    done = check("--cache-dir", named)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {named}: ")
    assert state(project.parent) == before


def test_a_link_in_the_place_of_an_entry_keeps_its_target(project: Path) -> None:
    check()
    place, victim = entry(project), project.parent / "home" / "notes" / "old.txt"
    place.unlink()
    place.symlink_to(victim)
    assert check().returncode == 1
    assert victim.read_text() == "precious"


def test_a_link_in_the_place_of_a_folder_of_entries_is_not_followed(project: Path) -> None:
    check()
    shard, home = entry(project).parent, project.parent / "home"
    for path in shard.iterdir():
        path.unlink()
    shard.rmdir()
    shard.symlink_to(home)
    before = state(home)
    assert check().returncode == 1
    assert state(home) == before


def test_a_link_in_the_place_of_the_mark_of_a_sweep_keeps_its_target(project: Path) -> None:
    check()
    marker, victim = project.parent / "caches" / "rnnlint" / "swept", project.parent / "home" / "notes" / "old.txt"
    marker.unlink()
    marker.symlink_to(victim)
    os.utime(marker, (1, 1), follow_symlinks=False)
    entry(project).unlink()
    check()
    assert victim.read_text() == "precious"


def test_only_our_own_old_files_are_swept(project: Path) -> None:
    check()
    ours = project.parent / "caches" / "rnnlint"
    stray = [ours / "notes.txt", entry(project).with_name("notes.txt"), ours / "notes" / ("0" * 30 + ".json")]
    stray[2].parent.mkdir()
    for path in stray:
        path.write_text("precious")
        os.utime(path, (1, 1))
    os.utime(ours / "swept", (1, 1))
    entry_of_ours = list(ours.glob("??/*.json"))
    entry_of_ours[0].unlink()
    check()
    assert [path.read_text() for path in stray] == ["precious"] * 3


@pytest.mark.parametrize("what", ["pipe", "zero", "folder"])
def test_what_is_no_file_in_the_place_of_an_entry_is_passed_over(project: Path, what: str) -> None:
    check()
    place = entry(project)
    place.unlink()
    {"pipe": os.mkfifo, "zero": lambda p: os.symlink("/dev/zero", p), "folder": os.mkdir}[what](place)
    assert check().returncode == 1


@pytest.mark.parametrize("change", [(b'"row": 2', b'"row": 7'), (b'"findings": [{', b'"findings": [], "x": [{')])
def test_an_entry_that_was_changed_is_not_used(project: Path, change: tuple[bytes, bytes]) -> None:
    check()
    place = entry(project)
    data = place.read_bytes()
    assert change[0] in data
    place.write_bytes(data.replace(*change))
    done = check("-q")
    assert (done.returncode, done.stdout.split()[0]) == (1, "m.py:2:1:")


def test_entries_of_another_user_are_not_used(project: Path) -> None:
    check("--cache-dir", "kept")
    (found,) = (project / "kept").glob("*/*.json")
    before = found.read_bytes()
    (project.parent / "caches" / "rnnlint" / "key").unlink()
    assert check("--cache-dir", "kept").returncode == 1
    assert found.read_bytes().split(b"\n")[0] != before.split(b"\n")[0]


@pytest.mark.parametrize("base", ["relative", "/dev/null", "/proc/none"])
def test_a_cache_folder_that_cannot_be_had_costs_only_time(
    project: Path, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", base)
    before = state(project)
    assert check().returncode == 1
    assert state(project) == before


@pytest.mark.parametrize("home", [".", "", "/dev/null"])
def test_a_home_that_is_none_puts_nothing_into_the_project(
    project: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", home)
    before = state(project)
    assert check().returncode == 1
    assert state(project) == before


def test_a_file_in_the_place_of_the_cache_folder_costs_only_time(project: Path) -> None:
    (project.parent / "caches").mkdir()
    (project.parent / "caches" / "rnnlint").write_text("mine")
    assert check().returncode == 1
    assert (project.parent / "caches" / "rnnlint").read_text() == "mine"


def test_projects_of_one_name_do_not_answer_for_each_other(project: Path) -> None:
    assert check().returncode == 1
    other = project.parent / "other" / "project"
    (other / ".git").mkdir(parents=True)
    (other / "m.py").write_text("from cells import *\n" + CODE)
    (other / "cells.py").write_text("x = 1\n")
    os.chdir(other)
    assert len([row for row in check().stdout.splitlines() if "dynamic_rnn" in row]) == 1
    (other / "m.py").write_text("x = 1\n")
    assert check().returncode == 0
    os.chdir(project)
    assert check().returncode == 1


def test_a_dependency_that_changed_with_the_same_size_and_time_is_looked_at_again(project: Path) -> None:
    (project / "m.py").write_text(
        "import tensorflow as tf\nfrom sizes import N\ntf.keras.layers.LSTM(3, unroll=True, input_shape=(N, 4))\n"
    )
    dependency = project / "sizes.py"
    dependency.write_text("N = 900\n")
    before = dependency.stat()
    first = check("m.py").stdout
    dependency.write_text("N = 800\n")
    os.utime(dependency, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert dependency.stat().st_size == before.st_size
    assert "900" in first
    second = check("m.py").stdout
    assert "800" in second
    assert "900" not in second


def test_runs_at_the_same_time_agree_and_break_no_entry(project: Path) -> None:
    for number in range(20):
        (project / f"m{number}.py").write_text(CODE)
    command = [sys.executable, "-m", "rnnlint", "check", "--output-format", "concise"]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    told = {run.communicate(timeout=60) for run in runs}
    assert len(told) == 1
    assert next(iter(told)) == (check().stdout, "")
    assert not list((project.parent / "caches").rglob("*.tmp"))
