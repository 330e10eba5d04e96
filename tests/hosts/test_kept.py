"""Do hosts that ask for one file at a time check an unchanged file once?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("flake8")
pytest.importorskip("pylint")

CODE = """\
import tensorflow as tf

from sizes import STEPS

tf.nn.static_rnn(cell, tf.unstack(x, STEPS, axis=1))
"""
HOSTS = {
    "flake8": ["flake8", "--select=RNN"],
    "pylint": ["pylint", "--load-plugins=rnnlint", "--disable=all", "--enable=rnnlint", "--rcfile=", "--score=n"],
}
# Says on standard error that the engine was needed.
TOLD = """
import sys

class Told:
    def find_spec(self, name, path=None, target=None):
        if name == "rnnlint.engine":
            print("ENGINE", file=sys.stderr)

sys.meta_path.insert(0, Told())
"""


@pytest.fixture(params=HOSTS)
def run(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a host on the file; whether the engine was needed, and the number of steps that is reported."""
    (tmp_path / "model.py").write_text(CODE)
    (tmp_path / "sizes.py").write_text("STEPS = 200\n")
    (tmp_path / "told").mkdir()
    (tmp_path / "told" / "sitecustomize.py").write_text(TOLD)
    monkeypatch.setenv("RNNLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "told"))

    def ran(*more: str) -> tuple[bool, int]:
        command = [sys.executable, "-m", *HOSTS[request.param], *more, "model.py"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        words = next(line for line in done.stdout.splitlines() if "copies" in line).split()
        return "ENGINE" in done.stderr, int(words[words.index("copies") - 1])

    return ran


def test_a_file_is_checked_again_when_something_has_changed(run, tmp_path: Path) -> None:
    assert run() == (True, 200)
    assert run() == (False, 200)
    (tmp_path / "sizes.py").write_text("STEPS = 300\n")
    assert run() == (True, 300)
    assert run("--rnn-max-unroll=60") == (True, 300)


def test_nothing_is_kept_where_that_is_asked(run, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if request.node.callspec.params["run"] == "flake8":
        (tmp_path / ".flake8").write_text("[flake8]\nrnn-cache = false\n")
        run()
    else:
        run("--rnn-cache=n")
    assert not (tmp_path / "cache").exists()
