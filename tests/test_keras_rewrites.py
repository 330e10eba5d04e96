"""Which calls get a rewriting to Keras layers, what does it say, and why do others get none?"""

from __future__ import annotations

import ast
import json

import kept
import pytest
from keras_programs import REFUSED, REWRITTEN

from rnnlint import engine
from rnnlint.finding import Finding
from rnnlint.read.edited import edited
from rnnlint.report.applying import compatible, edits_of
from rnnlint.rules.keras_rewrite.plan import MOST_SITES
from rnnlint.settings import from_mapping

CODES = ("RNN101", "RNN102", "RNN103")
PATH = "no-such-folder/program.py"
"""No modules lie around it."""


def findings(program: str, **options: str) -> list[Finding]:
    settings = from_mapping({"migrate-to": "keras", **options}, "test")
    return list(engine.check_bytes(program.encode(), PATH, settings, engine.Project()).findings)


def rewritten(program: str) -> str:
    """The program after its fixes."""
    edits = edits_of(compatible(findings(program)))
    return edited(program.encode(), PATH, edits).decode()


def reasons(program: str) -> list[str]:
    told = [one.help.partition("not rewritten to Keras: ")[2] for one in findings(program) if one.code in CODES]
    return [one for one in told if one]


@pytest.mark.parametrize("name", REWRITTEN)
def test_a_program_is_rewritten_as_a_whole_and_nothing_legacy_is_left(name: str) -> None:
    found = [one for one in findings(REWRITTEN[name]) if one.code.startswith("RNN1")]
    assert found
    assert all(one.fix is not None and one.fix.applicability == "unsafe" for one in found)
    assert len({one.fix for one in found}) == 1
    after = rewritten(REWRITTEN[name])
    ast.parse(after)
    assert [one for one in findings(after) if one.code.startswith("RNN1")] == []
    kept.same("keras_rewrites", name, [after, *sorted({one.fix.message for one in found if one.fix})])


@pytest.mark.parametrize("name", REFUSED)
def test_a_program_that_cannot_be_rewritten_stays_as_it_is_and_says_why(name: str) -> None:
    program, reason = REFUSED[name]
    assert rewritten(program) == program
    assert any(reason in one for one in reasons(program))
    kept.same("keras_refused", name, kept.shown(findings(program)))


DROPOUTS = [
    "", ", 0.5", ", 1.0, 0.5", ", 1, 0.75", ", 0.5, 1.0", ", input_keep_prob=None", ", output_keep_prob=keep",
    ", 1 - rate, 0.5", ", 0.5, 0.5, 0.5", ", 0.5, variational_recurrent=True", ", input_keep_prob=0.5, seed=3",
]  # fmt: skip


@pytest.mark.parametrize("given", DROPOUTS)
def test_dropout_becomes_a_layer_where_something_is_dropped(given: str) -> None:
    wrapped = f"    cell = tf.nn.rnn_cell.DropoutWrapper(cell{given})\n    outputs,"
    program = ONE.format(cell="", call="", used="outputs").replace("    outputs,", wrapped)
    kept.same("keras_dropout", given or "nothing", [rewritten(program), *reasons(program)])


def test_without_the_setting_the_fixes_are_names_that_still_run() -> None:
    settings = from_mapping({}, "test")
    program = REWRITTEN["one LSTM"]
    found = engine.check_bytes(program.encode(), PATH, settings, engine.Project()).findings
    after = edited(program.encode(), PATH, edits_of(compatible(found))).decode()
    assert "keras" not in after
    assert "compat.v1" in after


def test_the_fix_says_which_forget_bias_the_weights_were_trained_with() -> None:
    told = {one.fix.message for one in findings(REWRITTEN["a cell by a function"]) if one.fix}
    assert len(told) == 1
    assert "--forget-bias 0.5" in told.pop()


ONE = """
import tensorflow as tf


def build(x, lengths):
    cell = tf.nn.rnn_cell.LSTMCell(5{cell})
    outputs, state = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32{call})
    return {used}
"""


def line(number: int, *, cell: str = "", call: str = "", used: str = "outputs") -> str:
    return rewritten(ONE.format(cell=cell, call=call, used=used)).splitlines()[number].strip()


