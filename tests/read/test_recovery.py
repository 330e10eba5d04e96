"""What is found in a file that neither Python parses as a whole?"""

from __future__ import annotations

import pytest

from rnnlint import engine
from rnnlint.read.recovery import recover
from rnnlint.read.source import SourceError, from_text
from rnnlint.settings import Settings

HEAD = "import tensorflow as tf\n"
USE = "y = tf.nn.dynamic_rnn(cell, x)\n"


def found(text: str) -> list[tuple[int, int]]:
    checked = engine.check_bytes(text.encode(), "model.py", Settings(), engine.Project())
    assert checked.broken is not None
    return [(finding.row, finding.column) for finding in checked.findings]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("    " + HEAD + USE, [(2, 5)]),
        (HEAD + "    " + USE + USE, [(2, 9), (3, 5)]),
        (HEAD + "x = = 1\n" + USE, [(3, 5)]),
        (HEAD + "def f():\n    x = (1\n\n" + USE, [(5, 5)]),
        (HEAD + "def f():\n    return 1 1\n\ndef g():\n    " + USE, [(6, 9)]),
        (HEAD + "if x:\n" + USE, [(3, 5)]),
        (HEAD + "print 'a'\nx = = 1\n" + USE, [(4, 5)]),
        (HEAD + USE + 'x = """ never closed\n' + USE, [(2, 5)]),
    ],
)
def test_what_can_be_parsed_is_checked(text: str, places: list[tuple[int, int]]) -> None:
    assert found(text) == places


def test_the_first_complaint_is_reported() -> None:
    recovered = recover(HEAD + "x = = 1\ny = = 2\n", "model.py")
    assert recovered is not None
    assert recovered.error.row == 2


@pytest.mark.parametrize("text", ["(", "", "x = (\n" * 100, "$$$\n???\n"])
def test_where_nothing_is_left_the_file_is_an_error(text: str) -> None:
    assert recover(text, "model.py") is None


def test_nothing_is_set_aside_unless_it_is_asked_for() -> None:
    with pytest.raises(SourceError):
        from_text(HEAD + "x = = 1\n" + USE, "model.py")
