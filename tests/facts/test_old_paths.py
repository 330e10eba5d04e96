"""Are layers at old paths what the table of symbols says, and does the program that compares releases read them?"""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

import pytest
from old_paths import Found, Release, is_made_up, row

from rnnlint.facts.symbols import NEWEST, find, state_on, table
from rnnlint.probe.isolated import Question, ask

MOVED = [one for one in table().values() if one.family == "layer" and one.replacement]

FILES = {
    "keras/__init__.py": "from . import layers\n",
    "keras/layers/__init__.py": "from .recurrent import *\nfrom ..legacy.layers import *\nfrom .core import Dense\n",
    "keras/layers/recurrent.py": """
from ..layers import *
import keras.backend as K
class RNN: pass
class LSTM(RNN):
    def __init__(self, units, activation='tanh', recurrent_activation='hard_sigmoid'): pass
def _private(): pass
""",
    "keras/layers/core.py": "from .recurrent import RNN\nclass Dense: pass\n",
    "keras/legacy/layers.py": "class Recurrent: pass\n",
}


@pytest.fixture
def release(tmp_path: Path) -> Release:
    with zipfile.ZipFile(tmp_path / "Keras-2.1.0-py3-none-any.whl", "w") as wheel:
        for name, text in FILES.items():
            wheel.writestr(name, text)
    return Release(tmp_path / "Keras-2.1.0-py3-none-any.whl")


def test_the_paths_of_a_wheel_are_read_without_importing_it(release: Release) -> None:
    assert dict(release.paths()) == {
        "keras.layers.RNN": "keras.layers.recurrent.RNN",
        "keras.layers.LSTM": "keras.layers.recurrent.LSTM",
        "keras.layers.Recurrent": "keras.legacy.layers.Recurrent",
        "keras.legacy.layers.Recurrent": "keras.legacy.layers.Recurrent",
        "keras.layers.recurrent": "keras.layers.recurrent",
        "keras.layers.recurrent.RNN": "keras.layers.recurrent.RNN",
        "keras.layers.recurrent.LSTM": "keras.layers.recurrent.LSTM",
    }
    assert release.kind("keras.layers.recurrent.LSTM") == "class"
    assert release.defaults("keras.layers.recurrent.LSTM") == {"recurrent_activation": "'hard_sigmoid'"}


def test_a_row_says_since_when_a_path_is_gone_and_which_defaults_were_others() -> None:
    old = Found("class", "keras.layers.recurrent.LSTM", {"recurrent_activation": "'hard_sigmoid'"})
    public = {"LSTM": Found("class", "keras.src.layers.rnn.lstm.LSTM", {"recurrent_activation": "'sigmoid'"})}
    made = row("keras.layers.recurrent.LSTM", {"2.1": old, "2.8": old}, ["2.1", "2.8", "2.9", "2.16"], public)
    assert made == table().lines["keras.layers.recurrent.LSTM"].replace("2.0 to", "2.1 to").replace("mostly ", "")
    module = row("keras.layers.recurrent", {"2.1": Found("module", "", {})}, ["2.1", "2.9"], public)
    member = row("keras.layers.recurrent.helper", {"2.1": Found("function", "", {})}, ["2.1", "2.9"], public)
    assert is_made_up(member, module)
    assert not is_made_up(made, module)


@pytest.mark.parametrize(
    ("path", "target", "state"),
    [
        ("keras.layers.recurrent.LSTM", "1.15", "works"),
        ("keras.layers.recurrent.LSTM", "2.8", "works"),
        ("keras.layers.recurrent.LSTM", "2.9", "removed"),
        ("keras.layers.rnn.lstm", "2.8", "not yet"),
        ("keras.layers.rnn.lstm", "2.12", "works"),
        ("keras.layers.rnn.lstm", "2.13", "removed"),
        ("keras.src.layers.rnn.lstm.LSTM", "2.21", "works"),
        ("keras.src.layers.rnn.base_rnn.RNN", "2.15", "works"),
        ("keras.src.layers.rnn.base_rnn.RNN", "2.16", "removed"),
        ("tf.python.keras.layers.Bidirectional", "2.7", "works"),
        ("tf.python.keras.layers.Bidirectional", "2.8", "removed"),
        ("tf.python.keras.layers.recurrent.LSTM", "2.21", "works"),
        ("tf.python.keras.layers.SimpleRNN", "2.21", "works"),
        ("tf.python.keras.layers.LSTM", "2.12", "works"),
        ("tf.python.keras.layers.LSTM", "2.13", "removed"),
        ("tf.contrib.keras.layers.LSTM", "2.0", "removed"),
        ("keras.layers.recurrent._time_distributed_dense", "2.21", "removed"),
    ],
)
def test_the_state_of_an_old_path_depends_on_the_target(path: str, target: str, state: str) -> None:
    symbol = find(path)
    assert symbol is not None
    assert state_on(symbol, target) == state


def test_a_layer_is_offered_at_its_public_path() -> None:
    assert len(MOVED) > 200
    for one in MOVED:
        root = "keras" if one.path.startswith("keras.") else "tf.keras"
        assert one.replacement == f"`{root}.layers.{one.path.rpartition('.')[2]}`"
        assert find(one.replacement.strip("`")) is None


SAME = """
import importlib
def at(path):
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)
assert (at(OLD) is at(NEW)) == EXPECTED, (OLD, NEW)
"""


@pytest.mark.tensorflow
@pytest.mark.skipif(importlib.util.find_spec("tensorflow") is None, reason="needs TensorFlow")
def test_what_still_imports_is_the_public_class_or_the_copy_that_it_is_said_to_be() -> None:
    from importlib.metadata import packages_distributions, version

    installed = ".".join(version(packages_distributions()["tensorflow"][0]).split(".")[:2])
    here = [one for one in MOVED if state_on(one, installed) == "works"]
    assert len(here) > (20 if installed == NEWEST else 0)
    programs = {}
    for one in here:
        new = one.replacement.strip("`").replace("tf.", "tensorflow.", 1)
        # Keras 2 has the layers of TensorFlow 1 beside those that its public names are.
        expected = not one.path.startswith("tf.") and "_v1." not in f"{one.path} {one.source}".replace("api._v1.", "")
        given = f"OLD, NEW, EXPECTED = {one.path.replace('tf.', 'tensorflow.', 1)!r}, {new!r}, {expected}\n"
        programs[one.path] = given + SAME
    (answers,) = ask([Question("program", tuple(programs.values()))])
    assert {path: answers[text] for path, text in programs.items() if answers[text]} == {}