def test_only_what_is_read_is_asked_of_the_layer() -> None:
    assert line(5) == "cell = tf.keras.layers.LSTM(5, return_sequences=True, zero_output_for_mask=True)"
    assert line(6) == "outputs = cell(x, mask=tf.sequence_mask(lengths, tf.shape(x)[1]))"
    assert line(5, used="state.c") == "cell = tf.keras.layers.LSTM(5, return_state=True)"
    assert line(6, used="state.c") == "_, state_h, state_c = cell(x, mask=tf.sequence_mask(lengths, tf.shape(x)[1]))"


def test_a_state_is_taken_apart_where_all_reads_take_a_part() -> None:
    assert line(7, used="state.c, state[1], state[-2]") == "return state_c, state_h, state_c"


def test_a_state_that_is_passed_on_keeps_the_order_of_its_parts() -> None:
    after = rewritten(ONE.format(cell="", call="", used="state"))
    assert 'LSTMStateTuple = collections.namedtuple("LSTMStateTuple", ("c", "h"))' in after
    assert "    state = LSTMStateTuple(state_c, state_h)\n" in after


def test_the_forget_bias_is_in_the_bias_of_the_layer() -> None:
    assert "unit_forget_bias" not in line(5, cell=", forget_bias=1.0")
    assert "unit_forget_bias=False" in line(5, cell=", forget_bias=0.0")
    assert "unit_forget_bias=False" in line(5, cell=", forget_bias=BIAS")


def test_a_python_2_file_is_not_rewritten() -> None:
    program = ONE.format(cell="", call="", used="outputs") + 'print "done"\n'
    assert rewritten(program) == program
    assert "the file is Python 2" in reasons(program)


def test_a_file_with_very_many_legacy_names_is_not_rewritten() -> None:
    sites = "".join(f"c{number} = tf.nn.rnn_cell.GRUCell(4)\n" for number in range(MOST_SITES + 1))
    program = f"import tensorflow as tf\n{sites}"
    assert rewritten(program) == program
    assert f"the file has more than {MOST_SITES} legacy names" in reasons(program)


def test_a_call_in_a_row_with_others_is_not_rewritten() -> None:
    program = (
        REWRITTEN["one LSTM"]
        .replace("    cell = ", "    y = x; cell = ")
        .replace("outputs, state =", "z = 1; outputs, state =")
    )
    assert rewritten(program) == program
    assert "its statement shares a line with another" in reasons(program)


def test_a_class_that_is_kept_under_another_name_is_not_rewritten() -> None:
    program = (
        REWRITTEN["one LSTM"]
        .replace("rnn.BasicLSTMCell(5", "make(5")
        .replace("    cell =", "    make = rnn.BasicLSTMCell\n    cell =")
    )
    assert rewritten(program) == program
    assert "the class of its cell is stored under another name" in reasons(program)


def test_what_the_names_of_variables_decide_is_not_rewritten() -> None:
    loss = "tf.add_n([tf.nn.l2_loss(v) for v in tf.compat.v1.trainable_variables() if 'basic_lstm' in v.name])"
    program = REWRITTEN["one LSTM"].replace("return outputs,", f"return {loss},")
    assert rewritten(program) == program
    assert "variables are selected by name" in reasons(program)


def test_another_call_of_the_module_is_rewritten_where_one_is_refused() -> None:
    program = (
        REWRITTEN["one LSTM"]
        + """

def other(x):
    return tf.nn.dynamic_rnn(rnn.LSTMCell(5, num_proj=2), x, dtype=tf.float32)
"""
    )
    after = rewritten(program)
    assert "tf.keras.layers.LSTM(5, unit_forget_bias=False" in after
    assert "rnn.LSTMCell(5, num_proj=2)" in after
    assert "from tensorflow.contrib import rnn\n" in after


HEAD = "import tensorflow as tf\nfrom tensorflow.contrib import rnn\n\n"
GRU = "tf.nn.dynamic_rnn(rnn.GRUCell(4), x, dtype=tf.float32)"
LSTM = "tf.nn.dynamic_rnn(rnn.LSTMCell(4), x, dtype=tf.float32)"

