"""Does each thing that keeps a call from being rewritten to Keras layers say so, and leave the program as it is?"""

from __future__ import annotations

from pathlib import Path

import pytest
from test_keras_rewrites import HEAD, PATH, reasons, rewritten

from rnnlint import engine
from rnnlint.settings import from_mapping


def runs(cell: str = "cell", more: str = "", dtype: str = "tf.float32") -> str:
    return f"o, s = tf.nn.dynamic_rnn({cell}, x, dtype={dtype}{more})\n"


def runs_both(fw: str = "fw", bw: str = "bw", more: str = "") -> str:
    return f"o, s = tf.nn.bidirectional_dynamic_rnn({fw}, {bw}, x, dtype=tf.float32{more})\n"


def stack(cells: str) -> str:
    return runs(f"rnn.MultiRNNCell({cells})")


def function(*lines: str) -> str:
    body = "".join(lines).splitlines()
    return "def build(x, first, second):\n" + "".join(f"    {line}\n" for line in body)


def method(*lines: str) -> str:
    body = "".join(lines).splitlines()
    return "class Model:\n    def build(self, x):\n" + "".join(f"        {line}\n" for line in body)


GRU = "rnn.GRUCell(4)"
KEPT = f"cell = {GRU}\n"
TWO = f"fw = {GRU}\nbw = {GRU}\n"
STACK = f"rnn.MultiRNNCell([{GRU}, {GRU}])"
BRANCH = "its cell depends on a branch or a loop"
NOT_WRITTEN = "the cells of its stack are not listed explicitly"
SHARED = "a variable scope shares its variables (reuse), but each layer has its own"

CELLS = {
    "stars": (runs("rnn.GRUCell(*sizes)"), "its cell has * or ** arguments"),
    "no size": (runs("rnn.GRUCell()"), "its cell has no num_units"),
    "variables that exist": (runs("rnn.GRUCell(4, reuse=True)"), "its cell uses existing variables (reuse)"),
    "another argument": (
        runs("rnn.GRUCell(4, colour=1)"),
        "its cell has the argument colour, which no Keras layer has",
    ),
    "an activation from outside": (
        "def build(x, function):\n    " + runs("rnn.GRUCell(4, activation=function)"),
        "its activation is set elsewhere",
    ),
    "a long way": (
        "a0 = rnn.GRUCell(4)\n" + "".join(f"a{at + 1} = a{at}\n" for at in range(30)) + runs("a30"),
        "its cell is passed through too many names",
    ),
    "of a list": (f"cells = [{GRU}]\n{runs('cells[0]')}", "its cell is not made by a plain call"),
    "imported": (f"from cells import cell\n{runs()}", "its cell comes from another module"),
    "unpacked": (f"cell, other = {GRU}, 3\n{runs()}", "its cell is not assigned by a plain statement"),
    "under two names": (f"cell = other = {GRU}\n{runs()}", "its cell is not assigned by a plain statement"),
    "of another object": (f"me.cell = {GRU}\n{runs('me.cell')}", "its cell is an attribute of another object"),
    "of an item": (f"me[0].cell = {GRU}\n{runs('me[0].cell')}", "its cell is an attribute of another object"),
    "set twice": (
        method(f"self.cell = {GRU}\nself.cell = {GRU}\n", runs("self.cell")),
        "the attribute that holds its cell is set more than once",
    ),
    "one class or another": (
        f"make = rnn.GRUCell if x else rnn.LSTMCell\n{runs('make(4)')}",
        "which cell it runs is not certain",
    ),
    "by a method of another object": (
        f"class Makers:\n    def make(self):\n        return {GRU}\n\n\nmakers = Makers()\n{runs('makers.make()')}",
        "its cell is made by a method of another object or by a decorated function",
    ),
    "by a method that is set": (
        f"class Model:\n    def make(self):\n        return {GRU}\n\n    def build(self, x):\n"
        "        self.make = other\n        " + runs("self.make()"),
        "the method that makes its cell may be overridden",
    ),
    "by a function with a decorator": (
        f"@cached\ndef make():\n    return {GRU}\n\n{runs('make()')}",
        "its cell is made by a method of another object or by a decorated function",
    ),
    "by a function of two minds": (
        f"def make():\n    if x:\n        return {GRU}\n    return rnn.LSTMCell(4)\n\n{runs('make()')}",
        "the function that makes its cell has several return values",
    ),
    "by a function under a name that is set twice": (
        f"def make():\n    return {GRU}\n\nif x:\n    own = make\nelse:\n    own = make\n{runs('own()')}",
        "the function that makes its cell is defined more than once",
    ),
}

