"""Does `rnnlint probe inspect` show what the installed TensorFlow builds?"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from rnnlint.probe.inspection import inspect
from rnnlint.probe.steps import CELLS

pytestmark = pytest.mark.tensorflow

_spec = importlib.util.find_spec("tensorflow")
# A folder of this name that happens to be on the path counts as a package without an origin.
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "probe.md"


@pytest.mark.parametrize(("cell", "products"), [("basic_rnn", 1), ("basic_lstm", 1), ("lstm", 1), ("gru", 2)])
def test_each_step_shows_the_products_of_the_cell(cell: str, products: int) -> None:
    rows = [line.split() for line in inspect(cell, 3).splitlines() if line.startswith("MatMul ")]
    # One column for the type, three for the steps, one for the loop.
    assert [len(row) for row in rows] == [5] * products
    assert len({name for row in rows for name in row[1:4]}) == 3 * products


def test_every_cell_that_is_offered_is_shown() -> None:
    assert set(CELLS) == {"basic_rnn", "basic_lstm", "lstm", "gru"}


def test_the_page_shows_what_the_command_prints() -> None:
    shown = PAGE.read_text(encoding="utf-8").split("--cell basic_rnn --steps 3\n")[1].split("```")[0]
    # The function of the body has a number, which every graph has its own.
    printed, shown = (re.sub(r"(?<=while_body_)\d+", "N", text) for text in (inspect("basic_rnn", 3, 100), shown))
    assert printed == shown
