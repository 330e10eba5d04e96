"""Does `rnnlint probe run` run a program as Python does, and end with the right code? On a stand-in for TensorFlow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from probe import fake_tensorflow

import rnnlint
from rnnlint.hosts.command_line import main

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["program", "processes", "run", "environment", "rows"],
    "properties": {
        "processes": {
            "type": "object",
            "additionalProperties": False,
            "required": ["watched", "not_watched"],
            "properties": {"watched": {"type": "integer", "minimum": 1}, "not_watched": {"type": "integer"}},
        },
        "run": {
            "type": "object",
            "additionalProperties": False,
            "required": ["date", "rnnlint", "cpu", "cores", "load"],
            "properties": {
                **{name: {"type": "string"} for name in ("date", "rnnlint", "cpu")},
                "cores": {"type": "integer"},
                "load": {"type": ["number", "null"]},
            },
        },
        "program": {
            "type": "object",
            "additionalProperties": False,
            "required": ["status", "raised"],
            "properties": {"status": {"type": "integer"}, "raised": {"type": ["string", "null"]}},
        },
        "environment": {
            "type": "object",
            "additionalProperties": False,
            "required": ["python", "tensorflow", "keras", "tf_keras"],
            "properties": {
                name: {"type": ["string", "null"]} for name in ("python", "tensorflow", "keras", "tf_keras")
            },
        },
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["verdict", "filename", "row", "api", "kind", "unrolled", "library", "note", "said", "ran"],
                "properties": {
                    "verdict": {
                        "enum": [
                            "confirmed", "wrong length", "wrong operations", "missed", "not reached",
                            "length unknown", "in a library", "no unroll",
                        ]
                    },
                    "filename": {"type": "string"},
                    "row": {"type": "integer", "minimum": 1},
                    "api": {"type": "string"},
                    "kind": {"enum": ["static", "dynamic", "layer", "loop"]},
                    "unrolled": {"type": "boolean"},
                    "library": {"type": ["string", "null"]},
                    "note": {"type": ["string", "null"]},
                    "said": {
                        "type": ["object", "null"],
                        "additionalProperties": False,
                        "required": ["codes", "unroll_length", "graph_ops"],
                        "properties": {
                            "codes": {"type": "array", "items": {"type": "string", "pattern": "^RNN[0-9]{3}$"}},
                            "unroll_length": {"type": ["integer", "null"]},
                            "graph_ops": {"type": ["integer", "null"]},
                        },
                    },
                    "ran": {
                        "type": ["object", "null"],
                        "additionalProperties": False,
                        "required": ["where", "calls", "shortest", "longest", "graph_ops", "seconds", "masked"],
                        "properties": {
                            "where": {"enum": ["graph", "symbolic", "eager"]},
                            "calls": {"type": "integer", "minimum": 1},
                            "shortest": {"type": ["integer", "null"]},
                            "longest": {"type": ["integer", "null"]},
                            "graph_ops": {"type": ["integer", "null"]},
                            "seconds": {"type": "number", "minimum": 0},
                            "masked": {"type": "boolean"},
                        },
                    },
                },
            },
        },
    },
}  # fmt: skip

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    (tmp_path / "project").mkdir(exist_ok=True)

    def written(name: str, text: str) -> Path:
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return written


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The command in the folder of the project, where TensorFlow is a stand-in."""
    (tmp_path / "project").mkdir(exist_ok=True)
    fake_tensorflow.write(tmp_path / "site-packages")
    roots = [str(tmp_path / "site-packages"), str(Path(rnnlint.__file__).parent.parent)]

    def ran(*arguments: str, **environment: str) -> Done:
        line = [sys.executable, "-m", "rnnlint", "probe", "run", *arguments]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(roots), **environment}
        folder = tmp_path / "project"
        return subprocess.run(line, capture_output=True, text=True, cwd=folder, env=env, timeout=60, check=False)

    return ran


UNROLL = """
    import tensorflow as tf

    xs = [1, 2, 3, 4]
    outputs = tf.compat.v1.nn.static_rnn(lambda x, s: x, xs)
    """


def test_what_is_confirmed_ends_with_0(run: Run, write) -> None:
    write("a.py", UNROLL)
    done = run("a.py")
    assert done.stderr == ""
    _heading, row, _empty, summary = done.stdout.splitlines()
    assert row.startswith("a.py:5  static_rnn  4 steps       4 steps, 23 ops, 0.00 s  confirmed")
    assert summary.startswith("1 place: 1 confirmed. Python ")
    assert summary.endswith(", TensorFlow 2.21.0.")
    assert done.returncode == 0