DROPOUTS = {
    "stars": (runs("rnn.DropoutWrapper(*a)"), "its DropoutWrapper has * or ** arguments"),
    "no cell": (runs("rnn.DropoutWrapper(input_keep_prob=0.5)"), "its DropoutWrapper has no cell"),
    "another wrapper": (f"{KEPT}if x:\n    cell = rnn.ResidualWrapper(cell)\n{runs()}", BRANCH),
    "another cell": (f"{KEPT}if x:\n    cell = rnn.DropoutWrapper({GRU}, output_keep_prob=cell)\n{runs()}", BRANCH),
    "a cell of its own": (f"{KEPT}if x:\n    cell = rnn.DropoutWrapper(make())\n{runs()}", BRANCH),
    "of one cell in a stack": (
        stack(f"[rnn.DropoutWrapper({GRU}, 0.5), {GRU}]"),
        "the cells of its stack drop different parts",
    ),
    "the same at each step": (
        runs(f"rnn.DropoutWrapper({GRU}, 0.5, variational_recurrent=True)"),
        "its DropoutWrapper uses one mask for all steps",
    ),
    "a visitor": (
        runs(f"rnn.DropoutWrapper({GRU}, 0.5, dropout_state_filter_visitor=visit)"),
        "its DropoutWrapper drops parts of the state",
    ),
    "a number by a call": (
        runs(f"rnn.DropoutWrapper({GRU}, keep())"),
        "its dropout is not a plain number or name",
    ),
    "a number that is set twice": (
        f"flags.keep = 1.0\nflags.keep = 0.5\n{runs(f'rnn.DropoutWrapper({GRU}, flags.keep)')}",
        "its dropout is set in more than one place",
    ),
    "a number of another function": (
        f"def make(keep):\n    return rnn.DropoutWrapper({GRU}, keep)\n\n{runs('make(0.5)')}",
        "its dropout is set in a different function from the one that runs the cell",
    ),
}

STACKS = {
    "stars": (stack("*cells"), NOT_WRITTEN),
    "a star in the list": (stack("[*cells]"), NOT_WRITTEN),
    "a list by a call": (stack("make()"), NOT_WRITTEN),
    "one tensor": (
        stack(f"[{GRU}, {GRU}], state_is_tuple=False"),
        "the state of its stack is one tensor (state_is_tuple)",
    ),
    "a stack in a stack": (stack(f"[{STACK}, {GRU}]"), "it runs a stack within a stack"),
    "one cell again": (KEPT + stack("[cell for _ in range(2)]"), "one cell is used for several layers of its stack"),
    "an attribute again": (f"cells = []\nfor _ in x:\n    cells.append(me.cell)\n{stack('cells')}", NOT_WRITTEN),
    "an append of nothing": (f"cells = []\nfor _ in x:\n    cells.append()\n{stack('cells')}", NOT_WRITTEN),
    "cells at the front": (
        f"cells = []\nfor _ in x:\n    cells.insert(0, {GRU})\n{stack('cells')}",
        "the list of its cells is also used elsewhere",
    ),
    "a cell that runs alone too": (
        function(f"{KEPT}p, q = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\n", stack(f"[cell, {GRU}]")),
        "its cell is also part of a stack",
    ),
}

