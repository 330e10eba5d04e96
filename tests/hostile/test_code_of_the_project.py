"""Is code of the linted folder run? Files named like every module of Python and of our dependencies lie in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

import pytest

import rnnlint

DEPENDENCIES = ("pathspec", "tomli", "pygls", "lsprotocol", "attrs", "attr", "cattrs", "typing_extensions", "_pytest")
CODE = """
import tensorflow as tf
from tensorflow.contrib import rnn
unknown_word = 1
outputs, state = tf.nn.static_rnn(rnn.GRUCell(4), tf.unstack(x, 60), dtype=tf.float32)
tf.keras.layers.LSTM(4, unroll=True)(tf.keras.Input((90, 3)))
"""

PLANTED = """
import sys
with open({log!r}, "a") as _log:
    _log.write(__name__ + "\\n")
_kept = sys.path[:]
sys.path[:] = [one for one in _kept if one not in ("", {folder!r})]
sys.modules.pop(__name__, None)
__import__(__name__)
sys.path[:] = _kept
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project in which every module that may be imported is planted; each writes its name down when it is run."""
    project = tmp_path / "project"
    project.mkdir()
    planted = PLANTED.format(log=str(tmp_path / "log"), folder=str(project))
    for name in {*sys.stdlib_module_names, *DEPENDENCIES} - {"sys", "builtins", "__main__"}:
        (project / f"{name}.py").write_text(planted, encoding="utf-8")
    (project / "model.py").write_text(CODE, encoding="utf-8")
    (project / "nothing.py").write_text("", encoding="utf-8")
    (tmp_path / "home").mkdir()
    return project


def run(folder: Path, command: Sequence[str], expected: Sequence[int], text: str = "") -> set[str]:
    """The planted modules that a command ran."""
    log = folder.parent / "log"
    log.unlink(missing_ok=True)
    home = str(folder.parent / "home")
    environment = {**os.environ, "HOME": home, "XDG_CACHE_HOME": home, "RNNLINT_DEBUG": "1"}
    for name in ("PYTHONPATH", "PYTHONSAFEPATH", "RNNLINT_CACHE_DIR"):
        environment.pop(name, None)
    done = subprocess.run(
        command, cwd=folder, env=environment, input=text, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode in expected, (done.stdout[-2000:], done.stderr[-2000:])
    return set(log.read_text(encoding="utf-8").split()) if log.exists() else set()


def as_script(module: str, function: str) -> list[str]:
    """A program as its script runs it: the working folder is on no path."""
    start = f"import sys; sys.path[:] = [one for one in sys.path if one]; from {module} import {function}; "
    call = "sys.exit(main(sys.argv[1:]))" if function == "main" else f"{function}()"
    return [sys.executable, "-c", start + call]


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--select", "ALL", "."),
        ("check", "--jobs", "2", "--no-cache", "."),
        ("check", "--diff", "--unsafe-fixes", "model.py"),
        ("check", "--output-format", "sarif", "model.py"),
        ("check", "--statistics", "model.py"),
        ("config",),
        ("rule", "RNN101"),
        ("probe", "--help"),
    ],
    ids=" ".join,
)
def test_the_command_line_runs_nothing_of_the_folder(folder: Path, arguments: tuple[str, ...]) -> None:
    assert run(folder, [*as_script("rnnlint.hosts.command_line", "main"), *arguments], [0, 1]) == set()


@pytest.fixture
def installed(tmp_path: Path) -> str:
    """A Python in which rnnlint is installed, as far as the files in its folder of packages say."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True, timeout=60)
    python = tmp_path / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ask = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(ask, capture_output=True, text=True, check=True, timeout=60).stdout.strip())
    found = filter(None, map(find_spec, ("rnnlint", "pathspec", "tomli")))
    ours = [str(Path(str(spec.origin)).parents[1]) for spec in found]
    (packages / "a.pth").write_text("\n".join(ours), encoding="utf-8")
    shutil.copy(Path(rnnlint.__file__).parent / "hosts" / "module_form.pth", packages / "rnnlint_module_form.pth")
    return str(python)


FORMS = [
    ["-m", "rnnlint", "check", "."],
    ["-mrnnlint", "check", "--jobs", "2", "--no-cache", "."],
    ["-Bm", "rnnlint", "check", "-q", "-m"],
    ["-W", "error", "-m", "rnnlint", "rule", "RNN101"],
    ["-m", "rnnlint.probe", "--help"],
]


@pytest.mark.parametrize("arguments", FORMS, ids=" ".join)
def test_the_module_form_runs_nothing_of_the_folder(folder: Path, installed: str, arguments: list[str]) -> None:
    shutil.copy(folder / "hashlib.py", folder / "rnnlint.py")
    assert run(folder, [installed, *arguments], [0, 1, 2]) == set()


def test_other_modules_start_as_they_do_without_us(folder: Path, installed: str) -> None:
    (folder / "nothing.py").write_text("import sys; sys.exit('rnnlint' in sys.modules)", encoding="utf-8")
    for arguments in (["-m", "nothing"], ["-m", "nothing", "rnnlint"], ["nothing.py", "-m", "rnnlint"], ["-c", ""]):
        run(folder, [installed, *arguments], [0])


def test_what_makes_the_module_form_safe_is_installed() -> None:
    name = "rnnlint_module_form.pth"
    installed = {str(file) for file in distribution("rnnlint").files or ()}
    if "rnnlint/engine.py" in installed:
        assert name in installed
    else:
        # An editable installation may be older than the file.
        build = (Path(rnnlint.__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
        assert f'"rnnlint/hosts/module_form.pth" = "{name}"' in build


@pytest.mark.parametrize("module", ["rnnlint", "rnnlint.probe"])
def test_without_being_installed_it_runs_no_more_than_python_itself_does(
    folder: Path, installed: str, module: str
) -> None:
    for left in Path(installed).parents[1].rglob("rnnlint_module_form.pth"):
        left.unlink()
    by_python = run(folder, [installed, "-m", "nothing"], [0])
    arguments = ["check", "."] if module == "rnnlint" else ["--help"]
    assert run(folder, [installed, "-m", module, *arguments], [0, 1]) <= by_python


def test_flake8_runs_nothing_of_the_folder_for_us(folder: Path) -> None:
    pytest.importorskip("flake8")
    assert run(folder, [*as_script("flake8.main.cli", "main"), "--jobs=1", "model.py"], [0, 1]) == set()


def test_pylint_runs_no_more_with_the_plugin_than_without(folder: Path) -> None:
    pytest.importorskip("pylint")
    command = [*as_script("pylint", "run_pylint"), "--disable=all", "model.py", "--rcfile=/dev/null"]
    every = range(32)
    without = run(folder, [*command, "--enable=unused-import"], every)
    assert run(folder, [*command, "--load-plugins=rnnlint", "--enable=rnnlint"], every) <= without


def test_the_editor_server_runs_nothing_of_the_folder(folder: Path) -> None:
    pytest.importorskip("pygls")
    assert run(folder, [*as_script("rnnlint.hosts.command_line", "main"), "server", "--stdio"], range(3)) == set()
