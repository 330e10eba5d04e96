"""Does pylint show the same findings, and do its own habits work with them? With the real pylint, as a program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pylint", reason="needs pylint, one of the hosts")

from pylint.lint import PyLinter, Run
from pylint.message import Message
from pylint.reporters import CollectingReporter

import rnnlint
from rnnlint import engine, rules
from rnnlint.hosts import pylint as host
from rnnlint.report import rule_pages
from rnnlint.settings import OPTIONS, Option, Settings

CODE = """\
import tensorflow as tf

cell = tf.nn.rnn_cell.GRUCell(4)
outputs, state = tf.nn.dynamic_rnn(cell, None, [1])
"""
BOTH = ["legacy-cell-error", "legacy-dynamic-runner-error"]
BOTH_RUN = ["legacy-cell-warning", "legacy-dynamic-runner-warning"]
"""The same where the target still has them."""
LONG = """\
import tensorflow as tf
import keras


def build(cell, x):
    return tf.compat.v1.nn.static_rnn(cell, tf.unstack(x, 60, axis=1), None, tf.float32, [1])
"""
ONLY_OURS = ("--disable=all", "--enable=rnnlint")


def pylint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pylint", "--load-plugins=rnnlint", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def shown(folder: Path, *arguments: str) -> list[Message]:
    """What the whole of pylint says, in this process."""
    reporter = CollectingReporter()
    here, path = os.getcwd(), list(sys.path)
    os.chdir(folder)
    try:
        Run(["--load-plugins=rnnlint", "--persistent=n", *arguments], reporter=reporter, exit=False)
    finally:
        os.chdir(here)
        sys.path[:] = path
    return list(reporter.messages)


def told(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """What the program says, as the JSON that all its versions know."""
    assert not done.stderr, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def write(folder: Path, text: str = CODE, name: str = "model.py") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def linted(*paths: Path, **options: Any) -> list[Message]:
    """What our checker alone says in a pylint that is made here."""
    linter = PyLinter(reporter=CollectingReporter())
    rnnlint.register(linter)
    linter.disable("all")
    linter.enable("rnnlint")
    for name, value in options.items():
        linter.set_option(name.replace("_", "-"), value)
    linter.check([str(path) for path in paths])
    return list(linter.reporter.messages)


def names(found: list[Message]) -> list[str]:
    return sorted(message.symbol for message in found)


# ---- what is shown


def test_every_rule_is_a_message(tmp_path: Path) -> None:
    done = pylint(tmp_path, "--list-msgs")
    for rule in rules.all_rules():
        for severity in rule.severities:
            assert f":{host.symbol(rule, severity)} ({host.message_id(rule.code, severity)}):" in done.stdout
    assert not done.stderr


def test_ids_are_those_of_the_codes_and_no_two_are_the_same() -> None:
    assert host.message_id("RNN203", "warning") == "W6723"
    assert host.message_id("RNN101", "error") == "E6711"
    assert host.message_id("RNN302", "note") == "R6732"
    assert len(host.Checker.msgs) == sum(len(rule.severities) for rule in rules.all_rules())
    assert len({text[1] for text in host.Checker.msgs.values()}) == len(host.Checker.msgs)


def test_the_letter_of_a_message_is_that_of_its_severity(tmp_path: Path) -> None:
    """A name that the target no longer has is an error, one that still runs there a warning."""
    write(tmp_path)
    assert {m.msg_id[0] for m in shown(tmp_path, *ONLY_OURS, "model.py")} == {"E"}
    assert {m.msg_id[0] for m in shown(tmp_path, *ONLY_OURS, "--rnn-target-tensorflow=1.15", "model.py")} == {"W"}
    assert names(shown(tmp_path, "--errors-only", "--disable=import-error", "model.py")) == BOTH


def test_rows_columns_ends_and_texts_are_those_of_the_engine(tmp_path: Path) -> None:
    path = write(tmp_path, CODE + '"é€"; tf.contrib.rnn.LSTMCell(4)\nrun = (tf\n    .nn\n    .dynamic_rnn)\n')
    findings = engine.check_file(str(path), Settings(), engine.Project()).findings
    assert [
        (m["line"], m["column"], m["endLine"], m["endColumn"], m["message-id"], m["symbol"], m["message"])
        for m in told(pylint(tmp_path, *ONLY_OURS, "--output-format=json", "model.py"))
    ] == [
        (
            f.row,
            f.column - 1,
            f.end_row,
            f.end_column - 1,
            host.message_id(f.code, f.severity),
            f"{f.name}-{f.severity}",
            f.message,
        )
        for f in findings
    ]
    assert len(findings) == 4
    assert (findings[2].row, findings[2].column, findings[3].row) == (5, 7, 8)


def test_the_object_is_the_function_or_class_around_the_place(tmp_path: Path) -> None:
    text = """\
