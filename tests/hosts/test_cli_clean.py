"""Does `rnnlint clean` remove our results, and nothing else?"""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnlint.hosts.command_line import main

CODE = "import tensorflow as tf\n\ntf.nn.dynamic_rnn(cell, x)\n"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A cache folder with the results of two files."""
    monkeypatch.chdir(tmp_path)
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text(CODE, encoding="utf-8")
    assert main(["check", "one.py", "two.py", "--cache-dir", "kept", "--exit-zero"]) == 0
    capsys.readouterr()
    assert len(list((tmp_path / "kept").glob("*/*.json"))) == 2
    return tmp_path / "kept"


def test_results_and_their_folder_are_removed(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clean", "--cache-dir", "kept"]) == 0
    assert capsys.readouterr().out == "kept: removed 2 results\n"
    assert not kept.exists()
    assert main(["clean", "--cache-dir", "kept"]) == 0
    assert capsys.readouterr().out == "kept: nothing to remove\n"


def test_files_of_others_stay(kept: Path, tmp_path: Path) -> None:
    entry = next(kept.glob("*/*.json"))
    others = [kept / "notes.txt", kept / "ab.d" / "deep.json", entry.parent / "mine.json", kept / "aa" / "x.json"]
    for other in others:
        other.parent.mkdir(exist_ok=True)
        other.write_text("mine", encoding="utf-8")
    (tmp_path / "outside").mkdir()
    victim = tmp_path / "outside" / ("0" * 30 + ".json")
    victim.write_text("mine", encoding="utf-8")
    (kept / "ff").symlink_to(tmp_path / "outside")
    assert main(["clean", "--cache-dir", "kept"]) == 0
    assert all(other.read_text(encoding="utf-8") == "mine" for other in [*others, victim])
    assert not entry.exists()


@pytest.mark.parametrize("name", ["folder", "link", "file"])
def test_what_is_not_ours_is_refused(name: str, kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / name
    if name == "folder":
        target.mkdir()
        (target / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n", encoding="utf-8")
    elif name == "link":
        target.symlink_to(kept)
    else:
        target.write_text("mine", encoding="utf-8")
    assert main(["clean", "--cache-dir", name]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"error: {name}: ")
    assert error.count("\n") == 1
    assert target.exists()
    assert len(list(kept.glob("*/*.json"))) == 2


def test_the_folder_of_the_user_is_the_default(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNNLINT_CACHE_DIR", str(kept))
    assert main(["clean"]) == 0
    assert not kept.exists()
