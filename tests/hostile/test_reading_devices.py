"""Does a pipe, a device or a costly pattern in the place of a file that is read hang nobody?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pathspec import GitIgnoreSpec

from rnnlint.read.gitignore import _spec

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")


def put(place: Path, what: str) -> None:
    if what == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to("/dev/zero" if what == "zero" else place.name)


def check(folder: Path, *argv: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "rnnlint", "check", "--no-cache", "-q", *argv]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=10, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "m.py").write_text("import tensorflow as tf\ntf.nn.dynamic_rnn(c, x)\n")
    return tmp_path


@pytest.mark.parametrize("what", ["pipe", "zero", "loop"])
@pytest.mark.parametrize("name", [".gitignore", ".git", "pyproject.toml"])
def test_what_git_and_configuration_put_there_is_passed_over(folder: Path, name: str, what: str) -> None:
    put(folder / name, what)
    assert check(folder)[0] == 1


@pytest.mark.parametrize("what", ["pipe", "zero", "loop"])
@pytest.mark.parametrize("flag", ["--config", "--baseline"])
def test_what_a_flag_names_is_refused_in_one_line(folder: Path, flag: str, what: str) -> None:
    put(folder / "odd", what)
    code, said = check(folder, flag, "odd")
    assert (code, said.count("\n")) == (2, 1)
    assert "odd: " in said


def test_many_stars_are_matched_at_once(folder: Path) -> None:
    (folder / ("a" * 200 + ".py")).touch()
    (folder / ".git").mkdir()
    (folder / ".gitignore").write_text("a*" * 30 + "b\n")
    assert check(folder)[0] == 1


@pytest.mark.parametrize("pattern", ["a*b*c", "*a*a/b*b*", "a*?b*[c]", "/a**b*c", "**/a*b*/c", "!a*b*b", "a/**/b*c*d"])
def test_patterns_match_what_they_did(pattern: str) -> None:
    ours, theirs = _spec([pattern]), GitIgnoreSpec.from_lines([pattern])
    names = ["a", "ab", "abc", "aabbc", "abcabc", "acb", "aa", "axbxc", "bbcd", "bcd", "abb"]
    paths = [*names, *(f"{one}/{other}" for one in names for other in names), "a/x/y/bcd", "x/abb/c"]
    assert ours is not None
    for path in paths:
        assert ours.check_file(path).include == theirs.check_file(path).include, path
