"""Does a program of TensorFlow 1 run after its safe fixes, with the same results, gradients and variables?"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from graphs_of_programs import Result, results_of
from moved_grammar import SAMPLE
from moved_programs import PROGRAMS as WRITTEN
from rarer_programs import FOLDERS as RARER
from real_programs import FOLDERS as REAL

from rnnlint import engine
from rnnlint.finding import Finding
from rnnlint.hosts.command_line import main
from rnnlint.hosts.fixing import fixed
from rnnlint.hosts.outcome import Outcome
from rnnlint.read.tree import InMemory
from rnnlint.report.run import is_offered
from rnnlint.settings import from_mapping

_spec = importlib.util.find_spec("tensorflow")
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

PROGRAMS = {**WRITTEN, **SAMPLE}
FOLDERS = {**REAL, **RARER}

pytestmark = pytest.mark.tensorflow

ROUNDING = 1e-5


def installed() -> str:
    for name in ("tensorflow", "tensorflow-cpu"):
        try:
            return ".".join(importlib.metadata.version(name).split(".")[:2])
        except importlib.metadata.PackageNotFoundError:
            continue
    raise AssertionError("TensorFlow has no version")


def has_tf_keras() -> bool:
    return importlib.util.find_spec("tf_keras") is not None


def is_legacy_keras() -> bool:
    return has_tf_keras() and os.environ.get("TF_USE_LEGACY_KERAS") == "1"


def findings(program: bytes, **options: object) -> list[Finding]:
    settings = from_mapping({"target-tensorflow": installed(), "tf-keras": is_legacy_keras(), **options}, "test")
    return list(engine.check_bytes(program, "program.py", settings, engine.Project(files=InMemory({}))).findings)


@cache
def safely_fixed(program: str, **options: object) -> str:
    result = fixed(
        program.encode(),
        "program.py",
        lambda data, _: Outcome(findings(data, **options)),
        lambda outcome: [one for one in outcome.findings if is_offered(one, unsafe=False)],
    )
    assert result.problem is None
    return result.data.decode()


@pytest.fixture(scope="module")
def pairs() -> dict[str, tuple[Result, Result]]:
    """Each program before and after its safe fixes."""
    after = {name: safely_fixed(program) for name, program in PROGRAMS.items()}
    asked = [(program, True) for program in PROGRAMS.values()] + [(program, False) for program in after.values()]
    found = results_of(asked)
    return dict(zip(PROGRAMS, zip(found, found[len(PROGRAMS) :])))


def are_equal(before: Result, after: Result) -> None:
    assert (before.error, after.error) == ("", "")
    assert after.variables == before.variables
    assert [len(part) for part in after.values] == [len(part) for part in before.values]
    differences = (abs(a - b) for one, other in zip(before.values, after.values) for a, b in zip(one, other))
    assert max(differences) < ROUNDING


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_computes_the_same_after_its_safe_fixes(name: str, pairs: dict[str, tuple[Result, Result]]) -> None:
    are_equal(*pairs[name])


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_name_fails_after_the_safe_fixes(name: str) -> None:
    left = [one for one in findings(safely_fixed(PROGRAMS[name]).encode()) if one.severity == "error"]
    assert [(one.row, one.api) for one in left] == []


BY_ATTRIBUTE = [name for name in PROGRAMS if name.startswith(("contrib by attribute", "nn.rnn_cell by attribute"))]


@pytest.mark.skipif(not has_tf_keras(), reason="needs tf-keras")
def test_with_tf_keras_the_attributes_that_fixes_write_compute_the_same() -> None:
    after = [safely_fixed(PROGRAMS[name], **{"tf-keras": True}) for name in BY_ATTRIBUTE]
    assert len(after) == 8
    assert all(".compat.v1.nn.rnn_cell." in program and "\nfrom " not in program for program in after)
    asked = [(PROGRAMS[name], True) for name in BY_ATTRIBUTE] + [(program, False) for program in after]
    found = results_of(asked, TF_USE_LEGACY_KERAS="1")
    for before, now in zip(found, found[len(after) :]):
        are_equal(before, now)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Result, Result]]:
    """Each program of several files before and after `rnnlint check --fix`."""
    root = tmp_path_factory.mktemp("folders")
    old, new = [str(root / "old" / str(at)) for at in range(len(FOLDERS))], []
    for path, files in zip(old, FOLDERS.values()):
        for name, text in files.items():
            target = Path(path, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    shutil.copytree(root / "old", root / "new")
    options = ["--isolated", "--no-cache", "--target-tensorflow", installed(), *["--tf-keras"] * is_legacy_keras()]
    for at in range(len(FOLDERS)):
        # Each is a project of its own.
        new.append(str(root / "new" / str(at)))
        assert main(["check", "--fix", *options, new[-1]]) == 1
    found = results_of([*((path, True) for path in old), *((path, False) for path in new)])
    return dict(zip(FOLDERS, zip(found, found[len(old) :])))


@pytest.mark.parametrize("name", FOLDERS)
def test_a_program_in_the_shape_of_real_code_computes_the_same(
    name: str, folders: dict[str, tuple[Result, Result]]
) -> None:
    are_equal(*folders[name])


STACKS = {
    "made in the list": "stack = MultiRNNCell([GRUCell(4)] * 2)",
    "made before": "cell = LSTMCell(4, forget_bias=0.5)\n    stack = MultiRNNCell([cell] * 2, state_is_tuple=True)",
    "wrapped": "cell = BasicLSTMCell(4)\n    cell = DropoutWrapper(cell, output_keep_prob=1.0)\n"
    "    stack = MultiRNNCell([cell for _ in range(2)])",
}
STACKED = """
import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicLSTMCell, DropoutWrapper, GRUCell, LSTMCell, MultiRNNCell


