"""Does each replacement of the table of symbols compute what the legacy symbol does? TensorFlow runs both."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re

import pytest
from computed import computed
from replacement_programs import PRELUDE, PROGRAMS

from rnnlint.facts.symbols import Symbol, table

ROUNDING = 1e-5
LAST_WITH_KERAS_2 = (2, 15)

OFFERED = [row for row in table().values() if row.replacement and row.family != "layer"]
LAYERS = [row for row in table().values() if row.replacement and row.family == "layer"]
"""They are offered as the same class at another path, which is what `test_old_paths` looks at."""

_spec = importlib.util.find_spec("tensorflow")
needs_tensorflow = pytest.mark.skipif(_spec is None or _spec.origin is None, reason="needs TensorFlow")


def key(row: Symbol) -> str:
    """The program that shows what a row's replacement computes."""
    leaf = row.path.rpartition(".")[2]
    of_lists = leaf == "sequence_loss" and not row.path.startswith(("tf.contrib.seq2seq.", "tfa."))
    return f"{leaf} of lists" if of_lists else leaf


def program(row: Symbol) -> str:
    """The program of a row, with the replacement in it as the row has it."""
    written = re.findall(r"`([^`]+)`", row.replacement)
    return PRELUDE + PROGRAMS[key(row)].replace("NEW", written[0] if written else "")


def runs_here(row: Symbol) -> bool:
    """Whether the replacement is offered for the installed TensorFlow, by the Keras that it has."""
    (package, *_) = importlib.metadata.packages_distributions()["tensorflow"]
    installed = tuple(map(int, importlib.metadata.version(package).split(".")[:2]))
    if os.environ.get("TF_USE_LEGACY_KERAS") == "1":
        installed = min(installed, LAST_WITH_KERAS_2)
    return installed >= tuple(map(int, row.replacement_since.split(".")))


def test_every_row_with_a_replacement_has_a_program_that_shows_it() -> None:
    without = sorted({key(row) for row in OFFERED} - set(PROGRAMS))
    assert without == []


def test_every_program_belongs_to_a_row() -> None:
    assert set(PROGRAMS) == {key(row) for row in OFFERED}


@pytest.mark.tensorflow
@needs_tensorflow
def test_every_replacement_computes_what_the_legacy_symbol_does() -> None:
    programs = {program(row): key(row) for row in OFFERED if runs_here(row)}
    differences: dict[str, float] = {}
    for name, results in zip(programs.values(), computed(list(programs))):
        assert len(results) >= 2, name
        assert len(results) % 2 == 0, name
        for old, new in zip(results[::2], results[1::2]):
            assert len(old) == len(new), name
            differences[name] = max(differences.get(name, 0.0), *(abs(a - b) for a, b in zip(old, new)))
    assert {name: far for name, far in differences.items() if not far < ROUNDING} == {}
