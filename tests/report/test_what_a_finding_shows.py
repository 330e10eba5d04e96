"""What does a finding say about itself? How much it weighs, what brought its name, and what it rests on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rnnlint import engine
from rnnlint.finding import Finding
from rnnlint.read.notebook import read_notebook
from rnnlint.read.source import from_text
from rnnlint.settings import from_mapping

IMPORTED = """\
from tensorflow.nn import static_rnn
from tensorflow.contrib import rnn


def build(xs):
    cell = rnn.GRUCell(8)
    first = static_rnn(cell, xs)
    return first, static_rnn(cell, xs)
"""


def found(text: str, filename: str = "model.py", **options: Any) -> list[Finding]:
    settings = from_mapping(options, "test")
    return list(engine.check_source(from_text(text, filename), settings, engine.Project()).findings)


def severities(text: str, **options: Any) -> list[str]:
    return [finding.severity for finding in found(text, **options)]


# ---- severity


def test_a_name_that_is_gone_on_the_target_is_an_error_and_one_that_runs_there_a_warning() -> None:
    code = "import tensorflow as tf\ntf.nn.dynamic_rnn(cell, xs, [1])\n"
    assert severities(code) == ["error"]
    assert severities(code, target_tensorflow="1.15") == ["warning"]
    assert severities("import tensorflow as tf\ntf.compat.v1.nn.dynamic_rnn(cell, xs, [1])\n") == ["warning"]


def test_a_name_that_the_target_does_not_have_yet_is_an_error() -> None:
    code = "import tensorflow as tf\ntf.compat.v1.nn.dynamic_rnn(cell, xs, [1])\n"
    assert severities(code, target_tensorflow="1.12") == ["error"]


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    from tensorflow.contrib import rnn\nexcept ImportError:\n    rnn = None\n",
        "import tensorflow as tf\nif tf.__version__ < '2':\n    cell = tf.nn.rnn_cell.GRUCell(4)\n",
    ],
)
def test_code_that_asks_for_the_release_first_does_not_fail_there(code: str) -> None:
    assert severities(code) == ["warning"]


def test_a_name_that_one_branch_takes_from_where_it_still_runs_is_a_warning() -> None:
    code = """\
try:
    from tensorflow.contrib.rnn import static_rnn
except ImportError:
    from tensorflow.compat.v1.nn import static_rnn
static_rnn(cell, xs)
"""
    assert severities(code) == ["warning", "warning", "warning"]


def test_opt_in_rules_make_notes() -> None:
    code = "import tensorflow as tf\ntf.compat.v1.nn.dynamic_rnn(cell, xs)\n"
    assert severities(code, select=["RNN302"]) == ["note"]


# ---- imports and uses


def test_a_use_says_in_few_words_what_its_import_says_at_length() -> None:
    imported, module, cell, first, second = found(IMPORTED)
    assert imported.is_import
    assert imported.help.startswith("use `tf.keras.layers.RNN(cell)`")
    for use in (first, second):
        assert use.message == "tf.nn.static_rnn was removed in TensorFlow 2.0; see its import on line 1 for what to use"
        assert (use.import_place, use.repeats_import) == ((0, 1, 27), True)
    assert module.is_import
    assert cell.import_place == (0, module.row, module.column)
    assert not cell.repeats_import
    assert "GRUCell(reset_after=False)" in cell.help


def test_uses_can_be_left_out_where_the_import_says_the_same() -> None:
    assert [finding.row for finding in found(IMPORTED, report_uses=False)] == [1, 2, 6]


def test_a_use_says_all_where_its_import_is_not_reported() -> None:
    code = "from tensorflow import nn\nnn.static_rnn(cell, xs)\n"
    (use,) = found(code, report_uses=False)
    assert use.help.startswith("use `tf.keras.layers.RNN(cell)`")


# ---- because


def test_a_line_that_a_finding_stands_at_is_no_reason_for_it() -> None:
    code = "import tensorflow as tf\ntf.compat.v1.nn.static_rnn(cell, [x] * 300)\n"
    (long,) = found(code, select=["RNN201"])
    assert long.because == ()


def test_a_removed_name_is_not_explained_by_a_length() -> None:
    code = "import tensorflow as tf\nsteps = 300\ntf.nn.static_rnn(cell, [x] * steps)\n"
    removed, long = found(code)
    assert removed.because == ()
    assert [origin.row for origin in long.because] == [2]


def test_a_line_of_a_notebook_is_named_with_its_cell() -> None:
    cells = ["import tensorflow as tf\nsteps = 300", "tf.compat.v1.nn.static_rnn(cell, [x] * steps)"]

    text = json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]})
    settings = from_mapping({"select": ["RNN201"]}, "test")
    (long,) = engine.check_source(read_notebook(text, "n.ipynb"), settings, engine.Project()).findings
    assert [(origin.cell, origin.row) for origin in long.because] == [(1, 2)]
