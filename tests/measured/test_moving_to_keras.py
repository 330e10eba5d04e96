"""Does the page that moves a trained model to Keras end with the predictions that the old program made?"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

_spec = importlib.util.find_spec("tensorflow")
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

pytestmark = pytest.mark.tensorflow

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "moving-to-keras.md").read_text(encoding="utf-8")
BEFORE, AFTER, SERVE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]

TRAIN = """
import json
import sys

sys.path.insert(0, {here!r})
import old_names

old_names.install()
import numpy as np
import tensorflow as tf

import model

numbers = np.random.RandomState(0)
batch = {{"x": numbers.normal(size=[5, 7, 8]).astype("float32"), "lengths": np.array([7, 1, 4, 6, 0], "int32")}}
with tf.Graph().as_default():
    x = tf.compat.v1.placeholder(tf.float32, [None, None, 8])
    lengths = tf.compat.v1.placeholder(tf.int32, [None])
    logits = model.predict(x, lengths)
    loss = tf.reduce_mean((logits - 1.0) ** 2)
    train = tf.compat.v1.train.AdamOptimizer(0.05).minimize(loss)
    fed = {{x: batch["x"], lengths: batch["lengths"]}}
    with tf.compat.v1.Session() as session:
        session.run(tf.compat.v1.global_variables_initializer())
        for _ in range(20):
            session.run(train, fed)
        tf.compat.v1.train.Saver().save(session, "./model.ckpt")
        print(json.dumps(session.run(logits, fed).tolist()))
np.savez("batch.npz", **batch)
"""


def done(folder: Path, *command: str) -> str:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    ran = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert ran.returncode in (0, 1), ran.stderr
    return ran.stdout


def test_the_page_ends_with_equal_predictions(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(BEFORE, encoding="utf-8")
    (tmp_path / "train.py").write_text(TRAIN.format(here=str(Path(__file__).parent)), encoding="utf-8")
    (tmp_path / "serve.py").write_text(SERVE, encoding="utf-8")
    before = json.loads(done(tmp_path, "train.py").splitlines()[-1])
    for command in COMMANDS:
        words = command.split()
        if words[0] == "rnnlint":
            told = done(tmp_path, "-m", *words)
    assert "rnn/basic_lstm_cell" in told
    assert (tmp_path / "model.py").read_text(encoding="utf-8") == AFTER
    after = json.loads(done(tmp_path, "serve.py").splitlines()[-1])
    assert [len(row) for row in before] == [2] * 5
    for one, other in zip(before, after):
        assert one == pytest.approx(other, abs=1e-5)