def test_a_length_that_is_not_what_was_said_ends_with_1(run: Run, write) -> None:
    write("a.py", UNROLL.replace("outputs =", "xs += list(range(int(__import__('sys').argv[1])))\n    outputs ="))
    assert run("a.py", "0").returncode == 0
    write("b.py", "import sys\nimport tensorflow as tf\nLENGTH = 5\nglobals()['LENGTH'] = 7\n"
          "tf.compat.v1.nn.static_rnn(lambda x, s: x, [0] * LENGTH)\n")  # fmt: skip
    done = run("b.py")
    assert "5 steps" in done.stdout
    assert "7 steps, 38 ops" in done.stdout
    assert "wrong length" in done.stdout
    assert done.returncode == 1


def test_a_call_that_the_linter_cannot_see_is_missed(run: Run, write) -> None:
    write("a.py", "import tensorflow as tf\nname = ''.join(['static', '_rnn'])\n"
          "getattr(tf.nn, name)(lambda x, s: x, [0] * 3)\n")  # fmt: skip
    done = run("a.py")
    assert done.stdout.splitlines()[1].endswith("missed")
    assert done.returncode == 1


def test_json_is_what_the_schema_says_and_alone_on_standard_output(run: Run, write) -> None:
    write("a.py", UNROLL + "\n    print('from the program')\n    tf.nn.dynamic_rnn(None, None)\n")
    done = run("--output-format", "json", "a.py")
    assert done.stderr == "from the program\n"
    told = json.loads(done.stdout)
    jsonschema.validate(told, SCHEMA)
    static = told["rows"][0]
    assert static["verdict"] == "confirmed"
    assert static["said"]["unroll_length"] == static["ran"]["longest"] == 4
    assert static["ran"]["graph_ops"] == 23
    assert told["environment"]["tensorflow"] == "2.21.0"


def test_a_file_takes_the_comparison_and_leaves_standard_output_to_the_program(run: Run, write, tmp_path) -> None:
    write("a.py", UNROLL + "\n    print('from the program')\n")
    done = run("--output-format=json", "-o", str(tmp_path / "out.json"), "a.py")
    assert done.stdout == "from the program\n"
    jsonschema.validate(json.loads((tmp_path / "out.json").read_text()), SCHEMA)


SHOW = "import json, sys\nprint(json.dumps([sys.argv, __name__, __file__, sys.path[0], __package__]))\n"


def test_a_script_sees_what_python_gives_it(run: Run, write, tmp_path: Path) -> None:
    path = write("tools/show.py", SHOW)
    done = run("tools/show.py", "--color", "-m", "x")
    expected = subprocess.run(
        [sys.executable, "tools/show.py", "--color", "-m", "x"],
        capture_output=True, text=True, cwd=tmp_path / "project", check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[0] == expected.stdout.strip()
    assert str(path) in expected.stdout


@pytest.mark.parametrize("words", [["-m", "pkg", "x"], ["-mpkg.tool", "-m"], ["pkg"]])
def test_modules_packages_and_folders_see_what_python_gives_them(run: Run, write, tmp_path: Path, words) -> None:
    write("pkg/__init__.py", "")
    write("pkg/__main__.py", SHOW)
    write("pkg/tool.py", SHOW)
    expected = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, cwd=tmp_path / "project", check=True
    )
    # A folder has another __package__, "" in place of None, and nobody asks.
    assert run(*words).stdout.splitlines()[0].replace("null", '""') == expected.stdout.strip().replace("null", '""')


def test_the_program_is_the_main_module_to_all_that_it_imports(run: Run, write) -> None:
    write("a.py", "import other\nVALUE = 3\nprint(other.look(), __import__('pickle').dumps(other.look)[:1])\n")
    write("other.py", "import sys\ndef look():\n    return sys.modules['__main__'].VALUE\n")
    assert run("a.py").stdout.startswith("3 ")


@pytest.mark.parametrize(
    ("ending", "code", "said", "told"),
    [
        ("raise SystemExit", 0, "", ""),
        ("raise SystemExit(0)", 0, "", ""),
        ("raise SystemExit(3)", 2, "", "The program ended with status 3; "),
        ("raise SystemExit('sorry')", 2, "sorry\n", "The program ended with status 1; "),
        ("import os; os._exit(0)", 0, "", ""),
        ("import os; os._exit(4)", 2, "", "The program ended with status 4; "),
    ],
)
def test_a_program_that_ends_itself_is_compared(run: Run, write, ending: str, code: int, said: str, told: str) -> None:
    write("a.py", UNROLL + f"\n    {ending}\n")
    done = run("a.py")
    assert (done.returncode, done.stderr) == (code, said)
    assert "4 steps, 23 ops" in done.stdout
    assert told in done.stdout
    assert told or "program" not in done.stdout


