"""On which ways does padding come to a runner, which steps are the last, and what is padded at all?"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from rnnlint import engine
from rnnlint.finding import Finding
from rnnlint.infer.padding.origins import Origins
from rnnlint.infer.tensorflow.feeds import Feeds
from rnnlint.read.source import from_bytes
from rnnlint.resolve.project import Project
from rnnlint.settings import from_mapping

FED = """
import functools
import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.model_selection import train_test_split

ids = tf.placeholder(tf.int32, [None, None])
_, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), tf.one_hot(ids, 9), dtype=tf.float32)
score = tf.layers.dense(state, 2)
session = tf.Session()


def pad(row, longest=9):
    return row + [0] * (longest - len(row))


def feed(batch):
    session.run(score, {ids: batch})


"""


def findings(program: str, *codes: str, path: str = "no-such-folder/case.py") -> list[Finding]:
    settings = from_mapping({"select": [*codes]}, "test")
    return list(engine.check_bytes(program.encode(), path, settings, engine.Project()).findings)


FOLLOWED = {
    "a name in an expression": "if batch := [pad(row) for row in rows]:\n    feed(batch)\n",
    "an expression with a name": "feed(batch := [pad(row) for row in rows])\n",
    "a key": "found = {}\nfor i, row in enumerate(rows):\n    found[i] = pad(row)\nfeed(list(found.values()))\n",
    "two keys": (
        "for i, row in enumerate(rows):\n    found = {}\n    found[i]['a'] = pad(row)\n"
        "    feed([found[i]['a']])\n"
    ),
    "two targets": "first = {}\nfirst[0] = me.other[1] = [pad(row) for row in rows]\nfeed(first[0])\n",
    "an item that grows": "found = {0: []}\nfor row in rows:\n    found[0].append(pad(row))\nfeed(found[0])\n",
    "a dict of feeds": "feeds = {}\nfeeds[ids] = [pad(row) for row in rows]\nsession.run(score, feeds)\n",
    "a property": (
        "class Data:\n    @property\n    def batch(self):\n        return [pad(row) for row in self.rows]\n\n"
        "\n"
    "data = Data()\nprint(other.batch)\nfeed(data.batch)\n"
    ),
    "a partial": (
        "def keep(rows, n):\n    return rows\n\n\nkept = functools.partial(keep, n=9)\n"
        "feed(kept([pad(row) for row in rows]))\n"
    ),
    "a part of a pair": (
        "def both():\n    return [pad(row) for row in rows], sizes\n\n\npair = both()\nfeed(pair[0])\n"
    ),
    "the last pair": (
        "def both():\n    yield [pad(row) for row in rows], 3\n\n\npairs = list(both())\nfeed(pairs[-1][0])\n"
    ),
    "some pair": (
        "def both():\n    yield [pad(row) for row in rows], 3\n\n\npairs = list(both())\nfor i in range(3):\n"
        "    feed(pairs[i][0])\n"
    ),
    "the other pairs": (
        "def both():\n    yield [pad(row) for row in rows], 3\n\n\nfor x, n in list(both())[1:]:\n"
        "    feed(x)\n"
    ),
    "an attribute of an object": "one = make()\none.ids = [pad(row) for row in rows]\nfeed(one.ids)\n",
    "an attribute of an argument": "def fill(one):\n    one.ids = [pad(row) for row in rows]\n    feed(one.ids)\n",
    "a part of a set": (
        "x = [pad(row) for row in rows]\nx_train, x_test, y_train, y_test = train_test_split(x, y)\n"
        "feed(x_train)\n"
    ),
    "columns": "feed(zip(*[pad(row) for row in rows]))\n",
    "a row at the end": "feed(np.append(rows, pad(row)))\n",
    "what is written and read": "np.save('ids.npy', [pad(row) for row in rows])\nfeed(np.load('ids.npy'))\n",
    "a class": "class Data:\n    batch = [pad(row) for row in rows]\n\n\nfeed(Data.batch)\n",
    # By hand, at the end.
    "a loop over what is missing": (
        "for row in rows:\n    for _ in range(9 - len(row)):\n        row.append(0)\nfeed(rows)\n"
    ),
    "a number that is missing": (
        "for row in rows:\n    missing = 9 - len(row)\n    for _ in range(missing):\n        row.append(0)\n"
        "feed(rows)\n"
    ),
    "extend": "for row in rows:\n    row.extend([0] * (9 - len(row)))\nfeed(rows)\n",
    "an added list": (
        "found = []\nfor row in rows:\n    row += [0] * (9 - len(row))\n    found.append(row)\nfeed(found)\n"
    ),
    "zeros behind": "feed([np.concatenate([row, np.zeros(9 - len(row))]) for row in rows])\n",
    "zeros appended": "feed([np.append(row, np.zeros(9 - len(row))) for row in rows])\n",
    "repeated zeros": "feed([np.concatenate([row, np.repeat(0, 9 - len(row))]) for row in rows])\n",
    "an array of another kind": (
        "batch = np.zeros((4, 9)).astype('i')\nfor i, row in enumerate(rows):\n"
        "    batch[i, :len(row)] = row\nfeed(batch)\n"
    ),
    "rows of an array": (
        "batch = np.zeros((4, 9))\nfor i, row in enumerate(batch):\n    row[:len(rows[i])] = rows[i]\n"
        "feed(batch)\n"
    ),
    "an array of an object": (
        "class Data:\n    def __init__(self, rows):\n        self.batch = np.zeros((4, 9))\n"
        "        for i, row in enumerate(rows):\n"
    "            self.batch[i, :len(row)] = row\n\n\nfeed(Data(rows).batch)\n"
    ),
    "number by number": (
        "batch = np.zeros((4, max(len(row) for row in rows)))\nfor i, row in enumerate(rows):\n"
        "    for j, one in enumerate(row):\n"
    "        batch[i, j] = one\nfeed(batch)\n"
    ),
    "np.pad": "feed([np.pad(row, (0, 9 - len(row))) for row in rows])\n",
    "np.pad of two axes": "feed([np.pad(row, ((0, 9 - len(row)), (0, 0))) for row in rows])\n",
    "mapped lengths": (
        "batch = np.zeros((4, 9))\nlengths = list(map(len, rows))\n"
        "for i, (row, n) in enumerate(zip(rows, lengths)):\n    batch[i, :n] = row\nfeed(batch)\n"
    ),
    "an array of lengths": (
        "batch = np.zeros((4, 9))\nlengths = np.array([len(row) for row in rows])\n"
        "for i, (row, n) in enumerate(zip(rows, lengths)):\n    batch[i, :n] = row\nfeed(batch)\n"
    ),
}  # fmt: skip

FIRST = {
    "reversed": "feed([list(reversed(row + [0] * (9 - len(row)))) for row in rows])\n",
    "a turned batch": "batch = np.array([pad(row) for row in rows])\nfeed(batch[:, ::-1])\n",
    "a turned row": "feed([(row + [0] * (9 - len(row)))[::-1] for row in rows])\n",
    "an insert": "for row in rows:\n    for _ in range(9 - len(row)):\n        row.insert(0, 0)\nfeed(rows)\n",
    "an insert while it is short": (
        "for row in rows:\n    while len(row) < 9:\n        count = 1\n        row.insert(0, 0)\nfeed(rows)\n"
    ),
    "zeros in front": "feed([np.concatenate([np.zeros(9 - len(row)), row]) for row in rows])\n",
    "appended to zeros": "feed([np.append(np.zeros(9 - len(row)), row) for row in rows])\n",
    "the end of a row": (
        "batch = np.zeros((4, 9))\nfor i, row in enumerate(rows):\n    batch[i, -len(row):] = row\nfeed(batch)\n"
    ),
    "np.pad in front": "feed([np.pad(row, (9 - len(row), 0)) for row in rows])\n",
    "np.pad on both sides": "feed([np.pad(row, 9 - len(row)) for row in rows])\n",
    "np.pad on both sides, listed": "feed([np.pad(row, [[9 - len(row)]]) for row in rows])\n",
}

# What is padded is not fed, or what is fed is not padded.
QUIET = {
    "an array by name": "x = [pad(row) for row in rows]\na, b = train_test_split(arrays=x)\nfeed(a)\n",
    "a number from a list": (
        "for row, n in zip(rows, [len(row) for row in rows]):\n    for _ in range(9 - n):\n"
        "        row.append(0)\nfeed(rows)\n"
    ),
    "an object of its own": "class Own:\n    pass\n\n\nx = Own()\nfeed(x.to_tensor())\n",
    "a function of a function": "run = lambda: pad(row)\nfeed(other)\n",
    "an attribute that grows": "me.row += [0] * (9 - len(row))\nfeed([me.row])\n",
    "the other part of a pair": (
        "def both():\n    return [pad(row) for row in rows], rows\n\n\npair = both()\nfeed(pair[1])\n"
    ),
    "an array of a module that appends": "batch = np.append([], pad(row))\nprint(batch)\nfeed(np.array(labels))\n",
    "a function that is called for nothing": "pad(row)\nfeed(other)\n",
    "another list": (
        "for row in rows:\n    for _ in range(9 - len(row)):\n        print(row)\n        other.append(0)\n"
        "feed(rows)\n"
    ),
    "zeros alone": "z = np.zeros(9 - len(row))\nprint(z)\nfeed(rows)\n",
    "a stack of its own": "feed([me.hstack([row, np.zeros(9 - len(row))]) for row in rows])\n",
    "a pad of its own": "feed([me.pad(row, 9 - len(row)) for row in rows])\n",
    "sizes that are no lengths": (
        "batch = np.zeros((4, max(sizes)))\nfor i, row in enumerate(rows):\n"
        "    for j, one in enumerate(row):\n        batch[i, j] = one\nfeed(batch)\n"
    ),
    "a loop while something else": "while more(rows) < 9:\n    rows.append(0)\nfeed(rows)\n",
    "texts of rows": (
        "batch = np.zeros((4, 9))\nfor i, (row, n) in enumerate(zip(rows, list(map(str, rows)))):\n"
        "    batch[i, :n] = row\nfeed(batch)\n"
    ),
    "a zip that has no second part": (
        "batch = np.zeros((4, 9))\nfor i, (row, n) in zip(rows):\n    batch[i, :n] = row\nfeed(batch)\n"
    ),
    "a tensor of something else": "feed(rows.to_tensor())\n",
    "a generator in a class": "class Data:\n    x = [(yield pad(row)) for row in rows]\n\n\nfeed(rows)\n",
    "keywords": "def keep(rows):\n    return rows\n\n\nfeed(keep(**pad(row)))\n",
}  # fmt: skip

MISSED = {
    "a lambda": "fill = lambda row: row + [0] * (9 - len(row))\nfeed([fill(row) for row in rows])\n",
    "an attribute of what nobody made": "me.found.append(pad(row))\nfeed(me.found)\n",
    "a depth of calls": "feed([np.concatenate([row, f(f(f(f(f(f(f(9 - len(row))))))))]) for row in rows])\n",
}


@pytest.mark.parametrize("name", FOLLOWED)
def test_padding_is_followed_to_where_it_is_fed(name: str) -> None:
    found = findings(FED + FOLLOWED[name], "RNN301")
    assert [one.row for one in found] == [8]
    assert "the final state is used" in found[0].message


@pytest.mark.parametrize("name", FIRST)
def test_the_side_of_the_padding_is_known(name: str) -> None:
    found = findings(FED + FIRST[name], "RNN301")
    assert [one.row for one in found] == [8]
    assert "the padding comes first" in found[0].message


@pytest.mark.parametrize("name", [*QUIET, *MISSED])
def test_what_is_not_known_to_be_padded_is_no_finding(name: str) -> None:
    program = (QUIET | MISSED)[name]
    # What a function that nobody calls pads may go anywhere.
    head = FED if "pad(row)" in program else FED[: FED.index("def pad")] + FED[FED.index("def feed") :]
    assert findings(head + program, "RNN301") == []


def test_padding_is_followed_through_the_modules_of_a_project(tmp_path: Path) -> None:
    (tmp_path / "data.py").write_text(
        "class Data:\n    def __init__(self, rows):\n"
        "        self.batch = [row + [0] * (9 - len(row)) for row in rows]\n\n\n"
        "batch = [row + [0] * (9 - len(row)) for row in read()]\n",
        encoding="utf-8",
    )
    for line in (
        "from data import batch\n\nfeed(batch)\n",
        "import data\n\nfeed(data.batch)\n",
        "from data import Data\n\nmade = Data(rows)\nfeed(made.batch)\n",
    ):
        program = FED[: FED.index("def pad")] + FED[FED.index("def feed") :] + line
        path = tmp_path / "train.py"
        path.write_text(program, encoding="utf-8")
        assert [one.code for one in findings(program, "RNN301", path=str(path))] == ["RNN301"], line


LAST = """
import tensorflow.compat.v1 as tf
from tensorflow.keras import backend as K

