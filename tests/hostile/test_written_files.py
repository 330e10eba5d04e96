"""Does a report go where the user wants it, and never through what a project brings along?"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from rnnlint.read.files import find

CODE = "import tensorflow as tf\ntf.nn.dynamic_rnn(c, x)\n"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "m.py").write_text(CODE)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "victim").write_text("precious")
    monkeypatch.chdir(folder)
    return folder


def check(*argv: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rnnlint", "check", "-n", *argv]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


WRITES = [("-o",), ("--write-baseline", "--baseline")]


@pytest.mark.parametrize("option", WRITES, ids=lambda option: option[0])
def test_no_link_of_a_project_leads_what_is_written_out_of_it(project: Path, option: tuple[str, ...]) -> None:
    victim = project.parent / "home" / "victim"
    if "--write-baseline" in option:
        victim.unlink()
        assert check(*option, "../home/victim").returncode == 0
    before = victim.read_text()
    (project / "file").symlink_to(victim)
    (project / "folder").symlink_to("../home")
    (project / "new").symlink_to("../home/new")
    for name in ("file", "folder/victim", "folder/other", "new", "../project/file"):
        done = check(*option, name)
        assert done.returncode == 2
        assert len(done.stderr.strip().splitlines()) == 1
        assert "it links outside the project" in done.stderr
    assert victim.read_text() == before
    assert os.listdir(project.parent / "home") == ["victim"]


def test_a_link_within_the_project_stays_and_its_target_changes(project: Path) -> None:
    (project / "reports").mkdir()
    (project / "r.txt").symlink_to("reports/r.txt")
    assert check("-o", "r.txt").returncode == 1
    assert (project / "r.txt").is_symlink()
    assert "dynamic_rnn" in (project / "reports" / "r.txt").read_text()


def test_a_file_outside_of_the_project_can_be_named(project: Path) -> None:
    assert check("-o", "../home/report").returncode == 1
    assert "dynamic_rnn" in (project.parent / "home" / "report").read_text()


def test_a_hard_link_is_parted_and_its_other_name_keeps_its_content(project: Path) -> None:
    os.link(project.parent / "home" / "victim", project / "report")
    assert check("-o", "report").returncode == 1
    assert (project.parent / "home" / "victim").read_text() == "precious"


def test_a_pipe_that_no_one_reads_is_an_error_and_no_hang(project: Path) -> None:
    os.mkfifo(project / "pipe")
    done = check("-o", "pipe")
    assert done.returncode == 2
    assert done.stderr.strip().endswith("pipe: cannot be written: it is a pipe or a socket without a reader")


def test_a_pipe_that_somebody_reads_gets_the_report(project: Path) -> None:
    os.mkfifo(project / "pipe")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append((project / "pipe").read_text()))
    reader.start()
    handle = os.open(project / "pipe", os.O_RDWR | os.O_NONBLOCK)  # so that the reader is there before the writer
    try:
        assert check("-o", "pipe").returncode == 1
    finally:
        os.close(handle)
    reader.join(30)
    assert "dynamic_rnn" in read[0]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="asks a device that is always full")
def test_a_full_device_is_reported_in_one_line(project: Path) -> None:
    done = check("-o", "/dev/full")
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)
    assert "No space left" in done.stderr


def test_what_has_no_suffix_is_opened_only_if_it_is_a_file(project: Path) -> None:
    os.mkfifo(project / "pipe")
    (project / "zero").symlink_to("/dev/zero")
    (project / "script").write_text("#!/usr/bin/env python3\n" + CODE)
    assert [*find(".")] == ["m.py", "script"]
