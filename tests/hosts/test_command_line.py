"""Does `rnnlint` do what its flags say, and end with the right code?"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest
from processes import unmeasured

from rnnlint import __version__
from rnnlint.hosts.command_line.progress import Progress
from rnnlint.settings import OPTIONS


def concise(run, *argv):
    """The places and codes that a check prints."""
    result = run("check", "--output-format", "concise", "--quiet", *argv)
    return [line.split(" ")[0] + line.split(" ")[1] for line in result.out.splitlines()]


def test_findings_give_one_and_none_give_zero(run, project):
    (project / "a.py").write_text("x = 1\n")
    assert run("check").code == 0
    (project / "b.py").write_text("x = legacy()\n")
    result = run("check", ".")
    assert result.code == 1
    assert "--> b.py:1:5" in result.out
    assert "Found 1 finding in 1 file." in result.out
    assert result.err == ""


def test_exit_zero_forgives_findings_but_not_broken_files(run, project):
    (project / "a.py").write_text("legacy()\n")
    assert run("check", "--exit-zero").code == 0
    (project / "b.py").write_text("(\n")
    assert run("check", "--exit-zero").code == 2


def test_a_broken_file_is_reported_in_one_line_and_the_rest_is_checked(run, project):
    (project / "a.py").write_text("x = (\n")
    (project / "b.py").write_text("legacy()\n")
    result = run("check", "--output-format", "concise")
    assert result.code == 2
    assert "b.py:1:1: RNN102" in result.out
    (line,) = result.err.splitlines()
    assert line.startswith("error: a.py:1:")


def test_a_missing_path_is_reported_and_gives_two(run, project):
    (project / "b.py").write_text("legacy()\n")
    result = run("check", "none.py", "b.py")
    assert result.code == 2
    assert result.err.startswith("error: none.py: no such file")
    assert "RNN102" in result.out


def test_an_error_stays_one_line_whatever_the_file_is_called(run, project):
    (project / "a\n\x1b[2J.py").write_text("(\n")
    result = run("check")
    assert result.err.count("\n") == 1
    assert "\x1b" not in result.err


def test_a_folder_without_python_is_a_warning_as_in_ruff(run):
    result = run("check")
    assert result.code == 0
    assert result.err == "warning: no Python files found under the given paths\n"


def test_a_file_that_breaks_the_engine_does_not_stop_the_run(run, project, fake, monkeypatch):
    (project / "a.py").write_text("legacy()\n")
    (project / "b.py").write_text("legacy()\n")

    def check_bytes(data, filename, *rest):
        if filename == "a.py":
            raise AssertionError("oh")
        return fake.check_bytes(data, filename, *rest)

    monkeypatch.setattr("rnnlint.engine.check_bytes", check_bytes)
    result = run("check")
    assert result.code == 2
    assert "error: a.py: rnnlint has a bug, please report it: AssertionError" in result.err
    assert "b.py:1:1" in result.out


def test_many_cells_that_do_not_parse_are_one_warning(run, project):
    cells = [{"cell_type": "code", "source": source} for source in ("x = ", "def f(:", "legacy()")]
    for name in ("a.ipynb", "b.ipynb"):
        (project / name).write_text(json.dumps({"cells": cells}))
    result = run("check")
    assert result.code == 1
    assert result.err == "warning: 4 cells of 2 notebooks do not parse and were skipped; --verbose lists them\n"
    listed = run("check", "--verbose").err.splitlines()
    assert len(listed) == 4
    assert listed[0].startswith("warning: a.ipynb:1:")
    assert "cell 1 was skipped" in listed[0]


def test_a_cell_that_does_not_parse_is_a_warning(run, project):
    cells = [
        {"cell_type": "code", "source": ["x = (("], "metadata": {}, "outputs": []},
        {"cell_type": "code", "source": ["y = 1\n", "legacy()  # noqa\n", "cell()"], "metadata": {}, "outputs": []},
    ]
    (project / "n.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    result = run("check", "--output-format", "concise")
    assert result.err.startswith("warning: n.ipynb")
    assert result.out.startswith("n.ipynb:cell 2:3:1: RNN103")
    assert "Found 1 finding" in result.out
    assert result.code == 1


def test_python_2_is_said_once_a_file(run, project):
    (project / "a.py").write_text("print 'a'\nlegacy()\ncell()\n")
    note = "note: a.py: is Python 2; rnnlint checked it as Python 2 (flake8 and pylint cannot)\n"
    for result in (run("check", "--no-cache"), run("check"), run("check")):
        assert (result.code, result.err) == (1, note)
    assert run("check", "-q").err == ""


def test_values_that_take_too_long_to_follow_are_told_once_a_file(run, project, fake):
    (project / "a.py").write_text("legacy()\n")
    fake.is_over_budget = True
    note = "note: a.py: some values take too long to follow and count as unknown, so findings that depend on them are"
    for result in (run("check", "--no-cache"), run("check"), run("check")):
        assert (result.code, result.err) == (1, f"{note} missing\n")
    assert run("check", "-q").err == ""


def test_codes_and_names_choose_what_is_checked(run, project):
    (project / "a.py").write_text("legacy()\ncell()\n")
    assert concise(run, "--select", "RNN103") == ["a.py:2:1:RNN103"]
    assert concise(run, "--select", "legacy-cell,RNN102") == ["a.py:1:1:RNN102", "a.py:2:1:RNN103"]
    assert concise(run, "--ignore", "RNN10") == []
    assert concise(run, "--per-file-ignores", "*.py:RNN102") == ["a.py:2:1:RNN103"]
    assert concise(run, "--per-file-ignores", "b.py:RNN101,a.py:RNN102,legacy-cell") == []


def test_paths_and_flags_may_be_mixed(run, project):
    for name in ("a.py", "b.py"):
        (project / name).write_text("legacy()\n")
    assert concise(run, "a.py", "--select", "RNN102", "b.py") == ["a.py:1:1:RNN102", "b.py:1:1:RNN102"]
    assert concise(run, "a.py", "a.py", "./a.py", ".") == ["a.py:1:1:RNN102", "b.py:1:1:RNN102"]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["check", "--selct", "RNN101"], "error: unknown option '--selct' (did you mean '--select'?)"),
        (["check", "--select", "RNN999"], "error: command line: select: unknown rule 'RNN999'"),
        (["check", "--ignore", "legacy-cel"], "error: command line: ignore: unknown rule 'legacy-cel' (did you mean"),
        (["check", "--select", "RNN100"], "error: command line: select: RNN100 cannot be selected; use --report"),
        (["check", "--per-file-ignores", "a.py"], "error: command line: per-file-ignores must be PATTERN:CODE"),
        (["check", "--per-file-ignores", "a.py:RNN9"], "error: command line: per-file-ignores: unknown rule 'RNN9'"),
        (["check", "--profile", "old"], "error: command line: profile must be one of migrate, maintain, not 'old'"),
        (["check", "--target-tensorflow", "two"], "error: command line: target-tensorflow must be a version"),
        (["check", "--output-format", "pdf"], "error: command line: output-format must be one of full, concise,"),
        (["check", "--select"], "error: argument --select: expected one argument"),
        (["check", "--jobs", "0"], "error: argument -j/--jobs: must be a whole number, 1 or more, not '0'"),
        (["check", "--write-baseline"], "error: --write-baseline needs --baseline FILE"),
        (["check", "-", "a.py"], "error: - reads standard input"),
        (["check", "--isolated", "--config", "x"], "error: --isolated and --config"),
        (["check", "--config", "none.toml"], "error: none.toml: cannot be read: No such file"),
        (["check", "--baseline", "none.json"], "error: none.json: no such baseline"),
        (["check", "--statistics", "--output-format", "sarif"], "error: --statistics supports"),
        (["chekc"], "error: unknown command 'chekc' (did you mean 'check'?)"),
        (["src/model.py"], "error: unknown command 'src/model.py'; to check files, use: rnnlint check src/model.py"),
        (["--frobnicate"], "error: unknown option '--frobnicate'"),
        (["rule"], "error: name one rule, or use --all"),
        (["rule", "RNN102", "--all"], "error: name one rule, or use --all"),
        (["rule", "RNN1021"], "error: unknown rule 'RNN1021'"),
        (["rule", "RN102"], "error: unknown rule 'RN102' (did you mean 'RNN102'?)"),
        (["check", "--list-rules"], "error: unknown option '--list-rules'; see rnnlint check --help"),
        (
            ["check", "--target-tensorflow", "3.0"],
            "error: command line: target-tensorflow must be a TensorFlow release"
            " that rnnlint knows (0.5 to 0.12, 1.0 to 1.15, 2.0 to 2.21), not '3.0'",
        ),
        (["check", "--target-tensorflow", "1.16"], "error: command line: target-tensorflow must be a TensorFlow"),
        (["config", "selct"], "error: unknown option 'selct' (did you mean 'select'?)"),
    ],
)
def test_wrong_usage_is_one_line_and_gives_two(run, argv, message):
    result = run(*argv)
    assert result.code == 2
    (line,) = result.err.splitlines()
    assert line.startswith(message)
    assert result.out == ""


def test_every_option_of_the_table_is_a_flag(run, capsys):
    with pytest.raises(SystemExit) as caught:
        run("check", "--help")
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert all(f"--{option.name}" in text for option in OPTIONS)


def test_help_and_version_are_short_and_friendly(run):
    assert run("--version").out == f"rnnlint {__version__}\n"
    assert "rnnlint COMMAND" in run("--help").out
    nothing = run()
    assert nothing.code == 2
    assert "Commands:" in nothing.err


def test_standard_input_is_checked_under_the_name_given(run, project, monkeypatch):
    def check(*argv):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"legacy()\n")))
        return concise(run, "-", *argv)

    assert check() == ["-:1:1:RNN102"]
    assert check("--stdin-filename", "src/a.py") == ["src/a.py:1:1:RNN102"]
    assert check("--stdin-filename", "src/a.py", "--per-file-ignores", "src/*:RNN") == []


def test_show_files_lists_absolute_paths_and_checks_nothing(run, project, fake):
    (project / "a.py").write_text("legacy()\n")
    (project / "b.txt").touch()
    result = run("check", "--show-files")
    assert result.out == f"{project / 'a.py'}\n"
    assert result.code == 0
    assert fake.asked == []


def test_a_file_that_is_named_twice_comes_once(run, project):
    (project / "a").mkdir()
    (project / "a" / "x.py").touch()
    result = run("check", "--show-files", "a/x.py", "./a/x.py", "a", ".", str(project), "a/../a/x.py")
    assert result.out == f"{project / 'a' / 'x.py'}\n"


def test_excluded_files_are_left_out_and_named_ones_are_not(run, project):
    (project / "old").mkdir()
    (project / "old" / "a.py").write_text("legacy()\n")
    assert concise(run, "--extend-exclude", "old") == []
    assert concise(run, "--exclude", "old/*.py") == []
    assert concise(run, "--extend-exclude", "old", "old/a.py") == ["old/a.py:1:1:RNN102"]
    (project / ".gitignore").write_text("old/\n")
    assert concise(run) == []
    assert concise(run, "--no-respect-gitignore") == ["old/a.py:1:1:RNN102"]


def test_a_report_can_go_to_a_file(run, project):
    (project / "a.py").write_text("legacy()\n")
    result = run("check", "--output-format", "json", "-o", "report.json")
    assert (result.code, result.out) == (1, "")
    assert len(json.loads((project / "report.json").read_text())) == 1
    broken = run("check", "-o", "none/report.json")
    assert broken.code == 2
    assert broken.err.startswith("error: none/report.json: cannot be written")


def test_json_stays_json_whatever_is_reported_besides(run, project):
    (project / "a.py").write_text("(\n")
    (project / "b.py").write_text("legacy()\n")
    result = run("check", "--output-format", "json")
    assert len(json.loads(result.out)) == 1
    assert result.err.startswith("error: a.py")


def test_statistics_take_the_place_of_the_findings(run, project):
    (project / "a.py").write_text("legacy()\nlegacy()\ncell()\n")
    result = run("check", "--statistics")
    assert result.out.splitlines()[:2] == ["2\tRNN102\tlegacy-dynamic-runner", "1\tRNN103\tlegacy-cell"]
    assert json.loads(run("check", "--statistics", "--output-format", "json").out)[0]["count"] == 2


def test_colour_can_be_forced(run, project):
    (project / "a.py").write_text("legacy()\n")
    assert "\x1b[" in run("check", "--color", "always").out
    assert "\x1b[" not in run("check").out


def test_comments_silence_and_can_be_overruled(run, project):
    (project / "a.py").write_text("legacy()  # noqa: RNN102\ncell()  # noqa: RNN102\n")
    assert concise(run) == ["a.py:2:1:RNN103"]
    assert concise(run, "--ignore-noqa") == ["a.py:1:1:RNN102", "a.py:2:1:RNN103"]
    assert concise(run, "--report-unused-noqa") == ["a.py:2:1:RNN103", "a.py:2:9:RNN100"]
    assert concise(run, "--report-unused-noqa", "--select", "RNN103") == ["a.py:2:1:RNN103"]


def test_a_baseline_hides_what_it_lists_and_new_findings_fail(run, project):
    file = project / "a.py"
    file.write_text("legacy()\ncell()\n")
    written = run("check", "--baseline", "b.json", "--write-baseline")
    assert (written.code, written.out, written.err) == (0, "", "wrote 2 findings to b.json\n")
    again = run("check", "--baseline", "b.json")
    assert again.code == 0
    assert again.err == "2 known findings hidden by b.json\n"
    file.write_text("x = 1\n\nlegacy()\ny = legacy()\n")
    changed = run("check", "--baseline", "b.json", "--output-format", "concise")
    assert changed.code == 1
    assert changed.out.startswith("a.py:4:5: RNN102")
    assert "1 stale entry in b.json" in changed.err
    assert run("check", "--baseline", "b.json", "--quiet").err == ""


def test_a_baseline_means_the_same_from_a_folder_below(run, project, monkeypatch):
    (project / "src").mkdir()
    (project / "src" / "a.py").write_text("legacy()\n")
    run("check", "--baseline", "b.json", "--write-baseline")
    monkeypatch.chdir(project / "src")
    assert run("check", "--baseline", "../b.json").code == 0


def test_a_broken_baseline_gives_two_before_anything_is_checked(run, project, fake):
    (project / "a.py").write_text("legacy()\n")
    (project / "b.json").write_text("{")
    result = run("check", "--baseline", "b.json")
    assert result.code == 2
    assert result.err.startswith("error: b.json: not a baseline")
    assert fake.asked == []


def test_rule_explains_in_text_markdown_and_json(run):
    assert run("rule", "RNN102").out.startswith("legacy-dynamic-runner (RNN102)\n")
    assert run("rule", "legacy-dynamic-runner", "--output-format", "markdown").out.startswith("# legacy-dynamic")
    row = json.loads(run("rule", "rnn102", "--output-format", "json").out)
    assert {"code", "name", "summary", "opt_in", "fixable", "claims"} <= set(row)
    rows = json.loads(run("rule", "--all", "--output-format", "json").out)
    assert row in rows
    assert [row["code"] for row in rows] == sorted(row["code"] for row in rows)
    assert run("rule", "--all").out.count("Why is this a problem?") == len(rows)


def test_an_interrupt_is_no_traceback(run, project, monkeypatch):
    (project / "a.py").touch()

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("rnnlint.engine.check_bytes", interrupt)
    result = run("check")
    assert (result.code, result.err) == (130, "interrupted\n")


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self):
        return True


def test_progress_is_shown_late_and_on_terminals_only(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("rnnlint.hosts.command_line.progress.time.monotonic", lambda: now[0])
    monkeypatch.setenv("TERM", "xterm")
    for stream, quiet, shown in ((Terminal(), False, True), (io.StringIO(), False, False), (Terminal(), True, False)):
        now[0] = 0.0
        with Progress(4, quiet, stream) as progress:
            progress.step()
            assert stream.getvalue() == ""
            now[0] = 2.0
            progress.step()
        assert ("2 of 4 files" in stream.getvalue()) == shown
        assert stream.getvalue().endswith("\r\x1b[K") == shown


def rnnlint(*argv, cwd, **options):
    """The real thing, in a process of its own."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "ascii"}
    return subprocess.run(
        [sys.executable, "-m", "rnnlint", *argv], cwd=cwd, env=environ, capture_output=True, timeout=60, **options
    )


