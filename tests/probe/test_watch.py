"""Does the watcher see what a program does? Small programs on a stand-in for TensorFlow and Keras."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from probe import fake_tensorflow
from processes import unmeasured

import rnnlint
from rnnlint.probe.watch import places, traces
from rnnlint.probe.watch.places import UserFiles
from rnnlint.probe.watch.record import Record, Watched, from_json, merged

Watch = Callable[..., Record]

HEAD = """\
import types
import tensorflow as tf
from keras import LSTM, Bidirectional, Layer, LSTMCell
def tensor(*shape, mask=None):
    return types.SimpleNamespace(shape=shape, _keras_mask=mask)
def step(x, state):
    return x
"""
ROW = HEAD.count("\n") + 1


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    """The record of a program whose first row is ROW; more files by their names."""
    fake_tensorflow.write(tmp_path / "site-packages")
    (tmp_path / "project").mkdir()

    def watched(text: str, **files: str) -> Record:
        project, record = tmp_path / "project", tmp_path / "record.json"
        (project / "main.py").write_text(HEAD + textwrap.dedent(text).strip("\n") + "\n", encoding="utf-8")
        for name, content in files.items():
            path = tmp_path / name.replace("__", "/")
            path.with_suffix(".py").write_text(textwrap.dedent(content), encoding="utf-8")
        roots = [str(tmp_path / "site-packages"), str(Path(rnnlint.__file__).parent.parent)]
        env = unmeasured(PYTHONPATH=os.pathsep.join(roots), RNNLINT_DEBUG="1")
        line = [sys.executable, "-m", "rnnlint.probe.watch", str(record), "main.py"]
        done = subprocess.run(line, cwd=project, env=env, capture_output=True, text=True, timeout=60, check=False)
        assert done.stderr == ""
        return from_json(json.loads(record.read_text("utf-8")))

    return watched


def brief(watched: Watched) -> tuple[str, list[int], list[tuple[int | None, int | None, int]]]:
    """The API, the rows counted from the program's first, and (steps, operations, calls) of what ran."""
    runs = [(run.steps, run.ops, run.calls) for run in watched.runs]
    return watched.api.rsplit(".", 1)[-1], [place.row - ROW + 1 for place in watched.places], runs


def briefly(record: Record) -> list[tuple[str, list[int], list[tuple[int | None, int | None, int]]]]:
    return [brief(watched) for watched in record.calls]


@pytest.mark.parametrize("name", [
    "tf.nn.static_rnn", "tf.compat.v1.nn.static_rnn", "__import__('tensorflow.python.ops.rnn').nn.static_rnn",
])  # fmt: skip
def test_a_runner_is_seen_by_whatever_name(watch: Watch, name: str) -> None:
    record = watch(f"run = {name}\nrun(step, [1, 2, 3])")
    assert briefly(record) == [("static_rnn", [2], [(3, 18, 1)])]


def test_names_that_are_imported_are_the_watched_ones(watch: Watch) -> None:
    record = watch("from tensorflow.python.ops.rnn import static_rnn, dynamic_rnn\nstatic_rnn(step, inputs=[1, 2])")
    assert briefly(record) == [("static_rnn", [2], [(2, 13, 1)])]


def test_the_outer_call_is_the_record(watch: Watch) -> None:
    record = watch("tf.python.ops.rnn.static_bidirectional_rnn(step, step, [1, 2])")
    assert briefly(record) == [("static_bidirectional_rnn", [1], [(2, 26, 1)])]


def test_calls_of_one_place_are_one_with_their_lengths(watch: Watch) -> None:
    record = watch("for n in (2, 3, 3):\n    tf.nn.static_rnn(step, [0] * n)")
    assert briefly(record) == [("static_rnn", [2], [(2, 13, 1), (3, 18, 2)])]


def test_two_calls_of_one_line_are_two_places(watch: Watch) -> None:
    record = watch("tf.nn.static_rnn(step, [0]), tf.nn.static_rnn(step, [0, 1])")
    expected = [1, 30] if sys.version_info >= (3, 11) else [None]
    assert [call.places[0].column for call in record.calls] == expected


def test_lengths_that_come_with_the_call_are_seen_by_position_and_name(watch: Watch) -> None:
    record = watch("""
        tf.nn.static_rnn(step, [1], None, None, [1])
        tf.nn.dynamic_rnn(step, tensor(4, 9, 3), sequence_length=[9])
        tf.nn.dynamic_rnn(step, tensor(9, 4, 3), time_major=True)
        """)
    assert [(call.runs[0].steps, call.runs[0].masked) for call in record.calls] == [(1, True), (9, True), (9, False)]


