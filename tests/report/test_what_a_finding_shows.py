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
    first = static_rnn(cell, xs, **options)
    return first, static_rnn
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
        "import tensorflow as tf\nif tf.__version__ < '2':\n    def f():\n        tf.nn.rnn_cell.GRUCell(4)\n",
        "import tensorflow as tf\nif IS_TF_2:\n    pass\nelse:\n    cell = tf.nn.rnn_cell.GRUCell(4)\n",
        "import tensorflow as tf\ncell = tf.nn.rnn_cell.GRUCell(4) if hasattr(tf, 'contrib') else None\n",
        "import tensorflow as tf\ncell = hasattr(tf, 'contrib') and tf.nn.rnn_cell.GRUCell(4)\n",
        "import tensorflow as tf\nwith suppress(AttributeError):\n    cell = tf.nn.rnn_cell.GRUCell(4)\n",
        "import new\ntry:\n    new.rnn\nexcept AttributeError:\n    from tensorflow.contrib import rnn\n",
    ],
)
def test_code_that_asks_for_the_release_first_does_not_fail_there(code: str) -> None:
    assert severities(code) == ["warning"]


@pytest.mark.parametrize(
    "code",
    [
        "import tensorflow as tf\nif isinstance(cell, tf.contrib.rnn.RNNCell):\n    pass\n",
        "import tensorflow as tf\ntry:\n    def f():\n        tf.nn.raw_rnn(c, x)\nexcept ImportError:\n    f = 0\n",
        "import tensorflow as tf\ntry:\n    pass\nexcept ValueError:\n    tf.nn.rnn_cell.GRUCell(4)\n",
        "import tensorflow as tf\nif name == 'tf1':\n    tf.nn.rnn_cell.GRUCell(4)\n",
        "import tensorflow as tf\nx = tf.nn.rnn_cell.GRUCell(4) or hasattr(tf, 'contrib')\n",
    ],
)
def test_code_that_asks_for_something_else_fails_there(code: str) -> None:
    assert severities(code) == ["error"]


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
    assert imported.help.startswith("use `tf.keras.layers.RNN(cell, return_sequences=True, return_state=True)`")
    for use in (first, second):
        assert use.message == "tf.nn.static_rnn was removed in TensorFlow 2.0; see its import on line 1 for what to use"
        assert (use.import_place, use.repeats_import) == ((0, 1, 27), True)
    assert module.is_import
    assert cell.import_place == (0, module.row, module.column)
    assert not cell.repeats_import
    assert "GRUCell(8, reset_after=False)" in cell.help


def test_uses_can_be_left_out_where_the_import_is_reported() -> None:
    assert [finding.row for finding in found(IMPORTED, report_uses=False)] == [1, 2, 6]


def test_a_use_that_says_more_than_its_import_says_all_of_it() -> None:
    code = "from tensorflow.nn import dynamic_rnn\ndynamic_rnn(cell, xs, lengths, time_major=True)\n"
    imported, use = found(code)
    assert "import" not in use.help
    assert use.help != imported.help
    assert (use.import_place, use.repeats_import) == ((0, 1, 27), False)
    assert [finding.row for finding in found(code, report_uses=False)] == [1]


def test_a_use_says_all_where_its_import_is_not_reported() -> None:
    code = "from tensorflow import nn\nnn.static_rnn(cell, xs)\n"
    (use,) = found(code, report_uses=False)
    assert use.help.startswith("use `tf.keras.layers.RNN(cell, return_sequences=True, return_state=True)`")


def test_a_call_says_what_its_arguments_need_and_is_left_out_with_the_other_uses() -> None:
    code = "from tensorflow.nn import dynamic_rnn\ndynamic_rnn(cell, x, lengths)\n"
    imported, call = found(code)
    assert "mask" not in imported.help
    assert "mask=tf.sequence_mask(lengths, tf.shape(x)[1])" in call.help
    assert not call.repeats_import
    assert [finding.row for finding in found(code, report_uses=False)] == [1]


def test_a_use_of_what_a_version_switch_imports_refers_to_the_import_of_the_symbol_that_it_names() -> None:
    code = """\
try:
    from tensorflow.contrib.rnn import static_rnn
except ImportError:
    from tensorflow.compat.v1.nn import static_rnn
runner = static_rnn
"""
    *_, use = found(code)
    assert (use.row, use.import_place, use.repeats_import) == (5, (0, 2, 40), True)
    assert use.message.endswith("; see its import on line 2 for what to use")


# ---- lengths and what to do

HEAD = """\
import tensorflow as tf
from tensorflow.keras.layers import LSTMCell


def build(cell, x, steps):
    return tf.compat.v1.nn.static_rnn(cell, tf.unstack(x, steps, axis=1))


"""


def long_ones(text: str, **options: Any) -> list[Finding]:
    return [finding for finding in found(text, **options) if finding.code.startswith("RNN2")]


