"""Which legacy names have a fix, is it safe, and what does the module say afterwards?"""

from __future__ import annotations

import ast
from typing import Any

import kept
import pytest
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from moved_grammar import PARTS, write

from rnnlint import engine
from rnnlint.hosts.fixing import fixed
from rnnlint.hosts.outcome import Outcome
from rnnlint.read.tree import InMemory
from rnnlint.report.run import is_offered
from rnnlint.settings import Settings, from_mapping

HEAD = "import tensorflow as tf\n"
NAMED = ("RNN102", "safe", "Name it `tf.compat.v1.nn.dynamic_rnn`")


def outcome(code: str, settings: Settings) -> Outcome:
    return Outcome(engine.check_bytes(code.encode(), "m.py", settings, engine.Project(files=InMemory({}))).findings)


def fixes(code: str, **options: Any) -> list[tuple[str, str, str]]:
    """For each finding with a fix its code, applicability and message."""
    found = outcome(code, from_mapping(options, "test")).findings
    return [(one.code, one.fix.applicability, one.fix.message) for one in found if one.fix is not None]


def after(code: str, unsafe: bool = False, **options: Any) -> str:
    """The module after its fixes."""
    settings = from_mapping(options, "test")
    result = fixed(
        code.encode(),
        "m.py",
        lambda data, _: outcome(data.decode(), settings),
        lambda found: [one for one in found.findings if is_offered(one, unsafe)],
    )
    assert result.problem is None
    return result.data.decode()


def said(code: str) -> None:
    """All that is said about it is what was said before."""
    kept.same("moved_names", repr(code), kept.shown(outcome(HEAD + code + "\n", Settings()).findings))


NAMES = [
    "tf.nn.dynamic_rnn(c, x)",
    "f = tf.nn.bidirectional_dynamic_rnn",
    "f = tf.nn.dynamic_rnn",
    "functools.partial(tf.nn.static_rnn, c)",
    "tf.nn.dynamic_rnn(c, x, n, s, d, 32, swap_memory=True, time_major=True)",
    "tf.nn.static_rnn(*a, **k)",
    "tf.nn.dynamic_rnn(c, x, **k)",
    "if FLAGS.dynamic: tf.nn.dynamic_rnn(c, x)",
    "def f(x):\n  import tensorflow as tf\n  return tf.nn.dynamic_rnn(c, x)",
    "import tensorflow as tf\ntf.nn.dynamic_rnn(c, x)",
    "import tensorflow.contrib\ntensorflow.nn.dynamic_rnn(c, x)",
    "class A:\n  def f(self, tf2=tf):\n    return tf.nn.dynamic_rnn(c, x)",
    "y = tf.nn.dynamic_rnn(c, x) if train else None",
    "try:\n  tf.nn.dynamic_rnn(c, x)\nexcept ValueError: pass",
    "tf.nn.rnn(c, x)",
    "from helpers import *\ntf.nn.dynamic_rnn(c, x)",
]


@pytest.mark.parametrize("code", NAMES)
def test_a_runner_that_is_certain_is_named_where_it_runs(code: str) -> None:
    ((_, applicability, message),) = fixes(HEAD + code + "\n")
    assert applicability == "safe"
    assert message.startswith(("Name it `tf.compat.v1.nn.", "Name it `tensorflow.compat.v1.nn."))
    said(code)