def build(_):
    x = tf.ones([2, 5, {features}])
    {stack}
    return tf.compat.v1.nn.dynamic_rnn(stack, x, dtype=tf.float32)
"""


def test_a_stack_of_one_cell_that_raises_runs_with_cells_of_its_own_and_one_that_runs_stays() -> None:
    raising = [STACKED.format(features=3, stack=stack) for stack in STACKS.values()]
    running = [STACKED.format(features=4, stack=stack) for stack in STACKS.values()]
    after = [safely_fixed(program) for program in raising]
    assert [safely_fixed(program) for program in running] == running
    found = results_of([(one, False) for one in (*raising, *running, *after)])
    before, shared, apart = found[:3], found[3:6], found[6:]
    assert all("ValueError" in one.error for one in before)
    assert [one.error for one in (*shared, *apart)] == [""] * 6
    assert [len(one.variables) for one in apart] == [2 * len(one.variables) for one in shared]


OLD_SCRIPT = """
import numpy as np
import tensorflow as tf
from tensorflow.contrib import rnn

x = tf.placeholder(tf.float32, [None, 5, 3])
y = tf.placeholder(tf.float32, [None, 2])
keep = tf.placeholder_with_default(1.0, [])


def layer(units):
    return rnn.DropoutWrapper(rnn.BasicLSTMCell(units), output_keep_prob=keep)


stack = rnn.MultiRNNCell([layer(4) for _ in range(2)])
outputs, state = tf.nn.dynamic_rnn(stack, x, dtype=tf.float32)
gru, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(3), outputs, dtype=tf.float32, scope="second")
weights = tf.get_variable("weights", [3, 2], initializer=tf.truncated_normal_initializer(stddev=0.1))
loss = tf.reduce_mean(tf.square(tf.matmul(gru[:, -1], weights) - y))
train = tf.train.AdamOptimizer(0.1).minimize(loss)
data = np.ones((4, 5, 3), "float32"), np.ones((4, 2), "float32")
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    losses = []
    for _ in range(10):
        losses.append(session.run([loss, train], {x: data[0], y: data[1]})[0])
print("first", losses[0], "last", losses[-1])
assert losses[-1] < losses[0]
"""


def test_a_script_of_tensorflow_1_runs_after_the_upgrade_script_and_the_fixes(tmp_path: Path) -> None:
    old, new = tmp_path / "old.py", tmp_path / "new.py"
    old.write_text(OLD_SCRIPT, encoding="utf-8")
    upgrade = [sys.executable, "-m", "tensorflow.tools.compatibility.tf_upgrade_v2_main", "--infile", str(old)]
    report = str(tmp_path / "report.txt")
    subprocess.run([*upgrade, "--outfile", str(new), "--reportfile", report], check=True, capture_output=True)
    # The script takes tensors for eager ones, as TensorFlow 2 does; a graph of TensorFlow 1 has to be asked for.
    text = safely_fixed(new.read_text(encoding="utf-8")).replace(
        "import tensorflow as tf\n", "import tensorflow as tf\ntf.compat.v1.disable_eager_execution()\n", 1
    )
    new.write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, str(new)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith("first")