DIRECTIONS = {
    "an activation that Keras cannot name": (
        runs_both("rnn.GRUCell(4, activation=tf.sin)", GRU),
        "Bidirectional copies its layers, which fails for this activation",
    ),
    "one of them inline": (f"fw = {GRU}\n{runs_both(bw=GRU)}", "its cells are made in different places"),
    "two blocks": (
        f"with tf.name_scope('a'):\n    fw = {GRU}\nbw = {GRU}\n{runs_both()}",
        "its cells are made in different places",
    ),
    "an attribute and a name": (
        method(f"self.fw = {GRU}\nbw = {GRU}\n", runs_both("self.fw")),
        "its cells are stored in different places",
    ),
    "one cell": (function(f"fw = {GRU}\n", runs_both(bw="fw")), "one cell is used in both directions"),
    "one cell in one and in both": (
        function(TWO, runs_both(), "p, q = tf.nn.dynamic_rnn(fw, x, dtype=tf.float32)\n"),
        "one cell is used in both directions, or both alone and bidirectionally",
    ),
    "one state": (
        function(TWO, runs_both(more=", initial_state_fw=first")),
        "it has an initial state for one direction only",
    ),
    "a cell and a stack": (
        function(f"fw = {GRU}\nbw = {STACK}\n", runs_both()),
        "its two directions may have different numbers of cells",
    ),
    "states of stacks": (
        function(f"fw = {STACK}\nbw = {STACK}\n", runs_both(more=", initial_state_fw=first, initial_state_bw=second")),
        "it has an initial state for stacks in both directions",
    ),
    "dropped inputs": (
        function(f"fw = rnn.DropoutWrapper({GRU}, 0.5)\nbw = {GRU}\n", runs_both()),
        "a DropoutWrapper drops parts of each direction separately",
    ),
    "states of different cells": (
        function(
            f"fw = {GRU}\nbw = rnn.LSTMCell(4)\n",
            runs_both(more=", initial_state_fw=first, initial_state_bw=second"),
        ),
        "it has initial states for different cells",
    ),
    "states that may be missing": (
        function(TWO, runs_both(more=", initial_state_fw=first, initial_state_bw=second")).replace(
            "second)", "second=None)", 1
        ),
        "it may have no initial state",
    ),
}

STATES = {
    "a batch size alone": (
        function(KEPT, "zeros = cell.zero_state(3)\n", runs(more=", initial_state=zeros"), "return zeros\n"),
        "zero_state of its cell is called in an unsupported way",
    ),
    "stars": (
        function(KEPT, "zeros = cell.zero_state(*a)\n", runs(more=", initial_state=zeros"), "return zeros\n"),
        "zero_state of its cell is called in an unsupported way",
    ),
    "the sizes of a stack": (
        function(f"cell = {STACK}\nsize = cell.output_size\n", runs()),
        "the code reads output_size of its cell",
    ),
    "zeros of different cells": (
        function(
            f"cell = rnn.MultiRNNCell([{GRU}, rnn.LSTMCell(4)])\nzeros = cell.zero_state(3, tf.float32)\n",
            runs(),
            "return zeros\n",
        ),
        "zero_state is called on a stack of different cells",
    ),
    "a state for different cells": (
        function(f"cell = rnn.MultiRNNCell([{GRU}, rnn.LSTMCell(4)])\n", runs(more=", initial_state=first")),
        "it passes an initial state to a stack of different cells",
    ),
    "zeros that share a row": (
        function(KEPT, "zeros = cell.zero_state(3, tf.float32); y = 2\n", runs(more=", initial_state=zeros")),
        "a statement that must be removed shares a line with another",
    ),
    "another thing of the name": (
        f"collections = 3\n{runs('rnn.LSTMCell(4)')}",
        "`collections` is something else in the module",
    ),
    "another module under the name": (
        f"import containers as collections\n{runs('rnn.LSTMCell(4)')}",
        "`collections` is something else in the module",
    ),
}

PLACES = {
    "one runner or another": (
        "if x:\n    from tensorflow.nn import dynamic_rnn as run\nelse:\n"
        f"    from tensorflow.nn import static_rnn as run\no, s = run({GRU}, x, dtype=tf.float32)\n",
        "which function it is depends on a branch",
    ),
    "handed on": ("use(tf.nn.dynamic_rnn)\n", "dynamic_rnn is passed on and called elsewhere"),
    "a list of inputs": (runs(GRU).replace(" x,", " [x],"), "its inputs are not a single tensor"),
    "no inputs": (f"o, s = tf.nn.dynamic_rnn({GRU})\n", "it has no inputs"),
    "no cell": ("o, s = tf.nn.dynamic_rnn(inputs=x)\n", "it has no cell"),
    "a test": (
        f"if tf.nn.dynamic_rnn({GRU}, x, dtype=tf.float32):\n    pass\n",
        "it is in a statement of an unsupported kind",
    ),
    "a condition in an expression": (
        f"o = tf.nn.dynamic_rnn({GRU}, x, dtype=tf.float32)[0] if x else x\n",
        "it is in a conditional, `await` or `:=` expression",
    ),
    "a regularizer of a scope": (
        f"with tf.variable_scope('a') as scope:\n    scope.set_regularizer(l2)\n    {runs(GRU)}",
        "a variable scope adds a regularizer to its variables",
    ),
    "a getter of a scope": (
        f"with tf.variable_scope('a') as scope:\n    scope.set_custom_getter(own)\n    {runs(GRU)}",
        "a variable scope has a custom getter",
    ),
    "a template": (f"{function(runs(GRU), 'return o')}run = tf.make_template('a', build)\n", SHARED),
    "a loop beside a template": (
        f"{function('for _ in x:', '    ' + runs(GRU))}run = tf.make_template('a', other)\n".replace(
            ":    ", ":\n        "
        ),
        SHARED,
    ),
    "a function that TensorFlow traces": (
        f"{function(runs(GRU), 'return o')}run = tf.function(build)\n",
        "its cell is made in a function that TensorFlow traces",
    ),
    "a dtype from outside": (
        "def build(x, kind):\n    y = tf.float64\n    " + runs(GRU, dtype="kind"),
        "its dtype is unknown",
    ),
    "no dtype": (f"y = tf.float64\n{runs(GRU)}".replace(", dtype=tf.float32", ""), "its dtype is unknown"),
    "half the size": (runs(GRU, dtype="tf.float16"), "its dtype is float16"),
    "half the size, as text": (runs(GRU, dtype="'float16'"), "its dtype is float16"),
}

