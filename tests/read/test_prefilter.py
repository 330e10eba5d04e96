"""Does the pre-filter let pass what may matter?"""

from __future__ import annotations

import pytest

from rnnlint.facts import symbols, words
from rnnlint.read.prefilter import may_matter


def naming(path: str) -> list[str]:
    """Sources that name a symbol. Who names a module has use for something of it."""
    module, _, name = path.rpartition(".")
    used = next((member[len(path) :] for member in symbols.table() if member.startswith(f"{path}.")), "")
    return [f"{path}{used}(x)", f"from {module} import {name} as x; x{used}", f"getattr({module}, '{name}'){used}"]


def test_a_source_that_names_a_symbol_matters() -> None:
    # One test for all of them: they are many, and a test costs more than such a source.
    assert [text for path in symbols.table() for text in naming(path) if not may_matter(text.encode())] == []


@pytest.mark.parametrize(
    "text",
    [
        "layer(unroll=True)",
        "layer(unroll = UNROLL)",
        "layer(**{'unroll': True})",
        '["layer(**{\\"unroll\\": True})"]',
        "from ops import AttentionWrapper\nwrapped = AttentionWrapper(cell, mechanism)",
        r'{"source": "from ops import *\nLSTMStateTuple(c, h)"}',
        "x = keras.layers.SimpleRNN(8, 'tanh', True, None, None, True)  # rnn",
        "for t in range(9): out, state = cell(x[:, t], state)",
        r'{"source": "n = 9\nfor t in range(n): out, state = cell(x[:, t], state)"}',
        "step = make_lstm(8)\nwhile t < 9:\n    out, state = step(x, state)",
        "outs = [self.cells[0](x[:, t], s) for t in range(9)]",
        "class A(Layer):  # a recurrent one\n    def call(self, x):\n        for t in tf.range(n): x = f(x)",
    ],
)
def test_what_may_unroll_matters(text: str) -> None:
    assert may_matter(text.encode())


@pytest.mark.parametrize("layer", ["LSTM(8)", "layers.GRU(8)", "SimpleRNN(8)", "RNN(mine)"])
@pytest.mark.parametrize(
    "padding",
    ["Embedding(9, 8, mask_zero=True)", "Masking(0.0)", *(f"Embedding(9, 8)\n{n.decode()}(x)" for n in words.PADDING)],
)
def test_what_may_compute_with_padding_matters(layer: str, padding: str) -> None:
    assert may_matter(f"{padding}\n{layer}".encode())
    assert not may_matter(padding.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import numpy",
        "import tensorflow as tf",
        "class Wrapper: pass",
        "table.cell = 1",
        "for cell in row: x",
        "layer(8, unroll=False)",
        "from ops import AttentionWrapper\nwrapped = AttentionWrapper(cancelled, mechanism)",
    ],
)
def test_other_words_do_not(text: str) -> None:
    assert not may_matter(text.encode())


def test_the_file_of_words_is_what_the_symbols_ask_for() -> None:
    with open(words.FILE, encoding="utf-8") as file:
        assert file.read() == words.as_text()
    assert words.words() == words.derived()


def test_the_needles_are_what_paths_and_loops_ask_for() -> None:
    layers = {layer.decode().lower() for layer in words.LAYERS}
    wanted = words.telling() | layers | {"cell", "unroll"}
    assert {needle.decode() for needle in words.NEEDLES} == {
        word for word in wanted if not any(other != word and other in word for other in wanted)
    }


def test_each_word_holds_its_stem() -> None:
    assert all(stem in word for stem, group in words.by_stem().items() for word in group)
