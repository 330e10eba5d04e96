"""Does twice as much of one thing take about twice the work? Counted in steps of the interpreter, not by the clock."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import growing_programs
import pytest

from rnnlint.finding import Edit, Finding, Fix
from rnnlint.hosts.command_line import main
from rnnlint.read.edited import edited
from rnnlint.report.applying import compatible
from rnnlint.report.noqa_edit import NoqaEdits

STEEPEST = 1.2
"""Work may grow with this power of the size, as `tox -e growth` asks for in full."""

TF = "import tensorflow as tf\n"
CALL = "tf.nn.dynamic_rnn(c, x)"

Program = dict[str, str]

QUICK = ("methods", "classes", "stores in a dict", "layers in a list", "models in functions", "handlers")
"""Those of `growing_programs` that are counted here."""


def notebook(cells: list[str]) -> Program:
    code = [{"cell_type": "code", "source": text} for text in cells]
    return {"m.ipynb": json.dumps({"cells": code, "nbformat": 4, "nbformat_minor": 5})}


def cells_that_import(size: int) -> Program:
    return notebook([f"{TF}{CALL}" for _ in range(size)])


def comments_that_silence(size: int) -> Program:
    return {"m.py": TF + f"{CALL}  # noqa: RNN102\n" * size}


def one_line_of_calls(size: int) -> Program:
    return {"m.py": TF + "; ".join([CALL] * size) + "\n"}


def one_line_that_is_not_ascii(size: int) -> Program:
    return {"m.py": TF + "; ".join([f"é = {CALL}"] * size) + "\n"}


def one_call_of_calls(size: int) -> Program:
    return {"m.py": TF + f"f({', '.join([CALL] * size)})\n"}


def names_of_the_library(size: int) -> Program:
    return {"m.py": "".join(f"import tensorflow as t{at}\nt{at}.nn.dynamic_rnn(c, x)\n" for at in range(size))}


def names_by_star(size: int) -> Program:
    names = "".join(f"from tensorflow.contrib.rnn import static_rnn as r{at}\n" for at in range(size))
    uses = "".join(f"r{at}(c, x)\n" for at in range(size))
    return {"m.py": f"from between import *\n{uses}", "between.py": "from names import *\n", "names.py": names}


def modules_in_a_circle(size: int) -> Program:
    text = "from m{} import *\nimport tensorflow as tf\ny = tf.nn.rnn_cell.LSTMCell(3)\n"
    return {f"m{at}.py": text.format((at + 1) % size) for at in range(size)}


def conditions_one_after_the_other(size: int) -> Program:
    row = "".join(f"if a == {at}:\n    n = {at}\n" for at in range(size))
    return {"m.py": f"{TF}n = 0\n{row}tf.nn.static_rnn(cell, tf.unstack(x, n, 1))\n"}


def files_in_one_folder(size: int) -> Program:
    text = "import tensorflow as tf\ndef f{0}(c, x, n):\n    return tf.nn.static_rnn(c, tf.unstack(x, n, 1))\n"
    return {f"m{at}.py": text.format(at) for at in range(size)}


def parts_of(name: str) -> Callable[[int], Program]:
    """What makes a program of so many parts of this name."""

    def make(size: int) -> Program:
        return growing_programs.with_parts(name, size)

    make.__name__ = name.replace(" ", "_")
    return make


def steps(work: Callable[[], object]) -> int:
    """How many lines and calls the interpreter runs in this."""
    count = 0

    def trace(_frame: object, _event: str, _argument: object) -> object:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def grows_by(few: int, many: int, times: float) -> None:
    assert many <= few * times**STEEPEST, f"{few} steps become {many} for {times:g} times as much"


def write(folder: Path, program: Program) -> None:
    folder.mkdir()
    (folder / ".git").mkdir()
    for name, text in program.items():
        (folder / name).write_text(text, encoding="utf-8")


FIX = ("--fix", "--unsafe-fixes")
GROWING: list[tuple[Callable[[int], Program], int]] = [
    (cells_that_import, 80),
    (comments_that_silence, 100),
    (one_line_of_calls, 100),
    (one_line_that_is_not_ascii, 100),
    (one_call_of_calls, 80),
    (names_of_the_library, 80),
    (names_by_star, 80),
    (conditions_one_after_the_other, 100),
    (files_in_one_folder, 50),
]
# In a circle each file that is fixed is one that all others are made of; the parts make no fixes of a new kind.
CHECKED_ONLY = [(modules_in_a_circle, 40), *((parts_of(name), 40) for name in QUICK)]


@pytest.mark.parametrize(
    ("make", "size", "flags"),
    [*((*one, flags) for one in GROWING for flags in ((), FIX)), *((*one, ()) for one in CHECKED_ONLY)],
    ids=lambda value: value.__name__ if callable(value) else "fix" if value == FIX else "",
)
def test_the_work_grows_with_the_size_of_a_program(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    make: Callable[[int], Program],
    size: int,
    flags: tuple[str, ...],
) -> None:
    if sys.gettrace() is not None:
        pytest.skip("steps are counted by whoever measures coverage")
    counts = []
    # The first run fills what is kept of the facts.
    for number, much in enumerate((size, size, 4 * size)):
        folder = tmp_path / str(number)
        write(folder, make(much))
        arguments = ["check", "--isolated", "--no-cache", "--jobs", "1", "--quiet", "--max-unroll", "0"]
        counts.append(steps(lambda: main([*arguments, *flags, str(folder)])))  # noqa: B023
    assert capsys.readouterr().err == ""
    grows_by(counts[1], counts[2], 4)


# ---- one part alone


def fixes(size: int, cell: int | None = None) -> list[Finding]:
    edits = [Edit(row, 1, row, 2, "y", cell) for row in range(1, size + 1)]
    return [
        Finding("m.py", cell, edit.row, 1, "RNN101", edit.row, 2, "x", "x", fix=Fix("x", "safe", (edit,)))
        for edit in edits
    ]


def test_fixes_that_go_together_are_chosen_in_steps_that_grow_with_their_number() -> None:
    few, many = (steps(lambda: compatible(fixes(size))) for size in (100, 800))  # noqa: B023
    grows_by(few, many, 8)


def test_edits_of_one_cell_take_steps_that_grow_with_their_number() -> None:
    counts = []
    for size in (100, 800):
        lines = ["x\n"] * size
        data = json.dumps({"cells": [{"cell_type": "code", "source": lines}]}).encode()
        edits = {1: [finding.fix.edits[0] for finding in fixes(size) if finding.fix is not None]}
        counts.append(steps(lambda: edited(data, "n.ipynb", edits)))  # noqa: B023
    grows_by(*counts, 8)


def test_comments_for_all_findings_of_a_page_take_steps_that_grow_with_their_number() -> None:
    counts = []
    for size in (100, 800):
        makes = NoqaEdits(["x  # noqa: E501"] * size)
        counts.append(steps(lambda: [makes.of([finding]) for finding in fixes(size)]))  # noqa: B023
    grows_by(*counts, 8)


def test_a_text_whose_tree_would_fill_the_memory_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "m.py"
    path.write_text(f"{TF}{CALL}; y = [{'x, ' * 600_000}]\n", encoding="utf-8")
    assert main(["check", "--isolated", "--no-cache", "--quiet", str(path)]) == 2
    shown = os.path.relpath(path)
    error = capsys.readouterr().err
    assert error in (
        f"error: {name}:2:1: too large: more than 500,000 names and numbers\n" for name in (str(path), shown)
    )


def test_a_long_string_is_no_large_tree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["'" + "a rnn cell " * 200_000 + "'", '"""' + "a rnn cell\n" * 200_000 + '"""']
    texts += ["# a rnn cell\n" * 200_000, "'a \\' rnn cell' " * 200_000]
    for text in texts:
        (tmp_path / "m.py").write_text(f"{TF}{CALL}\n{text}\n", encoding="utf-8")
        assert main(["check", "--isolated", "--no-cache", "--quiet", str(tmp_path)]) == 1
        assert capsys.readouterr().err == ""
