"""Which loops put a cell into the graph for each time step, and which only look like it?"""

from __future__ import annotations

from typing import Any

import kept
import pytest

from rnnlint import engine
from rnnlint.settings import from_mapping

LEGACY = "import tensorflow.compat.v1 as tf\nfrom tensorflow.contrib import rnn\n"
CELL = (
    LEGACY
    + "cell = rnn.GRUCell(4)\nx = tf.placeholder(tf.float32, [3, 90, 4])\nstate = cell.zero_state(3, tf.float32)\n"
)
KERAS = "import tensorflow as tf\nfrom tensorflow import keras\nfrom tensorflow.keras import layers\n"


def codes(program: str, name: str = "", **options: Any) -> str:
    """The codes that a program has, each once; what is said of one with a name is kept."""
    settings = from_mapping(options, "test")
    found = engine.check_bytes(program.encode(), "no-such-folder/case.py", settings, engine.Project()).findings
    if name:
        kept.same("time_loops", f"{options['select'][0]} {name}", kept.shown(found))
    return " ".join(sorted({one.code for one in found}))


LOOPS = {
    "plain": (
        """
for t in range(90):
    out, state = cell(x[:, t], state)
""",
        "RNN203",
    ),
    "one argument": (
        """
for t in range(90):
    state = cell(x[:, t])
""",
        "",
    ),
    "stars": (
        """
for t in range(90):
    out, state = cell(*a, state)
""",
        "",
    ),
    "called call": (
        """
for t in range(90):
    out, state = make()(x[:, t], state)
""",
        "",
    ),
    "partial": (
        """
import functools
run = functools.partial(cell, scope='a')
for t in range(90):
    out, state = run(x[:, t], state)
""",
        "RNN203",
    ),
    "runner": (
        """
for t in range(90):
    out, state = tf.nn.dynamic_rnn(cell, x[:, t:t + 1], initial_state=state)
""",
        "RNN203",
    ),
    "runner none": (
        """
for t in range(90):
    out, state = tf.nn.dynamic_rnn(cell, x[:, t:t + 1])
""",
        "",
    ),
    "list element": (
        """
cells = make()
for t in range(90):
    out, state = cells[0](x[:, t], state)
""",
        "RNN203",
    ),
    "list element known": (
        """
cells = [cell, cell]
for t in range(90):
    out, state = cells[0](x[:, t], state)
""",
        "RNN203",
    ),
    "own class": (
        """
class Own:
    def __call__(self, x, state):
        return x, state


own = Own()
for t in range(90):
    out, state = own(x[:, t], state)
""",
        "",
    ),
    "own class with size": (
        """
class Own:
    output_size = 4
    state_size = 4
    def __call__(self, x, state):
        return x, state


own_cell = Own()
for t in range(90):
    out, state = own_cell(x[:, t], state)
""",
        "RNN203",
    ),
    "own cell": (
        """
class Own(rnn.RNNCell):
    def __call__(self, x, state):
        return x, state


own_cell = Own()
for t in range(90):
    out, state = own_cell(x[:, t], state)
""",
        "RNN203",
    ),
    "own function": (
        """
def cell_step(x, state):
    return x, state


for t in range(90):
    out, state = cell_step(x[:, t], state)
""",
        "",
    ),
    "cells in order": (
        """
cells = [rnn.GRUCell(4), rnn.GRUCell(5)]
states = [c.zero_state(3, tf.float32) for c in cells]
for t in range(90):
    h = x[:, t]
    for i, c in enumerate(cells):
        h, states[i] = c(h, states[i])
""",
        "RNN203",
    ),
    "cells zip": (
        """
cells = [rnn.GRUCell(4), rnn.GRUCell(5)]
for t in range(90):
    h = x[:, t]
    new = []
    for c, s in zip(cells, state):
        h, s = c(h, s)
        new.append(s)
    state = new
""",
        "RNN203",
    ),
    "cells pairs": (
        """
pairs = [(rnn.GRUCell(4), 1), (rnn.GRUCell(5), 2)]
for t in range(90):
    h = x[:, t]
    new = []
    for c, s in pairs:
        h, state = c(h, state)
""",
        "RNN203",
    ),
    "cells pairs 3": (
        """
pairs = [(rnn.GRUCell(4), 1), 5]
for t in range(90):
    h = x[:, t]
    for c, s in pairs:
        h, state = c(h, state)
""",
        "RNN203",
    ),
    "cells pairs 4": (
        """
pairs = [(1,), (2,)]
for t in range(90):
    h = x[:, t]
    for s, c_cell in pairs:
        h, state = c_cell(h, state)
""",
        "RNN203",
    ),
    "cells unknown": (
        """
for t in range(90):
    h = x[:, t]
    for c_cell in cells_of(me):
        h, state = c_cell(h, state)
""",
        "RNN203",
    ),
    "cells many": (
        """
cells = [rnn.GRUCell(4)] * 500
for t in range(90):
    h = x[:, t]
    for c in cells:
        h, state = c(h, state)
""",
        "",
    ),
    "cells counted": (
        """
cells = [rnn.GRUCell(4) for _ in range(3)]
for t in range(90):
    h = x[:, t]
    for c in cells:
        h, state = c(h, state)
""",
        "RNN203",
    ),
    "cells starred": (
        """
for t in range(90):
    h = x[:, t]
    for c_cell, n in map(f, cells):
        h, state = c_cell(h, state)
""",
        "RNN203",
    ),
    "inner range": (
        """
for t in range(90):
    h = x[:, t]
    for i in range(3):
        h, state = cell(h, state)
""",
        "",
    ),
    "inner repeats": (
        """
for t in range(90):
    for i in range(3):
        out, state = cell(x[:, t], state)
""",
        "",
    ),
    "inner unknown": (
        """
for t in range(90):
    h = x[:, t]
    for i in range(u):
        h, state = cell(h, state)
""",
        "",
    ),
    "tape": (
        """
with tf.GradientTape() as tape:
    for t in range(90):
        out, state = cell(x[:, t], state)
""",
        "",
    ),
    "keras tape": (
        """
cell = layers.GRUCell(4)
x = tf.zeros([3, 90, 4])
state = [tf.zeros([3, 4])]
with tf.GradientTape() as tape:
    for t in range(90):
        out, state = cell(x[:, t], state)
""",
        "",
    ),
    "keras function": (
        """
cell = layers.GRUCell(4)


@tf.function
def run(x, state):
    for t in range(90):
        out, state = cell(x[:, t], state)
    return out
""",
        "RNN203",
    ),
    "keras cells": (
        """
cells = [layers.GRUCell(4), layers.GRUCell(4)]


@tf.function
def run(x, states):
    for t in range(90):
        h = x[:, t]
        for i, c in enumerate(cells):
            h, states[i] = c(h, states[i])
    return h
""",
        "RNN203",
    ),
    "keras inner": (
        """
cell = layers.GRUCell(4)


@tf.function
def run(x, state):
    for t in range(90):
        h = x[:, t]
        for i in range(3):
            h, state = cell(h, state)
    return h
""",
        "",
    ),
    "while plain": (
        """
t = 0
while t < 90:
    out, state = cell(x[:, t], state)
    t += 1
""",
        "RNN203",
    ),
    "while down": (
        """
t = 90
while t > 0:
    out, state = cell(x[:, t], state)
    t -= 1
""",
        "",
    ),
    "while two": (
        """
t = 0
while 0 < t < 90:
    out, state = cell(x[:, t], state)
    t += 1
""",
        "",
    ),
    "while is": (
        """
t = 0
while t is not u:
    out, state = cell(x[:, t], state)
    t += 1
""",
        "",
    ),
    "comp two": (
        """
outs = [cell(x[:, t], state) for t in range(90) for _ in range(2)]
""",
        "",
    ),
    "comp unknown": (
        """
outs = [cell(x[:, t], state) for t in steps]
""",
        "",
    ),
    "comp": (
        """
outs = [cell(x[:, t], state) for t in range(90)]
""",
        "RNN203",
    ),
    "comp if": (
        """
outs = [cell(x[:, t], state) for t in range(90) if t]
""",
        "",
    ),
    "comp dict": (
        """
outs = [cell(x[:, t], state) for t in {1: 2}.items() for u in v]
""",
        "",
    ),
    "selects other cell": (
        """
cells = {t: cell for t in range(90)}
for t in range(90):
    out, state = cells[t](x[:, t], state)
""",
        "",
    ),
    "same state": (
        """
for t in range(90):
    out, _ = cell(x[:, t], state)
""",
        "RNN203",
    ),
    "other time": (
        """
for t in range(90):
    out, state2 = cell(x[:, t], states[t])
""",
        "",
    ),
}