def test_an_error_is_shown_as_python_shows_it_and_what_was_done_is_compared(run: Run, write, tmp_path: Path) -> None:
    broken = """
        def cell(x, state):
            try:
                return {}[x]
            except KeyError as error:
                raise ValueError("no such step") from error

        tf.nn.static_rnn(cell, xs)
        tf.nn.dynamic_rnn(None, None)
        """
    path = write("a.py", textwrap.dedent(UNROLL) + textwrap.dedent(broken))
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "site-packages")}
    alone = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, env=env, check=False)
    done = run(str(path))
    assert done.stderr == alone.stderr
    assert "ValueError: no such step" in alone.stderr
    assert done.returncode == 2
    assert "The program raised ValueError: no such step; only what it did until then is compared." in done.stdout
    verdicts = [line.split("  ")[-1] for line in done.stdout.splitlines()[1:4]]
    assert verdicts == ["confirmed", "not reached: the call raised", "not reached: the program ended before"]


def test_a_syntax_error_is_the_programs_own(run: Run, write) -> None:
    write("a.py", "x = = 1\n")
    done = run("a.py")
    assert done.returncode == 2
    assert "SyntaxError" in done.stderr
    assert "rnnlint" not in done.stderr


def test_an_own_hook_for_errors_is_called(run: Run, write) -> None:
    write("a.py", "import sys\nsys.excepthook = lambda *error: print('hooked', error[0].__name__)\nraise LookupError\n")
    done = run("a.py")
    assert done.stdout.startswith("hooked LookupError\n")
    assert done.returncode == 2


def test_threads_are_waited_for_and_forks_write_nothing(run: Run, write) -> None:
    write("a.py", """
        import os, threading, time
        import tensorflow as tf

        def work():
            time.sleep(0.2)
            tf.nn.static_rnn(lambda x, s: x, [1, 2, 3])

        threading.Thread(target=work).start()
        if hasattr(os, "fork"):
            process = os.fork()
            if not process:
                tf.nn.static_rnn(lambda x, s: x, [1, 2, 3])
                raise SystemExit(5)
            os.waitpid(process, 0)
        """)  # fmt: skip
    done = run("a.py")
    assert "3 steps, 18 ops" in done.stdout
    assert "2 calls" not in done.stdout
    assert done.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_a_program_that_is_killed_leaves_one_line(run: Run, write) -> None:
    write("a.py", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    done = run("a.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: the program was killed by SIGKILL\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_an_interrupt_ends_the_program_and_what_it_did_is_compared(run: Run, write) -> None:
    # As a terminal does it: the signal goes to the program and to the command that started it.
    write("a.py", UNROLL + """
    import os, signal, time
    os.kill(os.getppid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(30)
    """)  # fmt: skip
    done = run("a.py")
    assert done.returncode == 2
    assert done.stderr.rstrip().endswith("KeyboardInterrupt")
    assert "4 steps, 23 ops" in done.stdout
    assert "The program raised KeyboardInterrupt; " in done.stdout


def test_a_program_without_tensorflow_has_nothing_to_compare(run: Run, write) -> None:
    write("a.py", "print('hello')\n")
    done = run("a.py")
    assert done.stdout.startswith("hello\nNothing recurrent ran, and rnnlint has no findings. Python ")
    assert done.returncode == 0


def test_variables_of_the_environment_are_the_users_and_logs_are_quiet(run: Run, write) -> None:
    write("a.py", "import os\nprint(os.environ['TF_CPP_MIN_LOG_LEVEL'], os.environ.get('TF_USE_LEGACY_KERAS'))\n")
    assert run("a.py", TF_USE_LEGACY_KERAS="0").stdout.startswith("3 0\n")
    assert run("a.py", TF_CPP_MIN_LOG_LEVEL="1").stdout.startswith("1 ")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "error: name the program to run: rnnlint probe run [OPTIONS] (SCRIPT | -m MODULE) [ARGS…]"),
        (["-m"], "error: name the program to run: rnnlint probe run [OPTIONS] (SCRIPT | -m MODULE) [ARGS…]"),
        (["none.py"], "error: none.py: no such file"),
        (["."], "error: .: is a folder without __main__.py"),
        (["n.ipynb"], "error: n.ipynb: is not a Python script"),
        (["--colour", "never", "a.py"], "error: unknown option '--colour' (did you mean '--color'?)"),
        (["--output-format", "xml", "a.py"], "error: argument --output-format: invalid choice: 'xml'"),
        (["-m", "no.such"], "error: -m no.such: No module named 'no'"),
        (["-m", "no_such"], "error: -m no_such: no module named no_such"),
    ],
)
def test_what_cannot_be_run_is_reported_in_one_line(run: Run, write, argv: list[str], said: str) -> None:
    write("a.py", "")
    write("n.ipynb", "{}")
    done = run(*argv)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(said)


def test_without_tensorflow_the_command_says_how_to_get_it(tmp_path, monkeypatch, capsys) -> None:
    (tmp_path / "a.py").write_text("")
    monkeypatch.setattr("rnnlint.hosts.command_line.probe_run.importlib.util.find_spec", lambda name: None)
    assert main(["probe", "run", str(tmp_path / "a.py")]) == 2
    assert capsys.readouterr().err == "error: probe run needs TensorFlow: pip install 'rnnlint[probe]'\n"