import tensorflow as tf

"é"; tf.nn.rnn_cell.GRUCell(1)

class Net:
    cell = tf.nn.rnn_cell.GRUCell(1)

    def build(self, cell=tf.nn.rnn_cell.GRUCell(1)):
        def inner():
            "é€"; return [tf.nn.rnn_cell.GRUCell(n) for n in (1, 2) if f"{n}"]
        return inner
"""
    objects = [(message.line, message.obj) for message in linted(write(tmp_path, text))]
    assert objects == [(3, ""), (6, "Net"), (8, "Net.build"), (10, "Net.build.inner")]


def test_messages_are_on_without_being_asked_for(tmp_path: Path) -> None:
    write(tmp_path)
    assert [s for s in names(shown(tmp_path, "model.py")) if s.startswith("legacy-")] == BOTH


@pytest.mark.parametrize("rule", rules.all_rules(), ids=lambda rule: rule.code)
def test_the_help_of_a_message_is_the_page_of_its_rule(rule: rules.Rule) -> None:
    checker = host.Checker(PyLinter())
    symbols = [host.symbol(rule, severity) for severity in rule.severities]
    messages = [m for m in checker.messages if m.symbol in symbols]
    assert len(messages) == len(symbols)
    for message in messages:
        heading, page = message.format_help(checkerref=True).split("\n", 1)
        assert heading == f":{message.symbol} ({message.msgid}):"
        assert page == rule_pages.as_text(rule_pages.page(rule))


def test_help_is_printed_as_it_is_laid_out(tmp_path: Path) -> None:
    done = pylint(tmp_path, "--help-msg=large-static-unroll,W6713,RNN102")
    assert done.stdout.startswith(":large-static-unroll (W6721):\nlarge-static-unroll (RNN201)\n\n")
    assert "\nUse instead:\n\n    import tensorflow as tf\n" in done.stdout
    assert "\n:legacy-cell-warning (W6713):\n" in done.stdout
    assert "\n:legacy-dynamic-runner-error (E6712):\n" in done.stdout
    assert "\n:legacy-dynamic-runner-warning (W6712):\n" in done.stdout


# ---- what is chosen


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--disable=all", "--enable=legacy-cell"], BOTH[:1]),
        (["--disable=all", "--enable=legacy-cell-error"], BOTH[:1]),
        (["--disable=all", "--enable=E6712"], BOTH[1:]),
        (["--disable=all", "--enable=RNN102"], BOTH[1:]),
        (["--disable=all", "--enable=W6712"], []),
        (["--disable=all", "--enable=RNN102,RNN103"], BOTH),
        (["--disable=all", "--enable=rnnlint"], BOTH),
        ([*ONLY_OURS, "--disable=E6713"], BOTH[1:]),
        ([*ONLY_OURS, "--disable=legacy-cell"], BOTH[1:]),
        ([*ONLY_OURS, "--rnn-profile=maintain", "--rnn-target-tensorflow=1.15"], []),
        ([*ONLY_OURS, "--rnn-profile=maintain"], BOTH),
    ],
)
def test_what_pylint_can_choose_is_chosen(tmp_path: Path, arguments: list[str], expected: list[str]) -> None:
    write(tmp_path)
    assert names(shown(tmp_path, *arguments, "model.py")) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".pylintrc", "[MAIN]\nload-plugins=rnnlint\n[RNNLINT]\nrnn-target-tensorflow=1.15\nrnn-max-unroll=60\n"),
        ("setup.cfg", "[pylint.rnnlint]\nrnn-target-tensorflow=1.15\nrnn-max-unroll=60\n"),
        ("pyproject.toml", '[tool.pylint.rnnlint]\nrnn-target-tensorflow = "1.15"\nrnn-max-unroll = 60\n'),
    ],
)
def test_configuration_files_are_read(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, CODE + LONG)
    assert "large-static-unroll" in names(shown(tmp_path, *ONLY_OURS, "model.py"))
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = told(pylint(tmp_path, *ONLY_OURS, "--output-format=json", "model.py"))
    assert sorted({message["symbol"] for message in found}) == [*BOTH_RUN, "legacy-static-runner-warning"]
    assert all("that TensorFlow 2.0 removes" in m["message"] for m in found if m["symbol"] in BOTH_RUN)


def test_every_option_for_hosts_is_offered() -> None:
    linter = PyLinter()
    rnnlint.register(linter)
    for option in OPTIONS:
        offered = getattr(linter.config, f"rnn_{option.key}", None)
        assert offered == (option.default if option.in_hosts else None)


@pytest.mark.parametrize(
    ("option", "described"),
    [
        (Option("limit", "int", 20, "A number", metavar="STEPS"), {"type": "int", "metavar": "<steps>"}),
        (Option("names", "list", (), "Words"), {"type": "csv", "metavar": "<comma separated values>"}),
        (Option("strict", "bool", False, "A choice"), {"type": "yn", "metavar": "<y or n>"}),
        (Option("way", "choice", "a", "A choice", choices=("a", "b")), {"type": "choice", "choices": ["a", "b"]}),
    ],
)
def test_an_option_of_any_kind_can_be_offered(option: Option, described: dict[str, Any]) -> None:
    offered = host._described(option)
    assert described.items() <= offered.items()
    assert offered["default"] == option.default
    linter = PyLinter()
    linter.options = ((option.name, offered),)
    linter._register_options_provider(linter)
    assert getattr(linter.config, option.name) == option.default


@pytest.mark.parametrize(
    ("flags", "complaint"),
    [
        (["--rnn-target-tensorflow=soon"], "target-tensorflow must be a version such as \"2.15\", not 'soon'"),
        (["--rnn-max-unroll=-3", "-j2"], "max-unroll must be a whole number, 0 or more, not -3"),
    ],
)
def test_a_wrong_option_is_reported_in_one_line(tmp_path: Path, flags: list[str], complaint: str) -> None:
    write(tmp_path)
    done = pylint(tmp_path, *flags, "model.py")
    assert done.returncode == 32
    assert done.stderr.splitlines() == [f"pylint: error: rnnlint's options: {complaint}"]
    assert done.stdout == ""


def test_a_wrong_value_in_a_file_is_reported_in_one_line(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.pylint.rnnlint]\nrnn-max-unroll = -3\n", encoding="utf-8")
    done = pylint(tmp_path, "model.py")
    assert (done.returncode, len(done.stderr.splitlines())) == (32, 1)


def test_opt_in_rules_wait_until_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = rules.all_rules()[0]._replace(opt_in=True)
    (ident, message), *_ = host._messages(quiet)
    monkeypatch.setitem(host.Checker.msgs, ident, message)
    linter = PyLinter()
    rnnlint.register(linter)
    assert not linter.is_message_enabled(ident)
    for rule in rules.all_rules()[1:]:
        for severity in rule.severities:
            assert linter.is_message_enabled(host.message_id(rule.code, severity)) is not rule.opt_in
    linter.enable(quiet.name)
    assert linter.is_message_enabled(ident)


# ---- what is silenced

FOUR = """\
import tensorflow as tf
{module}

