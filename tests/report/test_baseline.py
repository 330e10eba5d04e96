"""Does a baseline hide what is known, and only that? And is its file whole at any time?"""

from __future__ import annotations

import json
import os
import stat

import pytest

from rnnlint.report import atomic, baseline
from rnnlint.report.atomic import write_atomically
from rnnlint.report.baseline import Scope
from rnnlint.report.fingerprint import fingerprints
from rnnlint.settings import SettingsError

CODES = frozenset({"RNN102", "RNN103"})


@pytest.fixture
def scope(tmp_path):
    """A run over model.py with both codes."""
    (tmp_path / "model.py").touch()
    return Scope(str(tmp_path), frozenset({"model.py"}), CODES)


@pytest.fixture
def new(tmp_path, monkeypatch, scope):
    """What is new after a baseline of some findings."""
    monkeypatch.chdir(tmp_path)

    def compared(known, findings):
        baseline.write("b.json", known, (), scope)
        return baseline.new_findings(findings, baseline.read("b.json"), scope.root)

    return compared


def test_known_findings_are_hidden_and_new_ones_are_not(make, new):
    other = make(line="out = tf.nn.dynamic_rnn(cell, z)")
    assert new([make()], [make(), other]) == [other]


def test_moved_and_reformatted_lines_stay_known(make, new):
    assert new([make()], [make(row=99, column=20, line="    out=tf.nn.dynamic_rnn( cell, x )")]) == []


def test_a_changed_message_stays_known(make, new):
    assert new([make()], [make(message="for another target")]) == []


def test_one_more_of_the_same_is_new(make, new):
    findings = [make(), make(row=20), make(row=30)]
    assert new(findings[:2], findings) == [findings[2]]


@pytest.mark.parametrize("change", [{"filename": "other.py"}, {"code": "RNN103"}, {"api": "tf.nn.raw_rnn"}])
def test_another_file_code_or_api_is_new(make, new, change):
    assert len(new([make()], [make(**change)])) == 1


def test_the_spelling_of_the_path_does_not_matter(make, new, tmp_path):
    assert new([make()], [make(filename=str(tmp_path / "model.py"))]) == []


def test_no_two_fingerprints_are_equal(make):
    marks = fingerprints([make(), make(row=13), make(api=None), make(line=""), make(line="", row=20)], ".")
    assert len(set(marks)) == 5


def test_the_file_is_sorted_and_the_same_every_time(make, scope, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    findings = [make(filename="b.py"), make(), make(code="RNN103", name="legacy-cell")]
    first, second = str(tmp_path / "1.json"), str(tmp_path / "2.json")
    assert baseline.write(first, findings, (), scope) == 3
    baseline.write(second, findings[::-1], (), scope)
    with open(first) as one, open(second) as two:
        text = one.read()
        assert text == two.read()
    assert [(row["path"], row["code"]) for row in json.loads(text)["findings"]] == [
        ("b.py", "RNN102"),
        ("model.py", "RNN102"),
        ("model.py", "RNN103"),
    ]


def test_entries_whose_finding_is_gone_are_stale(make, scope, tmp_path, monkeypatch):
    filename = str(tmp_path / "b.json")
    monkeypatch.chdir(tmp_path)
    baseline.write(filename, [make(), make(line="gone")], (), scope)
    (stale,) = baseline.stale_entries([make()], baseline.read(filename), scope)
    assert stale.line == "gone"


def test_a_run_says_nothing_about_files_and_rules_that_it_left_out(make, scope, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.py").touch()
    elsewhere = [make(filename="other.py"), make(code="RNN201", name="large")]
    baseline.write("b.json", elsewhere, (), scope)
    entries = baseline.read("b.json")
    assert baseline.stale_entries([], entries, scope) == []
    assert baseline.write("b.json", [make()], entries, scope) == 3


def test_entries_of_deleted_files_are_stale_and_go(make, scope, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    baseline.write("b.json", [make(filename="deleted.py")], (), scope)
    entries = baseline.read("b.json")
    assert len(baseline.stale_entries([], entries, scope)) == 1
    assert baseline.write("b.json", [], entries, scope) == 0


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"format": "rnnlint baseline 1"}', '{"format": "rnnlint baseline 1", "findings": [1]}',
     '{"format": "rnnlint baseline 9", "findings": []}', "\udcff", "[" * 100000],
)  # fmt: skip
def test_a_broken_baseline_is_reported_in_one_line(text, tmp_path):
    file = tmp_path / "b.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingsError) as caught:
        baseline.read(str(file))
    assert "b.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_baseline_says_how_to_write_it(tmp_path):
    with pytest.raises(SettingsError, match="--write-baseline"):
        baseline.read(str(tmp_path / "none.json"))
    with pytest.raises(SettingsError):
        baseline.read(str(tmp_path))


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    file = tmp_path / "a.txt"
    file.write_text("old")

    def fail(source, target):
        raise OSError("disk full")

    monkeypatch.setattr(atomic.os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_atomically(str(file), "new")
    assert file.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_write_follows_links_and_keeps_permissions(tmp_path):
    file, link = tmp_path / "a.txt", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    write_atomically(str(link), "new")
    assert link.is_symlink()
    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_write_to_what_is_no_file_goes_straight_there():
    write_atomically(os.devnull, "text")
    assert not os.path.isfile(os.devnull)