SYMBOLIC = {
    "plain": (
        """
class Layer(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.cell = layers.GRUCell(4)

    def call(self, x, state):
        for t in range(tf.shape(x)[1]):
            out, state = self.cell(x[:, t], state)
        return out
""",
        "RNN206",
    ),
    "unpacked": (
        """
class Layer(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.cell = layers.GRUCell(4)

    def call(self, x, state):
        b, n = tf.shape(x)[0], tf.shape(x)[1]
        for t in range(n):
            out, state = self.cell(x[:, t], state)
        return out
""",
        "RNN206",
    ),
    "unpacked shape": (
        """
class Layer(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.cell = layers.GRUCell(4)

    def call(self, x, state):
        b, n, d = tf.shape(x)
        for t in range(n):
            out, state = self.cell(x[:, t], state)
        return out
""",
        "",
    ),
    "unpacked call": (
        """
class Layer(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.cell = layers.GRUCell(4)

    def call(self, x, state):
        b, n, d = tf.unstack(tf.shape(x))
        for t in range(n):
            out, state = self.cell(x[:, t], state)
        return out
""",
        "",
    ),
    "transposed": (
        """
class Layer(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.cell = layers.GRUCell(4)

    def call(self, x, state):
        xs = tf.transpose(x, [1, 0, 2])
        for step in xs:
            out, state = self.cell(step, state)
        return out
""",
        "RNN206",
    ),
    "iterated": (
        """
class Layer(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.cell = layers.GRUCell(4)

    def call(self, x, state):
        y = x.dtype
        for step in x:
            out, state = self.cell(step, state)
        return out
""",
        "RNN206",
    ),
    "iterated other": (
        """
class Layer(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.cell = layers.GRUCell(4)

    def call(self, x, state):
        y = tf.shape(z)
        for step in x:
            out, state = self.cell(step, state)
        return out
""",
        "",
    ),
    "iterated shape": (
        """
class Layer(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.cell = layers.GRUCell(4)

    def call(self, x, state):
        y = tf.shape(x)
        for step in x:
            out, state = self.cell(step, state)
        return out
""",
        "RNN206",
    ),
    "tf keras": (
        """
class Layer(tf.compat.v1.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.cell = layers.GRUCell(4)

    def call(self, x, state):
        for t in range(tf.shape(x)[1]):
            out, state = self.cell(x[:, t], state)
        return out
""",
        "",
    ),
    "eager": (
        """
class Layer(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.cell = layers.GRUCell(4)

    def call(self, x, state):
        for t in range(tf.shape(x)[1]):
            out, state = self.cell(x[:, t], state)
        return out


model.run_eagerly = True
""",
        "",
    ),
    "function": (
        """
cell = layers.GRUCell(4)


def run(x, state):
    for t in range(tf.shape(x)[1]):
        out, state = cell(x[:, t], state)
    return out


y = run(keras.Input((None, 4)), s)
""",
        "",
    ),
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_over_time_is_found_where_it_runs_one_cell_again(name: str) -> None:
    body, expected = LOOPS[name]
    assert (
        codes((KERAS if "layers." in body else CELL) + body, name, **{"select": ["RNN203"], "max-unroll": 10})
        == expected
    )


@pytest.mark.parametrize("name", SYMBOLIC)
def test_a_loop_over_a_tensor_is_found_in_the_call_of_a_keras_class(name: str) -> None:
    body, expected = SYMBOLIC[name]
    assert codes(KERAS + body, name, select=["RNN206"]) == expected
