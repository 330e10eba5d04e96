"""Which recurrent code computes something else than it was written for, and which only looks like it?"""

from __future__ import annotations

from typing import Any

import kept
import pytest

from rnnlint import engine
from rnnlint.settings import from_mapping

LEGACY = "import tensorflow.compat.v1 as tf\nfrom tensorflow.contrib import rnn\n"
KERAS = "import tensorflow as tf\nfrom tensorflow import keras\nfrom tensorflow.keras import layers\n"


def codes(program: str, name: str = "", **options: Any) -> str:
    """The codes that a program has, each once; what is said of one with a name is kept."""
    settings = from_mapping(options, "test")
    found = engine.check_bytes(program.encode(), "no-such-folder/case.py", settings, engine.Project()).findings
    if name:
        kept.same("recurrent_pitfalls", f"{options['select'][0]} {name}", kept.shown(found))
    return " ".join(sorted({one.code for one in found}))


SHARED = {
    "plus": (
        """
cell = rnn.GRUCell(4)
stack = rnn.MultiRNNCell([cell] + [cell])
""",
        "RNN402",
    ),
    "plus name": (
        """
cell = rnn.GRUCell(4)
stack = rnn.MultiRNNCell([cell] + others)
""",
        "",
    ),
    "plus other": (
        """
cell = rnn.GRUCell(4)
stack = rnn.MultiRNNCell([cell] + [rnn.GRUCell(4)])
""",
        "",
    ),
    "extend": (
        """
cell = rnn.GRUCell(4)
cells = []
cells.extend([cell, cell])
stack = rnn.MultiRNNCell(cells)
""",
        "RNN402",
    ),
    "extend twice": (
        """
cell = rnn.GRUCell(4)
cells = []
cells.extend([cell])
cells.extend([cell])
stack = rnn.MultiRNNCell(cells)
""",
        "RNN402",
    ),
    "extend name": (
        """
cell = rnn.GRUCell(4)
cells = []
cells.extend(others)
stack = rnn.MultiRNNCell(cells)
""",
        "",
    ),
    "extend other": (
        """
cell = rnn.GRUCell(4)
cells = []
others.extend([cell, cell])
more.cells.extend([cell, cell])
stack = rnn.MultiRNNCell(cells)
""",
        "",
    ),
    "attr": (
        """
class A:
    def __init__(self):
        self.cells = []
        cell = rnn.GRUCell(4)
        for _ in range(3):
            self.cells.append(cell)
        self.stack = rnn.MultiRNNCell(self.cells)
""",
        "RNN402",
    ),
    "own wrapper": (
        """
class MyWrapper:
    pass

cell = rnn.GRUCell(4)
stack = rnn.MultiRNNCell([MyWrapper(cell) for _ in range(3)])
""",
        "",
    ),
    "deep": (
        """
cell = rnn.GRUCell(4)
c1 = cell
c2 = c1
c3 = c2
c4 = c3
c5 = c4
c6 = c5
c7 = c6
c8 = c7
c9 = c8
c10 = c9
c11 = c10
c12 = c11
stack = rnn.MultiRNNCell([c12, c12])
""",
        "RNN402",
    ),
    "deep wrap": (
        """
cell = rnn.GRUCell(4)
c1 = rnn.DropoutWrapper(cell, 0.5)
c2 = rnn.DropoutWrapper(c1, 0.5)
c3 = rnn.DropoutWrapper(c2, 0.5)
c4 = rnn.DropoutWrapper(c3, 0.5)
c5 = rnn.DropoutWrapper(c4, 0.5)
c6 = rnn.DropoutWrapper(c5, 0.5)
c7 = rnn.DropoutWrapper(c6, 0.5)
c8 = rnn.DropoutWrapper(c7, 0.5)
c9 = rnn.DropoutWrapper(c8, 0.5)
c10 = rnn.DropoutWrapper(c9, 0.5)
c11 = rnn.DropoutWrapper(c10, 0.5)
c12 = rnn.DropoutWrapper(c11, 0.5)
stack = rnn.MultiRNNCell([c12, rnn.DropoutWrapper(c12)])
""",
        "",
    ),
    "item": (
        """
cells = {'a': rnn.GRUCell(4)}
stack = rnn.MultiRNNCell([cells['a'] for _ in range(3)])
""",
        "RNN402",
    ),
    "item i": (
        """
stack = rnn.MultiRNNCell([cells[i] for i in range(3)])
""",
        "",
    ),
    "dict twice": (
        """
cells = {'a': rnn.GRUCell(4)}
stack = rnn.MultiRNNCell([cells['a'], cells['a']])
""",
        "",
    ),
    "list twice": (
        """
cells = [rnn.GRUCell(4)]
stack = rnn.MultiRNNCell([cells[0], cells[0]])
""",
        "",
    ),
    "inner method": (
        """
class A:
    def build(self):
        def make():
            return rnn.MultiRNNCell([self.cell for _ in range(3)])
        self.cell = rnn.GRUCell(4)
        return make()
""",
        "RNN402",
    ),
    "attr of module": (
        """
stack = rnn.MultiRNNCell([me.cell for _ in range(3)])
""",
        "",
    ),
    "times deep": (
        "cell = rnn.GRUCell(4)\nstack = rnn.MultiRNNCell(" + "[cell] + (" * 9 + "[cell]" + ")" * 10 + "\n",
        "",
    ),
    "keras no cells": (
        """
from tensorflow import keras
keras.layers.StackedRNNCells()
keras.layers.RNN()
""",
        "",
    ),
    "keras two": (
        """
from tensorflow import keras
cell = keras.layers.GRUCell(4)
keras.layers.StackedRNNCells([cell, cell])
""",
        "RNN402",
    ),
}

