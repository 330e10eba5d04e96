"""What do programs compute? Each is executed by TensorFlow with the same seed; ``results`` is what it leaves behind.

As a program it reads a JSON list of sources and prints one of lists of numbers: TensorFlow is imported once for all, in
a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any


def computed(programs: Sequence[str]) -> list[list[list[float]]]:
    """The numbers of each array that each program leaves in ``results``."""
    command = [sys.executable, __file__]
    done = subprocess.run(command, input=json.dumps(programs), capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    found: list[list[list[float]]] = json.loads(done.stdout.splitlines()[-1])
    return found


def _run() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    programs = json.load(sys.stdin)
    import numpy
    import tensorflow as tf

    found = []
    for program in programs:
        tf.keras.utils.set_random_seed(1)
        names: dict[str, Any] = {}
        exec(compile(program, "program.py", "exec"), names)
        found.append([numpy.asarray(part).reshape(-1).tolist() for part in names["results"]])
    print(json.dumps(found))


if __name__ == "__main__":
    _run()
