"""Is what the symbol table says beside the states true of the installed TensorFlow?

The states themselves are a claim, which the probe measures: ``symbols-as-listed``.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from pathlib import Path

import pytest

from rnnlint.facts.symbols import NEWEST, find, table
from rnnlint.probe.isolated import Question, ask

pytestmark = pytest.mark.tensorflow

if importlib.util.find_spec("tensorflow") is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

RNN_NAME = re.compile(r"rnn|lstm|gru(?!p)|seq2seq", re.IGNORECASE)

EXPORTED = """
import importlib, json, re
v1 = tf.compat.v1
exported = [f"tf.compat.v1.{part}{name}"
    for part, names in (
        ("", dir(v1)),
        ("nn.", dir(v1.nn)),
        ("nn.rnn_cell.", vars(importlib.import_module("tensorflow.compat.v1.nn.rnn_cell"))),
    )
    for name in names if not name.startswith("_")]
ours = [path for path in exported if re.search(PATTERN, path, re.IGNORECASE) or ".rnn_cell." in path]
assert len(ours) > 15, ours
missing = [path for path in ours if path not in TABLE]
assert missing == [], missing
"""


def errors_of(question: Question) -> dict[str, str]:
    (answers,) = ask([question])
    return {subject: error for subject, error in answers.items() if error}


def error_of(program: str) -> str:
    return errors_of(Question("program", (program,))).get(program, "")


@pytest.fixture(scope="module", autouse=True)
def newest_tensorflow() -> None:
    if error_of(f"assert tf.__version__.startswith('{NEWEST}.')"):
        pytest.skip(f"the facts are of TensorFlow {NEWEST}")


def test_where_a_symbol_is_said_to_live_on_it_does() -> None:
    still = {row.still_at for row in table().values() if row.still_at}
    dotted = [place for place in still if place.startswith("tf.")]
    others = sorted(still - set(dotted))
    assert errors_of(Question("attribute", tuple(dotted))) == {}
    assert errors_of(Question("program", tuple(others))) == {}


def test_every_replacement_exists() -> None:
    named = {name for row in table().values() for name in re.findall(r"\btf(?:\.\w+)+", row.replacement)}
    assert len(named) > 20
    assert errors_of(Question("attribute", tuple(sorted(named)))) == {}


def test_every_rnn_symbol_of_the_v1_namespace_is_in_the_table() -> None:
    given = f"PATTERN = {RNN_NAME.pattern!r}\nTABLE = set({json.dumps(list(table()))})\n"
    assert error_of(given + EXPORTED) == ""


def test_every_rnn_row_of_the_compatibility_tables_is_in_the_table() -> None:
    spec = importlib.util.find_spec("tensorflow")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "tools" / "compatibility"
    names: set[str] = set()
    for file in ("renames_v2.py", "all_renames_v2.py"):
        for node in ast.walk(ast.parse((folder / file).read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                keys = (key.value for key in node.keys if isinstance(key, ast.Constant))
                names |= {key for key in keys if isinstance(key, str)}
    paths = {re.sub(r"^(?:tf\.)?contrib_rnn\.", "tf.contrib.rnn.", name) for name in names}
    ours = {path for path in paths if RNN_NAME.search(path) and path.startswith("tf.")}
    ours -= {path for path in ours if path.startswith(("tf.raw_ops.", "tf.nn.ctc"))}
    assert len(ours) > 25
    assert [path for path in sorted(ours) if find(path) is None] == []