DROPOUT = {
    "lambda": (
        """
x = tf.placeholder(tf.float32, [None, 9, 4])
make = lambda keep: rnn.DropoutWrapper(rnn.GRUCell(4), keep)
o, s = tf.nn.dynamic_rnn(make(0.5), x, dtype=tf.float32)
tf.Session().run(s)
""",
        "",
    ),
    "stars": (
        """
x = tf.placeholder(tf.float32, [None, 9, 4])
def make(*keep):
    return rnn.DropoutWrapper(rnn.GRUCell(4), keep)


o, s = tf.nn.dynamic_rnn(make(0.5), x, dtype=tf.float32)
tf.Session().run(s)
""",
        "",
    ),
    "stars2": (
        """
x = tf.placeholder(tf.float32, [None, 9, 4])
def make(keep):
    return rnn.DropoutWrapper(rnn.GRUCell(4), keep)


o, s = tf.nn.dynamic_rnn(make(*a), x, dtype=tf.float32)
tf.Session().run(s)
""",
        "",
    ),
    "call": (
        """
x = tf.placeholder(tf.float32, [None, 9, 4])
def make(keep):
    return rnn.DropoutWrapper(rnn.GRUCell(4), keep)


o, s = tf.nn.dynamic_rnn(make(0.5), x, dtype=tf.float32)
tf.Session().run(s)
""",
        "RNN404",
    ),
    "either": (
        """
x = tf.placeholder(tf.float32, [None, 9, 4])
def make(keep):
    if a:
        keep = 0.5
    return rnn.DropoutWrapper(rnn.GRUCell(4), keep)


o, s = tf.nn.dynamic_rnn(make(0.5), x, dtype=tf.float32)
tf.Session().run(s)
""",
        "",
    ),
    "run name": (
        """
x = tf.placeholder(tf.float32, [None, 9, 4])
cell = rnn.DropoutWrapper(rnn.GRUCell(4), 0.5)
o, s = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
run(s)
eval(s)
""",
        "",
    ),
    "run nothing": (
        """
x = tf.placeholder(tf.float32, [None, 9, 4])
cell = rnn.DropoutWrapper(rnn.GRUCell(4), 0.5)
o, s = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
tf.Session().run()
""",
        "",
    ),
    "run arg": (
        """
x = tf.placeholder(tf.float32, [None, 9, 4])
cell = rnn.DropoutWrapper(rnn.GRUCell(4), 0.5)
o, s = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)

def ask(what):
    return tf.Session().run(what)

ask(s)
""",
        "RNN404",
    ),
    "run lambda": (
        """
x = tf.placeholder(tf.float32, [None, 9, 4])
cell = rnn.DropoutWrapper(rnn.GRUCell(4), 0.5)
o, s = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
ask = lambda what: tf.Session().run(what)
ask(s)
""",
        "",
    ),
    "run method": (
        """
x = tf.placeholder(tf.float32, [None, 9, 4])
cell = rnn.DropoutWrapper(rnn.GRUCell(4), 0.5)
o, s = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)

class A:
    def ask(self, what):
        return tf.Session().run(what)

A().ask(s)
""",
        "",
    ),
    "run arg missing": (
        """
x = tf.placeholder(tf.float32, [None, 9, 4])
cell = rnn.DropoutWrapper(rnn.GRUCell(4), 0.5)
o, s = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)

def ask(what=None):
    return tf.Session().run(what)

ask()
""",
        "",
    ),
    "estimator": (
        """
def model_fn(features, labels, mode):
    x = tf.nn.dropout(features, 0.5)
    o, s = tf.nn.dynamic_rnn(rnn.GRUCell(4), x, dtype=tf.float32)
    return tf.estimator.EstimatorSpec(mode=mode, predictions=s)
""",
        "RNN404",
    ),
    "estimator beside": (
        """
def head(x):
    return tf.nn.dropout(x, 0.5)


def model_fn(features, labels, mode):
    o, s = tf.nn.dynamic_rnn(rnn.GRUCell(4), features, dtype=tf.float32)
    return tf.estimator.EstimatorSpec(mode=mode, predictions=head(s))
""",
        "",
    ),
}

