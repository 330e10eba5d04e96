"""Does --add-noqa silence what is found, and nothing else? The engine of these tests finds `legacy()` and `cell()`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


def test_each_line_with_a_finding_gets_a_comment_with_its_codes(run, project: Path) -> None:
    file = project / "a.py"
    file.write_bytes(b"x = 1\r\nlegacy(cell())\r\ncell()  # why\r\n")
    result = run("check", "--add-noqa")
    assert (result.code, result.out, result.err) == (0, "", "Added 2 noqa comments in 1 file.\n")
    assert file.read_bytes() == (
        b"x = 1\r\nlegacy(cell())  # noqa: RNN102, RNN103\r\ncell()  # why  # noqa: RNN103\r\n"
    )
    assert run("check").code == 0
    assert run("check", "--add-noqa").err == "No noqa comment added.\n"


def test_a_comment_that_is_there_gets_more_codes(run, project: Path) -> None:
    (project / "a.py").write_text("legacy()  # noqa: E501\n")
    run("check", "--add-noqa")
    assert (project / "a.py").read_text() == "legacy()  # noqa: E501, RNN102\n"


def test_a_comment_stands_where_one_can(run, project: Path) -> None:
    (project / "a.py").write_text('x = legacy() + \\\n    cell()\ny = legacy("""\n""")\n')
    assert run("check", "--add-noqa").code == 0
    assert (project / "a.py").read_text() == (
        'x = legacy() + \\\n    cell()  # noqa: RNN102, RNN103\ny = legacy("""\n""")  # noqa: RNN102\n'
    )
    assert run("check").code == 0


def test_a_cell_of_a_notebook_gets_its_comment(run, project: Path) -> None:
    cells = [{"cell_type": "code", "source": ["x = 1\n", text], "metadata": {}} for text in ("legacy()", "cell()")]
    (project / "n.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}}))
    assert run("check", "--add-noqa").code == 0
    written = json.loads((project / "n.ipynb").read_text())
    assert [cell["source"][1] for cell in written["cells"]] == ["legacy()  # noqa: RNN102", "cell()  # noqa: RNN103"]
    assert run("check").code == 0


def test_what_the_baseline_knows_needs_no_comment(run, project: Path) -> None:
    (project / "a.py").write_text("legacy()\n")
    run("check", "--baseline", "known.json", "--write-baseline")
    (project / "a.py").write_text("legacy()\ncell()\n")
    run("check", "--baseline", "known.json", "--add-noqa")
    assert (project / "a.py").read_text() == "legacy()\ncell()  # noqa: RNN103\n"


def test_a_file_that_cannot_be_written_stays_and_is_reported(run, project: Path) -> None:
    file = project / "a.py"
    file.write_text("legacy()\n")
    file.chmod(0o444)
    result = run("check", "--add-noqa", "-q")
    assert (result.code, result.err) == (2, "error: a.py: not silenced: the file is read-only\n")
    assert file.read_text() == "legacy()\n"


@pytest.mark.parametrize("flag", ["--fix", "--diff", "--statistics", "--ignore-noqa", "--show-files"])
def test_what_silences_and_what_does_something_else_contradict_each_other(run, flag: str) -> None:
    result = run("check", "--add-noqa", flag)
    assert (result.code, result.err) == (2, f"error: --add-noqa and {flag} cannot be combined\n")