def build(cell, xs):
    {function}
    a = tf.nn.dynamic_rnn(cell, xs, [1]){trailing}
    {following}
    b = (tf
         .nn
         .dynamic_rnn)(cell, xs, [1]){last}
    return a, b


def other(cell, xs):
    return tf.nn.dynamic_rnn(cell, xs, [1])
"""


@pytest.mark.parametrize("word", ["legacy-dynamic-runner", "legacy-dynamic-runner-error", "E6712", "RNN102", "rnnlint"])
@pytest.mark.parametrize(
    ("place", "comment", "lines"),
    [
        ("trailing", "  # pylint: disable={}", [10, 15]),
        ("last", "  # pylint: disable={}", [6, 15]),
        ("following", "# pylint: disable={}", [6, 15]),
        ("function", "# pylint: disable={}", [15]),
        ("module", "# pylint: disable={}", []),
        ("module", "# pylint: skip-file", []),
    ],
)
def test_comments_silence_what_they_stand_for(
    tmp_path: Path, word: str, place: str, comment: str, lines: list[int]
) -> None:
    places = {"module": "", "function": "pass", "trailing": "", "following": "pass", "last": ""}
    path = write(tmp_path, FOUR.format(**{**places, place: comment.format(word)}))
    assert [message.line for message in linted(path)] == lines


def test_disable_next_silences_one_line(tmp_path: Path) -> None:
    text = "import tensorflow as tf\n# pylint: disable-next=legacy-cell\ntf.nn.rnn_cell.GRUCell(1)\n"
    path = write(tmp_path, text + "tf.nn.rnn_cell.GRUCell(1)\n")
    assert [message.line for message in linted(path)] == [4]


def test_a_comment_enables_what_is_disabled(tmp_path: Path) -> None:
    write(tmp_path, CODE.replace("cell =", "# pylint: enable=legacy-cell\ncell ="))
    assert names(shown(tmp_path, "--disable=all", "--enable=legacy-seq2seq", "model.py")) == BOTH[:1]


def test_a_comment_that_silences_nothing_is_reported_by_pylint(tmp_path: Path) -> None:
    write(tmp_path, CODE.replace("(4)", "(4)  # pylint: disable=legacy-cell,legacy-seq2seq"))
    found = shown(tmp_path, *ONLY_OURS, "--enable=useless-suppression", "model.py")
    assert names(found) == [BOTH[1], "useless-suppression", "useless-suppression"]
    useless = sorted(m.msg for m in found if m.symbol == "useless-suppression")
    assert "'legacy-seq2seq-error'" in useless[0]
    assert "'legacy-seq2seq-warning'" in useless[1]


# ---- how it is run


def test_standard_input_is_checked(tmp_path: Path) -> None:
    (tmp_path / "compat.py").write_text("import tensorflow.compat.v1 as tf\n", encoding="utf-8")
    text = '# coding: latin-1\nfrom compat import tf\n"é"; tf.nn.dynamic_rnn(None, None, [1])\n'
    command = [sys.executable, "-m", "pylint", "--load-plugins=rnnlint", *ONLY_OURS, "--output-format=json"]
    done = subprocess.run(
        [*command, "--from-stdin", "shown.py"], cwd=tmp_path, input=text.encode(), capture_output=True, timeout=120
    )
    found = json.loads(done.stdout)
    assert [(m["path"], m["line"], m["column"], m["symbol"]) for m in found] == [
        ("shown.py", 3, 5, "legacy-dynamic-runner-warning")
    ]


def test_many_files_in_many_processes_give_the_same(tmp_path: Path) -> None:
    for number in range(6):
        write(tmp_path, name=f"model{number}.py")
    files = [path.name for path in sorted(tmp_path.glob("*.py"))]
    options = [*ONLY_OURS, "--rnn-target-tensorflow=1.15"]
    alone = told(pylint(tmp_path, *options, "--output-format=json", "-j1", *files))
    together = told(pylint(tmp_path, *options, "--output-format=json", "-j2", *files))
    assert sorted(together, key=repr) == sorted(alone, key=repr)
    assert len(together) == 12
    assert all("that TensorFlow 2.0 removes" in message["message"] for message in together)


@pytest.mark.parametrize("text", ["def broken(:\n", "import tensorflow as tf\nprint tf.nn.dynamic_rnn\n", "", "\0"])
def test_what_python_cannot_parse_is_left_to_pylint(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    found = shown(tmp_path, *ONLY_OURS, "--enable=syntax-error", "model.py")
    assert set(names(found)) <= {"syntax-error"}


def test_nothing_is_done_where_no_message_is_enabled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host.Checker, "visit_module", lambda *_: pytest.fail("asked"))
    linter = PyLinter(reporter=CollectingReporter())
    rnnlint.register(linter)
    linter.disable("rnnlint")
    linter.check([str(write(tmp_path))])
    assert linter.reporter.messages == []


def test_a_file_without_any_of_our_words_is_not_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host.Checker, "_check", lambda *_: pytest.fail("parsed"))
    assert linted(write(tmp_path, "x = 1\n")) == []


def test_importing_rnnlint_imports_no_host() -> None:
    program = (
        "import rnnlint, sys; print([m for m in sys.modules if m.split('.')[0] in ('rnnlint', 'pylint', 'typing')])"
    )
    done = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True,
                          cwd=Path(rnnlint.__file__).parent.parent)  # fmt: skip
    assert done.stdout.strip() == "['rnnlint']"


# ---- the user's own modules

COMPAT = "import tensorflow.compat.v1 as tf\nSTEPS = 60\nopen('executed', 'w').close()\n"
MODEL = """\
from {package} import {names}


