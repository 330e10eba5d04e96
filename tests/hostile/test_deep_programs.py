"""Is a program that nests deep, or hangs together in long chains, followed to its end?"""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnlint.hosts.command_line import main

TF = "import tensorflow as tf\n"
LAYER = "x = tf.keras.layers.LSTM(4, return_sequences=True, unroll=True)(x)\n"

PROGRAMS = {
    "branches": "if a == 0:\n    f = tf.nn.static_rnn\n"
    + "".join(f"elif a == {at}:\n    f = tf.nn.dynamic_rnn\n" for at in range(1, 1000))
    + "f(c, x)\n",
    "calls of calls": "y = tf.nn.dynamic_rnn(c, x)" + ".f()" * 1000 + "\n",
    "layers one behind the other": f"x = tf.keras.Input((90, 3))\n{LAYER * 600}",
    "layers in layers": "y = " + "tf.keras.layers.Dense(3)(" * 90 + "tf.nn.dynamic_rnn(c, x)" + ")" * 90 + "\n",
    "functions that return functions": "def f0():\n    return tf.nn.static_rnn\n"
    + "".join(f"def f{at + 1}():\n    if q: return f{at}()\n    return f{at}()\n" for at in range(400))
    + "f400()(c, x)\n",
    "names of names": "r0 = tf.nn.static_rnn\n" + "".join(f"r{at + 1} = r{at}\n" for at in range(400)) + "r400(c, x)\n",
    "sums": f"n = {' + '.join('1' * 2000)}\ntf.nn.static_rnn(c, tf.unstack(x, n, 1))\n",
}


@pytest.mark.parametrize("kind", PROGRAMS)
def test_a_deep_program_is_checked_by_all_rules(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "m.py"
    path.write_text(TF + PROGRAMS[kind], encoding="utf-8")
    arguments = ["check", "--isolated", "--no-cache", "--jobs", "1", "--quiet", "--select", "ALL", "--max-unroll", "0"]
    assert main([*arguments, str(path)]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert "RNN" in out
