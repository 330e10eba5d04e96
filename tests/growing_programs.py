"""Programs in which one thing is there many times, for whoever measures how the work grows with it.

In each of them ``$i`` is the number of a part and ``$j`` that of the next one.
"""

from __future__ import annotations

import json
from typing import NamedTuple

TF = "import tensorflow as tf\n"
UNROLL = "tf.nn.static_rnn(cell, tf.unstack(x, $n, 1))\n"
KERAS = "tf.keras.layers."


class Part(NamedTuple):
    """A part of a program, and the text around all parts."""

    each: str
    before: str = ""
    after: str = ""
    size: int = 3000
    """How many a long measurement makes."""
    between: str = ""


def unroll(steps: str) -> str:
    """An unroll of so many steps."""
    return UNROLL.replace("$n", steps)


PARTS = {
    "functions": Part(f"def f$i(x, n=$i):\n    return {unroll('n')}"),
    "functions that call each other": Part(
        f"def f$i(n):\n    {unroll('n')}    return f$j(n) + f0(n + 1)\n", after="f0(5)\n"
    ),
    "functions in a function": Part(f"    def f$i(y):\n        return {unroll('n')}    f$i(x)\n", "def outer(x, n):\n"),
    "decorated functions": Part(
        f"@d\ndef f$i(x, n):\n    return {unroll('n')}f$i(x, $i)\n", "def d(f):\n    return f\n"
    ),
    "callers": Part("def g$i(x):\n    return f(x, $i)\n", f"def f(x, n):\n    return {unroll('n')}"),
    "functions that are passed": Part(
        "def a$i(g, x):\n    return g(x, $i)\na$i(f, x)\n", f"def f(x, n):\n    return {unroll('n')}", size=1000
    ),
    "returns": Part(
        "    if a == $i:\n        return tf.nn.rnn_cell.LSTMCell(3)\n",
        "def f(a):\n",
        "    return tf.nn.rnn_cell.GRUCell(3)\n" + "tf.nn.static_rnn(f(b), tf.unstack(x, 9, 1))\n" * 100,
    ),
    "methods": Part(f"    def f$i(self, x, n=60):\n        return {unroll('n')}", "class M:\n"),
    "classes": Part(
        "class M$i:\n    def __init__(self, n):\n        self.n = n\n"
        f"    def f(self, x):\n        {unroll('self.n')}M$i($i).f(x)\n",
        size=1000,
    ),
    "subclasses": Part(
        "class C$i(B):\n    n = $i\nC$i().f(x)\n",
        f"class B:\n    n = 3\n    def f(self, x):\n        return {unroll('self.n')}",
    ),
    "Keras models by class": Part(
        "class M$i(tf.keras.Model):\n    def __init__(self):\n        super().__init__()\n"
        f"        self.r = {KERAS}LSTM(3, unroll=True)\n    def call(self, x):\n        return self.r(x)\n"
        "m$i = M$i()\nm$i(tf.zeros((2, 99, 3)))\n",
        size=1000,
    ),
    "attributes of self": Part(
        "        self.n$i = n + $i\n",
        "class M:\n    def __init__(self, n):\n",
        f"    def f(self, x):\n        {unroll('self.n7')}",
    ),
    "stores in a dict": Part("d['k$i'] = $i\n" + unroll("d['k$i']"), "d = {}\n"),
    "entries of a dict": Part("'k$i': $i, ", "d = {", "}\n" + unroll("d['k77']"), size=30_000),
    "settings on an object": Part(f"c.k$i = $i\n{unroll('c.k$i')}", "class C: pass\nc = C()\n"),
    "keyword arguments": Part("n$i=$i, ", "def f(x, **given):\n    " + unroll("given['n7']") + "f(x, ", ")\n"),
    "cells that are appended": Part(
        "c = tf.nn.rnn_cell.LSTMCell($i)\ncells.append(c)\n", "cells = []\n", "tf.nn.rnn_cell.MultiRNNCell(cells)\n"
    ),
    "cells in a list": Part("tf.nn.rnn_cell.LSTMCell($i), ", "cells = [", "]\ntf.nn.rnn_cell.MultiRNNCell(cells)\n"),
    "stacks": Part("c = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.LSTMCell($i)] * 3)\ntf.nn.dynamic_rnn(c, x)\n"),
    "a list that grows and is used": Part("l.append(x$i)\ntf.nn.static_rnn(cell, l)\n", "l = []\n", size=1000),
    "a list that is joined": Part("l.extend([x] * $i)\nl += [y]\ntf.nn.static_rnn(cell, l)\n", "l = []\n", size=1000),
    "shapes that are set": Part(
        "x.set_shape([None, $i, 3])\ntf.nn.static_rnn(c, tf.unstack(x, axis=1))\n", "x = f()\n"
    ),
    "loops": Part("for t in range(99):\n    o, s = c(x[:, t], s)\n", "c = tf.nn.rnn_cell.LSTMCell(3)\n", size=1000),
    "loops with while": Part(
        "t = 0\nwhile t < $i:\n    o, s = c(x[:, t], s)\n    t += 1\n", "c = tf.nn.rnn_cell.LSTMCell(3)\n", size=1000
    ),
    "loops in functions": Part(
        "def f$i(x, s):\n    c = tf.nn.rnn_cell.LSTMCell(3)\n    for t in range(99):\n        o, s = c(x[:, t], s)\n",
        size=1000,
    ),
    "cells in one loop": Part("    o$i, s$i = c$i(x[:, t], s$i)\n", "for t in range(99):\n"),
    "handlers": Part(
        "except E$i:\n    c = tf.contrib.rnn.LSTMCell\n", "try:\n    c = tf.nn.rnn_cell.LSTMCell\n", "c(3)\n"
    ),
    "with blocks": Part("with tf.variable_scope('a$i'):\n    o, s = tf.nn.dynamic_rnn(c, x)\n"),
    "globals": Part(f"def f$i():\n    global n\n    n = $i\n{unroll('n')}", "n = 3\n"),
    "conditions in one": Part("tf.nn.dynamic_rnn(c, a$i)", "y = (", ")\n", between=" or ", size=1500),
    "texts with code in them": Part("{tf.nn.dynamic_rnn(c, x)} ", "s = f'", "'\n"),
    "assignments in expressions": Part(f"if (n := $i):\n    {unroll('n')}"),
    "annotations": Part("def f$i(c: tf.nn.rnn_cell.RNNCell) -> tf.nn.rnn_cell.LSTMStateTuple:\n    return c.f()\n"),
    "imports in functions": Part("def f$i(c, x):\n    from tensorflow.nn import static_rnn\n    static_rnn(c, x)\n"),
    "imports under conditions": Part(
        "if a$i:\n    from tensorflow.nn import static_rnn\nelse:\n    from tensorflow.contrib.rnn import static_rnn\n"
        "static_rnn(c, x)\n"
    ),
    "layers one behind the other": Part(
        f"x = {KERAS}LSTM(4, return_sequences=True, unroll=True)(x)\n", "x = tf.keras.Input((9, 3))\n"
    ),
    "layers in a list": Part(
        f"{KERAS}LSTM(4, return_sequences=True, unroll=True),\n", "m = tf.keras.Sequential([\n", "])\n", size=1000
    ),
    "layers that are added": Part(
        f"m.add({KERAS}LSTM(4, return_sequences=True, unroll=True))\n", "m = tf.keras.Sequential()\n", size=1000
    ),
    "models in functions": Part(
        "def b$i(n):\n    m = tf.keras.Sequential()\n"
        f"    m.add({KERAS}Embedding(9, 3, input_length=n, mask_zero=True))\n"
        f"    m.add({KERAS}Dropout(0.5))\n    m.add({KERAS}LSTM(4, unroll=True))\n    return m\nb$i($i)\n",
        size=1000,
    ),
    "padded batches": Part(
        "x$i = tf.keras.preprocessing.sequence.pad_sequences(d$i)\n"
        "o$i, s$i = tf.nn.dynamic_rnn(c, x$i, dtype=tf.float32)\nlast$i = o$i[:, -1, :]\n",
        size=1000,
    ),
}
"""What a program may have many of."""