NO_FIX = [
    "tf.nn.static_rnn(c, x, no_such_argument=1)",
    # The name may be another module.
    "try: import tensorflow.compat.v1 as tf\nexcept ImportError: pass\ntf.nn.dynamic_rnn(c, x)",
    "tf.nn.dynamic_rnn(c, x)\nimport tensorflow.compat.v1 as tf",
    "def f():\n  global tf\n  tf = other()\ntf.nn.dynamic_rnn(c, x)",
    # The function may be another one.
    "tf.nn.dynamic_rnn = mine\ntf.nn.dynamic_rnn(c, x)",
    # It is named in another way.
    "(tf.nn). dynamic_rnn(c, x)",
    "f'{tf.nn.dynamic_rnn(c, x)}'",
    'f"""\n\n{tf.nn.dynamic_rnn(c, x)}"""',
    # The code switches between releases.
    "if tf.__version__ < '2': tf.nn.dynamic_rnn(c, x)",
    "if hasattr(tf.nn, 'x'):\n  pass\nelse:\n  def f():\n    return tf.nn.dynamic_rnn(c, x)",
    "try:\n  tf.nn.dynamic_rnn(c, x)\nexcept AttributeError: pass",
    "try: pass\nexcept: tf.nn.dynamic_rnn(c, x)",
    "with suppress(AttributeError):\n  tf.nn.dynamic_rnn(c, x)",
    "f = tf.nn.bidirectional_dynamic_rnn if TF1 else g",
    "f = g or tf.nn.bidirectional_dynamic_rnn",
    "if tf.nn.bidirectional_dynamic_rnn: pass",
    "match version:\n  case 1: tf.nn.dynamic_rnn(c, x)",
    "try:\n  from tensorflow.nn import static_rnn\nexcept ImportError: pass",
    "if V1: from tensorflow.nn import static_rnn",
    "try:\n  from tensorflow.compat.v1.nn import raw_rnn\nexcept ImportError:\n  from tensorflow.nn import raw_rnn",
    # The target has nothing that does the same.
    "tf.contrib.rnn.stack_bidirectional_dynamic_rnn(c, c, x)",
    "tf.contrib.seq2seq.sequence_loss(a, b, c)",
    "tf.contrib.cudnn_rnn.CudnnLSTM(1, 8)",
    "from tensorflow.contrib.rnn import AttentionCellWrapper",
    # It runs.
    "tf.compat.v1.nn.dynamic_rnn(c, x)",
    "from tensorflow.compat.v1.nn.rnn_cell import LSTMCell",
    # A member of a private module that has no other home: the rest stays with it.
    "from tensorflow.python.ops import rnn_cell_impl\nrnn_cell_impl._concat(a, b)\nrnn_cell_impl.GRUCell(4)",
]


@pytest.mark.parametrize("code", NO_FIX)
def test_a_name_that_is_not_certain_has_no_fix(code: str) -> None:
    found = outcome(HEAD + code + "\n", Settings()).findings
    assert found
    assert [one.fix for one in found] == [None] * len(found)
    said(code)


UNSAFE = {
    "tf.nn.dynamic_rnn(c, x, n, s, d, 32, True)": "another order of arguments",
    "tf.nn.dynamic_rnn(*a)": "in * or **",
    "tf.nn.rnn_cell.LSTMCell(8, None)": "another order of arguments",
    "from tensorflow.models.rnn import rnn_cell\nrnn_cell.BasicLSTMCell(4)": "state was one tensor",
    "from tensorflow.contrib import rnn\nrnn.GRUCell(4)\nuse(rnn)": "not every use of `rnn`",
}


@pytest.mark.parametrize("code", UNSAFE)
def test_a_fix_in_doubt_is_unsafe_and_says_why(code: str) -> None:
    found = fixes(HEAD + code + "\n")
    assert found
    assert {applicability for _, applicability, _ in found} == {"unsafe"}
    assert all(UNSAFE[code] in message for _, _, message in found)
    said(code)


def test_a_fix_is_for_the_target() -> None:
    code = HEAD + "tf.nn.dynamic_rnn(c, x)\n"
    assert fixes(code, **{"target-tensorflow": "1.15"}) == []
    assert fixes(code, **{"target-tensorflow": "2.0"}) == [NAMED]


def test_a_cell_is_imported_where_its_attribute_fails_and_named_where_it_works() -> None:
    code = HEAD + "c = tf.nn.rnn_cell.LSTMCell(8)\n"
    assert after(code) == HEAD + "from tensorflow.compat.v1.nn.rnn_cell import LSTMCell\nc = LSTMCell(8)\n"
    assert after(code, **{"target-tensorflow": "2.15"}) == HEAD + "c = tf.compat.v1.nn.rnn_cell.LSTMCell(8)\n"


def test_with_tf_keras_the_attribute_is_named_which_is_shorter() -> None:
    code = HEAD + "c = tf.contrib.rnn.LSTMCell(8)\n"
    assert after(code, **{"tf-keras": True}) == HEAD + "c = tf.compat.v1.nn.rnn_cell.LSTMCell(8)\n"
    assert after(code, **{"tf-keras": True, "target-tensorflow": "1.15"}) == code


def test_what_the_upgrade_script_of_tensorflow_writes_is_mended_too() -> None:
    code = HEAD + "c = tf.compat.v1.nn.rnn_cell.LSTMCell(8)\n"
    assert after(code) == HEAD + "from tensorflow.compat.v1.nn.rnn_cell import LSTMCell\nc = LSTMCell(8)\n"
    assert after(code, **{"target-tensorflow": "2.15"}) == code


