"""What repository do the tests of fleets check, and what does `rnnlint check` find in it?"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from rnnlint.hosts.command_line import main
from rnnlint.hosts.fleet.repository import Row

FILES = {
    "setup.py": "from setuptools import setup\n",
    "train.py": "from net.model import build\nfrom net import cells\n\nbuild(cells.make(3), 200)\n",
    "net/__init__.py": "",
    "net/cells.py": "from tensorflow.contrib import rnn\n\nSIZE = 8\n\n\ndef make(n):\n    return rnn.GRUCell(SIZE)\n",
    "net/model.py": "import tensorflow.compat.v1 as tf\nfrom .cells import rnn, SIZE\nfrom net import cells\n\n\n"
    "def build(cell, steps):\n    x = tf.placeholder(tf.float32, [None, steps, SIZE])\n"
    "    return rnn.static_rnn(cells.rnn.LSTMCell(4), tf.unstack(x, steps, axis=1), dtype=tf.float32)\n",
    "build/old.py": "from tensorflow.contrib import rnn\n",
    "notes.txt": "tensorflow.contrib.rnn",
    "run": "#!/usr/bin/env python\nfrom tensorflow.nn import dynamic_rnn\n",
    "quiet.py": "from tensorflow.nn import dynamic_rnn  # noqa: RNN102\n",
}
ROWS = [Row(path, text.encode()) for path, text in FILES.items()]


def write(folder: Path, files: dict[str, str] = FILES) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def found_on_disk(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    main(["check", "--isolated", "--no-cache", "--output-format", "json", *options, str(folder)])
    found = json.loads(capsys.readouterr().out)
    for one in found:
        one["path"] = os.path.relpath(one.pop("filename"), folder)
        for origin in one["because"]:
            origin["path"] = os.path.relpath(origin.pop("filename"), folder)
    return sorted(found, key=place)


def place(one: dict[str, Any]) -> tuple[Any, ...]:
    return one["path"], one["cell"] or 0, *one["location"].values(), one["code"]


def without_repo(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(({k: v for k, v in one.items() if k != "repo"} for one in found), key=place)
