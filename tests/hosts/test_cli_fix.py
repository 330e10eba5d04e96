"""Does `rnnlint check --fix` write what it says, at once or not at all, and leave everything else alone?"""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from rnnlint.hosts import fixing
from rnnlint.hosts.command_line import main
from rnnlint.hosts.command_line.fix import Mender

BEFORE = "import tensorflow as tf\n\nout = tf.nn.dynamic_rnn(cell, xs)\n"
AFTER = BEFORE.replace("tf.nn", "tf.compat.v1.nn")
UNSAFE = "import tensorflow as tf\n\ncell = tf.nn.rnn_cell.LSTMCell(8, None)\n"
MAINTAIN = ("--profile", "maintain")


class Result(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(project: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `rnnlint check` in the project, with the engine as it is."""

    def ran(*argv: str) -> Result:
        code = main(["check", *argv])
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return ran


def test_a_fix_is_written_and_what_is_left_is_reported(run: Run, project: Path) -> None:
    path = project / "a.py"
    path.write_text(BEFORE, encoding="utf-8")
    result = run("--fix")
    assert path.read_text(encoding="utf-8") == AFTER
    assert result.code == 1
    assert "tf.compat.v1.nn.dynamic_rnn is a legacy API that still runs" in result.out
    assert result.out.endswith(
        "Fixed 1 finding in 1 file.\nFound 1 finding in 1 file.\n"
        "Legacy names that still run on the target are included; --profile maintain omits them.\n"
    )
    again = run("--fix")
    assert "Fixed" not in again.out
    assert path.read_text(encoding="utf-8") == AFTER


def test_where_nothing_is_left_the_exit_code_is_zero_unless_fixes_count(run: Run, project: Path) -> None:
    for flags, code in (((), 0), (("--exit-non-zero-on-fix",), 1), (("--exit-non-zero-on-fix", "--exit-zero"), 0)):
        (project / "a.py").write_text(BEFORE, encoding="utf-8")
        result = run("--fix", *MAINTAIN, *flags)
        assert result.code == code
        assert result.out == "Fixed 1 finding in 1 file.\nAll checks passed!\n"
    assert run("--fix", *MAINTAIN, "--exit-non-zero-on-fix").code == 0


def test_what_was_fixed_passes_with_the_profile_that_a_hook_is_given(run: Run, project: Path) -> None:
    (project / "a.py").write_text(BEFORE, encoding="utf-8")
    first = run("--fix", *MAINTAIN)
    assert (first.code, first.out) == (0, "Fixed 1 finding in 1 file.\nAll checks passed!\n")
    assert run("--fix", *MAINTAIN) == Result(0, "All checks passed!\n", "")


def test_unsafe_fixes_wait_to_be_asked_for(run: Run, project: Path) -> None:
    path = project / "a.py"
    path.write_text(UNSAFE, encoding="utf-8")
    result = run("--fix")
    assert path.read_text(encoding="utf-8") == UNSAFE
    assert "[*]" not in result.out
    assert "= unsafe fix: Import `LSTMCell` from `tensorflow.compat.v1.nn.rnn_cell` (older releases" in result.out
    assert result.out.endswith("1 unsafe fix can be enabled with --unsafe-fixes.\n")
    shown = run("--unsafe-fixes")
    assert "RNN103 [*] tf.nn.rnn_cell.LSTMCell" in shown.out
    assert shown.out.endswith("[*] 1 can be fixed with --fix --unsafe-fixes.\n")
    run("--fix", "--unsafe-fixes")
    assert "\ncell = LSTMCell(8, None)" in path.read_text(encoding="utf-8")


def test_a_report_says_what_could_be_fixed(run: Run, project: Path) -> None:
    (project / "a.py").write_text(BEFORE, encoding="utf-8")
    (project / "b.py").write_text(UNSAFE, encoding="utf-8")
    for name in ("full", "concise"):
        result = run("--output-format", name)
        assert "RNN102 [*] tf.nn.dynamic_rnn" in result.out
        assert "RNN103 tf.nn.rnn_cell.LSTMCell" in result.out
        assert result.out.endswith("[*] 1 can be fixed with --fix, and --unsafe-fixes enables 1 more.\n")
    data = json.loads(run("--output-format", "json").out)
    assert [row["fix"]["applicability"] for row in data] == ["safe", "unsafe"]
    results = json.loads(run("--output-format", "sarif").out)["runs"][0]["results"]
    (change,) = results[0]["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"] == {"text": "tf.compat.v1.nn.dynamic_rnn"}
    rows = json.loads(run("--statistics", "--output-format", "json").out)
    assert {row["code"]: row["fixable"] for row in rows} == {"RNN102": True, "RNN103": False}


def test_a_diff_is_printed_and_nothing_written(run: Run, project: Path) -> None:
    (project / "a.py").write_text(BEFORE, encoding="utf-8")
    (project / "b.py").write_text(UNSAFE, encoding="utf-8")
    result = run("--diff")
    assert result.code == 1
    assert result.out == (
        "--- a.py\n+++ a.py\n@@ -1,3 +1,3 @@\n import tensorflow as tf\n \n"
        "-out = tf.nn.dynamic_rnn(cell, xs)\n+out = tf.compat.v1.nn.dynamic_rnn(cell, xs)\n"
    )
    assert result.err == "Would fix 1 finding in 1 file; --unsafe-fixes would add 1.\n"
    assert (project / "a.py").read_text(encoding="utf-8") == BEFORE
    assert run("--diff", "--fix", "--quiet").out == result.out
    assert run("--diff", "--exit-zero").code == 0
    nothing = run("--diff", "b.py")
    assert (nothing.code, nothing.out) == (0, "")
    assert nothing.err == "Nothing would be fixed; --unsafe-fixes would add 1.\n"


def test_a_diff_of_a_notebook_names_the_cell(run: Run, project: Path) -> None:
    cells = [{"cell_type": "markdown", "source": "x"}, {"cell_type": "code", "source": BEFORE.splitlines(True)}]
    (project / "n.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    result = run("--diff")
    assert result.out.startswith("--- n.ipynb:cell 2\t\n+++ n.ipynb:cell 2\t\n@@")
    assert "\n+out = tf.compat.v1.nn.dynamic_rnn(cell, xs)\n" in result.out


def test_comments_and_the_baseline_keep_what_they_silence_as_it_is(run: Run, project: Path) -> None:
    path = project / "a.py"
    silenced = BEFORE.replace("xs)", "xs)  # noqa: RNN102")
    path.write_text(silenced, encoding="utf-8")
    assert run("--fix").code == 0
    assert path.read_text(encoding="utf-8") == silenced
    known = BEFORE
    path.write_text(known, encoding="utf-8")
    run("--baseline", "known.json", "--write-baseline")
    new = known + "other = tf.nn.static_rnn(cell, xs)\n"
    path.write_text(new, encoding="utf-8")
    result = run("--fix", "--baseline", "known.json", *MAINTAIN)
    assert path.read_text(encoding="utf-8") == known + "other = tf.compat.v1.nn.static_rnn(cell, xs)\n"
    assert result.code == 0


def test_comments_that_silence_nothing_any_more_go_with_the_fix(run: Run, project: Path) -> None:
    path = project / "a.py"
    path.write_text("import tensorflow as tf\nx = 1  # noqa: RNN102, E501\ny = 2  # noqa: RNN101\n", encoding="utf-8")
    result = run("--fix", "--report-unused-noqa")
    assert path.read_text(encoding="utf-8") == "import tensorflow as tf\nx = 1  # noqa: E501\ny = 2\n"
    assert result.out == "Fixed 2 findings in 1 file.\nAll checks passed!\n"


def test_the_mode_and_links_stay(run: Run, project: Path) -> None:
    (project / "real").mkdir()
    path = project / "real" / "tool"
    path.write_text("#!/usr/bin/env python\n" + BEFORE, encoding="utf-8")
    path.chmod(0o751)
    (project / "link.py").symlink_to(path)
    run("--fix", "link.py")
    assert path.read_text(encoding="utf-8").endswith(AFTER)
    assert stat.S_IMODE(path.stat().st_mode) == 0o751
    assert (project / "link.py").is_symlink()
    assert sorted(entry.name for entry in (project / "real").iterdir()) == ["tool"]


def test_a_file_that_is_read_only_is_reported_and_the_others_are_fixed(run: Run, project: Path) -> None:
    for name in ("a.py", "b.py"):
        (project / name).write_text(BEFORE, encoding="utf-8")
    (project / "a.py").chmod(0o444)
    result = run("--fix", *MAINTAIN)
    assert result.code == 2
    assert result.err == "error: a.py: not fixed: the file is read-only\n"
    assert (project / "a.py").read_text(encoding="utf-8") == BEFORE
    assert (project / "b.py").read_text(encoding="utf-8") == AFTER


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="an administrator may write anywhere")
def test_a_folder_that_is_read_only_is_reported(run: Run, project: Path) -> None:
    folder = project / "kept"
    folder.mkdir()
    (folder / "a.py").write_text(BEFORE, encoding="utf-8")
    folder.chmod(0o555)
    result = run("--fix", "--no-cache")
    folder.chmod(0o755)
    assert result.code == 2
    assert result.err == "error: kept/a.py: not fixed: it cannot be written: Permission denied\n"


def test_a_file_that_changes_meanwhile_is_not_written(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = project / "a.py"
    path.write_text(BEFORE, encoding="utf-8")
    write = fixing.write

    def slowly(*arguments: Any) -> object:
        path.write_text(BEFORE + "# more\n", encoding="utf-8")
        return write(*arguments)

    monkeypatch.setattr("rnnlint.hosts.command_line.fix.write", slowly)
    result = run("--fix")
    assert result.code == 2
    assert "error: a.py: not fixed: it changed while rnnlint checked it\n" in result.err
    assert path.read_text(encoding="utf-8") == BEFORE + "# more\n"


def test_what_another_program_has_fixed_meanwhile_is_found_again(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project / "a.py"
    path.write_text(BEFORE, encoding="utf-8")
    make = Mender._mend_file

    def late(mender: Mender, *arguments: Any) -> bool:
        path.write_text(AFTER, encoding="utf-8")
        return make(mender, *arguments)

    monkeypatch.setattr(Mender, "_mend_file", late)
    result = run("--fix", *MAINTAIN)
    assert (result.code, result.out) == (0, "All checks passed!\n")


def test_a_write_that_fails_leaves_the_file_and_nothing_else(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    path = project / "a.py"
    path.write_text(BEFORE, encoding="utf-8")
    monkeypatch.setattr("os.fsync", full)
    result = run("--fix", "--no-cache")
    assert result.code == 2
    assert result.err == "error: a.py: not fixed: it cannot be written: No space left on device\n"
    assert path.read_text(encoding="utf-8") == BEFORE
    assert [entry.name for entry in project.iterdir() if entry.name.startswith(".rnnlint-")] == []


def test_what_would_not_parse_after_its_fixes_stays_as_it_was(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "a.py").write_text(BEFORE, encoding="utf-8")
    monkeypatch.setattr(fixing, "edited", lambda data, _name, _edits: data + b"(")
    result = run("--fix")
    assert result.code == 2
    assert result.err.count("\n") == 1
    assert "a.py: not fixed, please report it: after the fixes of RNN102 the file would not parse" in result.err
    assert (project / "a.py").read_text(encoding="utf-8") == BEFORE


def test_what_is_parsed_in_part_is_not_fixed(run: Run, project: Path) -> None:
    text = BEFORE + "def (:\n    pass\n"
    (project / "a.py").write_text(text, encoding="utf-8")
    result = run("--fix")
    assert result.code == 2
    assert "[*]" not in result.out
    assert (project / "a.py").read_text(encoding="utf-8") == text


def test_a_fix_is_kept_in_the_cache_and_what_was_fixed_is_checked_again(run: Run, project: Path) -> None:
    (project / "a.py").write_text(BEFORE, encoding="utf-8")
    first = run()
    assert run().out == first.out
    assert run("--fix", *MAINTAIN).code == 0
    assert run(*MAINTAIN).out == "All checks passed!\n"
    assert "still runs" in run().out


def test_files_that_import_what_was_fixed_are_looked_at_again(run: Run, project: Path) -> None:
    (project / "a_model.py").write_text("from names import static_rnn\nstatic_rnn(cell, xs)\n", encoding="utf-8")
    (project / "names.py").write_text("from tensorflow.nn import static_rnn\n", encoding="utf-8")
    assert run(*MAINTAIN).out.count("was removed") == 2
    assert run("--fix", *MAINTAIN).out == "Fixed 1 finding in 1 file.\nAll checks passed!\n"


def test_what_is_kept_of_a_fixed_file_rests_on_the_files_as_they_are_now(run: Run, project: Path) -> None:
    # The first of them has read `names` before it is fixed, the last one is checked after that.
    for name in ("a", "z"):
        text = f"import tensorflow as tf\nfrom names import static_rnn\nstatic_rnn(cell, xs)\n{BEFORE}"
        (project / f"{name}.py").write_text(text, encoding="utf-8")
    (project / "names.py").write_text("from tensorflow.nn import static_rnn\n", encoding="utf-8")
    assert run("--fix", *MAINTAIN).out == "Fixed 3 findings in 3 files.\nAll checks passed!\n"
    assert run(*MAINTAIN).out == run("--no-cache", *MAINTAIN).out == "All checks passed!\n"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_many_files_are_fixed_by_any_number_of_processes(run: Run, project: Path, jobs: str) -> None:
    for number in range(12):
        (project / f"m{number}.py").write_text(BEFORE, encoding="utf-8")
    result = run("--fix", "--jobs", jobs, *MAINTAIN)
    assert result.out == "Fixed 12 findings in 12 files.\nAll checks passed!\n"
    assert {path.read_text(encoding="utf-8") for path in project.glob("*.py")} == {AFTER}


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--fix", "--write-baseline", "--baseline", "x"], "--fix and --write-baseline cannot be combined"),
        (["--diff", "--write-baseline", "--baseline", "x"], "--diff and --write-baseline cannot be combined"),
        (["--fix", "--show-files"], "--fix and --show-files cannot be combined"),
        (["--exit-non-zero-on-fix"], "--exit-non-zero-on-fix needs --fix"),
        (["--diff", "--fix", "--exit-non-zero-on-fix"], "--diff exits with 1 if there are changes"),
        (["--diff", "-o", "x"], "--diff prints to standard output"),
        (["--diff", "--statistics"], "--diff and --statistics cannot be combined"),
        (
            ["--diff", "--output-format", "json"],
            "--diff prints a diff and cannot be combined with --output-format json",
        ),
    ],
)
def test_flags_that_contradict_each_other_are_one_line(run: Run, argv: list[str], message: str) -> None:
    result = run(*argv)
    assert result.code == 2
    assert result.out == ""
    assert result.err.count("\n") == 1
    assert result.err.startswith(f"error: {message}")


# ---- standard input


Through = Callable[..., tuple[int, bytes, str]]


@pytest.fixture
def through(project: Path, monkeypatch: pytest.MonkeyPatch) -> Through:
    """Send bytes through the command: its exit code, standard output and standard error."""

    def sent(data: bytes, *argv: str) -> tuple[int, bytes, str]:
        out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        code = main(["check", "-", *argv])
        out.flush()
        return code, out.buffer.getvalue(), err.getvalue()  # type: ignore[attr-defined]

    return sent


def test_standard_input_goes_through_and_the_report_beside_it(through: Through) -> None:
    data = "# coding: latin-1\r\n# é\r\n".encode("latin-1") + BEFORE.encode().replace(b"\n", b"\r\n")
    code, out, err = through(data, "--fix")
    assert code == 1
    assert out == data.replace(b"tf.nn", b"tf.compat.v1.nn")
    assert "--> -:5:7" in err
    assert "\nFixed 1 finding in 1 file.\nFound 1 finding in 1 file.\n" in err


@pytest.mark.parametrize(
    "data", [b"x = 1\n", BEFORE.encode() + b"def (:\n", b"import tensorflow as tf\ntf.nn.raw_rnn \xff"]
)
def test_what_is_not_fixed_goes_through_as_it_is(through: Through, data: bytes) -> None:
    code, out, err = through(data, "--fix", "--quiet")
    assert out == data
    assert code == (0 if data == b"x = 1\n" else 2)
    assert err.count("error: -:") == (code == 2)


def test_a_diff_of_standard_input_has_its_name(through: Through) -> None:
    code, out, err = through(BEFORE.encode(), "--diff", "--stdin-filename", "src/a.py")
    assert code == 1
    assert out.startswith(b"--- src/a.py\n+++ src/a.py\n@@")
    assert err == "Would fix 1 finding in 1 file.\n"


def test_the_report_may_go_to_a_file(through: Through, project: Path) -> None:
    code, out, err = through(BEFORE.encode(), "--fix", "-o", "report.json", "--output-format", "json", *MAINTAIN)
    assert (code, out, err) == (0, AFTER.encode(), "Fixed 1 finding in 1 file.\n")
    assert json.loads((project / "report.json").read_text(encoding="utf-8")) == []


def test_the_summary_of_fixes_says_which_names_still_fail_and_why(run: Run, project: Path) -> None:
    (project / "a.py").write_text(BEFORE, encoding="utf-8")
    more = "tf.contrib.rnn.NASCell(4)\ntf.nn.rnn_cell.LSTMCell(8, None)\ngetattr(tf.nn, 'raw_rnn', None)(c, f)\n"
    (project / "b.py").write_text(BEFORE + more, encoding="utf-8")
    lines = run("--fix", *MAINTAIN).out.splitlines()
    assert "Fixed 2 findings in 2 files; in 1 of them all RNN names now run on the target." in lines
    told = "3 names still fail (1: TensorFlow no longer has it; 1: --unsafe-fixes changes it; 1: its code switches"
    assert any(line.startswith(told) for line in lines)