AXES = {
    "one": (
        """
def f(x):
    x = tf.reshape(x, [batch_size])
    return tf.nn.dynamic_rnn(rnn.GRUCell(4), x, time_major=True, dtype=tf.float32)
""",
        "",
    ),
    "time": (
        """
x = tf.placeholder(tf.float32, [None, 9, 4])
o, s = tf.nn.dynamic_rnn(rnn.GRUCell(4), tf.transpose(x, [1, 0, 2]), dtype=tf.float32)
""",
        "RNN403",
    ),
    "self": (
        """
x = tf.placeholder(tf.float32, [batch_size, steps, 4])
for _ in a:
    x = tf.identity(x)
o, s = tf.nn.dynamic_rnn(rnn.GRUCell(4), x, time_major=True, dtype=tf.float32)
""",
        "",
    ),
    "deep": (
        "x = tf.placeholder(tf.float32, [batch_size, steps, 4])\no, s = tf.nn.dynamic_rnn(rnn.GRUCell(4), "
        + "tf.identity(" * 40
        + "x"
        + ")" * 40
        + ", time_major=True, dtype=tf.float32)\n",
        "",
    ),
    "list deep": (
        """
x = tf.placeholder(tf.float32, [batch_size, steps, 4])
xs = tf.unstack(x)
y0 = xs
y1 = y0
y2 = y1
y3 = y2
y4 = y3
y5 = y4
y6 = y5
y7 = y6
y8 = y7
y9 = y8
y10 = y9
y11 = y10
y12 = y11
y13 = y12
y14 = y13
y15 = y14
y16 = y15
y17 = y16
y18 = y17
y19 = y18
y20 = y19
y21 = y20
y22 = y21
y23 = y22
y24 = y23
y25 = y24
y26 = y25
y27 = y26
y28 = y27
y29 = y28
y30 = y29
y31 = y30
y32 = y31
y33 = y32
y34 = y33
y35 = y34
y36 = y35
y37 = y36
y38 = y37
y39 = y38
o, s = tf.nn.static_rnn(rnn.GRUCell(4), y39, dtype=tf.float32)
""",
        "",
    ),
    "list": (
        """
x = tf.placeholder(tf.float32, [batch_size, steps, 4])
xs = tf.unstack(x)
o, s = tf.nn.static_rnn(rnn.GRUCell(4), xs, dtype=tf.float32)
""",
        "RNN403",
    ),
    "split flat": (
        """
x = tf.placeholder(tf.float32, [batch_size, steps, 4])
xs = tf.split(tf.reshape(x, [-1, 4]), steps, 0)
o, s = tf.nn.static_rnn(rnn.GRUCell(4), xs, dtype=tf.float32)
""",
        "RNN403",
    ),
    "split flat name": (
        """
x = tf.placeholder(tf.float32, [batch_size, steps, 4])
y = tf.reshape(x, [-1, 4])
xs = tf.split(y, steps, 0)
o, s = tf.nn.static_rnn(rnn.GRUCell(4), xs, dtype=tf.float32)
""",
        "RNN403",
    ),
    "split name": (
        """
x = tf.placeholder(tf.float32, [batch_size, steps, 4])
y, z = x, 3
xs = tf.split(y, steps, 0)
o, s = tf.nn.static_rnn(rnn.GRUCell(4), xs, dtype=tf.float32)
""",
        "",
    ),
    "emb no args": (
        """
o, s = tf.nn.dynamic_rnn(rnn.GRUCell(4), tf.identity(), dtype=tf.float32)
""",
        "",
    ),
    "perm name": (
        """
x = tf.placeholder(tf.float32, [batch_size, steps, 4])
o, s = tf.nn.dynamic_rnn(rnn.GRUCell(4), tf.transpose(x, perm), dtype=tf.float32)
""",
        "",
    ),
    "function": (
        """
def turn(x, how=3, **more):
    return tf.transpose(x, [1, 0, 2])


x = tf.placeholder(tf.float32, [batch_size, steps, 4])
o, s = tf.nn.dynamic_rnn(rnn.GRUCell(4), turn(x, a=3, *b), dtype=tf.float32)
""",
        "RNN403",
    ),
    "keras layer": (
        """
from tensorflow.keras import layers
x = tf.placeholder(tf.float32, [batch_size, steps, 4])
y = layers.Dropout(0.5)(x)
o, s = tf.nn.dynamic_rnn(rnn.GRUCell(4), y, time_major=True, dtype=tf.float32)
""",
        "RNN403",
    ),
    "keras layer none": (
        """
from tensorflow.keras import layers
y = layers.Dropout(0.5)()
o, s = tf.nn.dynamic_rnn(rnn.GRUCell(4), y, time_major=True, dtype=tf.float32)
""",
        "",
    ),
    "tf layer": (
        """
x = tf.placeholder(tf.float32, [batch_size, steps, 4])
y = tf.layers.Dropout(0.5)(x)
o, s = tf.nn.dynamic_rnn(rnn.GRUCell(4), y, time_major=True, dtype=tf.float32)
""",
        "",
    ),
    "lambda layer": (
        """
from tensorflow.keras import layers
x = tf.placeholder(tf.float32, [batch_size, steps, 4])
y = layers.Lambda(turn)(x)
o, s = tf.nn.dynamic_rnn(rnn.GRUCell(4), y, time_major=True, dtype=tf.float32)
""",
        "",
    ),
}

