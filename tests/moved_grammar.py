"""Programs of TensorFlow 1 from a small grammar: ways to import, cells, runners, arguments and places."""

from __future__ import annotations

import re
from typing import NamedTuple

TF = "import tensorflow as tf\n"
NAMES = ("BasicLSTMCell", "GRUCell", "LSTMCell", "BasicRNNCell", "DropoutWrapper", "MultiRNNCell")


class Way(NamedTuple):
    """How a program gets at its names; ``{names}`` stands for those of the cells that it uses."""

    imports: str
    cell: str = ""
    """The text before the name of a cell."""
    runner: str = "tf.nn."
    suffix: str = ""
    """The text after it, if it was renamed."""


WAYS = (
    Way(TF, "tf.contrib.rnn."),
    Way(TF, "tf.nn.rnn_cell."),
    Way(TF + "from tensorflow.contrib import rnn\n", "rnn."),
    Way("from tensorflow.contrib import rnn as contrib_rnn\n" + TF, "contrib_rnn."),
    Way(TF + "import tensorflow.contrib.rnn as R, os\n", "R."),
    Way(TF + "cells = tf.contrib.rnn  # all of them\n", "cells."),
    Way(TF + "from tensorflow.contrib.rnn import {names}\n"),
    Way(
        '"""A model."""\nfrom __future__ import division\n'
        + TF
        + "from tensorflow.contrib.rnn import (\n    {lines},\n)\n"
    ),
    Way(TF + "from tensorflow.contrib.rnn import {renamed}\n", suffix="_"),
    Way("from tensorflow.contrib.rnn import *\n" + TF),
    Way("import tensorflow.compat.v1 as tf\n", "tf.nn.rnn_cell."),
    Way("from tensorflow.compat import v1 as tf\n", "tf.nn.rnn_cell."),
    Way(TF + "from tensorflow.python.ops import rnn, rnn_cell\n", "rnn_cell.", "rnn."),
    Way(TF + "import tensorflow.contrib as tfc\n", "tfc.rnn."),
    Way(
        TF + "try:\n    from tensorflow.contrib.rnn import {names}\n"
        "except ImportError:\n    from tensorflow.nn.rnn_cell import {names}\n"
    ),
    Way(TF + "if tf.__version__ < '1':\n    m = tf.nn.rnn_cell\nelse:\n    m = tf.contrib.rnn\n", "m."),
)
CELLS = (
    "BasicLSTMCell(4)",
    "BasicLSTMCell(num_units=4, forget_bias=0.5, state_is_tuple=True)",
    "GRUCell(4)",
    "LSTMCell(4, use_peepholes=True)",
    "LSTMCell(\n        4,\n        num_proj=4)",
    "BasicRNNCell(4)",
)
AROUND = (
    "{}",
    "DropoutWrapper({}, output_keep_prob=1.0)",
    "MultiRNNCell([{}, GRUCell(4)])",
    "MultiRNNCell([DropoutWrapper(BasicRNNCell(3), 1.0), {}], state_is_tuple=True)",
)
RUNNERS = (
    "dynamic_rnn({}, x, dtype=tf.float32{})",
    "dynamic_rnn(cell={}, inputs=x, dtype=tf.float32{})",
    "bidirectional_dynamic_rnn({}, {other}, x, dtype=tf.float32{})",
    "static_rnn({}, tf.unstack(x, axis=1), dtype=tf.float32{})",
    "static_bidirectional_rnn({}, {other}, tf.unstack(x, axis=1), dtype=tf.float32{})",
)
ARGUMENTS = (
    "",
    ", sequence_length=[5, 3]",
    ', scope="s"',
    ",\n        sequence_length=tf.constant([2, 5]),  # two\n    ",
)
PLACES = (
    "def build(x):\n    return {run}\n",
    "def make():\n    return {cell}\n\n\ndef build(x):\n    return {run_made}\n",
    "class Model(object):\n    def make(self):\n        return {cell}\n\n    def build(self, x):\n"
    "        return {run_self}\n\n\ndef build(x):\n    return Model().build(x)\n",
    "make = lambda: {cell}\n\n\ndef build(x):\n    return {run_made}\n",
    "def build(x, make={maker}):\n    return {run_maker}\n",
    "def build(x):\n    used = [{cell} for _ in range(1)]\n    return {run_used} if used else None\n",
)


def write(way: Way, cell: str, around: str, runner: str, arguments: str, place: str) -> str:
    """One program; it defines ``build(x)``."""

    def reached(text: str) -> str:
        return re.sub(rf"\b({'|'.join(NAMES)})\(", rf"{way.cell}\1{way.suffix}(", text)

    def run(of: str) -> str:
        return way.runner + runner.format(of, arguments, other=reached("GRUCell(4)"))

    whole = reached(around.format(cell))
    body = place.format(
        cell=whole, run=run(whole), run_made=run("make()"), run_self=run("self.make()"), run_used=run("used[0]"),
        maker=f"{way.cell}GRUCell{way.suffix}", run_maker=run("make(4)"),
    )  # fmt: skip
    names = [name for name in NAMES if re.search(rf"\b{name}{way.suffix}\b", body)]
    imports = way.imports.format(
        names=", ".join(names),
        lines=",\n    ".join(names),
        renamed=", ".join(f"{name} as {name}{way.suffix}" for name in names),
    )
    return f"{imports}\n\n{body}"


PARTS = (WAYS, CELLS, AROUND, RUNNERS, ARGUMENTS, PLACES)
"""What `write` takes, each of these with each of the others."""

SAMPLE = {
    str(at): write(
        WAYS[at % len(WAYS)],
        CELLS[at % len(CELLS)],
        AROUND[at * 3 % len(AROUND)],
        RUNNERS[at * 2 % len(RUNNERS)],
        ARGUMENTS[at // 4 % len(ARGUMENTS)],
        PLACES[(at + at // 6) % len(PLACES)],
    )
    for at in range(24)
}
"""Some of them, in which each way and each of the other parts stands."""