PAIRS = {
    "an import stays where it was, with its comment": (
        "from tensorflow.contrib.rnn import LSTMCell  # cells\nimport os\n",
        "from tensorflow.compat.v1.nn.rnn_cell import LSTMCell  # cells\nimport os\n",
    ),
    "names that go to two modules get two lines": (
        "from tensorflow.contrib.rnn import GRUCell as G, static_rnn\n",
        "from tensorflow.compat.v1.nn.rnn_cell import GRUCell as G\nfrom tensorflow.compat.v1.nn import static_rnn\n",
    ),
    "a name that is gone for good stays": (
        "from tensorflow.contrib.rnn import NASCell, GRUCell\n",
        "from tensorflow.contrib.rnn import NASCell\nfrom tensorflow.compat.v1.nn.rnn_cell import GRUCell\n",
    ),
    "what is beside a module in its import stays": (
        "from tensorflow.contrib import layers, rnn\nrnn.GRUCell(4)\n",
        "from tensorflow.contrib import layers\nimport tensorflow.compat.v1.nn.rnn_cell as rnn\nrnn.GRUCell(4)\n",
    ),
    "runners of a module are named where tf is": (
        HEAD + "from tensorflow.contrib import rnn\nrnn.static_rnn(rnn.GRUCell(4), x)\n",
        HEAD + "import tensorflow.compat.v1.nn.rnn_cell as rnn\ntf.compat.v1.nn.static_rnn(rnn.GRUCell(4), x)\n",
    ),
    "runners of a module are imported where tf is not": (
        "from tensorflow.contrib import rnn\nrnn.static_rnn(rnn.GRUCell(4), x)\n",
        "import tensorflow.compat.v1.nn.rnn_cell as rnn\nfrom tensorflow.compat.v1.nn import static_rnn\n"
        "static_rnn(rnn.GRUCell(4), x)\n",
    ),
    "a module of runners only": (
        "from tensorflow.python.ops import rnn\nrnn.dynamic_rnn(c, x)\n",
        "from tensorflow.compat.v1 import nn as rnn\nrnn.dynamic_rnn(c, x)\n",
    ),
    "a module that is only handed on": (
        "from tensorflow.contrib import rnn\n",
        "import tensorflow.compat.v1.nn.rnn_cell as rnn\n",
    ),
    "a variable that holds a module": (
        HEAD + "def f():\n    cells = tf.nn.rnn_cell  # all\n    return cells.GRUCell(4)\n",
        HEAD + "def f():\n    import tensorflow.compat.v1.nn.rnn_cell as cells  # all\n    return cells.GRUCell(4)\n",
    ),
    "an import for many names is one line": (
        '"""Doc."""\n' + HEAD + "import os\na = tf.contrib.rnn.GRUCell(tf.nn.rnn_cell.LSTMStateTuple(1, 2))\n",
        '"""Doc."""\n' + HEAD + "from tensorflow.compat.v1.nn.rnn_cell import GRUCell, LSTMStateTuple\nimport os\n"
        "a = GRUCell(LSTMStateTuple(1, 2))\n",
    ),
    "a name that is taken gets another": (
        HEAD + "GRUCell = 1\ntf.nn.rnn_cell.GRUCell(4)\n",
        HEAD + "from tensorflow.compat.v1.nn.rnn_cell import GRUCell as V1GRUCell\nGRUCell = 1\nV1GRUCell(4)\n",
    ),
    "a text for getattr": (
        HEAD + 'getattr(tf.nn, "dynamic_rnn")(c, x)\n',
        HEAD + "tf.compat.v1.nn.dynamic_rnn(c, x)\n",
    ),
    "a name over several rows": (
        HEAD + "tf.nn \\\n  .dynamic_rnn(c, x)\n(tf\n.nn.dynamic_rnn)(c, x)\n",
        HEAD + "tf.compat.v1.nn.dynamic_rnn(c, x)\n(tf.compat.v1.nn.dynamic_rnn)(c, x)\n",
    ),
    "tf, or None where its import failed": (
        "try:\n    import tensorflow as tf\nexcept ImportError:\n    tf = None\n"
        "tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), x)\n",
        "try:\n    import tensorflow as tf\n    from tensorflow.compat.v1.nn.rnn_cell import GRUCell\n"
        "except ImportError:\n    tf = None\ntf.compat.v1.nn.dynamic_rnn(GRUCell(4), x)\n",
    ),
    "everything, and the runners that are used": (
        HEAD + "from tensorflow.contrib.rnn import *\nstatic_rnn(GRUCell(4), x)\n",
        HEAD + "from tensorflow.compat.v1.nn.rnn_cell import *\nfrom tensorflow.compat.v1.nn import static_rnn\n"
        "static_rnn(GRUCell(4), x)\n",
    ),
    "a module that is imported by its path": (
        "import tensorflow\nimport tensorflow.contrib.rnn\ntensorflow.contrib.rnn.GRUCell(4)\n",
        "import tensorflow\nfrom tensorflow.compat.v1.nn.rnn_cell import GRUCell\nGRUCell(4)\n",
    ),
    "a module that is imported by its path, alone": (
        "import tensorflow.contrib.rnn  # cells\ntensorflow.nn.dynamic_rnn(c, x)\n",
        "import tensorflow  # cells\ntensorflow.compat.v1.nn.dynamic_rnn(c, x)\n",
    ),
    "options that are handed on": (
        "from tensorflow.contrib.rnn import LSTMCell\nLSTMCell(4, **options)\n",
        "from tensorflow.compat.v1.nn.rnn_cell import LSTMCell\nLSTMCell(4, **options)\n",
    ),
    "the branch of an expression that runs on the target": (
        HEAD + "run = tf.nn.dynamic_rnn if hasattr(tf, 'contrib') else tf.nn.static_rnn\n",
        HEAD + "run = tf.nn.dynamic_rnn if hasattr(tf, 'contrib') else tf.compat.v1.nn.static_rnn\n",
    ),
    "a name that is there is not imported again": (
        HEAD + "from tensorflow.compat.v1.nn.rnn_cell import GRUCell\ntf.nn.rnn_cell.GRUCell(4)\n",
        HEAD + "from tensorflow.compat.v1.nn.rnn_cell import GRUCell\nGRUCell(4)\n",
    ),
    "nor is one whose own import moves": (
        HEAD + "from tensorflow.contrib.rnn import GRUCell\ntf.contrib.rnn.GRUCell(4)\n",
        HEAD + "from tensorflow.compat.v1.nn.rnn_cell import GRUCell\nGRUCell(4)\n",
    ),
    "rows that are aligned with a call stay so": (
        HEAD + "def f():\n    return tf.nn.dynamic_rnn(c,\n                             x)\n",
        HEAD + "def f():\n    return tf.compat.v1.nn.dynamic_rnn(c,\n                                       x)\n",
    ),
    "an old argument that did nothing goes": (
        "from tensorflow.contrib.rnn import GRUCell\nGRUCell(4, input_size=None)\nGRUCell(input_size=n, num_units=3)\n",
        "from tensorflow.compat.v1.nn.rnn_cell import GRUCell\nGRUCell(4)\nGRUCell(num_units=3)\n",
    ),
    "the only branch that can run": (
        "try:\n    from tensorflow.contrib.rnn import GRUCell\nexcept ImportError:\n"
        "    from tensorflow.nn.rnn_cell import GRUCell\n",
        "try:\n    from tensorflow.contrib.rnn import GRUCell\nexcept ImportError:\n"
        "    from tensorflow.compat.v1.nn.rnn_cell import GRUCell\n",
    ),
    "contrib itself, where nothing else of it is used": (
        "from tensorflow import contrib\nimport tensorflow.contrib as tfc, os\n"
        "contrib.rnn.GRUCell(tfc.rnn.LSTMStateTuple(1, 2))\n",
        "from tensorflow.compat.v1.nn.rnn_cell import GRUCell\nimport os\n"
        "from tensorflow.compat.v1.nn.rnn_cell import LSTMStateTuple\nGRUCell(LSTMStateTuple(1, 2))\n",
    ),
    "a variable for contrib": (
        HEAD + "c = tf.contrib\nc.rnn.GRUCell(4)\nc.rnn.static_rnn(d, x)\n",
        HEAD + "from tensorflow.compat.v1.nn.rnn_cell import GRUCell\n"
        "from tensorflow.compat.v1.nn import static_rnn\nGRUCell(4)\nstatic_rnn(d, x)\n",
    ),
    "a name that is nowhere fails where it is used, and the rest runs": (
        HEAD + "from tensorflow.contrib import rnn\nrnn.GRUCell(4)\nif nas:\n    rnn.NASCell(4)\n",
        HEAD + "import tensorflow.compat.v1.nn.rnn_cell as rnn\nrnn.GRUCell(4)\nif nas:\n"
        "    tf.contrib.rnn.NASCell(4)\n",
    ),
    "the attribute that is tried last": (
        HEAD + "try:\n    cells = tf.nn.rnn_cell\nexcept AttributeError:\n    cells = tf.contrib.rnn\n"
        "cells.GRUCell(4)\n",
        HEAD + "try:\n    cells = tf.nn.rnn_cell\nexcept AttributeError:\n"
        "    import tensorflow.compat.v1.nn.rnn_cell as cells\ncells.GRUCell(4)\n",
    ),
    "what a condition compares": (
        HEAD + "if isinstance(s, tf.contrib.rnn.LSTMStateTuple) or make == tf.nn.rnn_cell.GRUCell: pass\n",
        HEAD + "from tensorflow.compat.v1.nn.rnn_cell import GRUCell, LSTMStateTuple\n"
        "if isinstance(s, LSTMStateTuple) or make == GRUCell: pass\n",
    ),
    "layers for cuDNN": (
        "from keras.layers import CuDNNLSTM, Dense\nCuDNNLSTM(4, return_sequences=True)\n",
        "from keras.layers import Dense, LSTM\nLSTM(4, return_sequences=True)\n",
    ),
    "layers for cuDNN beside their like": (
        "from keras.layers import LSTM, CuDNNLSTM\nCuDNNLSTM(4)\n",
        "from keras.layers import LSTM\nLSTM(4)\n",
    ),
    "layers for cuDNN by attribute": (
        HEAD + "tf.keras.layers.CuDNNGRU(4)\n",
        HEAD + "tf.keras.layers.GRU(4)\n",
    ),
}


