"""Which process does a measurement run in, and with which environment?

Measurements that need the same environment share a process, since importing TensorFlow takes seconds; those that
change what cannot be changed back have one of their own. This module never imports TensorFlow.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from typing import Any

from rnnlint.probe.measurement import Device, Measurement

__all__ = ["Batch", "answer_of", "batches", "command", "environment", "installed", "lanes"]

Batch = list[Measurement]
"""What one process measures."""

_FOREIGN = ("TF_", "TF2_", "KERAS_", "XLA_", "CUDA_VISIBLE_DEVICES")
"""Beginnings of variables that change what TensorFlow or Keras do; a measurement starts without the user's."""

_OURS = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # Results that are the same on every processor, and no banner.
    "TF_ENABLE_ONEDNN_OPTS": "0",
    # Else Keras reads the backend from a file in the user's home.
    "KERAS_BACKEND": "tensorflow",
}

_TIMEOUT = 300.0
"""Seconds for one answer, with the import of TensorFlow."""

_START = "import sys; sys.path[:] = {path!r}; from rnnlint.probe.{module} import main; sys.exit(main())"


def installed(package: str) -> bool:
    """Whether the package can be imported, by a look and not by an import."""
    try:
        found = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return False
    # A folder of this name that happens to be on the path counts as a package without an origin.
    return found is not None and found.origin is not None


def command(module: str = "worker") -> list[str]:
    """What starts a module of the probe, by its function ``main``, in a process of its own.

    It has the import path of this process, so that the current folder hides no module, and rnnlint's own folder last.
    """
    path = [path for path in sys.path if isinstance(path, str)]
    own = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    path += [own] if own not in path else []
    return [sys.executable, "-c", _START.format(path=path, module=module)]


def answer_of(module: str, question: Any) -> Any:
    """What a module of the probe says, in a process of its own: JSON, as the last line of its standard output.

    The question is its standard input, as JSON. Raises RuntimeError, with one line, where it does not answer.
    """
    with tempfile.TemporaryDirectory(prefix="rnnlint-probe-") as folder:
        try:
            done = subprocess.run(
                command(module),
                input=json.dumps(question),
                env=environment(os.environ, {}, folder),
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                check=False,
                timeout=_TIMEOUT,
            )
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"the process took longer than {_TIMEOUT:.0f} s and was killed") from None
    if done.returncode != 0:
        said = "".join(done.stderr.strip().splitlines()[-1:])
        if said.startswith("TensorFlow cannot be used"):
            raise RuntimeError(said)
        raise RuntimeError(f"the process ended with exit code {done.returncode}: {said}")
    return json.loads(done.stdout.splitlines()[-1])


def environment(
    inherited: Mapping[str, str], wanted: Mapping[str, str], keras_home: str, device: Device = "cpu"
) -> dict[str, str]:
    """The environment of a worker: the inherited one without what would change the results.

    `keras_home` is a folder in which Keras may keep its configuration: not the user's. On a GPU the user's choice of
    one stays.
    """
    ours = {**_OURS, "CUDA_VISIBLE_DEVICES": "-1" if device == "cpu" else inherited.get("CUDA_VISIBLE_DEVICES", "")}
    if not ours["CUDA_VISIBLE_DEVICES"]:
        # Not chosen is all of them, and empty is none.
        del ours["CUDA_VISIBLE_DEVICES"]
    kept = {name: value for name, value in inherited.items() if not name.startswith(_FOREIGN)}
    asked = dict(wanted)
    # Without tf-keras the variable would break tf.keras altogether.
    if not installed("tf_keras"):
        asked.pop("TF_USE_LEGACY_KERAS", None)
    return {**kept, **ours, "KERAS_HOME": os.path.abspath(keras_home), **asked}


def lanes(chosen: Iterable[Measurement], number: int) -> list[list[Batch]]:
    """The batches of so many lanes at most that run side by side, each with about as much to do.

    The largest batch is divided, since it is most of the work, unless it has to stay together.
    """
    found = sorted(batches(chosen), key=_seconds)
    divisible = next((batch for batch in reversed(found) if not batch[0].together), [])
    parts: list[Batch] = [[] for _ in range(number)]
    sides: list[list[Batch]] = [[part] for part in parts]
    for batch in reversed(found):
        if batch is not divisible:
            min(sides, key=_load).append(batch)
    for one in sorted(divisible, key=lambda one: -one.seconds):
        min(sides, key=_load)[0].append(one)
    return [whole for lane in sides if (whole := [batch for batch in lane if batch])]


def _load(lane: list[Batch]) -> float:
    return sum(map(_seconds, lane))


def _seconds(batch: Batch) -> float:
    """With the import of TensorFlow."""
    return 4 + sum(one.seconds for one in batch)


def batches(chosen: Iterable[Measurement]) -> list[Batch]:
    """The measurements by process, each batch and the batches in the order in which they were chosen."""
    shared: dict[tuple[str, frozenset[tuple[str, str]]], Batch] = {}
    found: list[Batch] = []
    for one in chosen:
        key = (one.together, frozenset(one.environment.items()))
        if one.alone:
            found.append([one])
        elif key in shared:
            shared[key].append(one)
        else:
            shared[key] = [one]
            found.append(shared[key])
    return found