def test_the_module_runs_on_real_code_and_awkward_terminals(project):
    (project / "ü.py").write_text("import tensorflow as tf\ntf.nn.dynamic_rnn(cell, 'ü')\n", encoding="utf-8")
    done = rnnlint("check", cwd=project)
    assert done.returncode == 1
    assert b"RNN102" in done.stdout
    assert b"\\xfc.py:2:1" in done.stdout
    assert done.stderr == b""


def test_a_reader_that_leaves_early_is_no_traceback(project):
    (project / "a.py").write_text("import tensorflow as tf\n" + "tf.nn.dynamic_rnn(c, x)\n" * 3000)
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-m", "rnnlint", "check", "--no-cache"],
        cwd=project,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 141


def test_asking_for_the_version_imports_neither_rules_nor_formats(project):
    program = (
        "import sys; from rnnlint.hosts.command_line import main; main(['--version']);"
        "print([m for m in sys.modules if m in ('argparse', 'json', 'tomllib', 'rnnlint.engine', 'rnnlint.rules')])"
    )
    environ = unmeasured(PYTHONPATH=os.pathsep.join(sys.path))
    done = subprocess.run([sys.executable, "-c", program], cwd=project, env=environ, capture_output=True, timeout=60)
    assert done.stdout.splitlines()[-1] == b"[]"