x = tf.placeholder(tf.float32, [None, None, 4])
n = tf.placeholder(tf.int32, [None])
outs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(6), x, n, dtype=tf.float32)
batch, steps = tf.shape(outs)[0], tf.shape(outs)[1]
flat = tf.reshape(outs, [-1, 6])
"""

LAST_STEPS = {
    "rows": "last = tf.gather(flat, tf.range(batch) * steps + (steps - 1))",
    "rows, turned round": "last = tf.gather(flat, (steps - 1) + steps * tf.range(batch))",
    "a value of a shape": "last = outs[:, outs.shape[1].value - 1]",
    "a shape": "last = outs[:, outs.shape[1] - 1]",
    "a list of a shape": "last = outs[:, outs.shape.as_list()[1] - 1]",
    "a list of a static shape": "last = outs[:, outs.get_shape().as_list()[1] - 1]",
    "an unpacked shape": "b, t, d = K.int_shape(outs)\nlast = outs[:, t - 1]",
    "an unstacked shape": "b, t, d = tf.unstack(tf.shape(outs))\nlast = outs[:, t - 1]",
    "the longest": "last = outs[:, tf.reduce_max(n) - 1]",
    "a slice": "last = tf.slice(outs, [0, steps - 1, 0], [-1, 1, -1])",
    "a slice with a stride": "last = tf.strided_slice(outs, [0, -1, 0], [1, 2, 3])",
}

OTHER_STEPS = {
    "a product": "last = tf.gather(flat, tf.range(batch) * steps)",
    "no product": "last = tf.gather(flat, tf.range(batch) + (steps - 1))",
    "no range": "last = tf.gather(flat, batch * steps + (steps - 1))",
    "two products": "last = tf.gather(flat, tf.range(batch) * steps + tf.range(batch) * steps)",
    "the step before": "last = tf.gather(flat, tf.range(batch) * steps + (steps - 2))",
    "the first step of the next row": "last = tf.gather(flat, tf.range(batch) * steps + steps)",
    "steps of something else": "last = tf.gather(flat, tf.range(batch) * steps + (other - 1))",
    "sizes of something else": "last = outs[:, me.sizes[1] - 1]",
    "parts of parts": "(b, t), d = sizes(outs)\nlast = outs[:, t - 1]",
    "a part that is not there": "a, *t = [tf.shape(outs)[1]]\na, b = [*parts, 3]\nlast = outs[:, b - 1]",
    "a number from outside": "def take(count):\n    return outs[:, count - 1]",
    "a number that is computed": "last = outs[:, (1 + 2) * a - 1]",
    "the size of the batch": "last = outs[:, tf.shape(outs)[0] - 1]",
    "stars": "last = tf.gather(*outs)",
    "another shape by name": "last = tf.gather(tf.reshape(outs, sizes), tf.range(batch) * steps + (steps - 1))",
    "a slice from somewhere": "last = tf.slice(outs, begin, [-1, 1, -1])",
    "a slice of the batch": "last = tf.slice(outs, [0], [-1])",
    # Names that are followed no further.
    "a long way": "a = tf.shape(outs)[1]\nb = a\nc = b\nd = c\ne = d\nf = e\ng = f\nh = g\nlast = outs[:, h - 1]",
}


@pytest.mark.parametrize("name", LAST_STEPS)
def test_the_last_step_is_known(name: str) -> None:
    assert [one.code for one in findings(f"{LAST}{LAST_STEPS[name]}\n", "RNN401")] == ["RNN401"]


@pytest.mark.parametrize("name", OTHER_STEPS)
def test_a_step_that_may_be_another_is_no_finding(name: str) -> None:
    assert findings(f"{LAST}{OTHER_STEPS[name]}\n", "RNN401") == []


BOTH = """
import tensorflow.compat.v1 as tf

