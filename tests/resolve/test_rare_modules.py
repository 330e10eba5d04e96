"""Are names found in large projects, through stars, and in modules that cannot be read?"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from rnnlint import engine
from rnnlint.read.source import from_text
from rnnlint.resolve import flow, outline, project
from rnnlint.settings import Settings

HEAD = "import tensorflow as tf\n"
LOOP = "with tf.Graph().as_default():\n    for t in range(90):\n        out, state = cell(x[:, t], state)\n"


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")


def codes(folder: Path, name: str = "model", shared: engine.Project | None = None) -> list[tuple[int, str]]:
    checked = engine.check_file(str(folder / f"{name}.py"), Settings(), shared or engine.Project())
    return [(finding.row, finding.code) for finding in checked.findings]


def test_what_was_read_is_let_go_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "_MOST_PARSED", 10)
    write(tmp_path, helper=f"{HEAD}nn = tf.nn\n", model="from helper import nn\nnn.dynamic_rnn(cell, xs)\n")
    shared = engine.Project()
    found = []
    for _ in range(2):
        shared.let_go()
        found.append(codes(tmp_path, shared=shared))
    assert found == [[(2, "RNN102")]] * 2


def test_a_file_that_was_written_is_read_again(tmp_path: Path) -> None:
    other = f"{HEAD}def build(n):\n    tf.nn.static_rnn(cell, [x] * n)\n"
    write(tmp_path, model=other, train="import model\nmodel.build(90)\n")
    shared = engine.Project()
    lengths = []
    for steps in (90, 80):
        write(tmp_path, train=f"import model\nmodel.build({steps})\n")
        shared.changed(str(tmp_path / "train.py"))
        checked = engine.check_file(str(tmp_path / "model.py"), Settings(), shared)
        lengths.append(next(one.unroll_length for one in checked.findings))
    assert lengths == [90, 80]


def test_a_module_that_cannot_be_parsed_says_nothing(tmp_path: Path) -> None:
    write(tmp_path, helper=f"{HEAD}nn = tf.nn\n(\n", model="from helper import nn\nnn.dynamic_rnn(cell, xs)\n")
    assert codes(tmp_path) == []


def test_a_module_that_is_gone_says_nothing(tmp_path: Path) -> None:
    write(tmp_path, model=f"{HEAD}from helper import nn\nnn.dynamic_rnn(cell, xs)\ntf.nn.dynamic_rnn(cell, xs)\n")
    (tmp_path / "helper.py").symlink_to("nowhere.py")
    assert codes(tmp_path) == [(4, "RNN102")]


def test_what_a_loop_calls_is_no_cell_where_the_other_module_defines_a_function(tmp_path: Path) -> None:
    write(tmp_path, helper="def cell(x, state):\n    return x, state\n", model=f"{HEAD}from helper import cell\n{LOOP}")
    assert codes(tmp_path) == []
    write(tmp_path, here=f"{HEAD}cell = tf.nn.rnn_cell.GRUCell(4)\n{LOOP}")
    assert "RNN203" in [code for _, code in codes(tmp_path, "here")]


def test_names_come_through_stars_of_modules_and_of_libraries(tmp_path: Path) -> None:
    write(tmp_path, deep="from tensorflow import *\n", helper="from deep import *\n")
    write(tmp_path, model="from helper import *\nnn.dynamic_rnn(cell, xs)\n")
    assert codes(tmp_path) == [(2, "RNN102")]


def test_a_name_that_is_read_too_often_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "_MOST_STEPS", 3)
    text = f"{HEAD}nn = tf.nn\n" + "nn.dynamic_rnn(cell, xs)\n" * 9
    found = engine.check_source(from_text(text, "model.py"), Settings(), engine.Project()).findings
    assert 0 < sum(finding.code == "RNN102" for finding in found) < 9


def test_an_expression_of_another_module_has_no_home() -> None:
    module = engine.Project().open(from_text("x = 1\n", "model.py"))
    stranger = ast.parse("x", mode="eval").body
    assert module.tree.home(stranger) is None
    assert module.tree.call_of(stranger) is None
    with pytest.raises(KeyError):
        module.tree.home_of(stranger)


def test_a_lambda_has_its_scope_before_its_statement_was_looked_at() -> None:
    module = engine.Project().open(from_text("f = lambda n: n\n", "model.py"))
    (statement,) = module.tree.every_statement()
    assert isinstance(statement, ast.Assign)
    assert module.tree.scope_of(statement.value).kind == "lambda"
    assert module.tree.every_statement() == [statement]


def test_a_text_with_a_star_may_assign_anything() -> None:
    assert outline.may_assign(b"from a import *\n", b"name")
    assert not outline.may_assign(b"import a\n", b"name")


@pytest.mark.parametrize("text", ["from a b import c\n", "from  import c\n", "from . a import c\n"])
def test_what_names_no_module_is_no_import(text: str) -> None:
    assert all(one.module != "a b" for one in outline.imports(text.encode()))