LAYOUTS = {
    "plain": (
        """
x = tf.transpose(tf.zeros([batch_size, steps, 4]), [1, 0, 2])
model = keras.Sequential([layers.LSTM(4)])
y = model(x)
""",
        "RNN403",
    ),
    "none": (
        """
x = tf.transpose(tf.zeros([batch_size, steps, 4]), [1, 0, 2])
model = keras.Sequential([layers.Dense(4)])
y = model(x)
""",
        "",
    ),
    "own": (
        """
class Own(layers.Layer):
    pass


x = tf.transpose(tf.zeros([batch_size, steps, 4]), [1, 0, 2])
model = keras.Sequential([Own(), layers.LSTM(4)])
y = model(x)
""",
        "",
    ),
    "permute": (
        """
x = tf.transpose(tf.zeros([batch_size, steps, 4]), [1, 0, 2])
model = keras.Sequential([layers.Permute((2, 1)), layers.LSTM(4)])
y = model(x)
""",
        "",
    ),
    "major": (
        """
x = tf.transpose(tf.zeros([batch_size, steps, 4]), [1, 0, 2])
model = keras.Sequential([layers.LSTM(4, time_major=True)])
y = model(x)
""",
        "",
    ),
}

STACKS = {
    "loop enumerate": (
        """
class A(keras.Model):
    def __init__(self):
        super().__init__()
        self.rnns = [layers.LSTM(4) for _ in range(3)]
    def call(self, x):
        for i, rnn in enumerate(self.rnns):
            x = rnn(x)
        return x
""",
        "RNN405",
    ),
    "loop range": (
        """
class A(keras.Model):
    def __init__(self):
        super().__init__()
        self.rnns = [layers.LSTM(4) for _ in range(3)]
    def call(self, x):
        for i in range(3):
            x = self.rnns[i](x)
        return x
""",
        "RNN405",
    ),
    "loop other": (
        """
class A(keras.Model):
    def __init__(self):
        super().__init__()
        self.rnns = [layers.LSTM(4) for _ in range(3)]
    def call(self, x):
        for rnn in self.rnns:
            y = norm(x)
            x = rnn(y)
        return x
""",
        "",
    ),
    "loop append": (
        """
class A(keras.Model):
    def __init__(self):
        super().__init__()
        self.rnns = []
        for _ in range(3):
            self.rnns.append(layers.LSTM(4))
    def call(self, x):
        for rnn in self.rnns:
            x = rnn(x)
        return x
""",
        "RNN405",
    ),
    "append once": (
        """
class A(keras.Model):
    def __init__(self):
        super().__init__()
        self.rnns = []
        self.rnns.append(layers.LSTM(4))
    def call(self, x):
        for rnn in self.rnns:
            x = rnn(x)
        return x
""",
        "",
    ),
    "names": (
        """
rnns = [layers.LSTM(4) for _ in range(3)]


def call(x):
    for rnn in rnns:
        x = rnn(x)
    return x


x = keras.Input((9, 4))
for rnn in rnns:
    x = rnn(x)
""",
        "RNN405",
    ),
    "filtered": (
        """
x = keras.Input((9, 4))
for i in a:
    x = layers.LSTM(4)(x)
""",
        "RNN405",
    ),
    "while": (
        """
x = keras.Input((9, 4))
i = 0
while i < 3:
    x = layers.LSTM(4)(x)
    i += 1
""",
        "",
    ),
    "twice": (
        """
x = keras.Input((9, 4))
y = layers.LSTM(4)(x)
z = layers.LSTM(4)(y)
w = layers.LSTM(4)(y)
""",
        "RNN405",
    ),
    "behind": (
        """
def f(y):
    return layers.LSTM(4)(y)


x = keras.Input((9, 4))
y = layers.LSTM(4)(x)
z = f(y)
""",
        "RNN405",
    ),
}