def test_the_line_is_that_of_the_users_code_nearest_to_it(watch: Watch) -> None:
    record = watch("import helper\ndef f():\n    helper.run(step)\nf()", project__helper="""
        import tensorflow as tf
        def run(cell):
            tf.nn.static_rnn(cell, [1])
        """)  # fmt: skip
    (call,) = record.calls
    assert [(Path(place.filename).name, place.row) for place in call.places] == [("helper.py", 4)]
    assert [Path(name).name for name in record.files] == ["helper.py", "main.py"]


def test_a_library_in_between_is_named(watch: Watch) -> None:
    files = {"site-packages__seq2seq": "import tensorflow as tf\ndef run(cell): tf.nn.static_rnn(cell, [1])\n"}
    (call,) = watch("import seq2seq\nseq2seq.run(step)", **files).calls
    assert (call.library, call.places[0].row) == ("seq2seq", ROW + 1)


def test_a_layer_is_where_it_was_made(watch: Watch) -> None:
    record = watch("""
        layer = LSTM(4, unroll=True)

        def use(x):
            layer(x)
        use(tensor(2, 6, 3))
        use(tensor(None, 6, 3, mask=1))
        """)
    assert briefly(record) == [("LSTM", [1], [(6, 108, 1), (6, 108, 1)])]
    assert [(run.batch_known, run.masked) for run in record.calls[0].runs] == [(True, False), (False, True)]
    assert record.keras == 3


def test_an_own_class_is_where_it_says_unroll_and_where_it_is_called(watch: Watch) -> None:
    record = watch("""
        class Mine(LSTM):
            def __init__(self):
                super().__init__(4, unroll=True)

        Mine()(tensor(2, 6, 3))
        """)
    assert briefly(record) == [("Mine", [3, 5], [(6, 108, 1)])]


def test_a_bidirectional_layer_is_where_those_in_it_were_made(watch: Watch) -> None:
    record = watch("""
        one = LSTM(4, unroll=True)
        two = LSTM(4, unroll=True)
        both = Bidirectional(one, backward_layer=two)
        both(tensor(2, 6, 3))
        Bidirectional(layer=LSTM(4))(tensor(2, 6, 3))
        """)
    assert briefly(record) == [
        ("Bidirectional(LSTM)", [1, 2], [(6, 216, 1)]),
        ("Bidirectional(LSTM)", [5], [(6, 36, 1)]),
    ]
    assert [call.unrolled for call in record.calls] == [True, False]


def test_an_input_of_keras_makes_no_graph(watch: Watch) -> None:
    record = watch("""
        class KerasTensor:
            shape = (None, 5, 3)
        LSTM(4, unroll=True)(KerasTensor())
        """)
    (run,) = record.calls[0].runs
    assert (run.where, run.steps, run.ops) == ("symbolic", 5, None)


def test_passes_of_a_loop_are_counted_at_the_line_of_the_loop(watch: Watch) -> None:
    record = watch("""
        cell = LSTMCell(4)
        def one(x):
            return cell(x, None)
        def run():
            for t in range(5):
                one(t)
        run()
        run()
        for t in range(3):
            cell(t, states=None)
        """)
    assert briefly(record) == [("LSTMCell", [6, 3], [(5, 90, 2)]), ("LSTMCell", [10], [(3, 54, 1)])]


def test_two_calls_of_a_cell_in_one_pass_are_two_loops(watch: Watch) -> None:
    record = watch("cell = LSTMCell(4)\nfor t in range(4):\n    cell(cell(t, None), None)")
    assert [run.steps for call in record.calls for run in call.runs] == [4, 4] or sys.version_info < (3, 11)


def test_graphs_are_distinguished(watch: Watch) -> None:
    record = watch("""
        cell = LSTMCell(4)
        for t in range(6):
            if t == 2:
                tf.graph = tf.Graph()
            cell(t, None)
        """)
    assert briefly(record) == [("LSTMCell", [5], [(2, 36, 1), (4, 72, 1)])]


def test_many_loops_at_once_are_closed_in_their_order(watch: Watch) -> None:
    record = watch("for n in range(100):\n    LSTMCell(n)(n, None)")
    assert briefly(record) == [("LSTMCell", [2], [(1, 18, 100)])]


def test_eager_calls_have_no_operations(watch: Watch) -> None:
    record = watch("tf.eager = True\ntf.nn.static_rnn(step, [1, 2])\nLSTM(3, unroll=True)(tensor(2, 4, 1))")
    assert [(run.where, run.steps, run.ops) for call in record.calls for run in call.runs] == [
        ("eager", 2, None), ("eager", 4, None),
    ]  # fmt: skip


