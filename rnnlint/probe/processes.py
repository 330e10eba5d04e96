"""Which process does a measurement run in, and with which environment?

Measurements that need the same environment share a process, since importing TensorFlow takes seconds; those that make
irreversible changes get a separate one. This module never imports TensorFlow.
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
"""The measurements of one process."""

_FOREIGN = ("TF_", "TF2_", "KERAS_", "XLA_", "CUDA_VISIBLE_DEVICES")
"""Prefixes of variables that change how TensorFlow or Keras behave; a measurement starts without the user's."""

_OURS = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # The same results on every processor, and no banner.
    "TF_ENABLE_ONEDNN_OPTS": "0",
    # Otherwise Keras reads the backend from a file in the user's home.
    "KERAS_BACKEND": "tensorflow",
}

_TIMEOUT = 300.0
"""The timeout in seconds for one answer, including the import of TensorFlow."""

_START = "import sys; sys.path[:] = {path!r}; from rnnlint.probe.{module} import main; sys.exit(main())"


def installed(package: str) -> bool:
    """Whether the package can be imported, without importing it."""
    try:
        found = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return False
    # A folder of this name on the path would count as a package without an origin.
    return found is not None and found.origin is not None


def command(module: str = "worker") -> list[str]:
    """The command that starts a module of the probe, by its function ``main``, in a separate process.

    It gets the import path of this process, so that the current folder hides no module, with rnnlint's own folder last.
    """
    path = [path for path in sys.path if isinstance(path, str)]
    own = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    path += [own] if own not in path else []
    return [sys.executable, "-c", _START.format(path=path, module=module)]


def answer_of(module: str, question: Any) -> Any:
    """The answer of a module of the probe, in a separate process: JSON, as the last line of its standard output.

    The question is its standard input, as JSON. Raises RuntimeError, with a one-line message, if it does not answer.
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
    """The environment of a worker: the inherited one without variables that would change the results.

    `keras_home` is a temporary folder for the configuration of Keras. On a GPU the user's choice of device stays.
    """
    ours = {**_OURS, "CUDA_VISIBLE_DEVICES": "-1" if device == "cpu" else inherited.get("CUDA_VISIBLE_DEVICES", "")}
    if not ours["CUDA_VISIBLE_DEVICES"]:
        # Unset means all devices, and empty means none.
        del ours["CUDA_VISIBLE_DEVICES"]
    kept = {name: value for name, value in inherited.items() if not name.startswith(_FOREIGN)}
    asked = dict(wanted)
    # Without tf-keras the variable would break tf.keras completely.
    if not installed("tf_keras"):
        asked.pop("TF_USE_LEGACY_KERAS", None)
    return {**kept, **ours, "KERAS_HOME": os.path.abspath(keras_home), **asked}


def lanes(chosen: Iterable[Measurement], number: int) -> list[list[Batch]]:
    """The batches for at most this many parallel lanes, each with about the same amount of work.

    The largest batch is split, since it is most of the work, unless it must stay together.
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
    """The estimated seconds, including the import of TensorFlow."""
    return 4 + sum(one.seconds for one in batch)


def batches(chosen: Iterable[Measurement]) -> list[Batch]:
    """The measurements grouped by process, in the order in which they were chosen."""
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
