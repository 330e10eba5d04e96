"""Does `rnnlint fleet` find what `rnnlint check` finds, in any order, after a kill, and with bad rows between?"""

from __future__ import annotations

import ast
import gc
import os
import signal
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from repository_files import FILES, ROWS, found_on_disk, without_repo, write
from repository_tables import BAD, REPOS, TABLE, Line, sort, store

from rnnlint.hosts.command_line import main
from rnnlint.report import fleet_page
from rnnlint.resolve.module import ParsedModule
from rnnlint.settings import Settings, SettingsError

pa = pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'rnnlint[fleet]'")
pc = pytest.importorskip("pyarrow.compute")
pq = pytest.importorskip("pyarrow.parquet")
from rnnlint.hosts.fleet import columns, local, parts, repository, summary  # noqa: E402


def fleet(*arguments: object, out: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The findings and the errors of a run."""
    assert main(["fleet", *map(str, arguments), "--out", str(out), "--isolated", "--quiet"]) == 0
    errors = out.with_name(f"{out.stem}.errors.parquet")
    assert not Path(f"{out}.parts").exists()
    return pq.read_table(out).to_pylist(), pq.read_table(errors).to_pylist()


@pytest.fixture
def wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What check finds in one repository."""
    return found_on_disk(write(tmp_path / "checkouts" / "one"), capsys)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_each_repository_comes_to_what_check_finds_in_it(
    jobs: int, rows: int, tmp_path: Path, wanted: list[dict[str, Any]]
) -> None:
    found, errors = fleet(store(tmp_path / "in.parquet", TABLE, rows), "-j", jobs, out=tmp_path / "out.parquet")
    assert errors == []
    for repo in REPOS:
        assert without_repo([one for one in found if one["repo"] == repo]) == wanted


@pytest.mark.parametrize("step", [3, 7, 11])
def test_rows_may_come_in_any_order_and_in_several_files(step: int, tmp_path: Path) -> None:
    whole, _ = fleet(store(tmp_path / "in.parquet", TABLE), out=tmp_path / "out.parquet")
    mixed = [line for first in range(step) for line in TABLE[first::step]]
    folder = tmp_path / "mixed"
    folder.mkdir()
    store(folder / "a.parquet", mixed[:20], 4)
    store(folder / "b.parquet", mixed[20:], 9)
    found, errors = fleet(folder, "-j", 1, out=tmp_path / "other.parquet")
    assert (sort(found), errors) == (sort(whole), [])


def test_bad_rows_become_errors(tmp_path: Path) -> None:
    lines = sorted([*TABLE, *BAD], key=lambda line: line[0] or "")
    whole, _ = fleet(store(tmp_path / "in.parquet", TABLE), out=tmp_path / "out.parquet")
    found, errors = fleet(store(tmp_path / "bad.parquet", lines), "-j", 1, out=tmp_path / "bad-out.parquet")
    assert sort([one for one in found if one["repo"]]) == sort(whole)
    assert [(one["path"], one["code"]) for one in found if not one["repo"]] == [("alone.py", "RNN103")]
    assert {(one["repo"], one["path"]) for one in errors} == {
        (repo, path) for repo, path, _ in BAD if path != "alone.py"
    }
    assert {one["kind"] for one in errors} == {"error"}


def test_without_repositories_each_file_is_alone(tmp_path: Path) -> None:
    files = pa.array(list(FILES)).dictionary_encode()
    pq.write_table(
        pa.table({"file": files, "code": pa.array(list(FILES.values()), pa.large_string())}), tmp_path / "in.parquet"
    )
    arguments = ("--path-column", "file", "--content-column=code", tmp_path / "in.parquet")
    found, errors = fleet(*arguments, out=tmp_path / "out.parquet")
    assert errors == []
    assert {one["path"] for one in found} == {"net/cells.py", "run"}


def test_a_folder_of_checkouts_is_read_as_check_reads_it(tmp_path: Path, wanted: list[dict[str, Any]]) -> None:
    write(tmp_path / "checkouts" / "two")
    found, errors = fleet(tmp_path / "checkouts", out=tmp_path / "out.parquet")
    assert errors == []
    for repo in ("one", "two"):
        assert without_repo([one for one in found if one["repo"] == repo]) == wanted


def test_a_repository_that_is_too_large_is_checked_file_by_file_and_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "MOST_OF_A_REPOSITORY", 300)
    lines = [*TABLE[:10], ("small", "a.py", b"from tensorflow.nn import dynamic_rnn\n")]
    found, errors = fleet(store(tmp_path / "in.parquet", lines), "-j", 1, out=tmp_path / "out.parquet")
    assert {one["path"] for one in found} == {"net/cells.py", "run", "a.py"}
    assert [(one["repo"], one["kind"]) for one in errors] == [("owner/one", "note")]