STATEFUL = {
    "tape once": (
        """
model = keras.Sequential([layers.LSTM(4, stateful=True, batch_input_shape=(3, 9, 4))])
with tf.GradientTape() as tape:
    y = model(x)
""",
        "",
    ),
    "tape loops": (
        """
model = keras.Sequential([layers.LSTM(4, stateful=True, batch_input_shape=(3, 9, 4))])
for epoch in range(3):
    for x in data:
        with tf.GradientTape() as tape:
            y = model(x)
""",
        "RNN406",
    ),
    "fit": (
        """
model = keras.Sequential([layers.LSTM(4, stateful=True, batch_input_shape=(3, 9, 4))])
model.fit(x, y, epochs=3)
""",
        "RNN406",
    ),
    "try import": (
        """
try:
    import reset
except ImportError:
    pass
model = keras.Sequential([layers.LSTM(4, stateful=True, batch_input_shape=(3, 9, 4))])
model.fit(x, y, epochs=3)
""",
        "RNN406",
    ),
}


@pytest.mark.parametrize("name", SHARED)
def test_a_cell_that_several_layers_share_is_found_where_it_surely_is_one(name: str) -> None:
    body, expected = SHARED[name]
    assert codes(LEGACY + body, name, select=["RNN402"]) == expected


@pytest.mark.parametrize("name", DROPOUT)
def test_dropout_that_evaluation_runs_too_is_found_where_its_number_is_surely_constant(name: str) -> None:
    body, expected = DROPOUT[name]
    assert codes(LEGACY + body, name, select=["RNN404"]) == expected


