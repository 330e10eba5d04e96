"""Does the pre-filter let pass what may matter?"""

from __future__ import annotations

import pytest

from rnnlint.facts import words
from rnnlint.read.prefilter import may_matter


@pytest.mark.parametrize("word", sorted(words.words()))
def test_a_word_is_found_in_any_case(word: str) -> None:
    for text in (word, word.upper(), f"x.{word.title()}y"):
        assert may_matter(b"\xff\x00" + text.encode())


def test_what_unrolls_matters_in_any_case() -> None:
    assert may_matter(b"layer(UNROLL=True)")


def test_without_a_word_nothing_matters() -> None:
    for data in (b"import numpy", b"import tensorflow as tf", b"class Wrapper: pass", b""):
        assert not may_matter(data)


def test_the_file_of_words_is_what_the_symbols_ask_for() -> None:
    with open(words.FILE, encoding="utf-8") as file:
        assert file.read() == words.as_text()
    assert words.words() == words.derived()


def test_each_word_holds_its_stem() -> None:
    assert all(stem in word for stem, group in words.by_stem().items() for word in group)
