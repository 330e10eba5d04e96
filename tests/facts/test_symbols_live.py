"""Does the symbol table say what the installed TensorFlow does?

Each question is answered in a fresh process: importing ``tensorflow.compat.v1.nn.rnn_cell`` once
makes its attributes work for the rest of the process, so attributes are looked at where nothing
but ``tensorflow`` itself was imported.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest

from rnnlint.facts.symbols import NEWEST, Symbol, find, state_on, table

pytestmark = pytest.mark.tensorflow

if importlib.util.find_spec("tensorflow") is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

RNN_NAME = re.compile(r"rnn|lstm|gru(?!p)|seq2seq", re.IGNORECASE)
IMPORTED = ("tf.python.", "tf.models.", "keras.")

ATTRIBUTES = """
import json, sys, tensorflow
answers = {}
for path in json.load(sys.stdin):
    value = tensorflow
    try:
        for name in path.split(".")[1:]:
            value = getattr(value, name)
        answers[path] = ""
    except Exception as error:
        answers[path] = f"{type(error).__name__}: {error}"
print(json.dumps(answers))
"""

IMPORTS = """
import importlib, json, sys

def take(path):
    # An alias inside a module can be reached as its attribute only.
    module, _, name = path.rpartition(".")
    try:
        exec(f"from {module} import {name}", {})
        return getattr(importlib.import_module(module), name)
    except ModuleNotFoundError:
        return getattr(take(module), name)

answers = {}
for path in json.load(sys.stdin):
    try:
        take("tensorflow" + path[2:] if path.startswith("tf.") else path)
        answers[path] = ""
    except Exception as error:
        answers[path] = f"{type(error).__name__}: {error}"
print(json.dumps(answers))
"""

EXPORTED = """
import importlib, json, tensorflow
v1 = tensorflow.compat.v1
print(json.dumps([f"tf.compat.v1.{part}{name}"
    for part, names in (
        ("", dir(v1)),
        ("nn.", dir(v1.nn)),
        ("nn.rnn_cell.", vars(importlib.import_module("tensorflow.compat.v1.nn.rnn_cell"))),
    )
    for name in names if not name.startswith("_")]))
"""

WRAPPERS = """
import json, sys, tensorflow as tf
answers = {}
for path in json.load(sys.stdin):
    wrapper = getattr(tf.nn, path.rpartition(".")[2])
    device = ["/cpu:0"] if "Device" in path else []
    try:
        layer = tf.keras.layers.RNN(wrapper(tf.keras.layers.LSTMCell(4), *device))
        layer(tf.zeros([2, 3, 4]))
        answers[path] = ""
    except Exception as error:
        answers[path] = f"{type(error).__name__}: {error}"
