"""Is what cannot be done told in one line, with exit code 2, by each command that may meet it?"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rnnlint import engine
from rnnlint.facts.statements import statement
from rnnlint.finding import Finding
from rnnlint.hosts import cache, checking, fixing, import_path, kept, parallel, store
from rnnlint.hosts.checking import Checker
from rnnlint.hosts.command_line import _reason, add_noqa, destination, flags, fleet, probe_run
from rnnlint.hosts.configuration import Configurations
from rnnlint.read.problem import SourceError
from rnnlint.read.source import from_text
from rnnlint.settings import OPTIONS, Settings, SettingsError, checked_values, from_mapping


def refuse(*_: object, **__: object) -> Any:
    raise OSError(errno.EACCES, "Permission denied", "a.py")


def fail(*_: object, **__: object) -> Any:
    raise ZeroDivisionError("of ours")


# ---- of any command


def test_a_folder_that_is_gone_is_the_reason_for_all_that_fails_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert _reason(FileNotFoundError(2, "no")).startswith("the current folder")
    assert import_path._safe_path() == [entry for entry in sys.path if entry]
    monkeypatch.chdir(tmp_path)


def test_what_no_command_foresees_is_told_in_a_line() -> None:
    assert _reason(OSError(errno.EACCES, "Permission denied", b"a.py")) == "a.py: Permission denied"
    with pytest.raises(ZeroDivisionError) as caught:
        fail()
    assert "ZeroDivisionError" in _reason(caught.value)
    assert "\n" not in _reason(caught.value)


def test_whoever_looks_for_our_faults_gets_the_traceback(
    run: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "a.py").write_text("legacy()\n", encoding="utf-8")
    monkeypatch.setattr(engine, "check_bytes", fail)
    assert "ZeroDivisionError" in run("check", "--no-cache", "a.py").err
    monkeypatch.setenv("RNNLINT_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run("check", "--no-cache", "a.py")
    with pytest.raises(ZeroDivisionError):
        kept.Kept("flake8")._checked("a.py", fail)


def test_a_file_that_goes_while_it_is_checked_is_a_problem(project: Path) -> None:
    checker = Checker(Configurations({}, str(project), None, True), False, None)
    outcome = checker.check_file(str(project / "gone.py"))
    assert outcome.error is not None
    assert outcome.error.reason == "no such file or folder"


def test_lines_without_comments_silence_nothing(project: Path) -> None:
    finding = Finding("a.py", None, 1, 1, "RNN102", 1, 2, "legacy", "is legacy")
    found = engine.Checked([finding], (), ("x = 'noqa'",))
    outcome = checking.after_comments(found, tuple, Settings(), True, "a.py")  # type: ignore[arg-type]
    assert outcome.findings == [finding]


# ---- files that commands write


def test_a_destination_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    destination.try_destination(os.devnull)
    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(SettingsError, match="cannot be written: Permission denied"):
        destination.try_destination(str(tmp_path / "out"))
    monkeypatch.setattr(destination, "write_atomically", refuse)
    with pytest.raises(SettingsError, match="cannot be written: Permission denied"):
        destination.write_destination(str(tmp_path / "out"), "")


def test_comments_are_not_written_where_the_file_would_not_parse() -> None:
    with pytest.raises(SourceError, match="the file would no longer parse"):
        add_noqa._refuse_broken(b"(\n", "a.py")
    add_noqa._refuse_broken(b"x = 1\n", "a.py")


def test_a_file_that_goes_or_is_refused_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.py"
    problem = fixing.write(str(file), b"1", b"2", str(tmp_path))
    assert problem is not None
    assert "No such file" in problem.reason
    file.write_bytes(b"1")
    monkeypatch.setattr("os.access", lambda *_: False)
    problem = fixing.write(str(file), b"1", b"2", str(tmp_path))
    assert problem is not None
    assert problem.reason == "not fixed: the file is not writable"
    assert file.read_bytes() == b"1"


# ---- the cache


def test_without_a_home_folder_there_is_no_cache(run: Any, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RNNLINT_CACHE_DIR", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda _: "~")
    assert store.user_folder() is None
    result = run("clean")
    assert (result.code, "no home folder" in result.err or "home" in result.err) == (2, True)
    (project / "a.py").write_text("legacy()\n", encoding="utf-8")
    assert run("check", "a.py").code == 1
    with pytest.raises(FileNotFoundError):
        cache._secret("a", SimpleNamespace())  # type: ignore[arg-type]


def test_a_cache_folder_that_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.Folder, "__init__", refuse)
    assert store.refusal(str(tmp_path)) == "cannot be opened"


def test_a_folder_without_handles_is_kept_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_HAS_HANDLES", False)
    with pytest.raises(NotADirectoryError):
        store.Folder(__file__)
    one = store.Store(str(tmp_path / "cache"), make=True)
    one.write("0" * 32, b"{}")
    assert one.read("0" * 32) == b"{}"
    one.close()
    one.close()
    assert store.clear(str(tmp_path / "cache")) == 1
    assert not (tmp_path / "cache").exists()


def test_what_is_half_written_is_taken_away(tmp_path: Path) -> None:
    folder = store.Folder(str(tmp_path))
    with pytest.raises(TypeError):
        folder.write("a", "no bytes")  # type: ignore[arg-type]
    assert folder.names() == []
    folder.close()


@pytest.mark.parametrize("key", [b"short", b"x" * 32])
def test_a_key_that_others_may_read_or_that_is_none_is_not_trusted(tmp_path: Path, key: bytes) -> None:
    one = store.Store(str(tmp_path / "cache"), make=True)
    (tmp_path / "cache" / "key").write_bytes(key)
    os.chmod(tmp_path / "cache" / "key", 0o644 if len(key) == 32 else 0o600)
    with pytest.raises(PermissionError):
        one.secret()
    one.close()


# ---- flags and options


def test_add_noqa_and_standard_input_do_not_go_together(run: Any, project: Path) -> None:
    result = run("check", "--add-noqa", "-")
    assert result.code == 2
    assert "standard input" in result.err


def test_a_terminal_that_tells_no_width_is_eighty_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "wide")
    flags._width.cache_clear()
    assert flags._width() == 78
    flags._width.cache_clear()


def test_values_of_the_wrong_sort_are_refused() -> None:
    for option in OPTIONS:
        if option.kind == "path":
            with pytest.raises(SettingsError, match="the path of a file"):
                checked_values({option.name: 3}, "here")
        if option.kind == "int":
            with pytest.raises(SettingsError, match="a larger one"):
                checked_values({option.name: -(10**5000)}, "here")


# ---- processes


def test_where_the_system_tells_no_cores_that_are_ours_all_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    monkeypatch.delattr("os.sched_getaffinity", raising=False)
    assert parallel.default_jobs(1000) == 3


def test_an_interrupt_ends_the_helpers(monkeypatch: pytest.MonkeyPatch) -> None:
    killed = []

    class Pool:
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def map(self, *_: object, **__: object) -> Any:
            raise KeyboardInterrupt

        def shutdown(self, **_: object) -> None:
            killed.append("shut down")

    helper = SimpleNamespace(kill=lambda: killed.append("killed"))
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", Pool)
    monkeypatch.setattr("multiprocessing.active_children", lambda: [helper])
    with pytest.raises(KeyboardInterrupt):
        list(parallel._in_processes(["a.py", "b.py"], fail, 2))
    assert killed == ["killed", "shut down"]


def test_no_fleet_is_begun_that_cannot_be_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["x.parquet", "--out", str(tmp_path / "out.parquet")]
    with pytest.raises(SettingsError, match="--isolated"):
        fleet.run_fleet([*arguments, "--isolated", "--config", "a.toml"])
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SettingsError, match="needs pyarrow"):
        fleet.run_fleet(arguments)


def test_who_is_told_to_end_ends_its_helpers_first(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []
    monkeypatch.setattr(parallel, "kill_helpers", lambda: done.append("helpers"))
    monkeypatch.setattr("os.kill", lambda process, number: done.append((process == os.getpid(), number)))
    monkeypatch.setenv("PYTHONSAFEPATH", "0")
    before = signal.getsignal(signal.SIGTERM)
    with parallel.ended_with_us():
        assert os.environ["PYTHONSAFEPATH"] == "1"
        handler = signal.getsignal(signal.SIGTERM)
        assert callable(handler)
        handler(signal.SIGTERM, None)
    assert done == ["helpers", (True, signal.SIGTERM)]
    assert (signal.getsignal(signal.SIGTERM), os.environ["PYTHONSAFEPATH"]) == (before, "0")


def test_another_thread_leaves_the_signals_alone() -> None:
    def enter() -> None:
        with parallel.ended_with_us():
            found.append(signal.getsignal(signal.SIGTERM))

    found: list[object] = []
    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert found == [before]


# ---- the engine and the facts


def test_where_no_code_is_asked_for_nothing_is_found_and_a_fault_of_a_rule_may_be_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = from_text("import tensorflow as tf\ntf.nn.dynamic_rnn(cell, x)\n", "a.py")
    silent = from_mapping({"select": [], "ignore": ["RNN"]}, "test")
    assert list(engine.check_source(source, silent, engine.Project()).findings) == []
    monkeypatch.setattr(engine, "_judged_by", fail)
    failed = engine.check_source(source, Settings(), engine.Project()).failed
    assert failed is not None
    assert "ZeroDivisionError" in failed.reason
    monkeypatch.setenv("RNNLINT_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        engine.check_source(source, Settings(), engine.Project())


def test_statements_that_rest_on_nothing_are_errors() -> None:
    with pytest.raises(LookupError, match="no-such-claim"):
        statement.newest("no-such-claim")
    with pytest.raises(LookupError):
        statement.law("graph-ops-exact", "no such cell", "static_rnn")


def test_findings_differ_by_their_places() -> None:
    one = Finding("a.py", None, 1, 1, "RNN102", 1, 2, "legacy", "is legacy")
    assert one != Finding("a.py", None, 2, 1, "RNN102", 2, 2, "legacy", "is legacy")
    assert one == Finding("a.py", None, 1, 1, "RNN102", 9, 9, "legacy", "is other")


# ---- programs that are watched


@pytest.mark.parametrize(
    ("words", "ours", "program"),
    [
        (["--", "a.py", "-x"], [], ["a.py", "-x"]),
        (["--output-format", "json", "-mpkg", "x"], ["--output-format", "json"], ["-m", "pkg", "x"]),
        (["a.py", "--", "y"], [], ["a.py", "--", "y"]),
    ],
)
def test_what_is_ours_ends_where_the_program_begins(words: list[str], ours: list[str], program: list[str]) -> None:
    assert probe_run._divided(words) == (ours, program)


def test_a_record_that_is_half_written_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def left(command: list[str], stdout: object) -> int:
        Path(command[3]).write_text("{", encoding="utf-8")
        return 0

    monkeypatch.setattr(probe_run, "_run", left)
    monkeypatch.setattr(sys, "stderr", sys.__stderr__)
    told: list[str] = []
    monkeypatch.setattr("builtins.print", lambda *words, **_: told.append(" ".join(words)))
    assert probe_run._watched(["a.py"], quiet=False) is None
    assert told == ["error: the program left an incomplete record"]