def with_parts(name: str, size: int) -> dict[str, str]:
    """A file with so many parts of this name."""
    part = PARTS[name]
    parts = [part.each.replace("$i", str(at)).replace("$j", str((at + 1) % size)) for at in range(size)]
    return {"m.py": f"{TF}{part.before}{part.between.join(parts)}{part.after}"}


def modules_that_call_the_next(size: int) -> dict[str, str]:
    """Modules each of which passes a length on to a function of the next one."""
    text = (
        f"{TF}from m$j import f$j\ndef f$i(cell, x, n=9):\n"
        "    return tf.nn.static_rnn(cell, tf.unstack(x, n, 1)), f$j(cell, x, n)\n"
    )
    numbers = range(size)
    return {f"m{at}.py": text.replace("$i", str(at)).replace("$j", str((at + 1) % size)) for at in numbers}


def modules_of_one_function(size: int) -> dict[str, str]:
    """Modules that all call the same function of another one."""
    own = {"net.py": f"{TF}def run(x, n):\n    return {unroll('n')}"}
    text = f"{TF}from net import run\nrun(x, $i)\ntf.nn.dynamic_rnn(c, x)\n"
    return own | {f"m{at}.py": text.replace("$i", str(at)) for at in range(size)}


def cells_with_functions(size: int) -> dict[str, str]:
    """A notebook in which each cell defines a function and calls it."""
    texts = [f"{TF}def f{at}(x, n):\n    return {unroll('n')}f{at}(x, {at})" for at in range(size)]
    code = [{"cell_type": "code", "source": text} for text in texts]
    return {"m.ipynb": json.dumps({"cells": code, "nbformat": 4, "nbformat_minor": 5})}