x = tf.placeholder(tf.float32, [None, None, 4])
n = tf.placeholder(tf.int32, [None])
cell = tf.nn.rnn_cell.GRUCell
(fw, bw), _ = tf.nn.bidirectional_dynamic_rnn(cell(6), cell(6), x, n, dtype=tf.float32)
"""


@pytest.mark.parametrize("of", ["fw + bw", "tf.add(fw, bw)", "tf.concat([fw, bw], 2)", "bw"])
def test_the_last_step_of_both_directions_is_known(of: str) -> None:
    assert [one.code for one in findings(f"{BOTH}last = ({of})[:, -1]\n", "RNN401")] == ["RNN401"]


@pytest.mark.parametrize("of", ["fw - bw", "tf.concat([fw, bw], 1)", "tf.concat(bw, 2)"])
def test_what_is_made_of_both_directions_in_another_way_is_no_finding(of: str) -> None:
    assert findings(f"{BOTH}last = ({of})[:, -1]\n", "RNN401") == []


ORIGINS = {
    "x = load('a')": True,
    "x = [[1, 2], [3, 4]]": False,
    "x = tf.concat([[1], [2]], 0)": False,
    "y = [[1, 2]]\nx = tf.concat([y, y], 0)": False,
    "y = [[1, 2]]\nx = y[0]": False,
    "x = [*[1, 2], (z := 3)]": False,
    "from data import x": True,
    "for x in rows:\n    pass": True,
    "x: int": True,
    "x = tf.placeholder(tf.int32)": True,
    "x = tf.placeholder(tf.int32)\nsession.run(y, {x: [[1]]})": False,
    "x = tf.placeholder(tf.int32)\nsession.run(y, {x: other})": True,
    "def f(y):\n    return y\n\n\nx = iterator.get_next()": True,
    "x = len('a')": True,
    "x = tf.identity(" * 14 + "3" + ")" * 14: True,
}


@pytest.mark.parametrize("program", ORIGINS)
def test_what_the_code_does_not_show_may_be_anything(program: str) -> None:
    text = f"import tensorflow.compat.v1 as tf\n\n{program}\nuse(x)\n"
    module = Project().open(from_bytes(text.encode(), "no-such-folder/case.py"))
    used = next(call for call in module.calls_of("use"))
    assert Origins(Feeds(module)).may_be_anything(used.args[0], module) is ORIGINS[program]


CALLED = {
    "f([[1]])": False,
    "f(rows)": True,
    "f(*rows)": True,
    "f([[1]])\nf(rows)": True,
    "f()": True,
    "pass": True,
}


@pytest.mark.parametrize("calls", CALLED)
def test_a_parameter_is_what_callers_give(calls: str) -> None:
    module = Project().open(
        from_bytes(
            f"def f(x=None):\n    use(x)\n\n\ng = lambda y: use(y)\n{calls}\n".encode(), "no-such-folder/case.py"
        )
    )
    first, second = module.calls_of("use")
    origins = Origins(Feeds(module))
    assert origins.may_be_anything(first.args[0], module) is CALLED[calls]
    assert origins.may_be_anything(second.args[0], module)
    assert isinstance(second.args[0], ast.Name)


LENGTHS = """
import tensorflow.compat.v1 as tf