LATE = [
    "tf.__version__.startswith('2.')",
    "not tf.__version__.startswith('1.')",
    "tf.__version__ >= '1.11'",
    "tf.VERSION > '0.12'",
    "int(tf.__version__.split('.')[0]) >= 2",
    "int(tf.__version__[0]) > 1",
    "tf.__version__.split('.')[0] == '2'",
    "LooseVersion(tf.__version__) >= LooseVersion('1.5')",
    "version.parse(tf.__version__) >= version.parse('2.16.0rc0')",
    "StrictVersion(tf.__version__.split('-')[0]) >= StrictVersion('1.12.0')",
    "TF_VERSION >= '2.0.0' and not hasattr(tf, 'contrib')",
    "not hasattr(tf.nn, 'rnn_cell') or tf.VERSION < '1'",
]
EARLY = [
    "tf.__version__ < '1.1.0'",
    "tf.__version__ == '1.3.0'",
    "LooseVersion(tf.__version__) < LooseVersion('2.0')",
    "hasattr(tf.nn, 'rnn_cell')",
    "hasattr(tf, 'contrib') and tf.VERSION",
]
UNKNOWN = [
    "TF2",
    "tf.__version__ >= '2.21.4'",
    "version_of(tf) > 1",
    "tf.__version__.split('.')[version] > '1'",
    "np.__version__ >= '1'",
    "tf.__version__ >= 2",
    "tf.__version__[:n] == '2'",
    "hasattr(tf.nn, 'something')",
    "tf.__version__.split('')",
]
SWITCH = HEAD + "TF_VERSION = tf.__version__\nif {}:\n    c = {}.GRUCell(4)\nelse:\n    c = {}.GRUCell(4)\n"
OLD, NEW = "tf.nn.rnn_cell", "tf.compat.v1.nn.rnn_cell"