@pytest.mark.parametrize("name", AXES)
def test_the_order_of_axes_is_followed_to_a_runner(name: str) -> None:
    body, expected = AXES[name]
    assert codes(LEGACY + body, name, select=["RNN403"]) == expected


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_order_of_axes_is_followed_into_a_model(name: str) -> None:
    body, expected = LAYOUTS[name]
    assert codes(KERAS + body, name, select=["RNN403"]) == expected


@pytest.mark.parametrize("name", STACKS)
def test_a_layer_that_needs_sequences_is_found_behind_one_that_gives_none(name: str) -> None:
    body, expected = STACKS[name]
    assert codes(KERAS + body, name, select=["RNN405"]) == expected


@pytest.mark.parametrize("name", STATEFUL)
def test_a_stateful_layer_that_nobody_resets_is_found_where_it_is_trained(name: str) -> None:
    body, expected = STATEFUL[name]
    assert codes(KERAS + body, name, select=["RNN406"]) == expected


TURNED = {
    "loop": (
        """
x = keras.Input((9, 4))
n = 3
for i in range(n):
    x = layers.LSTM(4, return_sequences=i == n - 1)(x)
""",
        "RNN405",
    ),
    "choice": (
        """
x = keras.Input((9, 4))
n = 3
for i in range(n):
    x = layers.LSTM(4, return_sequences=True if i == n - 1 else False)(x)
""",
        "RNN405",
    ),
    "name": (
        """
x = keras.Input((9, 4))
n = 3
last = n - 1
for i in range(n):
    x = layers.LSTM(4, return_sequences=i == last)(x)
""",
        "RNN405",
    ),
    "other name": (
        """
x = keras.Input((9, 4))
n = 3
last = count()
for i in range(n):
    x = layers.LSTM(4, return_sequences=i == last)(x)
""",
        "",
    ),
    "number": (
        """
x = keras.Input((9, 4))
n = 3
for i in range(n):
    x = layers.LSTM(4, return_sequences=i == 0)(x)
""",
        "",
    ),
    "first": (
        """
x = keras.Input((9, 4))
n = 3
for i in range(n):
    x = layers.LSTM(4, return_sequences=i == n + 1)(x)
""",
        "",
    ),
    "both": (
        """
x = keras.Input((9, 4))
n = 3
for i in range(n):
    x = layers.Bidirectional(layers.LSTM(4, return_sequences=i == n - 1))(x)
""",
        "RNN405",
    ),
    "list": (
        """
x = keras.Input((9, 4))
n = 3
model = keras.Sequential([layers.LSTM(4, return_sequences=i == n - 1) for i in range(n)])
""",
        "RNN405",
    ),
    "list kept": (
        """
x = keras.Input((9, 4))
n = 3
rnns = [layers.LSTM(4, return_sequences=i == n - 1) for i in range(n)]
for rnn in rnns:
    x = rnn(x)
""",
        "RNN405",
    ),
    "list not run": (
        """
x = keras.Input((9, 4))
n = 3
rnns = [layers.LSTM(4, return_sequences=i == n - 1) for i in range(n)]
""",
        "",
    ),
    "list if": (
        """
x = keras.Input((9, 4))
n = 3
rnns = [layers.LSTM(4, return_sequences=i == n - 1) for i in range(n) if i]
for rnn in rnns:
    x = rnn(x)
""",
        "",
    ),
    "under if": (
        """
x = keras.Input((9, 4))
n = 3
for i in range(n):
    if flag:
        x = layers.LSTM(4, return_sequences=i == n - 1)(x)
""",
        "",
    ),
    "alone": (
        """
x = keras.Input((9, 4))
n = 3
i = 2
x = layers.LSTM(4, return_sequences=i == n - 1)(x)
""",
        "",
    ),
    "while": (
        """
x = keras.Input((9, 4))
n = 3
i = 0
while i < n:
    x = layers.LSTM(4, return_sequences=i == n - 1)(x)
    i += 1
""",
        "",
    ),
    "add": (
        """
x = keras.Input((9, 4))
n = 3
model = keras.Sequential()
for i in range(n):
    model.add(layers.LSTM(4, return_sequences=i == n - 1))
""",
        "RNN405",
    ),
    "parallel": (
        """
x = keras.Input((9, 4))
n = 3
found = []
for i in range(n):
    found.append(layers.LSTM(4, return_sequences=i == n - 1)(x))
""",
        "",
    ),
    "dense": (
        """
x = keras.Input((9, 4))
n = 3
for i in range(n):
    x = layers.Dense(4, return_sequences=i == n - 1)(x)
""",
        "",
    ),
}

