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


U = USE.rstrip()
MOVED_BY_4 = ((0, 4),)
MOVED_BY_2 = ((0, 2),)


@pytest.mark.parametrize(
    ("text", "rows", "shifts", "row"),
    [
        ("    a = 1\n" + USE, ["a = 1", U], {1: MOVED_BY_4}, 1),
        ("a = 1\n    b = 2\n" + USE, ["a = 1", "b = 2", U], {2: MOVED_BY_4}, 2),
        ("  a = 1\n    b = 2\n" + USE, ["a = 1", "b = 2", U], {1: MOVED_BY_2, 2: MOVED_BY_2}, 1),
        ("if x:\n  y = 1\n    z = 2\n" + USE, ["if x:", "  y = 1", "  z = 2", U], {3: MOVED_BY_2}, 3),
        ("a = 1\n  b = 2\n\n  c = 3\n" + USE, ["a = 1", "b = 2", "", "c = 3", U], {2: MOVED_BY_2, 4: MOVED_BY_2}, 2),
        ("def f(:\n    " + USE, ["pass", U], {2: MOVED_BY_4}, 1),
        ("x = = 1\n" + USE, ["pass", U], {}, 1),
        ("def f():\n    x = (1\n\n" + USE, ["def f():", "    pass", "", U], {}, 2),
        ("if x:\n" + USE, ["pass", U], {}, 2),
        ("while x:\n\nfor y in z:\n" + USE, ["pass", "", "pass", U], {}, 3),
        ("try:\n" + USE + "x = = 2\n", ["pass", U, "pass"], {}, 2),
        (USE + 'x = """ never\n' + USE, [U, "", ""], {}, 2),
        ("x = [1,\n" + USE, ["pass", U], {}, 1),
        # The block of a line that stays wrong is left out as a whole, with what belongs to it, and no more.
        ("a = 1\nif x:\n    b = 2\n  c = 3\nelse:\n    d = 4\n" + USE, ["a = 1", "", "", "", "", "", U], {}, 4),
    ],
)
def test_a_line_that_python_rejects_changes_alone(
    text: str, rows: list[str], shifts: dict[int, object], row: int
) -> None:
    recovered = recover(text, "model.py")
    assert recovered is not None
    assert (recovered.rows, recovered.shifts, recovered.error.row) == (rows, shifts, row)


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
