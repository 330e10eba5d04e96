"""What does a checkpoint contain, and how is it converted? Answered in a process that may import TensorFlow."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from rnnlint.probe import processes
from rnnlint.probe.weights.cells import Found, as_json, recognize

__all__ = ["ask", "main"]

INSTALL = "pip install 'rnnlint[probe]'"


def ask(
    path: str,
    *,
    output: str = "",
    cells: Mapping[str, str] | None = None,
    forget_bias: float = 1.0,
    averages: bool = False,
    check: bool = False,
) -> list[dict[str, Any]]:
    """The cells of a checkpoint, in their JSON form; numpy and TensorFlow run in a separate process.

    With `output`, the weights that can be carried over are written to that .npz file. With `check`, each entry with a
    layer gets the ``difference`` from the legacy cell. Raises ValueError, with a one-line message, if the checkpoint or
    an option is unusable, and RuntimeError if the process fails.
    """
    missing = "numpy" if path.endswith(".npz") and not check else "tensorflow"
    if not processes.installed(missing):
        raise RuntimeError(f"rnnlint weights needs {missing}: {INSTALL}")
    question = {
        "path": path,
        "output": output,
        "cells": dict(cells or {}),
        "forget_bias": forget_bias,
        "averages": averages,
        "check": check,
    }
    answer = processes.answer_of("weights.answering", question)
    if "error" in answer:
        raise ValueError(answer["error"])
    entries: list[dict[str, Any]] = answer["cells"]
    return entries


def main() -> int:
    """Answer the question on standard input, as JSON on standard output."""
    from rnnlint.probe.worker import one_line

    question = json.load(sys.stdin)
    try:
        answer: dict[str, Any] = {"cells": _answered(**question)}
    except (ValueError, OSError) as error:
        words = " ".join(str(error).split())
        answer = {"error": words}
    except ImportError as error:
        answer = {"error": f"TensorFlow cannot be used: {one_line(error)}"}
    # As JSON it is one line of ASCII, which no pipe encoding can break.
    print(json.dumps(answer))
    return 0


def _answered(
    path: str, output: str, cells: dict[str, str], forget_bias: float, averages: bool, check: bool
) -> list[dict[str, Any]]:
    from rnnlint.probe.weights.reading import open_arrays

    source = open_arrays(path)
    found = recognize(source.shapes, cells, averages)
    entries = [as_json(one) for one in found]
    if not output and not check:
        return entries
    here = _here() if check else None
    kept: dict[str, Any] = {}
    for one, entry in zip(found, entries):
        if one.keras_layer:
            _carry(source, one, entry, kept, forget_bias, here)
    if output:
        import numpy

        with open(output, "wb") as stream:
            numpy.savez(stream, **kept)
    return entries


def _carry(source: Any, one: Found, entry: dict[str, Any], kept: dict[str, Any], forget_bias: float, here: Any) -> None:
    """Read the variables of one cell, and store the converted arrays."""
    from rnnlint.probe.weights.carrying import carried, parts_of

    parts = parts_of(one, source.read)
    arrays = carried(one, parts, forget_bias)
    kept.update({f"{one.scope}/{name}": array for name, array in arrays.items()})
    if here:
        from rnnlint.probe.weights.checking import largest_difference

        entry["difference"] = largest_difference(here, one, parts, arrays, forget_bias)


def _here() -> Any:
    from rnnlint.probe.worker import open_here

    return open_here(full=False)
