"""Does flake8 show the same findings, and do its own habits work with them? With the real flake8, as a program."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("flake8", reason="needs flake8, one of the hosts")

from rnnlint import engine, rules
from rnnlint.hosts import flake8 as host
from rnnlint.settings import OPTIONS, Option, Settings

CODE = """\
import tensorflow as tf

cell = tf.nn.rnn_cell.GRUCell(4)
outputs, state = tf.nn.dynamic_rnn(cell, None, [1])
"""
BOTH = ["RNN102", "RNN103"]


def flake8(folder: Path, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flake8", *arguments]
    return subprocess.run(command, cwd=folder, input=stdin, capture_output=True, text=True, timeout=120, check=False)


def codes(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert not done.stderr, done.stderr
    return sorted(line.split()[1] for line in done.stdout.splitlines())


def write(folder: Path, text: str = CODE, name: str = "model.py") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_columns_and_texts_are_those_of_the_engine(tmp_path: Path) -> None:
    path = write(tmp_path, CODE + '"é€"; tf.contrib.rnn.LSTMCell(4)\n')
    done = flake8(
        tmp_path, "--isolated", "--select=RNN", "--format=%(path)s:%(row)d:%(col)d:%(code)s %(text)s", "model.py"
    )
    checked = engine.check_file(str(path), Settings(), engine.Project())
    assert done.stdout.splitlines() == [f"model.py:{f.row}:{f.column}:{f.code} {f.message}" for f in checked.findings]
    assert len(checked.findings) == 3
    assert done.returncode == 1


def test_codes_are_on_without_being_asked_for(tmp_path: Path) -> None:
    write(tmp_path)
    assert codes(flake8(tmp_path, "--isolated")) == BOTH


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--select=RNN102"], ["RNN102"]),
        (["--select=RNN10"], BOTH),
        (["--select=E"], []),
        (["--extend-ignore=RNN102"], ["RNN103"]),
        (["--extend-ignore=RNN"], []),
        (["--per-file-ignores=model.py:RNN103"], ["RNN102"]),
        (["--per-file-ignores=other.py:RNN103"], BOTH),
        (["--rnn-profile=maintain", "--rnn-target-tensorflow=1.15"], []),
        (["--rnn-profile=maintain"], BOTH),
    ],
)
def test_what_flake8_can_choose_is_chosen(tmp_path: Path, arguments: list[str], expected: list[str]) -> None:
    write(tmp_path)
    assert codes(flake8(tmp_path, "--isolated", *arguments)) == expected


@pytest.mark.parametrize("name", ["setup.cfg", "tox.ini", ".flake8"])
def test_configuration_files_are_read(tmp_path: Path, name: str) -> None:
    write(tmp_path)
    (tmp_path / name).write_text("[flake8]\nextend-ignore = RNN103\nrnn-target-tensorflow = 1.15\n", encoding="utf-8")
    done = flake8(tmp_path)
    assert codes(done) == ["RNN102"]
    assert "that TensorFlow 2.0 removes" in done.stdout


def test_the_comment_that_silences_stands_on_the_line_of_the_name(tmp_path: Path) -> None:
    text = "import tensorflow as tf\n\nrun = (tf\n       .nn\n       .dynamic_rnn)  # noqa: RNN102\n"
    write(tmp_path, text)
    assert codes(flake8(tmp_path, "--isolated", "--select=RNN")) == []
    assert codes(flake8(tmp_path, "--isolated", "--select=RNN", "--disable-noqa")) == ["RNN102"]


def test_a_noqa_for_another_code_silences_nothing(tmp_path: Path) -> None:
    write(tmp_path, CODE.replace("(4)", "(4)  # noqa: E501").replace("[1])", "[1])  # noqa"))
    assert codes(flake8(tmp_path, "--isolated")) == ["RNN103"]


def test_standard_input_is_checked(tmp_path: Path) -> None:
    assert codes(flake8(tmp_path, "--isolated", "-", stdin=CODE)) == BOTH
    shown = flake8(tmp_path, "--isolated", "--stdin-display-name=shown.py", "-", stdin=CODE).stdout
    assert shown.startswith("shown.py:")


def test_imports_are_followed_into_the_project(tmp_path: Path) -> None:
    write(tmp_path, "import tensorflow.compat.v1 as tf\n", "compat.py")
    write(tmp_path, "from compat import tf\n\ntf.nn.dynamic_rnn(None, None, [1])\n")
    assert codes(flake8(tmp_path, "--isolated", "--select=RNN", "model.py")) == ["RNN102"]


def test_many_files_in_many_processes_give_the_same(tmp_path: Path) -> None:
    for number in range(12):
        write(tmp_path, name=f"model{number}.py")
    options = ["--isolated", "--rnn-target-tensorflow=1.15"]
    alone, together = flake8(tmp_path, *options, "-j1"), flake8(tmp_path, *options, "-j2")
    assert codes(together) == sorted(BOTH * 12)
    assert sorted(alone.stdout.splitlines()) == sorted(together.stdout.splitlines())
    assert together.stdout.count("that TensorFlow 2.0 removes") == 24


@pytest.mark.parametrize("text", ["def broken(:\n", "import tensorflow as tf\nprint tf.nn.rnn\n", ""])
def test_what_python_cannot_parse_is_left_to_flake8(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    found = codes(flake8(tmp_path, "--isolated", "--select=E9,RNN"))
    assert not [code for code in found if code.startswith("RNN")]


def test_a_wrong_option_is_reported_in_one_line(tmp_path: Path) -> None:
    write(tmp_path)
    done = flake8(tmp_path, "--isolated", "--rnn-target-tensorflow=soon")
    assert done.returncode == 1
    assert "target-tensorflow must be a version" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("rnn-max-unroll = x", "max-unroll must be a whole number, 0 or more, not 'x'"),
        ("rnn-target-tensorflow = 3.0", "must be a TensorFlow release that rnnlint knows (0.5 to 0.12"),
        ("rnn-profile = old", "profile must be one of migrate, maintain, not 'old'"),
        ("rnn-cache = maybe", "must be true or false, not 'maybe'"),
    ],
)
def test_a_wrong_value_in_a_file_is_reported_without_a_traceback(tmp_path: Path, line: str, complaint: str) -> None:
    write(tmp_path)
    (tmp_path / "setup.cfg").write_text(f"[flake8]\n{line}\n", encoding="utf-8")
    done = flake8(tmp_path)
    assert done.returncode != 0
    assert complaint in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_number_in_a_file_is_taken_as_one(tmp_path: Path) -> None:
    write(tmp_path, "import tensorflow as tf\ntf.compat.v1.nn.static_rnn(cell, [x] * 60)\n")
    (tmp_path / "setup.cfg").write_text("[flake8]\nselect = RNN201\nrnn-max-unroll = 60\n", encoding="utf-8")
    assert flake8(tmp_path).stdout == ""


def test_deep_nesting_raises_nothing() -> None:
    # A tree that was made by a deeper stack than ours; a parser would refuse the text.
    node: ast.expr = ast.Name("tf", ast.Load())
    for _ in range(20_000):
        node = ast.Attribute(node, "nn", ast.Load())
    tree = ast.fix_missing_locations(ast.Module([], []))
    tree.body = [ast.Expr(node, lineno=1, col_offset=0)]
    assert list(host.Plugin(tree, ["tf.nn.dynamic_rnn\n"], "deep.py").run()) == []


class Manager:
    """Keeps what a plugin offers."""

    def __init__(self) -> None:
        self.offered: dict[str, dict[str, Any]] = {}
        self.ignored: list[str] = []

    def add_option(self, flag: str, **described: Any) -> None:
        self.offered[flag] = described

    def extend_default_ignore(self, codes: list[str]) -> None:
        self.ignored += codes


def test_every_option_for_hosts_is_offered() -> None:
    manager = Manager()
    host.Plugin.add_options(manager)
    assert set(manager.offered) == {f"--rnn-{option.name}" for option in OPTIONS if option.in_hosts}
    assert all(described["parse_from_config"] for described in manager.offered.values())


@pytest.mark.parametrize(
    ("option", "described"),
    [
        (Option("limit", "int", 20, "A number"), {"default": 20}),
        (Option("names", "list", (), "Words"), {"comma_separated_list": True}),
        (Option("strict", "bool", False, "A choice"), {"metavar": "{true,false}"}),
    ],
)
def test_an_option_of_any_kind_can_be_offered(
    option: Option, described: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "_OFFERED", (option,))
    manager = Manager()
    host.Plugin.add_options(manager)
    offered = manager.offered[f"--rnn-{option.name}"]
    assert described.items() <= offered.items()
    assert offered["default"] == option.default


def test_opt_in_rules_wait_until_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:

    quiet = rules.all_rules()[0]._replace(opt_in=True)
    monkeypatch.setattr(host, "all_rules", lambda: (quiet, *rules.all_rules()[1:]))
    manager = Manager()
    host.Plugin.add_options(manager)
    assert manager.ignored == [rule.code for rule in (quiet, *rules.all_rules()[1:]) if rule.opt_in]
    assert quiet.code in manager.ignored


def test_the_tree_that_flake8_hands_over_is_the_one_that_is_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **named: object) -> None:
        raise AssertionError("parsed again")

    tree = ast.parse(CODE)
    # What is imported on the way may compile.
    list(host.Plugin(ast.parse(CODE + "#"), [*CODE.splitlines(keepends=True), "#"], "other.py").run())
    with monkeypatch.context() as patched:
        patched.setattr("ast.parse", refuse)
        patched.setattr("builtins.compile", refuse)
        found = list(host.Plugin(tree, CODE.splitlines(keepends=True), "model.py").run())
    assert [(row, column) for row, column, _, _ in found] == [(3, 7), (4, 17)]


def test_a_file_without_any_of_our_words_is_not_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host.Plugin, "_check", lambda _: pytest.fail("walked"))
    assert list(host.Plugin(ast.parse("x = 1"), ["x = 1\n"], "x.py").run()) == []
