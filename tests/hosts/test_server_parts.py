"""Do the parts of the server that need no pygls do their work, and is its lack told? The rest is in test_server."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from rnnlint.finding import Finding
from rnnlint.hosts.command_line import main
from rnnlint.hosts.configuration import Configurations
from rnnlint.hosts.server.check import Module, Page, Report, check
from rnnlint.report.noqa_edit import NoqaEdits

PAGE = Path(__file__).parents[2] / "docs" / "editors.md"
CODE = "import tensorflow as tf\ntf.nn.static_rnn(cell, xs)\n"

WITHOUT_PYGLS = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("pygls", "lsprotocol"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from rnnlint.hosts.command_line import main
sys.exit(main(["server"]))
"""


def test_without_pygls_one_line_says_what_to_install(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_PYGLS]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "error: rnnlint server needs pygls 2 or later: pip install 'rnnlint[server]'\n"


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--profil=x"], "unknown option '--profil' (did you mean '--profile'?)"),
        (["--select=RNN9"], "RNN9"),
        (["--config=absent.toml"], "absent.toml"),
        (["--isolated", "--config=x"], "--isolated and --config cannot be combined"),
    ],
)
def test_flags_that_cannot_be_used_are_reported_at_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    flags: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["server", *flags]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert told in error


def report(folder: Path, text: str, name: str = "model.py", judge_noqa: bool = False, **flags: str) -> Report:
    module = Module(str(folder / name), (Page("uri", text),))
    return check(module, Configurations(flags, str(folder)), judge_noqa)


def codes(found: Report) -> list[str]:
    return [finding.code for finding in found.findings]


def test_text_is_checked_that_no_file_has(tmp_path: Path) -> None:
    found = report(tmp_path, CODE)
    assert codes(found) == ["RNN101"]
    assert found.findings_on("uri") == found.findings
    assert found.findings_on("other") == []
    assert os.listdir(tmp_path) == []


def test_other_modules_that_were_asked_are_known_also_absent_ones(tmp_path: Path) -> None:
    found = report(tmp_path, "from sizes import STEPS\nimport tensorflow as tf\ntf.nn.static_rnn(c, [x] * STEPS)\n")
    assert str(tmp_path / "sizes.py") in found.consulted


@pytest.mark.parametrize("text", ["tensorflow (", "tensorflow\0", "", "tensorflow" + "(" * 3000])
def test_text_that_does_not_parse_has_no_findings(tmp_path: Path, text: str) -> None:
    assert codes(report(tmp_path, text)) == []


def test_encodings_are_for_files(tmp_path: Path) -> None:
    found = report(tmp_path, "# coding: latin-1\nimport tensorflow as tf\n'é'; tf.nn.static_rnn(cell, xs)\n")
    assert [finding.column for finding in found.findings] == [6]


def test_exclusion_looks_at_the_folders_below_the_root(tmp_path: Path) -> None:
    root = tmp_path / "build" / "project"
    (root / ".git").mkdir(parents=True)
    assert codes(report(root, CODE)) == ["RNN101"]
    assert codes(report(root, CODE, "build/model.py")) == []
    assert codes(report(root, CODE, "old/model.py", exclude="old/*")) == []
    assert codes(report(root, CODE, "build/model.py", exclude="old/*")) == ["RNN101"]


def test_idle_comments_are_reported_where_that_is_asked_for(tmp_path: Path) -> None:
    text = "x = 1  # noqa: RNN101\n"
    assert codes(report(tmp_path, text)) == []
    assert codes(report(tmp_path, text, judge_noqa=True)) == ["RNN100"]


EDITED = [
    (["f(x)"], 1, ["f(x)  # noqa: RNN101"]),
    (["f(x)  "], 1, ["f(x)  # noqa: RNN101"]),
    (["f(x) # why"], 1, ["f(x) # why  # noqa: RNN101"]),
    (["f(x)  # noqa:E501,W291 # why"], 1, ["f(x)  # noqa:E501,W291, RNN101 # why"]),
    (["f('''", "'''", ")"], 1, ["f('''", "'''  # noqa: RNN101", ")"]),
    (["f('''", "''')  # noqa: E501"], 1, ["f('''", "''')  # noqa: E501, RNN101"]),
    (["x = \\", "    f(x)"], 1, ["x = \\", "    f(x)  # noqa: RNN101"]),
    (["f(", "    x,", ")"], 1, ["f(  # noqa: RNN101", "    x,", ")"]),
    (["# rnnlint: noqa: E1", "f(x)"], 2, ["# rnnlint: noqa: E1", "f(x)  # noqa: RNN101"]),
    (["!pip install 'x", "f(x)"], 2, ["!pip install 'x", "f(x)  # noqa: RNN101"]),
]


@pytest.mark.parametrize(("lines", "row", "expected"), EDITED)
def test_a_comment_goes_where_it_silences(lines: list[str], row: int, expected: list[str]) -> None:
    (edit,) = NoqaEdits(lines).of([_finding(row)])
    assert edit.row == edit.end_row
    line = lines[edit.row - 1]
    changed = [*lines]
    changed[edit.row - 1] = line[: edit.column - 1] + edit.content + line[edit.end_column - 1 :]
    assert changed == expected


def _finding(row: int) -> Finding:
    return Finding("m.py", None, row, 1, "RNN101", row, 2, "legacy-static-runner", "message")


# What the filter's words stand for in PyCharm, whose paths are whole.
FILTER = {
    "$FILE_PATH$": r"(^|\W)(?P<file>(?:[A-Za-z]:|/)[0-9 a-z_A-Z\-\\./]+)",
    "$LINE$": "(?P<line>[0-9]+)",
    "$COLUMN$": "(?P<column>[0-9]+)",
}


def test_the_external_tool_of_pycharm_prints_what_its_filter_finds(tmp_path: Path) -> None:
    table = dict(re.findall(r"^\| ([A-Z][\w ]+) \| `(.*)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert table["Program"] == "$PyInterpreterDirectory$/rnnlint"
    assert table["Working directory"] == "$PyInterpreterDirectory$"
    (tmp_path / "project" / ".venv" / "bin").mkdir(parents=True)
    path = tmp_path / "project" / "model.py"
    path.write_text(CODE, encoding="utf-8")
    arguments = shlex.split(table["Arguments"].replace("$FilePath$", str(path)))
    done = subprocess.run(
        [sys.executable, "-m", "rnnlint", *arguments],
        cwd=tmp_path / "project" / ".venv" / "bin",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    expression = table["Output filters"]
    for word, pattern in FILTER.items():
        expression = expression.replace(word, pattern)
    found = re.search(expression, done.stdout)
    assert found is not None
    assert (found["file"], found["line"], found["column"]) == (str(path), "2", "1")


def test_every_editor_on_the_page_starts_the_server() -> None:
    text = PAGE.read_text(encoding="utf-8")
    blocks = dict(re.findall(r"```(\w+)\n(.*?)```", text.partition("## PyCharm")[0], re.DOTALL))
    told = json.loads(blocks["json"])
    assert [told["glspc.server.command"], *told["glspc.server.commandArguments"]] == ["rnnlint", "server"]
    assert "cmd = { 'rnnlint', 'server' }" in blocks["lua"]
    assert '("rnnlint" "server")' in blocks["elisp"]
    for block in (blocks["lua"], blocks["elisp"]):
        assert all(block.count(one) == block.count(other) for one, other in ("()", "{}"))