def test_a_run_that_was_interrupted_is_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = store(tmp_path / "in.parquet", TABLE, 10), tmp_path / "out.parquet"
    whole, _ = fleet(source, out=tmp_path / "whole.parquet")
    done: list[int] = []

    def until_the_third(part: parts.Part, task: local.Task) -> local.Done:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(part.number)
        return do(part, task)

    do = local.do
    monkeypatch.setattr(local, "do", until_the_third)
    arguments = ["fleet", str(source), "--out", str(out), "--isolated", "-q", "-j", "1"]
    assert main(arguments) == 130
    assert not out.exists()
    # What was done is not done again.
    again: list[int] = []
    monkeypatch.setattr(local, "do", lambda part, task: again.append(part.number) or do(part, task))
    found, _ = fleet(source, "-j", 1, out=out)
    assert not set(done) & set(again)
    assert sort(found) == sort(whole)


def test_other_settings_are_not_mixed_with_what_was_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = store(tmp_path / "in.parquet", TABLE), tmp_path / "out.parquet"

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(local, "do", stop)
        main(["fleet", str(source), "--out", str(out), "--isolated", "-j", "1"])
    assert main(["fleet", str(source), "--out", str(out), "--isolated", "--max-unroll", "3"]) == 2
    assert "other sources or settings" in capsys.readouterr().err


KILLED = Path("killed")


def _killed_once(part: parts.Part, task: local.Task) -> local.Done:
    """Do a part in another process; the third one is killed when it has written half of it, once."""
    mark = Path(task.folder).parent / KILLED
    if part.number == 2 and not mark.exists():
        mark.touch()
        Path(local._name(task.folder, part.number, "findings") + ".new").write_bytes(b"half")
        os.kill(os.getpid(), signal.SIGKILL)
    return DO(part, task)


DO = local.do


def test_after_a_process_is_killed_nothing_is_missing_or_doubled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = store(tmp_path / "in.parquet", TABLE, 10)
    whole, _ = fleet(source, out=tmp_path / "whole.parquet")
    monkeypatch.setattr(local, "do", _killed_once)
    found, _ = fleet(source, "-j", 2, out=tmp_path / "out.parquet")
    assert (tmp_path / KILLED).exists()
    assert sort(found) == sort(whole)