@pytest.mark.parametrize("condition", [*LATE, *EARLY, *UNKNOWN])
def test_of_a_version_switch_the_branch_is_fixed_that_runs_on_the_target(condition: str) -> None:
    before = SWITCH.format(condition, OLD, OLD)
    wanted = SWITCH.format(condition, NEW if condition in LATE else OLD, NEW if condition in EARLY else OLD)
    assert after(before, **{"tf-keras": True}) == wanted
    assert after(wanted, **{"tf-keras": True}) == wanted


OTHER_ERRORS = [
    "try:\n    cells = tf.nn.rnn_cell\nexcept ImportError:\n    cells = tf.contrib.rnn\ncells.GRUCell(4)\n",
    "try:\n    check()\n    cells = tf.nn.rnn_cell\nexcept AttributeError:\n    cells = tf.contrib.rnn\n",
    "try:\n    import mine as cells\nexcept ImportError:\n    cells = tf.contrib.rnn\ncells.GRUCell(4)\n",
]


@pytest.mark.parametrize("code", OTHER_ERRORS)
def test_what_may_never_be_reached_is_left_alone(code: str) -> None:
    assert after(HEAD + code) == HEAD + code


def test_a_name_that_one_branch_has_on_the_target_is_no_error() -> None:
    code = HEAD + "try:\n    from tensorflow.contrib.rnn import static_rnn\nexcept:\n"
    code += "    static_rnn = tf.compat.v1.nn.static_rnn\nstatic_rnn(c, x)\n"
    assert {one.severity for one in outcome(code, Settings()).findings} == {"warning"}


