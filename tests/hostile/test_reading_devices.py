"""Does a pipe, a device or a costly pattern in the place of a file that is read hang nobody?"""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from pathspec import GitIgnoreSpec

from rnnlint.read.exclusion import Exclusion
from rnnlint.read.gitignore import _spec

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")


FOLDERS = ["**/a/**/b", "**/ab/**/a*c*/**/abc", "a/**/**/b*b", "**/a*/**/b*/**", "!**/a/**/*b/**/c"]
"""Patterns that cross folders more than once."""


def put(place: Path, what: str) -> None:
    if what == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to("/dev/zero" if what == "zero" else place.name)


def check(folder: Path, *argv: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "rnnlint", "check", "--no-cache", "-q", *argv]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=20, check=False)
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


@pytest.mark.parametrize("pattern", ["a*" * 30 + "b", "**/a/" * 30 + "b", "**/*/" * 30 + "b*c", "**/a*a*/" * 9 + "b"])
@pytest.mark.parametrize("where", [".gitignore", "pyproject.toml"])
def test_many_stars_are_matched_at_once(folder: Path, where: str, pattern: str) -> None:
    deep = folder.joinpath(*"a" * 40)
    deep.mkdir(parents=True)
    (folder / ("a" * 200 + ".py")).touch()
    (deep / "n.py").touch()
    (folder / ".git").mkdir()
    text = pattern if where == ".gitignore" else f"[tool.rnnlint]\nexclude = ['{pattern}', 'b/{pattern}']"
    (folder / where).write_text(f"{text}\n")
    assert check(folder)[0] == 1


LISTS = {
    "many": ",".join(f"'[[**/a*b{number}'" for number in range(30_000)),
    "long": f"'{'[' * 900_000}'",
    "stars": f"'{'a*' * 400_000}'",
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_that_takes_long_is_refused_in_one_line(folder: Path, kind: str) -> None:
    for text in (f"exclude = [{LISTS[kind]}]", f"per-file-ignores = {{{LISTS[kind].replace(',', '=[],')}=[]}}"):
        (folder / "pyproject.toml").write_text(f"[tool.rnnlint]\n{text}\n")
        code, said = check(folder)
        assert (code, said.count("\n")) == (2, 1)
        assert "at most 1000" in said
        assert len(said) < 250


@pytest.mark.parametrize("text", ["[tool.rnnlint" + ".a" * 100_000 + "]", "rnnlint" + " . 'a'" * 100_000 + " = 1"])
def test_a_key_of_many_parts_is_refused_in_one_line(folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_text(f"{text}\n")
    code, said = check(folder)
    assert (code, said.count("\n")) == (2, 1)
    assert "a key has more than 40 parts" in said


GIT = {
    "long": "a*" * 120_000,
    "folders": "**/a/" * 50_000,
    "the same": "*x*y\n" * 50_000,
    "other": "".join(f"{number}\n" for number in range(40_000)),
}


@pytest.mark.parametrize("kind", GIT)
def test_many_patterns_of_git_are_read_in_time(folder: Path, kind: str) -> None:
    (folder / ".git").mkdir()
    (folder / ".gitignore").write_text(f"{GIT[kind]}\n")
    assert check(folder)[0] == 1


def test_what_is_said_again_counts_where_it_is_said_last() -> None:
    spec = _spec(["*.py", "!a.py", "*.py", "!b.py", "a.py", "!b.py"])
    assert spec is not None
    assert [spec.check_file(name).include for name in ("a.py", "b.py", "c.py")] == [True, False, True]


@pytest.mark.parametrize(
    "pattern", ["a*b*c", "*a*a/b*b*", "a*?b*[c]", "/a**b*c", "**/a*b*/c", "!a*b*b", "a/**/b*c*d", *FOLDERS]
)
def test_patterns_match_what_they_did(pattern: str) -> None:
    ours, theirs = _spec([pattern]), GitIgnoreSpec.from_lines([pattern])
    names = ["a", "ab", "abc", "aabbc", "abcabc", "acb", "aa", "axbxc", "bbcd", "bcd", "abb"]
    paths = [*names, *(f"{one}/{other}" for one in names for other in names), "a/x/y/bcd", "x/abb/c"]
    paths += ["/".join(some) for some in product(["a", "ab", "b", "aac", "abc"], repeat=4)]
    paths += [f"{path}/" for path in paths]
    assert ours is not None
    for path in paths:
        assert ours.check_file(path).include == theirs.check_file(path).include, path


@pytest.mark.parametrize(
    ("glob", "yes", "no"),
    [
        ("x/a*b", ["x/a/b", "x/ab", "x/aXbb"], ["x/a/bc", "x/ba", "ab"]),
        ("**/a/**/b", ["a/b", "x/a/b", "a/x/y/b", "a/b/b", "x/a/a/b/b"], ["xa/b", "a/xb", "b", "a/b/c"]),
        ("a/**/b*c", ["a/bc", "a/x/bxc", "a/b/x/bc", "a/b/x/c"], ["a/b", "ab/c", "x/a/bc"]),
        ("**/a[*]b/**/c?", ["a*b/cd", "x/a*b/y/cd"], ["axb/cd", "a*b/c", "a*b/y/cde"]),
        ("a/[!b]*/c", ["a/x/c", "a/xb/y/c"], ["a/b/c", "a/c"]),
        ("a/[b/c", ["a/[b/c"], ["a/b/c"]),
        ("a/[]b]*[!]]/c", ["a/]x/c", "a/bb/c"], ["a/b]/c", "a/xx/c"]),
    ],
)
def test_globs_of_the_configuration_match_paths_from_its_folder(
    tmp_path: Path, glob: str, yes: list[str], no: list[str]
) -> None:
    exclusion = Exclusion([glob], str(tmp_path))
    for path in (*yes, *no):
        assert exclusion.leaves_out("-", str(tmp_path / path)) == (path in yes), path
