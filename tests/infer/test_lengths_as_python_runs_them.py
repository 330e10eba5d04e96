"""Is the inferred length the one in Python? Programs are run and analyzed; the unrolled list is in XS."""

from __future__ import annotations

import contextlib
import math
import os
import random
import sys
import textwrap
from typing import Any

import pytest
from programs_with_lengths import KNOWN, MISTAKEN, UNKNOWN

from rnnlint.engine import Project
from rnnlint.infer.libraries import evaluator
from rnnlint.infer.unrolls import static_runners
from rnnlint.infer.values.domain import Int
from rnnlint.read.source import from_text


class Fake:
    """What stands for a tensor: it has any attribute and may be called."""

    def __getattr__(self, name: str) -> Fake:
        return self

    def __call__(self, *args: object, **kwargs: object) -> Fake:
        return self


def told(program: str, filename: str = "model.py") -> Int:
    """The length that rnnlint infers."""
    text = f"import tensorflow as tf\n{textwrap.dedent(program)}\ntf.nn.static_rnn(cell, XS)\n"
    module = Project().open(from_text(text, filename))
    (found,) = static_runners.find(evaluator(), module, (2, 21))
    return found.length


def real(program: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """The length that Python gives."""
    monkeypatch.setattr(sys, "argv", ["program"])
    names: dict[str, Any] = {"__name__": "__main__", "x": Fake()}
    exec(textwrap.dedent(program), names)
    return len(names["XS"])


@pytest.mark.parametrize("program", KNOWN)
def test_a_length_is_reported_as_python_gives_it(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    length, steps = told(program), real(program, monkeypatch)
    assert (length.default, length.low <= steps) == (steps, True)
    assert length.high is None or steps <= length.high


@pytest.mark.parametrize("program", UNKNOWN)
def test_a_length_that_is_not_told_is_in_its_range(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    length, steps = told(program), real(program, monkeypatch)
    assert (length.default, length.low <= steps) == (None, True)
    assert length.high is None or steps <= length.high


@pytest.mark.parametrize("program", MISTAKEN)
def test_a_length_that_is_reported_and_not_true_is_listed(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(program).default not in (None, real(program, monkeypatch))


class Programs:
    """Programs of a few lines that compute with numbers and lists, from a seed; each part has a value in Python."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._names: dict[str, Any] = {"math": math}

    def program(self) -> str:
        lines = []
        for at in range(self._random.randint(1, 4)):
            name, text = (f"n{at}", self._number(2)) if self._random.random() < 0.6 else (f"s{at}", self._list(2))
            self._names[name] = eval(text, dict(self._names))
            lines.append(f"{name} = {text}")
        return "\n".join([*lines, f"XS = {self._list(3)}"])

    def _of(self, kinds: tuple[type, ...], otherwise: str, texts: list[str]) -> str:
        """One of these expressions that Python computes."""
        self._random.shuffle(texts)
        for text in texts:
            with contextlib.suppress(ArithmeticError, LookupError, TypeError, ValueError):
                value = eval(text, dict(self._names))
                if isinstance(value, kinds) and (len(value) if isinstance(value, list | tuple) else abs(value)) < 60:
                    return text
        return otherwise

    def _number(self, depth: int) -> str:
        if depth == 0:
            numbers = [name for name in self._names if name.startswith("n")]
            return self._random.choice([str(self._random.randint(-3, 9)), *numbers, "2", "0.5", "True"])
        a, b = self._number(depth - 1), self._number(depth - 1)
        sign, compared = self._random.choice("+-*/%"), self._random.choice(["==", "!=", "is", "<", ">=", "and", "or"])
        texts = [
            f"({a} {sign} {b})", f"({b} // {a})", f"({a} ** {b})", f"abs({a})", f"int({a})", f"round({a})", f"-{a}",
            f"max({a}, {b})", f"min({a}, {b})", f"len({self._list(depth - 1)})", f"sum({self._list(depth - 1)})",
            f"{self._list(depth - 1)}[{a}]", f"({a} if {b} {compared} {a} else {b})", f"({a} or {b})", f"({a} and {b})",
            f"{{'a': {a}, 'b': {b}}}['a']", f"dict(c={a})['c']", f"float({a})", f"(lambda n: n + {a})({b})",
            f"{{**{{'a': {a}}}, 'b': 1}}.get('b', {b})",
            f"int('{self._random.randint(0, 9)}')", f"math.ceil({a})", f"math.floor({b})",
        ]  # fmt: skip
        return self._of((int, float), a, texts)

    def _list(self, depth: int) -> str:
        if depth == 0:
            lists = [name for name in self._names if name.startswith("s")]
            return self._random.choice(["[]", "[1, 2, 3]", "(4, 5)", "[7]", *lists])
        a, b = self._list(depth - 1), self._list(depth - 1)
        n, m = self._number(depth - 1), self._number(depth - 1)
        texts = [
            f"({a} + {b})", f"({a} * {n})", f"({n} * {a})", f"{a}[{n}:]", f"{a}[:{n}]", f"{a}[{n}:{m}]", f"{a}[::{n}]",
            f"{a}[{n}:{m}:-1]", f"[{n}, {m}]", f"[*{a}, {n}]", f"list(range({n}))", f"list(range({n}, {m}))",
            f"list(range({n}, {m}, {n}))", f"[t for t in {a}]", f"[(t, u) for t in {a} for u in {b}]",
            f"list(zip({a}, {b}))", f"list(enumerate({a}))", f"list(reversed({a}))", f"sorted({a})", f"tuple({a})",
            f"list(map(str, {a}))", f"[0] * {n}", f"[0] * {m}", f"({a} if {n} else {b})",
        ]  # fmt: skip
        return self._of((list, tuple), a, texts)


PROGRAMS = int(os.environ.get("RNNLINT_PROGRAMS", "240"))
"""How many are made; `tox -e thorough` makes more."""


# What is put together at random is often odd.
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("seed", range(PROGRAMS // 60))
def test_no_length_of_any_program_is_reported_that_python_does_not_give(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled = 0
    for number in range(60):
        program = f"import math\n{Programs(seed * 1000 + number).program()}"
        steps, length = real(program, monkeypatch), told(program)
        settled += length.default is not None
        assert length.default in (None, steps), program
        assert length.low <= steps and (length.high is None or steps <= length.high), (program, length)
    assert settled > 10
