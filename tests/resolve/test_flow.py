"""Does resolution stay exact and quick where code is long or deep?"""

from __future__ import annotations

import time

import pytest

from rnnlint import engine
from rnnlint.read.source import SourceError, from_text
from rnnlint.settings import Settings

HEAD = "import tensorflow as tf\n"
USE = "tf.nn.dynamic_rnn(cell, xs)\n"


def rows(text: str) -> list[int]:
    source = from_text(text, "model.py")
    return [finding.row for finding in engine.check_source(source, Settings(), engine.Project()).findings]


def nested(opening: str, depth: int) -> str:
    lines = [" " * level + opening for level in range(depth)]
    return HEAD + "\n".join(lines) + "\n" + " " * depth + USE


@pytest.mark.parametrize("opening", ["if x:", "while x:", "with x:", "for _ in x:"])
def test_a_use_in_nested_blocks_is_found(opening: str) -> None:
    # Python's own limit for nested blocks of a statement is 20, for indentation 100.
    assert rows(nested(opening, 18)) == [20]


def test_a_use_in_nested_functions_is_found() -> None:
    assert rows(nested("def f(x):", 90)) == [92]


def test_a_long_chain_of_elif_is_no_depth() -> None:
    branches = "".join(f"elif x == {n}:\n    t = None\n" for n in range(400))
    assert rows(f"{HEAD}if x == 0:\n    t = tf\n{branches}t.nn.dynamic_rnn(cell, xs)\n") == [804]


def test_many_rebindings_take_no_time() -> None:
    lines = "".join(f"rnn = tf.keras if x{n} else rnn\n" for n in range(300))
    text = (
        HEAD + "rnn = tf.nn\n" + "".join(f"{line}rnn.dynamic_rnn(c, x)\n" for line in lines.splitlines(keepends=True))
    )
    began = time.perf_counter()
    assert len(rows(text)) == 300
    assert time.perf_counter() - began < 10


def test_an_expression_that_is_too_deep_is_reported_in_one_line() -> None:
    assert rows(HEAD + "x = " + "(" * 80 + "tf.nn.static_rnn" + ")" * 80 + "\n") == [2]
    with pytest.raises(SourceError, match="deep"):
        rows(HEAD + "y = tf" + ".nn" * 30_000 + "\n")


def test_a_name_that_is_made_of_itself_comes_to_an_end() -> None:
    assert rows(f"{HEAD}t = tf\nwhile x:\n    t = t.compat.v1\nt.nn.dynamic_rnn(cell, xs)\n") == [5]
    assert rows(f"{HEAD}def f():\n    return g()\ndef g():\n    return f()\nf().dynamic_rnn(cell, xs)\n") == []
    assert rows(f"{HEAD}class A(A):\n    x = A.x\nA.x.dynamic_rnn\n") == []