REFUSED = {
    "no such file or folder": ["none.parquet"],
    "is not Parquet": ["text.parquet"],
    "has no column 'place'": ["in.parquet", "--path-column", "place"],
    "has no column 'owner'": ["in.parquet", "--repo-column", "owner"],
    "has no subfolders": ["empty"],
    "cannot be checked in one run": ["in.parquet", "checkouts"],
    "the folder does not exist": ["in.parquet", "--errors", "no/such/folder.parquet"],
    "not a regular file, so it cannot be replaced": ["in.parquet", "--errors", "empty"],
    "unknown option": ["in.parquet", "--colour"],
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_cannot_be_done_is_said_in_one_line(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    store(tmp_path / "in.parquet", TABLE[:3])
    (tmp_path / "text.parquet").write_text("no table")
    (tmp_path / "empty").mkdir()
    write(tmp_path / "checkouts" / "one")
    assert main(["fleet", *REFUSED[said], "--out", "out.parquet"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert not any("out.parquet" in name for name in os.listdir(tmp_path))


def test_what_lies_in_the_way_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = store(tmp_path / "in.parquet", TABLE[:3])
    kept = tmp_path / "out.parquet.parts" / "mine.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    assert main(["fleet", str(source), "--out", str(tmp_path / "out.parquet")]) == 2
    assert "already exists, but rnnlint needs this path" in capsys.readouterr().err
    assert kept.read_text() == "mine"


def test_text_that_utf8_lacks_and_numbers_that_are_too_large_have_a_place() -> None:
    records = [repository.error("a\udce9", "b", "c", row=2**40)]
    (row,) = columns.table(records, columns.ERRORS).to_pylist()
    assert (row["repo"], row["row"]) == ("a\\udce9", None)


def test_the_page_sums_up_what_was_found(tmp_path: Path) -> None:
    evil: Line = ("<b>evil</b>", "a.py", b"from tensorflow.nn import dynamic_rnn\n")
    source, page = store(tmp_path / "in.parquet", [*TABLE, evil]), tmp_path / "page.html"
    found, _ = fleet(source, "--report", page, out=tmp_path / "out.parquet")
    text = page.read_text(encoding="utf-8")
    parser = Tables()
    parser.feed(text)
    rules, apis, repositories, lengths, unrolls = parser.tables
    for at, (rows, key) in enumerate(((apis, "api"), (repositories, "repo"))):
        counted = Counter(one[key] for one in found if one[key])
        assert {name: int(count) for name, count in rows} == counted, at
    assert {name.split()[0]: int(count) for name, count in rules} == Counter(one["code"] for one in found)
    long = [one for one in found if one["unroll_length"] is not None]
    assert sum(int(count) for _, count in lengths) == len(long)
    assert {place for place, *_ in unrolls} == {f"{one['repo']}:{one['path']}:{one['location']['row']}" for one in long}
    assert long
    assert "<b>evil" not in text
    assert "http" not in text.replace("http-equiv", "")


def test_the_page_of_no_findings_says_so(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    fleet(store(tmp_path / "in.parquet", TABLE[:1]), "--report", page, out=tmp_path / "out.parquet")
    assert page.read_text(encoding="utf-8").count("None were found.") == 5


class Tables(HTMLParser):
    """The cells of the bodies of all tables."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tbody":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        self._inside = tag == "td"

    def handle_endtag(self, tag: str) -> None:
        self._inside = False
        if tag == "thead" and self.tables:
            # The row of the names that stood behind the table before.
            self.tables[-1].pop()

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.tables[-1][-1].append(data)


ASKS = b"""import tensorflow as tf
from net import *
try:
    cell = tf.nn.rnn_cell.GRUCell(4) if tf.__version__ < "2" else None
except AttributeError:
    cell = tf.contrib.rnn.GRUCell(4)
layer = tf.keras.layers.LSTM(4)
for step in range(9):
    out, state = cell(step, state)
"""


CHECKED = [path for path in FILES if path not in ("build/old.py", "notes.txt")]


def trees() -> int:
    gc.collect()
    return sum(isinstance(one, (ast.AST, ParsedModule)) for one in gc.get_objects())


def test_nothing_of_a_repository_is_kept_when_the_next_one_begins() -> None:
    rows = [*ROWS, repository.Row("asks.py", ASKS)]
    kept = []
    for number in range(4):
        # Each has nodes of its own; what Python itself makes once is there after the first.
        assert repository.check_repository(f"user/{number}", rows, Settings()).findings
        kept.append(trees())
    assert kept == kept[:1] * 4, kept


def test_a_part_collects_what_python_would_leave_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collect = Mock()
    monkeypatch.setattr(local, "_FILES_AT_ONCE", 10)
    monkeypatch.setattr(local.gc, "collect", collect)
    fleet(store(tmp_path / "in.parquet", TABLE, 1000), "-j", 1, out=tmp_path / "out.parquet")
    assert collect.call_count == len(REPOS) * len(CHECKED) // 10 + 1


# ---- columns of other types, sources that do not fit, and what ends a run


def _as_dictionary(file: Path, lines: list[Line], *names: str) -> Path:
    """The lines with some of the columns written as dictionaries, as pandas writes categories."""
    found = pq.read_table(store(file, lines))
    for name in names:
        found = found.set_column(
            found.schema.get_field_index(name), name, pc.dictionary_encode(found.column(name).combine_chunks())
        )
    pq.write_table(found, file, row_group_size=7)
    return file


def test_names_and_contents_may_be_categories(tmp_path: Path) -> None:
    wanted, _ = fleet(store(tmp_path / "in.parquet", TABLE), out=tmp_path / "wanted.parquet")
    mixed = _as_dictionary(tmp_path / "mixed.parquet", TABLE, "repo", "path", "content")
    found, errors = fleet(mixed, out=tmp_path / "out.parquet")
    assert (sort(found), errors) == (sort(wanted), [])


def test_numbers_may_name_repositories_and_are_no_contents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repos, paths = [1, 1, 2], ["a.py", "b.py", "a.py"]
    code = b"from tensorflow.contrib.rnn import GRUCell\n"
    pq.write_table(pa.table({"repo": repos, "path": paths, "content": [code] * 3}), tmp_path / "in.parquet")
    found, errors = fleet(tmp_path / "in.parquet", out=tmp_path / "out.parquet")
    assert sorted((one["repo"], one["path"]) for one in found) == [("1", "a.py"), ("1", "b.py"), ("2", "a.py")]
    assert errors == []
    pq.write_table(pa.table({"path": paths, "content": repos}), tmp_path / "in.parquet")
    assert main(["fleet", str(tmp_path / "in.parquet"), "--out", str(tmp_path / "more.parquet")]) == 2
    assert "not text or bytes" in capsys.readouterr().err


def test_sources_of_several_kinds_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store(tmp_path / "with.parquet", TABLE[:3])
    pq.write_table(pq.read_table(tmp_path / "with.parquet").drop(["repo"]), tmp_path / "without.parquet")
    write(tmp_path / "checkouts" / "one")
    both = [str(tmp_path / "with.parquet"), str(tmp_path / "without.parquet")]
    for sources in (both, [str(tmp_path / "checkouts"), "--repo-column", "repo"]):
        assert main(["fleet", *sources, "--out", str(tmp_path / "out.parquet")]) == 2
        assert "column" in capsys.readouterr().err


def test_what_is_found_is_counted_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = store(tmp_path / "in.parquet", [*TABLE, *BAD])
    assert main(["fleet", str(source), "--out", str(tmp_path / "out.parquet"), "--isolated"]) == 0
    found, failed = capsys.readouterr().err.splitlines()
    assert f"{pq.read_table(tmp_path / 'out.parquet').num_rows} findings in " in found
    assert f"{pq.read_table(tmp_path / 'out.errors.parquet').num_rows} errors and notes" in failed


def test_many_records_are_written_in_several_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = store(tmp_path / "in.parquet", TABLE)
    wanted, _ = fleet(source, out=tmp_path / "wanted.parquet")
    monkeypatch.setattr(local, "_RECORDS_AT_ONCE", 3)
    monkeypatch.setattr(local, "_MERGED_ROWS", 2)
    found, _ = fleet(source, out=tmp_path / "out.parquet")
    assert sort(found) == sort(wanted)


def test_a_disk_that_is_full_is_told_and_a_broken_plan_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    source, out = store(tmp_path / "in.parquet", TABLE[:3]), tmp_path / "out.parquet"
    with monkeypatch.context() as patch:
        patch.setattr(local, "_merge", full)
        assert main(["fleet", str(source), "--out", str(out), "--isolated"]) == 2
    assert capsys.readouterr().err.endswith("No space left on device\n")
    (tmp_path / "out.parquet.parts" / "plan.json").write_text("{")
    assert main(["fleet", str(source), "--out", str(out), "--isolated"]) == 2
    assert "cannot be read; delete it" in capsys.readouterr().err


def _always_killed(_part: parts.Part, _task: local.Task) -> local.Done:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def _interrupted(_futures: object) -> None:
    raise KeyboardInterrupt


def test_a_run_whose_processes_are_killed_over_and_over_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = store(tmp_path / "in.parquet", TABLE, 10)
    with monkeypatch.context() as patch:
        patch.setattr(local, "do", _always_killed)
        assert main(["fleet", str(source), "--out", str(tmp_path / "out.parquet"), "--isolated", "-j", "2"]) == 2
    assert "a process was killed 3 times" in capsys.readouterr().err
    monkeypatch.setattr(local, "as_completed", _interrupted)
    assert main(["fleet", str(source), "--out", str(tmp_path / "out.parquet"), "--isolated", "-j", "2"]) == 130


def test_a_page_that_cannot_be_written_or_read_for_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(13, "Permission denied")

    source, page = store(tmp_path / "in.parquet", TABLE), tmp_path / "page.html"
    monkeypatch.setattr("rnnlint.report.atomic.write_atomically", refuse)
    arguments = ["fleet", str(source), "--out", str(tmp_path / "again.parquet"), "--isolated", "--report", str(page)]
    assert main(arguments) == 2
    assert "page.html: cannot be written: Permission denied" in capsys.readouterr().err
    with pytest.raises(SettingsError, match="cannot be read for the report"):
        summary.summary(str(tmp_path / "none.parquet"))


def test_the_page_is_of_all_files_of_a_folder_and_names_the_longest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, _ = fleet(store(tmp_path / "in.parquet", TABLE), out=tmp_path / "out.parquet")
    (tmp_path / "folder").mkdir()
    for name in ("a.parquet", "b.parquet"):
        (tmp_path / "folder" / name).write_bytes((tmp_path / "out.parquet").read_bytes())
    monkeypatch.setattr(summary, "MOST", 2)
    monkeypatch.setattr(fleet_page, "MOST", 2)
    whole = summary.summary(str(tmp_path / "folder"))
    assert sum(whole.rules.values()) == 2 * len(found)
    assert len(whole.unrolls) == 2
    assert "The first 2 of" in fleet_page.render(whole, "")


def test_jobs_and_spark_contradict_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["fleet", "in.parquet", "--out", str(tmp_path / "out"), "--spark", "local[2]", "--jobs", "2"]
    assert main(arguments) == 2
    assert "--jobs" in capsys.readouterr().err
