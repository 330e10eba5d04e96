"""Does the repository of docs/four-steps.md run after its steps, and does tf_upgrade_v2 do what the patch holds?"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_spec = importlib.util.find_spec("tensorflow")
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

pytestmark = pytest.mark.tensorflow

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SENTENCES = "".join(f"the cat sat on mat {number}\n" for number in "abcdef")
# The same program at sizes that take seconds.
SMALL = """
import {module} as program
for name, value in dict(hidden_size=8, num_steps=6, vocabulary=50, batch_size=2, epochs=6).items():
    setattr(program.Config, name, value)
program.main("sentences.txt"{more})
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "example"
    shutil.copytree(DOCS / "example", folder, ignore=shutil.ignore_patterns("__pycache__", "*.md"))
    (folder / "sentences.txt").write_text(SENTENCES, encoding="utf-8")
    return folder


def run(folder: Path, *command: str) -> str:
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(ROOT)}
    environment.pop("TF_USE_LEGACY_KERAS", None)
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def patched(folder: Path, patch: str) -> None:
    subprocess.run(["git", "apply", str(DOCS / "steps" / patch)], cwd=folder, check=True)


def sources(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}


def costs(folder: Path) -> list[float]:
    out = run(folder, sys.executable, "-c", SMALL.format(module="train", more=""))
    return [float(number) for number in re.findall(r"^cost per word: ([\d.]+)$", out, flags=re.MULTILINE)]


def fix(folder: Path) -> None:
    run(folder, sys.executable, "-P", "-m", "rnnlint", "check", "--fix", "--profile", "maintain", "--no-cache")


def test_tf_upgrade_v2_does_what_the_patch_holds(repository: Path, tmp_path: Path) -> None:
    expected = tmp_path / "expected"
    shutil.copytree(repository, expected)
    patched(expected, "tf_upgrade_v2.diff")
    run(repository, str(Path(sys.executable).parent / "tf_upgrade_v2"), "--intree", ".", "--inplace")
    assert sources(repository) == sources(expected)


def test_the_repository_trains_after_the_second_step(repository: Path) -> None:
    patched(repository, "tf_upgrade_v2.diff")
    fix(repository)
    patched(repository, "by-hand.diff")
    found = costs(repository)
    assert len(found) == 6 * 3
    assert found[-1] < found[0]


def test_the_repository_trains_with_compat_v1_in_place_of_tf_upgrade_v2(repository: Path) -> None:
    for name, text in sources(repository).items():
        changed = text.replace("import tensorflow as tf", "import tensorflow.compat.v1 as tf")
        (repository / name).write_text(changed, encoding="utf-8")
    fix(repository)
    text = sources(repository)["model.py"]
    loss = "tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=logits)"
    changed = text.replace(
        "tf.contrib.seq2seq.sequence_loss(logits, targets, weights)",
        f"tf.reduce_sum(weights * {loss}) / tf.reduce_sum(weights)",
    )
    (repository / "model.py").write_text(changed, encoding="utf-8")
    text = sources(repository)["train.py"]
    changed = text.replace("\nclass Config:", "tf.disable_eager_execution()\n\nclass Config:", 1)
    (repository / "train.py").write_text(changed, encoding="utf-8")
    found = costs(repository)
    assert len(found) == 6 * 3
    assert found[-1] < found[0]


def test_the_keras_model_of_the_last_step_trains(repository: Path) -> None:
    shutil.copy(DOCS / "steps" / "keras_train.py", repository)
    out = run(repository, sys.executable, "-c", SMALL.format(module="keras_train", more=", program.Config()"))
    losses = [float(number) for number in re.findall(r"loss: ([\d.]+)", out)]
    assert len(losses) == 6
    assert losses[-1] < losses[0]


def replacements() -> list[str]:
    """The names of TensorFlow that the page of what is covered says to use on any release."""
    rows = (DOCS / "coverage.md").read_text(encoding="utf-8").split("| You have |")[1].split("\n\n")[0]
    last = [row.split("|")[3] for row in rows.splitlines() if row.startswith("| `")]
    return sorted({name for cell in last for name in re.findall(r"`(tf\.[\w.]+)`", cell)} - {"tf.estimator"})


def test_what_the_page_says_to_use_is_there(tmp_path: Path) -> None:
    names = replacements()
    assert {"tf.compat.v1.placeholder", "tf.lookup.StaticHashTable"} <= set(names)
    program = "import tensorflow as tf\nfor name in {names!r}:\n    eval(name)\n    print(name)\n"
    # With Keras 3 this name raises, as the page says.
    there = [name for name in names if name != "tf.compat.v1.layers.dense"]
    out = run(tmp_path, sys.executable, "-c", program.format(names=there))
    assert out.split() == there
