"""Does a number or a text in linted code crash the engine, or fill the memory?"""

from __future__ import annotations

import ast
import time
import tracemalloc

import pytest

from rnnlint import engine
from rnnlint.rules.moved import conditions
from rnnlint.settings import from_mapping

SETTINGS = from_mapping({"max-unroll": 0, "extend-select": ["ALL"]}, "test")
HEAD = "import tensorflow as tf\nx = tf.keras.Input((9, 3))\n"

NUMBERS = [
    "1e999", "-1e999", "float('nan')", "float('inf')", "1e308 * 10", "10**4000", "9" * 4000, "-" + "9" * 4000,
    "2**2**2**2**2**2", "1 << 10**9", "(2**63) * (2**63) * (2**63)", "(10**200) / 3", "10**400 / 10**399",
    "int('9' * 5000)", "int(1e300)", "round(1e999)", "len(range(10**20))", "max(1e999, 2)", "1j", "0x" + "f" * 3000,
    "sum([10**18, 10**18])", "abs(-10**500)", "10**18 // 0", "10**18 % 0", "5 >> -1", "True + 10**400",
]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS, ids=lambda text: text[:30])
@pytest.mark.parametrize(
    "use",
    [
        "tf.nn.static_rnn(cell, tf.unstack(x, num={n}))",
        "tf.nn.static_rnn(cell, [x] * ({n}))",
        "for t in range({n}):\n    out, state = cell(x, state)",
        "tf.keras.layers.LSTM(4, unroll=True)(tf.keras.Input(({n}, 3)))",
        "tf.keras.layers.LSTM({n}, unroll=True)(x)",
        "n = {n}\nwhile n > 3:\n    n = n * n\ntf.nn.static_rnn(cell, tf.split(x, n))",
    ],
)
def test_a_number_crashes_no_rule(number: str, use: str) -> None:
    code = HEAD + "cell = tf.nn.rnn_cell.GRUCell(4)\n" + use.format(n=number) + "\n"
    checked = engine.check_bytes(code.encode(), "m.py", SETTINGS, engine.Project())
    assert checked.failed is None
    assert all((one.unroll_length or 0) <= 10**18 for one in checked.findings)


GROWING = {
    "a text": ("'x'", "{b} = {a} + {a}"),
    "a list": ("[1, 2]", "{b} = {a} + {a}"),
    "a list, repeated": ("[1, 2]", "{b} = {a} * 2"),
    "a tuple": ("(1, 2)", "{b} = ({a}) + ({a})"),
    "lists of lists": ("[1]", "{b} = [{a}, {a}]"),
    "a dictionary": ("{1: 2}", "{b} = {{1: {a}, 2: {a}}}"),
    "a number": ("3", "{b} = {a} * {a}"),
    "a shape": ("tf.zeros([2, 2])", "{b} = tf.concat([{a}, {a}], 0)"),
    "a comprehension": ("[1, 2]", "{b} = [one for one in {a} for two in {a}]"),
    "a zip": ("[1, 2]", "{b} = list(zip({a}, {a}))"),
    "by starred parts": ("[1, 2]", "{b} = [*{a}, *{a}]"),
}


@pytest.mark.parametrize("kind", GROWING)
def test_what_is_doubled_forty_times_takes_no_memory(kind: str) -> None:
    first, step = GROWING[kind]
    rows = [f"a0 = {first}", *(step.format(a=f"a{n}", b=f"a{n + 1}") for n in range(40))]
    code = (
        HEAD + "\n".join(rows) + "\ntf.nn.static_rnn(cell, a40)\ntf.nn.static_rnn(cell, tf.unstack(x, num=len(a40)))\n"
    )
    tracemalloc.start()
    start = time.process_time()
    checked = engine.check_bytes(code.encode(), "m.py", SETTINGS, engine.Project())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert checked.failed is None
    assert peak < 60_000_000
    assert time.process_time() - start < 10


def test_a_condition_of_wide_displays_looks_at_few_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = 0
    real = conditions._Reader.value

    def counted(self: conditions._Reader, node: ast.expr, depth: int) -> object:
        nonlocal seen
        seen += 1
        return real(self, node, depth)

    monkeypatch.setattr(conditions._Reader, "value", counted)
    rows = [f"a{n + 1} = ({', '.join([f'a{n}'] * 60)})" for n in range(4)]
    code = "\n".join(
        ["import tensorflow as tf", "a0 = 1", *rows, "if a4 > tf.__version__:", "    tf.contrib.rnn.GRUCell(4)"]
    )
    checked = engine.check_bytes(code.encode(), "m.py", SETTINGS, engine.Project())
    assert checked.failed is None
    assert 0 < seen < 50_000