KINDS = {
    "cell": CELLS, "dropout": DROPOUTS, "stack": STACKS, "directions": DIRECTIONS, "state": STATES, "place": PLACES,
}  # fmt: skip
REFUSALS = {f"{kind}: {name}": case for kind, cases in KINDS.items() for name, case in cases.items()}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_keeps_a_call_from_being_rewritten_is_said(name: str) -> None:
    program, reason = REFUSALS[name]
    assert reason in reasons(HEAD + program)
    assert rewritten(HEAD + program) == HEAD + program


def test_one_of_two_calls_in_a_statement_is_rewritten() -> None:
    call = "tf.nn.dynamic_rnn(rnn.GRUCell(4), {}, dtype=tf.float32)[0]"
    program = f"{HEAD}def build(x, y):\n    return {call.format('x')} + {call.format('y')}\n"
    assert "its statement has more than one such call" in reasons(program)
    assert f"(x) + {call.format('y')}\n" in rewritten(program)


def test_a_cell_of_another_module_is_not_rewritten(tmp_path: Path) -> None:
    (tmp_path / "cells.py").write_text(f"{HEAD}def make():\n    return {GRU}\n", encoding="utf-8")
    program = f"{HEAD}from cells import make\n\n{runs('make()')}"
    path = tmp_path / "program.py"
    path.write_text(program, encoding="utf-8")
    settings = from_mapping({"migrate-to": "keras"}, "test")
    found = engine.check_bytes(program.encode(), str(path), settings, engine.Project()).findings
    assert {one.fix for one in found} == {None}
    assert "its cell is made in another module" in next(one.help for one in found if one.code == "RNN102")


def test_older_releases_of_tensorflow_get_no_rewriting() -> None:
    settings = from_mapping({"migrate-to": "keras", "target-tensorflow": "2.3"}, "test")
    program = (HEAD + runs(GRU)).encode()
    found = engine.check_bytes(program, PATH, settings, engine.Project()).findings
    assert any("it needs TensorFlow 2.4 or later" in one.help for one in found)


NAMES = "from tensorflow.contrib import rnn\nfrom tensorflow.nn import dynamic_rnn\n"


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (f"{NAMES}tf = 3\n", "`tf` is something else"),
        (f"if x:\n    pass\n{NAMES}", "no import at its top"),
        ("from tensorflow.nn import dynamic_rnn; from tensorflow.contrib import rnn\n", "shares a line with another"),
        (f"{NAMES}import os; a = 1\n", "an import shares its line with another statement"),
        ("from tensorflow.contrib import rnn\nfrom tensorflow.nn import (\n    relu,  # kept\n    dynamic_rnn,\n)\n"
         "import tensorflow as tf\n", "its import cannot be rewritten"),
    ],
)  # fmt: skip
def test_imports_that_cannot_be_written_are_left(head: str, reason: str) -> None:
    program = f"{head}\no, s = dynamic_rnn(rnn.GRUCell(4), x, dtype='float32')\n"
    assert any(reason in one for one in reasons(program))
    assert rewritten(program) == program


def written(*lines: str) -> list[str]:
    """The rows of a function after its fixes, without the imports."""
    body = "".join(f"    {line}\n" for line in "".join(lines).splitlines())
    after = rewritten(f"{HEAD}def build(x, n):\n{body}")
    return [line.strip() for line in after.splitlines()[after.splitlines().index("def build(x, n):") + 1 :]]