def test_callers_that_pass_different_lengths_make_a_range_and_each_end_is_explained() -> None:
    calls = "length = 60\nbuild(cell, x, length)\nbuild(cell, x, 70)\nbuild(cell, x, 2 * length)\n"
    (finding,) = long_ones(HEAD + calls)
    assert finding.message.startswith("60 to 120 copies of the cell go into the graph (limit 50)")
    assert finding.unroll_length is None
    assert [origin.text for origin in finding.because] == ["length = 60", "build(cell, x, 2 * length)"]


def test_the_low_end_of_an_unknown_length_is_not_the_length() -> None:
    code = HEAD + "class Net:\n    def __init__(self):\n        self.rnn = tf.keras.layers.LSTM(8, unroll=True)\n"
    code += "    def run(self, x):\n        return self.rnn(x)\nNet().run(tf.zeros((4, 60, 3)))\n"
    (finding,) = long_ones(code)
    assert "copies its cell at least 60 times into the graph" in finding.message


def test_one_copy_is_one_copy() -> None:
    (finding,) = long_ones(HEAD + "build(cell, x, 1)\n", max_unroll=0)
    assert finding.message.startswith("1 copy of the cell goes into the graph")


def test_the_line_of_a_maximum_is_that_of_the_number_it_takes() -> None:
    code = HEAD + "short = 20\nlong = 200\nbuild(cell, x, max(short, long))\n"
    (finding,) = long_ones(code)
    assert [origin.text for origin in finding.because] == ["long = 200"]


LOOP = """\
import tensorflow as tf
cell = tf.keras.layers.LSTMCell(8)
@tf.function
def run(x, state):
    outputs = []
    for t in {steps}:{comment}
        out, state = cell({given}, state)
        outputs.append(out){more}
    return outputs
"""


def loop(steps: str = "range(200)", comment: str = "", given: str = "x[:, t]", more: str = "") -> Finding:
    (finding,) = long_ones(LOOP.format(steps=steps, comment=comment, given=given, more=more))
    return finding


@pytest.mark.parametrize(
    ("steps", "comment", "end"),
    [
        ("range(200)", "", (6, 24)),
        ("range(200)", "  # over: time", (6, 24)),
        ("(range(200))", "", (6, 26)),
        ("range(\n        200  # how: long\n    )", "", (8, 6)),
        ("range({1: 200}[1]) ", "", (6, 33)),
    ],
)
def test_a_loop_is_pointed_at_from_its_for_to_its_colon(steps: str, comment: str, end: tuple[int, int]) -> None:
    finding = loop(steps, comment)
    assert (finding.row, finding.column) == (6, 5)
    assert (finding.end_row, finding.end_column) == end


def test_the_loop_form_of_a_loop_over_time_names_its_cell_input_and_state() -> None:
    assert loop().help == (
        "write `outputs, *state = tf.keras.layers.RNN(cell, return_sequences=True, return_state=True)"
        "(x[:, :200], initial_state=state)`, which keeps one copy in a loop"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"given": "out"},
        {"given": "tf.concat([x[:, t], out], 1)"},
        {"given": "x[:, t - 1]"},
        {"given": "x[:, t, :4]"},
        {"more": "\n        if t > 3:\n            state = other"},
        {"more": "\n        x = x + 1"},
        {"steps": "range(3, 203)"},
    ],
)
def test_a_pass_that_does_more_than_run_the_cell_on_its_step_is_not_taken_for_one_call(change: dict[str, str]) -> None:
    finding = loop(**change)
    assert finding.help.startswith("in a `tf.function`, `for t in tf.range(200)` becomes a loop in the graph")


def test_a_static_runner_is_written_as_the_dynamic_one_with_the_same_arguments() -> None:
    call = "static_rnn(cell, [x] * 300, None, tf.float32, lengths, scope='reader')"
    (finding,) = long_ones(f"import tensorflow as tf\ntf.compat.v1.nn.{call}\n")
    assert finding.help.startswith(
        "write `tf.compat.v1.nn.dynamic_rnn(cell, tf.stack([x] * 300, axis=1), dtype=tf.float32,"
        " sequence_length=lengths, scope='reader')`"
    )


def test_a_static_runner_whose_arguments_are_hidden_is_reported_the_name_alone() -> None:
    (finding,) = long_ones(
        "import tensorflow as tf\ntf.nn.static_rnn(cell, [x] * 300, **more)\n", target_tensorflow="1.4"
    )
    assert finding.help == "`tf.nn.dynamic_rnn` keeps one copy of the cell in a loop"


def test_a_layer_is_written_without_unroll() -> None:
    code = "from tensorflow import keras\nkeras.layers.LSTM(8, unroll=True, name='a')(keras.Input((90, 3)))\n"
    (finding,) = long_ones(code)
    assert finding.help.startswith("write `keras.layers.LSTM(8, name='a')`: unroll=False keeps one copy in a loop of ")


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