MODELS = {
    "plain": (
        """
model = keras.Sequential()
model.add(keras.Input((9, 4)))
model.add(layers.LSTM(4))
model.add(layers.LSTM(4))
""",
        "RNN405",
    ),
    "try": (
        """
model = keras.Sequential()
model.add(keras.Input((9, 4)))
try:
    model.add(layers.LSTM(4))
except ValueError:
    model.add(layers.Dense(3))
finally:
    print(3)
model.add(layers.LSTM(4))
""",
        "RNN405",
    ),
    "with": (
        """
model = keras.Sequential()
model.add(keras.Input((9, 4)))
with scope():
    model.add(layers.LSTM(4))
model.add(layers.LSTM(4))
""",
        "RNN405",
    ),
    "match": (
        """
model = keras.Sequential()
model.add(keras.Input((9, 4)))
match kind:
    case 1:
        model.add(layers.LSTM(4))
    case _:
        model.add(layers.LSTM(4))
model.add(layers.LSTM(4))
""",
        "",
    ),
    "returns": (
        """
def make(kind):
    model = keras.Sequential()
    model.add(keras.Input((9, 4)))
    if kind:
        return model
    else:
        return None
    model.add(layers.LSTM(4))
    model.add(layers.LSTM(4))
""",
        "RNN405",
    ),
    "extend": (
        """
listed = [keras.Input((9, 4))]
listed.extend([layers.LSTM(4), layers.LSTM(4)])
model = keras.Sequential(listed)
""",
        "RNN405",
    ),
    "while": (
        """
model = keras.Sequential()
model.add(keras.Input((9, 4)))
while more():
    model.add(layers.LSTM(4))
""",
        "",
    ),
    "many passes": (
        """
model = keras.Sequential()
model.add(keras.Input((9, 4)))
for _ in range(9):
    model.add(layers.Conv1D(4, 2))
model.add(layers.LSTM(4))
model.add(layers.LSTM(4))
""",
        "RNN405",
    ),
    "many convolutions": (
        """
model = keras.Sequential()
model.add(keras.Input((99, 4)))
for _ in range(90):
    model.add(layers.Conv1D(4, 2))
model.add(layers.LSTM(4))
model.add(layers.LSTM(4))
""",
        "RNN405",
    ),
    "listed convolutions": (
        """
model = keras.Sequential([layers.Conv1D(4, 2) for _ in range(90)])
model.add(layers.LSTM(4))
model.add(layers.LSTM(4))
""",
        "RNN405",
    ),
    "own layer": (
        """
class Own(layers.Layer):
    pass


model = keras.Sequential()
model.add(keras.Input((9, 4)))
model.add(Own())
model.add(layers.LSTM(4))
model.add(layers.LSTM(4))
""",
        "RNN405",
    ),
    "own plain": (
        """
class Own:
    pass


model = keras.Sequential()
model.add(keras.Input((9, 4)))
model.add(Own())
model.add(layers.LSTM(4))
model.add(layers.LSTM(4))
""",
        "RNN405",
    ),
    "in class": (
        """
class A:
    model = keras.Sequential()
    model.add(keras.Input((9, 4)))
    model.add(layers.LSTM(4))
    model.add(layers.LSTM(4))
""",
        "RNN405",
    ),
    "in function later": (
        """
model = keras.Sequential()
model.add(keras.Input((9, 4)))
def more():
    model.add(layers.LSTM(4))
    model.add(layers.LSTM(4))
""",
        "RNN405",
    ),
    "lambda": (
        """
make = lambda: layers.LSTM(4)
model = keras.Sequential()
model.add(keras.Input((9, 4)))
model.add(make())
model.add(make())
""",
        "",
    ),
    "by function": (
        """
def make(model):
    model.add(layers.LSTM(4))
    model.add(layers.LSTM(4))


model = keras.Sequential()
model.add(keras.Input((9, 4)))
make(model)
""",
        "RNN405",
    ),
    "by function starred": (
        """
def make(*model):
    model.add(layers.LSTM(4))
    model.add(layers.LSTM(4))


model = keras.Sequential()
model.add(keras.Input((9, 4)))
make(model)
""",
        "",
    ),
    "by function that only prints": (
        """
def show(model):
    print(model)


model = keras.Sequential()
model.add(keras.Input((9, 4)))
show(model)
model.add(layers.LSTM(4))
model.add(layers.LSTM(4))
""",
        "RNN405",
    ),
    "bound": (
        """
add = keras.Sequential().add
add(layers.LSTM(4))
add(layers.LSTM(4))
""",
        "",
    ),
    "in model": (
        """
x = keras.Input((9, 4))
inner = keras.Model(x, layers.LSTM(4)(x))
model = keras.Sequential([inner, layers.LSTM(4)])
""",
        "RNN405",
    ),
}


@pytest.mark.parametrize("name", TURNED)
def test_a_condition_that_is_turned_round_is_found(name: str) -> None:
    body, expected = TURNED[name]
    assert codes(KERAS + body, f"turned round: {name}", select=["RNN405"]) == expected


@pytest.mark.parametrize("name", MODELS)
def test_layers_are_followed_through_the_ways_that_a_model_grows(name: str) -> None:
    body, expected = MODELS[name]
    assert codes(KERAS + body, f"growing: {name}", select=["RNN405"]) == expected


def test_a_model_that_takes_too_long_to_follow_is_quiet() -> None:
    head = "model = keras.Sequential()\nmodel.add(keras.Input((9, 4)))\n"
    last = "model.add(layers.LSTM(4))\nmodel.add(layers.LSTM(4))\n"
    for count, expected in ((300, "RNN405"), (3000, "")):
        assert codes(KERAS + head + "model.add(layers.ReLU())\n" * count + last, select=["RNN405"]) == expected