def test_a_call_that_raises_is_seen_and_the_next_one_too(watch: Watch) -> None:
    record = watch("""
        try:
            tf.nn.static_rnn(lambda x, s: 1 / 0, [1, 2])
        except ZeroDivisionError:
            tf.nn.static_rnn(step, [1])
        """)
    assert [run.where for call in record.calls for run in call.runs] == ["raised", "graph"]


def test_other_layers_and_objects_with_a_state_are_let_be(watch: Watch) -> None:
    record = watch("""
        class Dense(Layer):
            def call(self, x, y=None):
                return x

        class Model(Layer):
            __module__ = "keras.src.models"
            state_size = 4

        class Agent(Model):
            def call(self, x, y):
                return x

        for t in range(3):
            assert Dense()(1, 2) == Agent()(1, 2) == 1
        """)
    assert record.calls == ()


def test_a_cell_with_a_call_of_its_own_is_seen(watch: Watch) -> None:
    record = watch("""
        class Old(Layer):
            state_size = 4
            def __call__(self, inputs, state, scope=None):
                tf.graph.add(7)
                return inputs, state
        cell = Old()
        for t in range(3):
            cell(t, None)
        """)
    assert briefly(record) == [("Old", [8], [(3, 21, 1)])]


def test_placeholders_of_what_a_function_captures_are_no_operations(watch: Watch) -> None:
    record = watch("""
        def cell(x, state):
            tf.graph._operations += [types.SimpleNamespace(type="Placeholder")]
        tf.nn.static_rnn(cell, [1, 2])
        """)
    assert briefly(record) == [("static_rnn", [3], [(2, 13, 1)])]


def test_new_functions_count_with_their_nodes(watch: Watch) -> None:
    record = watch("""
        def cell(x, state):
            definition = types.SimpleNamespace(node_def=[1, 2, 3])
            tf.graph._functions[x] = types.SimpleNamespace(definition=definition)
        cell("old", None)
        tf.nn.static_rnn(cell, ["new", "newer"])
        """)
    assert briefly(record) == [("static_rnn", [5], [(2, 13 + 6, 1)])]


def test_installed_files_belong_to_no_one_unless_they_are_the_program(tmp_path: Path) -> None:
    files = UserFiles()
    installed = str(tmp_path / "site-packages" / "tool" / "main.py")
    assert files.path(installed) is None
    assert files.path(os.__file__) is None
    assert files.path("<string>") is None
    assert files.path(str(tmp_path / "a.py")) == str(tmp_path / "a.py")
    files.are_of(installed)
    assert files.path(installed) == installed
    assert files.path(str(tmp_path / "site-packages" / "other.py")) is None


def test_a_link_out_of_the_standard_library_is_not_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian has sitecustomize.py in /etc, so that Python of the system imports it from there."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "sitecustomize.py").touch()
    (tmp_path / "lib" / "sitecustomize.py").symlink_to(tmp_path / "sitecustomize.py")
    monkeypatch.setattr(places.sysconfig, "get_path", lambda name: str(tmp_path / "lib"))
    assert UserFiles().path(str(tmp_path / "lib" / "sitecustomize.py")) is None
    assert UserFiles().path(str(tmp_path / "a.py")) == str(tmp_path / "a.py")


def test_an_error_is_reported_by_its_first_line() -> None:
    assert traces.in_one_line(ValueError("\nfirst\nsecond")) == "ValueError: first"
    assert traces.in_one_line(LookupError()) == "LookupError"


def test_a_class_that_derives_from_nothing_may_be_a_cell(watch: Watch) -> None:
    record = watch("""
        class Plain:
            def __init__(self):
                self.state_size = 4
            def __call__(self, inputs, state):
                tf.graph.add(3)
                return inputs, state
        class Other:
            def __call__(self, one, two):
                tf.graph.add(3)
        cell = Plain()
        for t in range(3):
            cell(t, None)
            Other()(t, None)
        """)
    assert briefly(record) == [("Plain", [12], [(3, 9, 1)])]