@pytest.mark.parametrize("name", PAIRS)
def test_a_module_reaches_its_names_where_they_are(name: str) -> None:
    before, wanted = PAIRS[name]
    assert after(before) == wanted
    assert after(wanted) == wanted


@hypothesis_settings(max_examples=20, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
@given(st.builds(write, *map(st.sampled_from, PARTS)))
def test_a_program_of_the_grammar_has_no_name_left_that_fails(program: str) -> None:
    now = after(program, select=["RNN1"])
    assert now != program
    ast.parse(now)
    assert after(now, select=["RNN1"]) == now
    assert [one.api for one in outcome(now, Settings()).findings if one.severity == "error"] == []


ARGUMENTS = {
    "rnn.GRUCell(4, input_size=None)": "rnn.GRUCell(4)",
    "rnn.GRUCell(4, input_size=(None))": "rnn.GRUCell(4)",
    "rnn.GRUCell(4, input_size=(None), activation=f)": "rnn.GRUCell(4, activation=f)",
    "rnn.GRUCell(4, input_size=None, **k)": "rnn.GRUCell(4, **k)",
    "rnn.GRUCell(4, *a, input_size=None)": "rnn.GRUCell(4, *a)",
    "rnn.GRUCell(4, input_size=None, *a)": "rnn.GRUCell(4, *a)",
    "rnn.GRUCell(input_size=None, num_units=4)": "rnn.GRUCell(num_units=4)",
    "rnn.GRUCell(4, \\\n    input_size=None)": "rnn.GRUCell(4)",
    "(rnn.GRUCell)(4, input_size=None)": "(rnn.GRUCell)(4)",
    # What a call computes may be needed.
    "rnn.GRUCell(4, input_size=make())": "rnn.GRUCell(4, input_size=make())",
}


@pytest.mark.parametrize("call", ARGUMENTS)
def test_an_argument_that_was_never_used_goes(call: str) -> None:
    assert after(f"from tensorflow.contrib import rnn\nc = {call}\n", unsafe=True).endswith(
        f"\nc = {ARGUMENTS[call]}\n"
    )


def test_an_argument_that_python_2_cannot_take_out_stays() -> None:
    program = "from tensorflow.contrib import rnn\nprint 'x'\nc = rnn.GRUCell(*a, input_size=None)\n"
    assert after(program, unsafe=True).endswith("rnn.GRUCell(*a, input_size=None)\n")


def test_arguments_whose_places_changed_are_passed_by_name() -> None:
    call = "c = tf.models.rnn.rnn_cell.DropoutWrapper(cell, 0.5, 0.5, {})\n"
    assert after(HEAD + call.format("3"), unsafe=True).endswith("c = DropoutWrapper(cell, 0.5, 0.5, seed=3)\n")
    assert after(HEAD + call.format("(3)"), unsafe=True) == HEAD + call.format("(3)")


NO_SWITCH = ["isinstance(tf, str)", "3[0]", "(lambda: 1)() < 2", "{1: 2}[1] < 2"]
UNKNOWN_SWITCH = [
    'tf.__version__.count(".") > 1',
    'tf.__version__[0:1:2] < "2"',
    'tf.__version__.endswith("0")',
    "hasattr(tf, name)",
    'hasattr(a, "contrib")',
    "int(tf.__version__[0])[0] < 2",
    'tf.__version__.split(".", 1)[0] < "2"',
    'tf.__version__.split("") < "2"',
    'f"{tf.__version__}" < "2"',
]


@pytest.mark.parametrize("condition", [*NO_SWITCH, *UNKNOWN_SWITCH])
def test_a_condition_on_the_version_that_is_not_known_leaves_both_branches(condition: str) -> None:
    program = f"{HEAD}if {condition}:\n    f = tf.nn.dynamic_rnn\nelse:\n    f = tf.nn.static_rnn\nf(c, x)\n"
    assert len(fixes(program)) == (2 if condition in NO_SWITCH else 0)
