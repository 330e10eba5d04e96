"""Does one line of a notebook or of a source take longer than its length allows?"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from rnnlint.read.magics import read_cell
from rnnlint.read.prefilter import may_matter
from rnnlint.resolve import outline

LINES: dict[str, Callable[[int], str]] = {
    "options of a magic": lambda n: "%time " + "-a1 " * n,
    "options without an end": lambda n: "%timeit " + "-a" * n + " -",
    "digits of options": lambda n: "%timeit -n" + "1" * n + "-",
    "an unclosed string": lambda n: "x = " + '"\\' * n,
    "quotes that are escaped": lambda n: 'x = "' + '\\"' * n,
    "brackets": lambda n: "x" + "[" * n,
    "a question": lambda n: "a" * n + "[" * n + "?",
    "an assignment": lambda n: "a," * n + "!",
}


@pytest.mark.parametrize("kind", LINES)
def test_a_line_of_a_notebook_is_read_in_time(kind: str) -> None:
    start = time.process_time()
    read_cell(1, LINES[kind](50_000))
    assert time.process_time() - start < 2


TEXTS: dict[str, Callable[[int], bytes]] = {
    "cells in brackets": lambda n: b"# " + b"cell[" * n,
    "cores": lambda n: b"tensorflow cell " + b"core" * n,
    "cells and spaces": lambda n: b"tensorflow " + b"cell " * n + b"\n",
    "a long name": lambda n: b"cell_" * n,
    "unroll and spaces": lambda n: b"unroll" + b" " * n + b"x",
    "handed on": lambda n: b"lstm_cell" + b" " * n + b";" + b"gru" * n,
}


@pytest.mark.parametrize("kind", TEXTS)
def test_the_words_of_a_source_are_read_in_time(kind: str) -> None:
    start = time.process_time()
    may_matter(TEXTS[kind](100_000))
    assert time.process_time() - start < 2


MODULES: dict[str, Callable[[int], bytes]] = {
    "a package in one row": lambda n: b"tensorflow;" * n,
    "a package behind spaces": lambda n: b"import " + b" " * n + b"tensorflow " * n,
    "imports that are never closed": lambda n: b";import(" * n,
    "imports in one row": lambda n: b":import a" * n,
    "spaces behind from": lambda n: b"from" + b" " * n + b"x",
    "dots behind from": lambda n: b"from " + b"." * n + b" import a",
    "a star that does not come": lambda n: b"from a import" + b" " * n + b"x *",
    "a name in one row": lambda n: b"name " * n,
}


@pytest.mark.parametrize("kind", MODULES)
def test_the_imports_of_a_text_are_read_in_time(kind: str) -> None:
    text = MODULES[kind](30_000)
    start = time.process_time()
    outline.imports_root(text, b"tensorflow")
    list(outline.imports(text))
    outline.stars(text)
    outline.may_import(text, b"name")
    outline.may_bind(text, b"name")
    outline.may_assign(text, b"name")
    assert time.process_time() - start < 2