def test_what_is_dropped_is_the_rest_of_what_is_kept() -> None:
    assert written(runs(f"rnn.DropoutWrapper({GRU}, 0.3, 0.9)"), "return o\n") == [
        "o = tf.keras.layers.GRU(4, reset_after=False, return_sequences=True)(tf.nn.dropout(x, rate=0.7))",
        "o = tf.nn.dropout(o, rate=0.1)",
        "return o",
    ]


def test_arguments_that_the_layer_has_too_are_kept() -> None:
    cell = "rnn.GRUCell(4, trainable=False, activation='relu', bias_initializer=tf.zeros_initializer())"
    assert written(runs(cell), "return o\n")[0] == (
        "o = tf.keras.layers.GRU(4, activation='relu', reset_after=False, bias_initializer=tf.zeros_initializer(), "
        "trainable=False, return_sequences=True)(x)"
    )
    plain = written(runs("rnn.GRUCell(4, activation=tf.tanh)"), "return o\n")
    assert plain[0] == "o = tf.keras.layers.GRU(4, reset_after=False, return_sequences=True)(x)"


def test_a_call_of_which_nothing_is_read_still_runs() -> None:
    assert written(runs(GRU)) == ["o = tf.keras.layers.GRU(4, reset_after=False, return_sequences=True)(x)"]


def test_a_block_that_loses_all_keeps_a_pass() -> None:
    after = written(
        KEPT, "with tf.name_scope('zeros'):\n    zeros = cell.zero_state(3, tf.float32)\n",
        runs(more=", initial_state=zeros"), "return o\n",
    )  # fmt: skip
    assert after[1:] == ["with tf.name_scope('zeros'):", "pass", "o = cell(x)", "return o"]


@pytest.mark.parametrize("given", ["n if n is not None else None", "n or None"])
def test_lengths_that_may_be_none_are_computed_once(given: str) -> None:
    assert written(runs(GRU, more=f", sequence_length={given}"), "return o\n")[:2] == [
        f"lengths = {given}",
        "o = tf.keras.layers.GRU(4, reset_after=False, return_sequences=True, zero_output_for_mask=True)"
        "(x, mask=None if lengths is None else tf.sequence_mask(lengths, tf.shape(x)[1]))",
    ]


def test_lengths_are_none_where_a_name_or_a_class_gives_none() -> None:
    call = runs(GRU, more=", sequence_length=n")
    assert "mask=None if n is None" in written("nothing = None\nn = nothing\n", call, "return o\n")[2]
    model = f"class Model:\n    def __init__(self, x, n):\n        {call}        self.o = o\n\n\nModel(x, None)\n"
    assert "mask=None if n is None" in rewritten(HEAD + model)


def test_variables_are_chosen_by_name_only_where_they_are_listed() -> None:
    assert "keras" in rewritten(f"{HEAD}found = [v for v in things if 'gru' in v.name]\n{runs(GRU)}")


@pytest.mark.parametrize("caller", ["", "y = build(x)\n"])
def test_a_template_of_something_else_leaves_a_call_that_runs_once(caller: str) -> None:
    body = f"def build(x):\n    {runs(GRU)}    return o\n\n{caller}" if caller else runs(GRU)
    assert "keras" in rewritten(f"{HEAD}{body}run = tf.make_template('a', other)\n")


def test_a_decorator_that_is_none_of_tensorflow_changes_nothing() -> None:
    assert "keras" in rewritten(f"{HEAD}@timed\ndef build(x):\n    {runs(GRU)}    return o\n")


def test_what_is_no_list_of_its_own_is_stacked() -> None:
    for made in ("xs = ys = tf.unstack(x, axis=1)\n", "xs = x.parts\n", "xs = tf.unstack(value=x, axis=1)\n"):
        call = f"o, s = tf.nn.static_rnn({GRU}, xs, dtype=tf.float32)\n"
        assert "(tf.stack(xs, axis=1))" in written(made, call, "return o[-1]\n")[1]
    inline = written(f"o, s = tf.nn.static_rnn({GRU}, tf.unstack(x, axis=1), dtype=tf.float32)\n", "return o[-1]\n")
    assert inline == ["o = tf.keras.layers.GRU(4, reset_after=False, return_sequences=True)(x)", "return o[:, -1]"]