x = tf.placeholder(tf.float32, [None, None, 13])
n = tf.placeholder(tf.int32, [None], name="lengths")
m = tf.placeholder(tf.int32, [None], name="sizes")
cell = tf.nn.rnn_cell.GRUCell
outs, state = tf.nn.bidirectional_dynamic_rnn(cell(4), cell(4), x, dtype=tf.float32)
logits = tf.layers.dense(tf.concat(outs, 2), 29)
summed = tf.reduce_sum(logits, 2)
"""


def ctc(lengths: str, more: str = "", logits: str = "logits") -> str:
    return f"loss = tf.nn.ctc_loss(labels, {logits}, {lengths}, time_major=False)\n{more}"


LEFT_OUT = {
    "lengths": ctc("n"),
    "lengths that are fed": ctc("n", "tf.Session().run(loss, {n: [len(row) for row in rows]})\n"),
    "lengths that are fed from somewhere": ctc("n", "tf.Session().run(loss, {n: sizes})\n"),
    "a list of sizes": ctc("[row.size for row in rows]"),
    "lengths that are converted often": ctc("tf.cast(" * 9 + "n" + ", tf.int32)" * 9),
    "a mask": "loss = tf.reduce_sum(tf.sequence_mask(n, dtype=tf.float32) * summed)\n",
    "a mask in a statement": "tf.losses.add_loss(tf.sequence_mask(n, dtype=tf.float32) * summed)\n",
    "a mask under a condition": (
        "mask = tf.sequence_mask(n, dtype=tf.float32)\nif mask is not None:\n    loss = summed * mask\n"
    ),
    "the sign of its inputs": "used = tf.sign(tf.reduce_max(tf.abs(x), 2))\n",
}

NOT_LEFT_OUT = {
    "one length for all": ctc("n", "tf.Session().run(loss, {n: [9 for row in rows]})\n"),
    "one number for all": ctc("[9 for row in rows]"),
    "one length or another": ctc("n if flag else m"),
    "another run behind": (
        "more, _ = tf.nn.dynamic_rnn(cell(4), logits, dtype=tf.float32)\n"
        + ctc("n", logits="tf.layers.dense(more, 29)")
    ),
    "lengths of another run": ctc("n") + "tf.nn.dynamic_rnn(cell(4), x, n, dtype=tf.float32)\n",
    "lengths of another run by name": ctc("n") + "tf.nn.dynamic_rnn(cell(4), x, sequence_length=n, dtype=tf.float32)\n",
    "a mask that is written over": (
        "mask = tf.sequence_mask(n, dtype=tf.float32)\nmask = tf.ones([3])\nloss = summed * mask\n"
    ),
    "the sign of something else": "used = tf.sign(tf.placeholder(tf.float32, [2]))\n",
    # Known to be missed.
    "a mask in place": "mask = tf.sequence_mask(n, dtype=tf.float32)\nsummed *= mask\n",
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT_OUT)
def test_lengths_that_leave_padding_out_behind_a_run_show_that_there_is_padding(name: str) -> None:
    found = findings(LENGTHS + LEFT_OUT[name], "RNN301")
    assert [one.row for one in found] == [8]
    assert "leaves out" in found[0].message


@pytest.mark.parametrize("name", NOT_LEFT_OUT)
def test_lengths_that_leave_nothing_out_of_this_run_show_nothing(name: str) -> None:
    assert [one for one in findings(LENGTHS + NOT_LEFT_OUT[name], "RNN301") if one.row == 8] == []


@pytest.mark.parametrize(
    ("given", "is_one"),
    [("tf.expand_dims(y, 0)", True), ("tf.expand_dims(y, axis=0)", True), ("tf.expand_dims(y, -1)", False)],
)
def test_a_batch_of_one_has_no_padding(given: str, is_one: bool) -> None:
    program = LAST.replace("GRUCell(6), x,", f"GRUCell(6), {given},") + "last = outs[:, -1]\n"
    assert [one.code for one in findings(program, "RNN401")] == [] if is_one else ["RNN401"]


KERAS = """
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers, utils

