"""Are all files found that are to be checked, and no others?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rnnlint.read.files import find
from rnnlint.read.source import SourceError


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(*names: str, text: str = "") -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def found(*paths: str, **options: object) -> list[str]:
    """What is found, problems in words and with slashes as separators."""
    items = [item for path in paths or (".",) for item in find(path, **options)]  # type: ignore[arg-type]
    return [str(item).replace(os.sep, "/") for item in items]


def test_folders_are_walked_in_order_for_python_and_notebooks(tree: Path) -> None:
    write("b.py", "a/z.py", "a/b/c.ipynb", "a.py", "c.txt", "d.pyi", "script", "e.PYC", "é.py")
    assert found() == ["a/b/c.ipynb", "a/z.py", "a.py", "b.py", "d.pyi", "é.py"]
    assert found("a") == ["a/b/c.ipynb", "a/z.py"]
    assert found(str(tree / "a")) == [f"{tree}/a/b/c.ipynb", f"{tree}/a/z.py"]


def test_named_files_are_taken_whatever_they_are_called(tree: Path) -> None:
    write("script", "build/x.py", "ignored.py", "node_modules/y.txt")
    write(".gitignore", text="ignored.py\n")
    assert found("script", "build/x.py", "ignored.py", "node_modules/y.txt", exclude=["script"]) == [
        "script",
        "build/x.py",
        "ignored.py",
        "node_modules/y.txt",
    ]


def test_a_path_that_leads_nowhere_is_a_problem_and_the_rest_goes_on(tree: Path) -> None:
    write("x.py")
    Path("dangling.py").symlink_to("nowhere")
    assert found("missing", "dangling.py", "nul\0l", "x.py") == [
        "missing: no such file or folder",
        "dangling.py: dangling link",
        "nul\0l: no such file or folder",
        "x.py",
    ]


def test_a_dangling_link_in_a_folder_is_a_problem(tree: Path) -> None:
    write("a/x.py")
    Path("a/d.py").symlink_to("nowhere.py")
    Path("a/l.py").symlink_to("l.py")
    Path("a/other").symlink_to("nowhere")
    assert found() == ["a/d.py: dangling link", "a/l.py: dangling link", "a/x.py"]


def test_loops_of_links_end(tree: Path) -> None:
    write("a/b/x.py")
    Path("a/b/up").symlink_to("..", target_is_directory=True)
    Path("a/again").symlink_to("b", target_is_directory=True)
    Path("self").symlink_to("self")
    Path("link.py").symlink_to("a/b/x.py")
    assert found() == ["a/b/x.py", "link.py"]


def test_a_link_to_a_folder_is_followed_when_it_is_named(tree: Path) -> None:
    write("a/x.py")
    Path("link").symlink_to("a", target_is_directory=True)
    assert found("link") == ["link/x.py"]


def test_folders_called_like_files_and_pipes_are_no_files(tree: Path) -> None:
    write("folder.py/x.py")
    os.mkfifo("pipe.py")
    assert found() == ["folder.py/x.py"]


def test_a_folder_that_vanishes_is_a_problem_and_the_rest_goes_on(tree: Path) -> None:
    write("a/x.py", "b/y.py", "c/z.py")
    files = find(".")
    assert next(files) == "a/x.py"
    Path("b/y.py").unlink()
    Path("b").rmdir()
    rest = [str(item) for item in files]
    assert rest == ["b: the folder no longer exists", "c/z.py"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_folder_is_a_problem_and_the_rest_goes_on(tree: Path) -> None:
    write("a/x.py", "b/y.py")
    Path("a").chmod(0)
    try:
        assert found() == ["a: cannot be read: Permission denied", "b/y.py"]
    finally:
        Path("a").chmod(0o755)


def test_a_folder_that_cannot_be_listed_is_a_problem(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a/x.py", "b/y.py")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path == "a":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert found() == ["a: cannot be read: Permission denied", "b/y.py"]


def test_folders_may_nest_deeper_than_python(tree: Path) -> None:
    for _ in range(1200):
        os.mkdir("d")
        os.chdir("d")
    write("x.py")
    try:
        (only,) = found(str(tree))
        assert only.endswith("d/d/x.py")
    finally:  # pytest itself cannot remove folders this deep
        os.remove("x.py")
        for _ in range(1200):
            os.chdir("..")
            os.rmdir("d")


def test_usual_folders_are_left_out_unless_named(tree: Path) -> None:
    write("x.py", "venv/a.py", "sub/build/b.py", "node_modules/c.py", ".git/d.py", "lib/site-packages/e.py")
    assert found() == ["x.py"]
    assert found("venv", "sub/build") == ["venv/a.py", "sub/build/b.py"]
    assert "venv/a.py" in found(exclude=["nothing"])
    assert found(extend_exclude=["x.py"]) == []


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("gen", ["a/b/y_pb2.py", "a/x.py", "z.py"]),
        ("*_pb2.py", ["a/b/gen/g.py", "a/x.py", "z.py"]),
        ("a/b", ["a/x.py", "z.py"]),
        ("./a/b/", ["a/x.py", "z.py"]),
        ("b/gen", ["a/b/gen/g.py", "a/b/y_pb2.py", "a/x.py", "z.py"]),
        ("**/gen", ["a/b/y_pb2.py", "a/x.py", "z.py"]),
        ("**/z.py", ["a/b/gen/g.py", "a/b/y_pb2.py", "a/x.py"]),
        ("a/**/*.py", ["z.py"]),
        ("a/*/gen", ["a/b/y_pb2.py", "a/x.py", "z.py"]),
        ("[xz].py", ["a/b/gen/g.py", "a/b/y_pb2.py"]),
    ],
)
def test_patterns_match_names_or_paths_from_the_root(tree: Path, pattern: str, left: list[str]) -> None:
    write("a/x.py", "a/b/y_pb2.py", "a/b/gen/g.py", "z.py")
    assert found(exclude=[pattern]) == left
    if not pattern.startswith("a/*/"):
        assert found(exclude=[str(tree / pattern)] if "/" in pattern else [pattern]) == left


def test_patterns_count_from_the_configuration_s_folder(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("p/a/x.py", "p/y.py")
    monkeypatch.chdir(tree / "p")
    assert found(exclude=["p/a"], root=str(tree)) == ["y.py"]
    assert found(exclude=["a/x.py"], root=".") == ["y.py"]


def test_gitignore_files_count_from_the_repository_s_root_down(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(".git/HEAD", "p/gen.py", "p/keep.py", "p/q/gen.py", "p/q/r/keep.py", "p/out/x.py", "p/local.py")
    write(".gitignore", text="# comment\n\ngen.py\n/p/out/\nkeep.py\n")
    write("p/.gitignore", text="!keep.py\n")
    write("p/q/.gitignore", text="!gen.py\n/r\n")
    write(".git/info/exclude", text="local.py\n")
    assert found() == ["p/keep.py", "p/q/gen.py"]
    assert found("p") == ["p/keep.py", "p/q/gen.py"]
    monkeypatch.chdir(tree / "p")
    assert found() == ["keep.py", "q/gen.py"]
    assert len(found(respect_gitignore=False)) == 6


def test_an_ignored_folder_is_walked_when_it_is_named(tree: Path) -> None:
    write(".git/HEAD", "out/x.py")
    write(".gitignore", text="out/\n")
    assert found() == []
    assert found("out") == ["out/x.py"]


def test_outside_of_a_repository_only_the_walked_folders_count(tree: Path) -> None:
    write("p/x.py", "p/y.py", "p/q/z.py")
    write(".gitignore", text="*.py\n")
    write("p/.gitignore", text="y.py\n")
    assert found("p") == ["p/q/z.py", "p/x.py"]


def test_a_work_tree_finds_its_repository(tree: Path) -> None:
    write("main/.git/worktrees/w/commondir", text="../..\n")
    write("main/.git/info/exclude", text="x.py\n")
    write("w/.git", text=f"gitdir: {tree}/main/.git/worktrees/w\n")
    write("w/x.py", "w/y.py")
    assert found("w") == ["w/y.py"]


def test_odd_gitignore_files_do_no_harm(tree: Path) -> None:
    write("x.py", "y.py", "!.py")
    Path(".gitignore").write_bytes(b"\xef\xbb\xbfx.py\r\n\xff\xfe[\n!\n\\\n/\n***\\\n")
    Path("a").mkdir()
    Path("a/.gitignore").mkdir()
    write("a/z.py")
    assert "x.py" not in found()
    assert "y.py" in found()
    assert "a/z.py" in found()


def test_problems_are_source_errors_without_a_row(tree: Path) -> None:
    (problem,) = find("missing")
    assert isinstance(problem, SourceError)
    assert (problem.filename, problem.row) == ("missing", 0)


def test_stubs_windows_programs_and_scripts_are_python_too(tmp_path: Path) -> None:
    texts = {
        "a.pyi": "",
        "b.pyw": "",
        "c": "#!/usr/bin/env python3\n",
        "d": "#!/usr/bin/python2.7 -u\n",
        "e": "#!/bin/sh\n# python\n",
        "f": "python\n",
        "g.txt": "#!/usr/bin/env python\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    assert [os.path.basename(str(item)) for item in find(str(tmp_path))] == ["a.pyi", "b.pyw", "c", "d"]
