"""What does `rnnlint weights` do? It carries the weights of a legacy checkpoint over to Keras layers."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Sequence
from typing import Any

from rnnlint.hosts.command_line.flags import Parser
from rnnlint.probe.weights.answering import ask
from rnnlint.report.atomic import write_atomically
from rnnlint.report.excerpt import printable
from rnnlint.settings import SettingsError

_ROUNDING = 1e-5
"""The largest absolute difference of outputs and states that counts as rounding."""


def run_weights(argv: list[str]) -> int:
    """The command: returns 0 if done, 1 if a check found a difference, 2 if the checkpoint could not be used."""
    arguments = weights_parser().read(argv)
    cells = _cells(arguments.cell)
    if not math.isfinite(arguments.forget_bias):
        raise SettingsError("--forget-bias must be a number such as 1.0")
    path = arguments.checkpoint
    if arguments.output and os.path.isdir(arguments.output):
        raise SettingsError(f"{arguments.output}: is a folder; --output needs a file name")
    with tempfile.TemporaryDirectory(prefix="rnnlint-weights-") as folder:
        output = os.path.join(folder, "weights.npz") if arguments.output else ""
        try:
            entries = ask(
                os.path.abspath(path),
                output=output,
                cells=cells,
                forget_bias=arguments.forget_bias,
                averages=arguments.averages,
                check=arguments.check,
            )
        except (ValueError, RuntimeError) as error:
            raise SettingsError(f"{path}: {error}") from None
        if output:
            with open(output, "rb") as stream:
                write_atomically(arguments.output, stream.read())
    if arguments.output_format == "json":
        print(json.dumps(entries, indent=2))
    else:
        _show(entries, arguments.output, arguments.forget_bias)
    return int(any(one.get("difference", 0.0) > _ROUNDING for one in entries))


def weights_parser() -> Parser:
    """The flags of ``rnnlint weights``."""
    parser = Parser(
        "weights",
        "List the recurrent cells of a TensorFlow 1 checkpoint, and carry their weights over to Keras layers.",
    )
    parser.add_argument(
        "checkpoint", metavar="CHECKPOINT", help="a checkpoint, a SavedModel, or an .npz file of named arrays"
    )
    parser.add_argument("--output", metavar="OUT.npz", help="write the weights of the Keras layers to this file")
    parser.add_argument(
        "--forget-bias", default=1.0, type=float, metavar="X",
        help="the forget_bias of your LSTM cells, which checkpoints do not store (default: 1.0)",
    )  # fmt: skip
    parser.add_argument(
        "--cell", action="append", default=[], metavar="SCOPE=NAME",
        help="the cell class of a scope whose name does not show it; can be repeated",
    )  # fmt: skip
    parser.add_argument("--averages", action="store_true", help="use the moving averages of the variables")
    parser.add_argument(
        "--check", action="store_true", help="run each legacy cell beside its Keras layer and compare the results"
    )
    parser.add_argument("--output-format", default="text", choices=("text", "json"))
    return parser


def _cells(given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in given:
        scope, equals, name = one.rpartition("=")
        if not (scope and equals and name):
            raise SettingsError(f"--cell {one}: write SCOPE=NAME, such as rnn/encoder=LSTMCell")
        if found.get(scope, name) != name:
            raise SettingsError(f"--cell names two cells for {scope}")
        found[scope.strip("/")] = name
    return found


def _show(entries: Sequence[dict[str, Any]], output: str | None, forget_bias: float) -> None:
    for entry in entries:
        print(printable(entry["scope"]))
        for line in _lines(entry, forget_bias):
            print(f"  {printable(line)}")
    carried = [one for one in entries if one["keras_layer"]]
    if carried:
        print("Checkpoints do not store activations: if your cell did not use the default, set it on the layer.")
    print(_total(len(entries), len(carried), output))


def _lines(entry: dict[str, Any], forget_bias: float) -> list[str]:
    where = [f"layer {entry['layer']}"]
    where += [entry["direction"]] if entry["direction"] else []
    sizes = [f"{entry['units']} units, input depth {entry['input_depth']}"] if entry["units"] else []
    lines = [", ".join([entry["cell"] or "unknown cell", *sizes, *where])]
    if entry["keras_layer"] is None:
        return [*lines, f"cannot be carried over: {entry['reason']}"]
    arguments = [str(entry["units"]), *(f"{name}={value}" for name, value in entry["arguments"].items())]
    lines.append(f"tf.keras.layers.{entry['keras_layer']}({', '.join(arguments)})")
    if entry["keras_layer"] == "LSTM" and entry["cell"] != "CudnnCompatibleLSTMCell":
        lines.append(f"forget_bias {forget_bias:g} is added to the bias; if your cell had another, pass --forget-bias")
    if "difference" in entry:
        lines.append(f"largest difference from the legacy cell: {entry['difference']:.3g}")
    return lines


def _total(count: int, carried: int, output: str | None) -> str:
    if not count:
        return "No recurrent cells found."
    noun = "1 recurrent cell" if count == 1 else f"{count} recurrent cells"
    done = f"{carried} written to {output}" if output else f"{carried} can be carried over to Keras"
    return f"{noun} found, {done}."