LEFT_ALONE = {
    "norms by variable": (
        f"o, s = {GRU}\nclipped = [tf.clip_by_norm(g, 5) for g in tf.gradients(o, variables)]\n",
        "gradients are clipped per variable, and a layer has different variables",
    ),
    "a penalty on biases": (
        f"o, s = {LSTM}\nfound = tf.trainable_variables()\nloss = tf.add_n([tf.nn.l2_loss(v) for v in found])\n",
        "variables are part of a penalty, and the bias of a layer includes the forget bias",
    ),
    "a place in a list": (
        f"o, s = {GRU}\nkernel = tf.trainable_variables()[0]\n",
        "variables are selected by their position in a list",
    ),
    "a name": (
        f"o, s = {GRU}\nkernel = graph.get_tensor_by_name('rnn/gru_cell/gates/kernel:0')\n",
        "the code names a variable or an operation of its cell",
    ),
    "one cell again and again": (
        "cells = []\ncell = rnn.GRUCell(4)\nfor _ in range(2):\n    cells.append(cell)\n"
        "o, s = tf.nn.dynamic_rnn(rnn.MultiRNNCell(cells), x, dtype=tf.float32)\n",
        "one cell is used for several layers of its stack",
    ),
    "a release before 1.0": (
        "o, s = tf.nn.rnn(tf.nn.rnn_cell.LSTMCell(4), [x], dtype=tf.float32)\n",
        "before TensorFlow 1.0 its state was one tensor",
    ),
    "two cells in one assignment": (
        "a, b = rnn.DropoutWrapper(rnn.GRUCell(4), 0.5), rnn.DropoutWrapper(rnn.GRUCell(4), 0.9)\n"
        "o, s = tf.nn.dynamic_rnn(rnn.MultiRNNCell([a, b]), x, dtype=tf.float32)\n",
        "its cell is not assigned by a plain statement",
    ),
    "wrappers that drop different parts": (
        "cells = [rnn.DropoutWrapper(rnn.GRUCell(4), 0.5), rnn.DropoutWrapper(rnn.GRUCell(4), 0.9)]\n"
        "o, s = tf.nn.dynamic_rnn(rnn.MultiRNNCell(cells), x, dtype=tf.float32)\n",
        "the cells of its stack drop different parts",
    ),
    "a rate that is chosen where a cell is made": (
        "def make(keep):\n    return rnn.DropoutWrapper(rnn.GRUCell(4), keep)\n\n\n"
        "stack = rnn.MultiRNNCell([make(0.5) for _ in range(2)])\n"
        "o, s = tf.nn.dynamic_rnn(stack, x, dtype=tf.float32)\n",
        "its dropout is set in a different function from the one that runs the cell",
    ),
    "a method that has two of its name": (
        "class A:\n    def cell(self):\n        return rnn.GRUCell(4)\n\n    def run(self, x):\n"
        "        return tf.nn.dynamic_rnn(self.cell(), x, dtype=tf.float32)\n\n\n"
        "class B(A):\n    def cell(self):\n        return rnn.GRUCell(5)\n",
        "the method that makes its cell may be overridden",
    ),
    "a part of a list of cells": (
        "def stack():\n    return rnn.MultiRNNCell([rnn.DropoutWrapper(rnn.GRUCell(4), 0.5), rnn.GRUCell(4)][:1])\n\n\n"
        "o, s = tf.nn.bidirectional_dynamic_rnn(stack(), stack(), x, dtype=tf.float32)\n",
        "the cells of its stack are not listed explicitly",
    ),
    "a condition on one row": (f"if x: o, s = {GRU}\n", "its statement shares a line with another"),
    "a lambda": (f"run = lambda x: {GRU}\n", "it is in a lambda, a comprehension or an f-string"),
    "another one inside": (
        "o, s = tf.nn.dynamic_rnn(rnn.GRUCell(4), tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)[0], dtype=tf.float32)\n",
        "its cell comes from outside the function",
    ),
    "a star": (f"o, *s = {GRU}\n", "its results are unpacked with a starred name"),
    "stars": ("o, s = tf.nn.dynamic_rnn(rnn.GRUCell(4), x, **options)\n", "it has * or ** arguments"),
    "a cell that is returned": (
        "def build(x):\n    cell = rnn.GRUCell(4)\n    o, s = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\n"
        "    return o, cell\n",
        "its cell is also used elsewhere, on line 7",
    ),
    "a cell in a graph of its own": (
        f"@tf.function\ndef run(x):\n    o, s = {GRU}\n    return o\n",
        "its cell is made in a function that TensorFlow traces",
    ),
    "a loop of TensorFlow": (
        f"def body(x):\n    o, s = {GRU}\n    return o\n\ny = tf.while_loop(more, body, [x])\n",
        "it is in a function that while_loop calls",
    ),
    "a class that is asked for": (
        f"o, s = {LSTM}\nother = {LSTM.replace('(4)', '(4, num_proj=2)')}\nprint(isinstance(s, rnn.LSTMStateTuple))\n",
        "the code uses LSTMStateTuple, and not all calls can be rewritten",
    ),
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_code_that_would_compute_something_else_is_left_alone(name: str) -> None:
    program, reason = LEFT_ALONE[name]
    told = reasons(HEAD + program)
    assert reason in told
    if name != "another one inside":
        assert rewritten(HEAD + program) == HEAD + program


@pytest.mark.parametrize(
    "program",
    [
        f"def build(x):\n    o, s = {GRU}\n    o += x\n    return o\n",
        f"def build(x):\n    o, s = {GRU}\n    return locals()\n",
        f"def build(x):\n    global o\n    o, s = {GRU}\n",
    ],
)
def test_results_that_are_needed_without_being_read_stay(program: str) -> None:
    assert "    o, s = " in rewritten(HEAD + program) or "    o = " in rewritten(HEAD + program)


def test_lengths_that_a_call_gives_as_none_stay_none() -> None:
    body = "    o, s = tf.nn.dynamic_rnn(rnn.GRUCell(4), x, n, dtype=tf.float32)\n    return o\n"
    assert "mask=None if n is None else " in rewritten(f"{HEAD}def run(x, n):\n{body}\nrun(y, None)\n")
    assert "mask=tf.sequence_mask(n, " in rewritten(f"{HEAD}def run(x, n):\n{body}\nrun(y, m)\n")
    assert "mask=None if n is None else " in rewritten(f"{HEAD}def run(x, n=None):\n{body}")


def test_imports_of_legacy_modules_go_where_nothing_needs_them() -> None:
    program = f"import tensorflow as tf\nfrom tensorflow.contrib.rnn import GRUCell, LSTMCell\n\no, s = {GRU}\n"
    program = program.replace("rnn.GRU", "GRU")
    assert "contrib" not in rewritten(program)
    variable = f"import tensorflow as tf\nrnn = tf.contrib.rnn\n\no, s = {GRU}\n"
    assert "contrib" not in rewritten(variable)
    kept = rewritten(f"{program}own = LSTMCell(4)\n")
    assert "from tensorflow.contrib.rnn import LSTMCell\n" in kept


def test_a_name_that_is_taken_is_not_used() -> None:
    program = f"{HEAD}s_h = 1\nLSTMStateTuple = 2\no, s = {LSTM}\n"
    after = rewritten(program)
    assert "o, s_h_2, s_c = " in after
    assert "s = LSTMState(s_c, s_h_2)" in after


def test_a_cell_of_a_notebook_is_rewritten() -> None:
    cells = [
        ["import tensorflow as tf\n", "from tensorflow.contrib import rnn"],
        [f"o, s = {LSTM}\n", "print(s.h)"],
    ]
    notebook = {
        "cells": [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    data = json.dumps(notebook).encode()
    settings = from_mapping({"migrate-to": "keras"}, "test")
    found = engine.check_bytes(data, "program.ipynb", settings, engine.Project()).findings
    after = json.loads(edited(data, "program.ipynb", edits_of(compatible(found))))
    texts = ["".join(cell["source"]) for cell in after["cells"]]
    assert texts[0] == "import tensorflow as tf"
    assert texts[1].startswith("o, s_h, s_c = tf.keras.layers.LSTM(4, return_sequences=True, return_state=True)(x)\n")
    assert texts[1].endswith("print(s_h)")