def build(cell, x):
    return {module}tf.nn.static_rnn(cell, {module}tf.unstack(x, {module}STEPS, axis=1), None, None, [1])
"""
FOUND = ["large-static-unroll", "legacy-static-runner-warning"]


def model(package: str, names: str = "STEPS, tf", module: str = "") -> str:
    return MODEL.format(package=package, names=names, module=module)


def test_imports_are_followed_into_files_beside(tmp_path: Path) -> None:
    write(tmp_path, COMPAT, "compat.py")
    assert names(linted(write(tmp_path, model("compat")))) == FOUND
    assert not (tmp_path / "executed").exists()


def test_imports_are_followed_into_source_roots(tmp_path: Path) -> None:
    write(tmp_path, COMPAT, "python/lib/shared/compat.py")
    write(tmp_path, "", "python/lib/shared/__init__.py")
    path = write(tmp_path, model("shared.compat"), "app/model.py")
    write(tmp_path, "", "app/pyproject.toml")
    assert linted(path) == []
    roots = "--source-roots=python/lib,app"
    assert names(shown(tmp_path, *ONLY_OURS, roots, "python/lib/shared", "app/model.py")) == FOUND
    assert not list(tmp_path.rglob("executed"))


def test_imports_are_followed_to_where_an_init_hook_leads(tmp_path: Path) -> None:
    write(tmp_path, COMPAT, "elsewhere/compat.py")
    write(tmp_path, model("compat"), "app/model.py")
    hook = f"--init-hook=import sys; sys.path.append({str(tmp_path / 'elsewhere')!r})"
    assert names(shown(tmp_path / "app", *ONLY_OURS, "model.py")) == []
    assert names(shown(tmp_path / "app", *ONLY_OURS, hook, "model.py")) == FOUND
    assert not list(tmp_path.rglob("executed"))


@pytest.mark.parametrize(
    "text",
    [
        model("space.two.compat"),
        model("space.two", "compat", "compat."),
        model(".two.compat"),
        model("..space.two", "compat", "compat."),
        "import space.two.compat as compat\n" + model("os", "path", "compat."),
    ],
)
def test_imports_are_followed_through_namespace_packages(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, COMPAT, "second/space/two/compat.py")
    path = write(tmp_path, text, "first/space/model.py")
    write(tmp_path, "", "first/setup.py")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "first"), str(tmp_path / "second"), *sys.path])
    assert names(linted(path)) == FOUND
    assert not list(tmp_path.rglob("executed"))


def test_installed_packages_and_the_standard_library_are_not_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, COMPAT, "venv/site-packages/compat.py")
    write(tmp_path, COMPAT, "own/code/__init__.py")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "venv" / "site-packages"), str(tmp_path / "own"), *sys.path])
    locate = host.OwnModules()
    importer = str(tmp_path / "app" / "model.py")
    assert [locate(importer, name, 0) for name in ("compat", "code", "code.missing", "json", "pytest", "sys")] == (
        [None] * 6
    )
    assert linted(write(tmp_path, model("compat"), "app/model.py")) == []
    assert not list(tmp_path.rglob("executed"))


def test_libraries_are_never_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "nn = None\n", "own/tensorflow/__init__.py")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "own"), *sys.path])
    assert names(linted(write(tmp_path, CODE, "app/model.py"))) == BOTH


@pytest.mark.parametrize("name", ["", "..", "a..b", "a b", "missing", "missing.too"])
def test_names_that_lead_nowhere_give_no_answer(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert host.OwnModules()(str(tmp_path / "model.py"), name, 0) is None
    assert host.OwnModules()(str(tmp_path / "model.py"), name, 3) is None