print(json.dumps(answers))
"""

VERSION = "import json, tensorflow; print(json.dumps(tensorflow.__version__))"


def ask(program: str, question: object = None) -> object:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("TF_", "KERAS"))}
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(question),
        env=clean | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@lru_cache(maxsize=1)
def resolution() -> dict[str, str]:
    """The error that each path of the table raises, or nothing."""
    by_import = [path for path in table() if path.startswith(IMPORTED)]
    by_attribute = [path for path in table() if not path.startswith(IMPORTED)]
    answers = ask(ATTRIBUTES, by_attribute)
    imports = ask(IMPORTS, by_import)
    assert isinstance(answers, dict)
    assert isinstance(imports, dict)
    return answers | imports


def rows_in(state: str) -> list[Symbol]:
    return [row for row in table().values() if state_on(row, NEWEST) == state]


def fails_only_in_use(row: Symbol) -> bool:
    return row.path.startswith("tf.nn.RNNCell")


@pytest.fixture(scope="module", autouse=True)
def newest_tensorflow() -> None:
    version = str(ask(VERSION))
    if not version.startswith(NEWEST + "."):
        pytest.skip(f"the facts are of TensorFlow {NEWEST}, installed is {version}")


def test_what_works_resolves() -> None:
    wrong = {row.path: resolution()[row.path] for row in rows_in("works")}
    assert {path: error for path, error in wrong.items() if error} == {}


def test_what_is_removed_does_not_resolve() -> None:
    assert [row.path for row in rows_in("removed") if not resolution()[row.path]] == []


@pytest.mark.skipif(importlib.util.find_spec("tf_keras") is not None, reason="needs TensorFlow without tf-keras")
def test_what_works_with_tf_keras_raises_without() -> None:
    rows = [row for row in rows_in("works with tf-keras") if not fails_only_in_use(row)]
    assert [row.path for row in rows if not resolution()[row.path]] == []
    wrappers = [row.path for row in rows_in("works with tf-keras") if fails_only_in_use(row)]
    answers = ask(WRAPPERS, wrappers)
    assert isinstance(answers, dict)
    assert len(answers) == 3
    assert all(answers.values()), answers


def test_the_imports_work_that_are_said_to() -> None:
    paths = [row.path for row in table().values() if row.import_works]
    answers = ask(IMPORTS, paths)
    assert isinstance(answers, dict)
    assert len(answers) == 10
    assert not any(answers.values()), answers


def test_where_a_symbol_is_said_to_live_on_it_does() -> None:
    still = {row.still_at for row in table().values() if row.still_at}
    dotted = [place for place in still if place.startswith("tf.")]
    others = sorted(still - set(dotted))
    answers = ask(ATTRIBUTES, dotted)
    assert isinstance(answers, dict)
    assert not any(answers.values()), answers
    statements = "\n".join(others)
    assert ask(f"import json\n{statements}\nprint(json.dumps('done'))") == "done"


def test_every_replacement_exists() -> None:
    named = {name for row in table().values() for name in re.findall(r"\btf(?:\.\w+)+", row.replacement)}
    assert len(named) > 20
    answers = ask(ATTRIBUTES, sorted(named))
    assert isinstance(answers, dict)
    assert not any(answers.values()), answers


def test_every_call_that_a_replacement_spells_out_runs() -> None:
    calls = {
        call
        for row in table().values()
        for call in re.findall(r"`(tf\.keras\.(?:layers|losses)\.\w+\([^`]*\))`", row.replacement)
    }
    assert len(calls) > 5
    lines = [
        "import json, tensorflow as tf",
        "cell = tf.keras.layers.LSTMCell(4)",
        "units = 4",
    ]
    for call in sorted(calls):
        tree = ast.parse(call, mode="eval").body
        assert isinstance(tree, ast.Call)
        needs_units = not tree.args and ".layers." in call
        lines.append(call.replace("(", "(4, ", 1) if needs_units else call)
    assert ask("\n".join([*lines, "print(json.dumps('done'))"])) == "done"


def test_every_rnn_symbol_of_the_v1_namespace_is_in_the_table() -> None:
    exported = ask(EXPORTED)
    assert isinstance(exported, list)
    ours = [path for path in exported if RNN_NAME.search(path) or ".rnn_cell." in path]
    assert len(ours) > 15
    assert [path for path in ours if path not in table()] == []


def test_every_rnn_row_of_the_compatibility_tables_is_in_the_table() -> None:
    spec = importlib.util.find_spec("tensorflow")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "tools" / "compatibility"
    names: set[str] = set()
    for file in ("renames_v2.py", "all_renames_v2.py"):
        for node in ast.walk(ast.parse((folder / file).read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                keys = (key.value for key in node.keys if isinstance(key, ast.Constant))
                names |= {key for key in keys if isinstance(key, str)}
    paths = {re.sub(r"^(?:tf\.)?contrib_rnn\.", "tf.contrib.rnn.", name) for name in names}
    ours = {path for path in paths if RNN_NAME.search(path) and path.startswith("tf.")}
    ours -= {path for path in ours if path.startswith(("tf.raw_ops.", "tf.nn.ctc"))}
    assert len(ours) > 25
    assert [path for path in sorted(ours) if find(path) is None] == []
