"""What does a worker do? It imports TensorFlow, runs measurements, and prints each outcome as one line of JSON.

It reads ``{"claims": […], "full": …, "device": …}`` from standard input. All other output, including that of
TensorFlow's Python and C++ code, goes to standard error; standard output contains only the outcomes.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import platform
import sys
import warnings
from typing import Any, TextIO

from rnnlint.probe.measurement import Here, Outcome, Versions, measurements
from rnnlint.probe.processes import installed

__all__ = ["main", "one_line", "open_here"]


def main() -> int:
    """Measure what standard input requests; return the exit code, 0 if every line was printed."""
    answers = _own_answers()
    request = json.load(sys.stdin)
    try:
        here = open_here(request["full"])
    except Exception as error:
        _tell(answers, {"error": f"TensorFlow cannot be used: {one_line(error)}"})
        return 1
    if request["device"] == "gpu" and not here.tf.config.list_physical_devices("GPU"):
        _tell(answers, {"error": "TensorFlow finds no GPU here: remove --device gpu to measure on the CPU"})
        return 1
    _tell(answers, {"environment": _environment(here)})
    for claim in request["claims"]:
        _tell(answers, {"claim": claim, **_outcome(claim, here)})
    return 0


def _own_answers() -> TextIO:
    """Reserve standard output: all later output, including that of C++ code, goes to standard error."""
    kept = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return kept


def open_here(full: bool) -> Here:
    """Import TensorFlow into this process and silence it. Raises whatever the import raises."""
    warnings.simplefilter("ignore")
    tf = importlib.import_module("tensorflow")
    tf.get_logger().setLevel("ERROR")
    keras = tf.keras.layers.Layer.__module__.split(".")[0].replace("_", "-")
    version = importlib.metadata.version("tensorflow" if keras == "tensorflow" else keras)
    tf_keras = importlib.metadata.version("tf-keras") if installed("tf_keras") else None
    versions = Versions(tf.__version__, version, tf_keras, platform.python_version())
    return Here(tf, 3 if version.startswith("3.") else 2, full, versions)


def _environment(here: Here) -> dict[str, Any]:
    versions = here.versions
    return {
        "tensorflow": versions.tensorflow,
        "keras": versions.keras,
        "tf_keras": versions.tf_keras,
        "python": versions.python,
    }


def _outcome(claim: str, here: Here) -> dict[str, Any]:
    """The outcome as JSON, or the reason under "error" if there is none."""
    try:
        outcome = measurements()[claim].function(here)
        return json.loads(json.dumps(_row(outcome)))  # type: ignore[no-any-return]
    except Exception as error:
        import traceback

        traceback.print_exc()
        return {"error": f"the measurement stopped with {one_line(error)}"}


def _row(outcome: Outcome) -> dict[str, Any]:
    return {
        "verdict": outcome.verdict,
        "measured": dict(outcome.measured),
        "summary": outcome.summary,
        "why": outcome.why,
    }


def one_line(error: Exception) -> str:
    """An error as one line; TensorFlow's have many."""
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words[:300]}" if words else type(error).__name__


def _tell(stream: TextIO, value: dict[str, Any]) -> None:
    stream.write(json.dumps(value) + "\n")
    stream.flush()