x = utils.pad_sequences(texts)
"""

EMBEDDED = "layers.Embedding(9, 4), layers.LSTM(4)"
MASKED = "layers.Embedding(9, 4, mask_zero=True)"
MODELS = {
    "called": (f"y = keras.Sequential([{EMBEDDED}])(x)\n", ["RNN301"]),
    "by a lambda": (f"make = lambda: keras.Sequential([{EMBEDDED}])\nmodel = make()\nmodel.fit(x, y)\n", ["RNN301"]),
    "by a function": (
        "def make(kind):\n    if kind:\n        return\n"
        f"    return keras.Sequential([{EMBEDDED}])\n\n\nmodel = make(3)\nmodel.fit(x, y)\n",
        ["RNN301"],
    ),
    "layer by layer": (
        "model = keras.Sequential()\nmodel.add(layers.Embedding(9, 4))\nadd(3)\n"
        "model.add(layers.LSTM(4))\nmodel.fit(x, y)\n",
        ["RNN301"],
    ),
    "a mask by hand": (
        "i = keras.Input((9,))\ne = layers.Embedding(9, 4)(i)\ne._keras_mask = m\n"
        "model = keras.Model(i, layers.LSTM(4)(e))\nmodel.fit(x, y)\n",
        [],
    ),
    "images over time": (
        "model = keras.Sequential([layers.Embedding(9, 4), layers.Reshape((9, 2, 2, 1)), layers.ConvLSTM2D(4, 2)])\n"
        "model.fit(x, y)\n",
        [],
    ),
    "a lambda that drops it": (
        f"keras.Sequential([{MASKED}, layers.Lambda(lambda t: t), layers.LSTM(4)]).fit(x, y)\n",
        ["RNN303"],
    ),
    "a lambda that passes it on": (
        f"keras.Sequential([{MASKED}, layers.Lambda(lambda t: t, mask=lambda t, m: m), layers.LSTM(4)]).fit(x, y)\n",
        [],
    ),
    "a lambda with a mask of its own": (
        f"keras.Sequential([{MASKED}, layers.Lambda(lambda t: t, mask=own), layers.LSTM(4)]).fit(x, y)\n",
        [],
    ),
    "a lambda without a parameter": (
        "keras.Sequential([layers.Embedding(9, 4), layers.Lambda(lambda: 3), layers.LSTM(4)]).fit(x, y)\n",
        [],
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_padding_is_followed_into_a_model(name: str) -> None:
    body, expected = MODELS[name]
    assert [one.code for one in findings(KERAS + body, "RNN301", "RNN303")] == expected
