"""Does the cache save work, and never an answer that is out of date?"""

from __future__ import annotations

import json
import os

import pytest

from rnnlint.finding import Edit, Finding, Fix, Origin
from rnnlint.hosts.outcome import Outcome, from_json, to_json
from rnnlint.read.neighbours import whole
from rnnlint.read.problem import SourceError


@pytest.fixture
def asked(run, fake, project, tmp_path, monkeypatch):
    """The files that a check had to look into; it always has one finding."""
    (project / "a.py").write_text("legacy()\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RNNLINT_CACHE_DIR", str(tmp_path / "kept"))

    def check(*argv):
        fake.asked.clear()
        assert "RNN102" in run("check", *argv).out
        return list(fake.asked)

    return check


def entries(project):
    """The files of the cache."""
    return sorted((project / "kept").glob("*/*.json"))


def test_an_unchanged_file_is_not_looked_into_again(asked):
    assert asked() == ["a.py"]
    assert asked() == []


def test_a_changed_file_is(asked, project):
    asked()
    (project / "a.py").write_text("x = legacy()\n")
    assert asked() == ["a.py"]
    assert len(entries(project)) == 1


def test_other_settings_are_another_question(asked):
    asked()
    assert asked("--target-tensorflow", "2.10") == ["a.py"]
    assert asked("--report-unused-noqa") == ["a.py"]


def test_a_file_that_the_answer_rests_on_is_watched(asked, fake, project):
    other = project / "b.txt"
    other.write_text("1")
    fake.consulted = frozenset({str(other), str(project / "absent.py")})
    asked()
    assert asked() == []
    other.write_text("2")
    assert asked() == ["a.py"]


def test_a_file_that_was_only_touched_changes_nothing(asked, fake, project):
    other = project / "b.txt"
    other.write_text("1")
    fake.consulted = frozenset({str(other)})
    asked()
    os.utime(other, (1, 1))
    assert asked() == []


def test_what_was_written_while_a_file_was_checked_is_not_trusted(asked, fake, project):
    other = project / "b.txt"
    other.write_text("1")
    os.utime(other, (2**33, 2**33))
    fake.consulted = frozenset({str(other)})
    asked()
    assert asked() == ["a.py"]


def test_a_file_that_was_absent_is_watched(asked, fake, project):
    fake.consulted = frozenset({str(project / "b.txt")})
    asked()
    (project / "b.txt").touch()
    assert asked() == ["a.py"]


def test_a_folder_whose_modules_the_answer_rests_on_is_watched(asked, fake, project):
    fake.consulted = frozenset({whole(str(project))})
    asked()
    (project / "notes.txt").touch()
    (project / "__pycache__").mkdir()
    assert asked() == []
    (project / "new.py").touch()
    assert "a.py" in asked()


def test_what_was_written_long_ago_is_swept_away(asked, project):
    asked()
    (entry,) = entries(project)
    stray = entry.with_name("0" * 30 + ".json")
    stray.write_text("{}")
    for path in (stray, project / "kept" / "swept"):
        os.utime(path, (1, 1))
    (project / "a.py").write_text("y = legacy()\n")
    asked()
    assert entries(project) == [entry]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"key": 1}', "\x00" * 50])
def test_a_broken_entry_counts_as_none(asked, project, text):
    asked()
    (entry,) = entries(project)
    entry.write_text(text)
    assert asked() == ["a.py"]
    assert asked() == []


def test_an_entry_whose_outcome_is_broken_counts_as_none(asked, project):
    asked()
    (entry,) = entries(project)
    mac, text = entry.read_text().split("\n")
    data = json.loads(text)
    data["outcome"]["findings"] = [{"row": 1}]
    entry.write_text(mac + "\n" + json.dumps(data))
    assert asked() == ["a.py"]


def test_the_cache_can_be_off_and_elsewhere(asked, project):
    assert asked("--no-cache") == ["a.py"]
    assert not (project / "kept").exists()
    asked("--cache-dir", "elsewhere")
    assert asked("--cache-dir", "elsewhere") == []
    assert (project / "elsewhere").is_dir()


def test_git_and_backups_leave_the_cache_alone(asked, project):
    asked()
    assert (project / "kept" / ".gitignore").read_text() == "*\n"
    assert (project / "kept" / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f0688")


def test_a_folder_that_cannot_be_written_is_no_problem(asked, project, monkeypatch):
    monkeypatch.delenv("RNNLINT_CACHE_DIR")
    (project / "home").write_text("a file where the folder should be")
    assert asked() == ["a.py"]
    assert asked() == ["a.py"]


def test_files_that_could_not_be_checked_are_reported_again(run, project):
    (project / "a.py").write_text("(\n")
    assert run("check").code == 2
    assert run("check").code == 2


def test_an_outcome_survives_the_way_through_json():
    finding = Finding(
        filename="a.py",
        cell=2,
        row=1,
        column=2,
        code="RNN201",
        end_row=3,
        end_column=4,
        name="large",
        message="ü\udc80",
        api="tf.x",
        unroll_length=3,
        graph_ops=9,
        because=(Origin("b.py", 1, "x"),),
        fix=Fix("do", "safe", (Edit(1, 2, 3, 4, "y"),)),
        line="z",
    )
    problem = SourceError("a.py", 1, 2, "bad")
    outcome = Outcome([finding], [finding], [finding], [problem])
    back = from_json(json.loads(json.dumps(to_json(outcome))))
    assert list(back.findings) == list(back.silenced) == list(back.unused_noqa) == [finding]
    assert str(back.findings[0]) == str(finding)
    assert str(back.problems[0]) == str(problem)
    assert os.fspath(back.findings[0].filename) == "a.py"