def test_a_list_that_is_read_at_a_place_nobody_knows_stays_a_list() -> None:
    after = written(f"o, s = tf.nn.static_rnn({GRU}, tf.unstack(x, axis=1), dtype=tf.float32)\n", "return o[n]\n")
    assert after[1:] == ["o = tf.unstack(o, axis=1)", "return o[n]"]


def test_the_last_row_of_a_file_and_an_index_that_nobody_knows() -> None:
    assert written(f"return tf.nn.dynamic_rnn({GRU}, x, dtype=tf.float32)[n]\n") == [
        "outputs, state = tf.keras.layers.GRU(4, reset_after=False, return_sequences=True, return_state=True)(x)",
        "return (outputs, state)[n]",
    ]


def test_zeros_that_a_runner_makes_itself_go() -> None:
    call = runs(more=", initial_state=cell.zero_state(3, tf.float32)")
    assert written(KEPT, call, "return o\n") == [
        "cell = tf.keras.layers.GRU(4, reset_after=False, return_sequences=True)",
        "o = cell(x)",
        "return o",
    ]
    # Another module may read the name.
    after = rewritten(f"{HEAD}{KEPT}zeros = cell.zero_state(3, tf.float32)\n{runs(more=', initial_state=zeros')}")
    assert "zeros = tf.zeros([3, cell.units], tf.float32)\n" in after


def test_results_that_are_deleted_or_changed_are_made() -> None:
    lstm = runs("rnn.LSTMCell(4)")
    assert written(lstm, "del s\nreturn o\n")[1:] == ["s = LSTMStateTuple(s_c, s_h)", "del s", "return o"]
    assert written("s = 1\n", lstm, "s += 1\nreturn s[0]\n")[2] == "s = LSTMStateTuple(s_c, s_h)"


def test_states_that_a_star_takes_apart_are_one_value_first() -> None:
    lstm = written("o, (*a, b) = tf.nn.dynamic_rnn(rnn.LSTMCell(4), x, dtype=tf.float32)\n", "return o, a, b\n")
    assert lstm[1] == "(*a, b) = LSTMStateTuple(state_c, state_h)"
    several = written(f"o, (*a, b) = tf.nn.dynamic_rnn({STACK}, x, dtype=tf.float32)\n", "return o, a, b\n")
    assert several[1] == "(*a, b) = tuple(tf.nest.flatten(states))"


def test_cells_of_a_stack_and_the_stack_are_of_one_dtype() -> None:
    (line, _) = written(runs(STACK, dtype="tf.float64"), "return o\n")
    assert line.count('dtype="float64"') == 3


def test_a_list_from_elsewhere_is_stacked() -> None:
    steps = f"o, s = tf.nn.static_rnn({GRU}, {{}}, dtype=tf.float32)\n"
    assert "(tf.stack(n, axis=1))" in written(steps.format("n"), "return o[-1]\n")[0]
    assert (
        "(tf.stack(xs, axis=1))" in written("xs = tf.unstack(x, colour=1)\n", steps.format("xs"), "return o[-1]\n")[1]
    )


@pytest.mark.parametrize(
    "program",
    [
        "def build(y=tf.nn.dynamic_rnn(rnn.GRUCell(4), x, dtype=tf.float32)):\n    pass\n",
        "@tf.nn.dynamic_rnn(rnn.GRUCell(4), x, dtype=tf.float32)\ndef build():\n    pass\n",
        "match tf.nn.dynamic_rnn(rnn.GRUCell(4), x, dtype=tf.float32):\n    case _:\n        pass\n",
    ],
)
def test_a_call_in_the_head_of_a_statement_is_left(program: str) -> None:
    assert "it is in a statement of an unsupported kind" in reasons(HEAD + program)
    assert rewritten(HEAD + program) == HEAD + program


def test_the_result_at_the_end_of_a_file_and_in_a_class_is_made() -> None:
    assert rewritten(HEAD + runs(GRU).rstrip()).endswith("return_state=True)(x)")
    body = f"class Model:\n    y = tf.nn.dynamic_rnn({GRU}, x, dtype=tf.float32)\n"
    assert rewritten(HEAD + body).endswith("(x)\n    y = outputs, state\n")


def test_a_module_that_is_kept_by_a_variable_stays_while_it_is_read() -> None:
    program = f"import tensorflow as tf\nrnn = tf.contrib.rnn\nprint(rnn)\n{runs(GRU)}"
    assert "rnn = tf.contrib.rnn\nprint(rnn)\n" in rewritten(program)