def test_a_program_that_makes_watching_hard_runs_all_the_same(tmp_path: Path) -> None:
    fake_tensorflow.write(tmp_path / "site-packages")
    (tmp_path / "main.py").write_text(HEAD + textwrap.dedent("""
        class Fixed(type):
            def __setattr__(cls, name, value):
                raise AttributeError(name)
        class Plain(metaclass=Fixed):
            def __call__(self, x, state):
                return x
        class Unhashable(LSTM):
            __hash__ = None
        class Odd:
            @property
            def state_size(self):
                raise ValueError("not now")
            def __call__(self, x, state):
                return x
        Unhashable(4)(tensor(2, 3, 4)), Plain()(1, 2)
        print(Odd()(3, 4), "fine")
        """), encoding="utf-8")  # fmt: skip
    roots = [str(tmp_path / "site-packages"), str(Path(rnnlint.__file__).parent.parent)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(roots), "RNNLINT_DEBUG": ""}
    line = [sys.executable, "-m", "rnnlint.probe.watch", "record.json", "main.py"]
    done = subprocess.run(line, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("3 fine\n", "")


def test_the_watcher_itself_is_no_library_where_it_is_installed() -> None:
    def frame(path: str) -> Any:
        return SimpleNamespace(f_code=SimpleNamespace(co_name="call", co_filename=path.replace("/", os.sep)))

    assert places._library(frame("/x/site-packages/rnnlint/probe/watch/runners.py")) == ""
    assert places._library(frame("/x/site-packages/other/runners.py")) == "other"


FORK = """
import os
child = os.fork()
if not child:
    tf.nn.static_rnn(step, [0] * 4)
    os._exit(0)
os.waitpid(child, 0)
tf.nn.static_rnn(step, [0] * 3)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_is_watched_as_well(watch: Watch, tmp_path: Path) -> None:
    main = watch(FORK)
    (child,) = (from_json(json.loads(path.read_text("utf-8"))) for path in tmp_path.glob("record.json.*"))
    assert [call.runs[0].steps for call in child.calls] == [4]
    assert [call.runs[0].steps for call in main.calls] == [3]
    together = merged(main, [child])
    assert sorted(run.steps or 0 for call in together.calls for run in call.runs) == [3, 4]
    assert (together.children, together.strangers) == (1, 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_that_is_ended_from_outside_leaves_its_record(watch: Watch, tmp_path: Path) -> None:
    main = watch("""
        import multiprocessing
        def work(steps):
            tf.nn.static_rnn(step, [0] * steps)
            return steps
        with multiprocessing.get_context("fork").Pool(1) as pool:
            assert pool.map(work, [2, 5]) == [2, 5]
        """)
    children = [from_json(json.loads(path.read_text("utf-8"))) for path in tmp_path.glob("record.json.*")]
    together = merged(main, children)
    assert [sorted(run.steps or 0 for run in call.runs) for call in together.calls] == [[2, 5]]
    assert together.strangers == 0


def test_one_that_is_killed_is_counted_as_not_watched(watch: Watch) -> None:
    main = watch(FORK.replace("os._exit(0)", "os.kill(os.getpid(), 9)"))
    assert (merged(main, []).children, merged(main, []).strangers) == (0, 1)


@pytest.mark.parametrize("how", ["spawn", "forkserver"])
def test_a_process_that_is_started_is_counted(watch: Watch, how: str) -> None:
    record = watch(f"""
        import multiprocessing
        if __name__ == "__main__":
            child = multiprocessing.get_context({how!r}).Process(target=print)
            child.start()
            child.join()
        """)
    # The server that forks is Python too.
    assert record.strangers >= 1


def test_python_that_is_started_is_counted_and_other_programs_are_not(watch: Watch) -> None:
    record = watch("""
        import subprocess, sys
        subprocess.run([sys.executable, "-c", ""])
        subprocess.run(["true"])
        """)
    assert (record.children, record.strangers) == (0, 1)


def test_a_cell_in_the_body_of_a_graphs_loop_is_no_copy(watch: Watch) -> None:
    record = watch("""
        class WhileBodyFuncGraph(type(tf.graph)):
            pass
        tf.graph = WhileBodyFuncGraph()
        class Cell:
            state_size = 3
            def __call__(self, inputs, state):
                tf.graph.add(4)
                return inputs, state
        cell = Cell()
        cell(1, 2)
        """)
    (call,) = record.calls
    assert (call.sort, call.unrolled) == ("loop", False)
    assert [(run.steps, run.ops) for run in call.runs] == [(None, 4)]


def test_a_tensorflow_that_cannot_be_imported_is_named(tmp_path: Path) -> None:
    package = tmp_path / "broken" / "tensorflow"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('no such library')\n", encoding="utf-8")
    (tmp_path / "main.py").write_text("import tensorflow as tf\n", encoding="utf-8")
    record = tmp_path / "record.json"
    roots = [str(package.parent), str(Path(rnnlint.__file__).parent.parent)]
    line = [sys.executable, "-m", "rnnlint.probe.watch", str(record), "main.py"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(roots)}
    subprocess.run(line, cwd=tmp_path, env=env, capture_output=True, timeout=60, check=False)
    raised = from_json(json.loads(record.read_text("utf-8"))).raised
    assert raised == "TensorFlow cannot be used: ImportError: no such library"
