"""Does each fix do what it says, and nothing else? Golden twins, all fixtures, and what gets which fix or none."""

from __future__ import annotations

import ast
import difflib
from pathlib import Path
from typing import Any

import fixture_files
import pytest
from fixture_files import FIXTURES, files_of, fixtures, twins

from rnnlint import engine
from rnnlint.facts import evidence
from rnnlint.finding import Finding
from rnnlint.hosts.fixing import Fixed, fixed
from rnnlint.hosts.outcome import Outcome
from rnnlint.read.edited import edited
from rnnlint.read.edited_notebook import cell_texts
from rnnlint.read.source import from_bytes
from rnnlint.report import unused_noqa
from rnnlint.report.applying import compatible, edits_of
from rnnlint.report.rules import reported
from rnnlint.report.run import is_offered
from rnnlint.rules.unroll_fix import MEASURED_FROM
from rnnlint.settings import Settings, from_mapping

FIXABLE = {rule.code for rule in reported() if rule.fixable}


def gives_what_can_be_fixed(path: Path) -> bool:
    """Whether a fixture asks for a finding that may have a fix: what it does not ask for it does not give."""
    return any(one.code in FIXABLE and not one.missed for one in fixture_files.read(path).findings)


FILES = [path for fixture in fixtures() for path in files_of(fixture) if gives_what_can_be_fixed(path)]


def named(path: Path) -> str:
    return str(path.relative_to(FIXTURES))


def checked(data: bytes, filename: str, settings: Settings) -> engine.Checked:
    return engine.check_bytes(data, filename, settings, engine.Project())


def mended(data: bytes, filename: str, settings: Settings, unsafe: bool = True) -> Fixed:
    """The content after all fixes."""

    def check(content: bytes, name: str) -> Outcome:
        found = checked(content, name, settings)
        return Outcome(found.findings, problems=found.problems, error=found.broken)

    return fixed(data, filename, check, lambda outcome: [f for f in outcome.findings if is_offered(f, unsafe)])


def settings_of(path: Path, **more: Any) -> Settings:
    return from_mapping({**fixture_files.read(path).options, **more}, path.name)


# ---- golden twins


@pytest.mark.parametrize(("path", "twin"), twins(), ids=lambda path: path.name)
def test_a_fixture_after_its_fixes_is_its_golden_twin(path: Path, twin: Path) -> None:
    result = mended(path.read_bytes(), str(path), settings_of(path))
    assert result.problem is None
    assert result.made > 0
    assert result.data.decode() == twin.read_text(encoding="utf-8")


@pytest.mark.parametrize(("path", "twin"), twins(), ids=lambda path: path.name)
def test_a_golden_twin_is_silent_and_stable(path: Path, twin: Path) -> None:
    # Names that still run are reported with the profile migrate, and not with maintain.
    maintained = settings_of(path, profile="maintain")
    assert checked(twin.read_bytes(), str(twin), maintained).findings == []
    assert mended(twin.read_bytes(), str(twin), settings_of(path)).data == twin.read_bytes()


def test_every_rule_with_fixes_has_a_golden_twin() -> None:
    with_fix = {
        finding.code
        for path, _ in twins()
        for finding in checked(path.read_bytes(), str(path), settings_of(path)).findings
        if finding.fix is not None
    }
    assert with_fix | {unused_noqa.RULE.code} == {rule.code for rule in reported() if rule.fixable}


# ---- all fixtures


@pytest.mark.parametrize("path", FILES, ids=named)
def test_fixes_of_any_fixture_give_code_that_needs_no_more_of_them(path: Path) -> None:
    before = path.read_bytes()
    after = mended(before, str(path), settings_of(path))
    assert after.problem is None
    from_bytes(after.data, str(path))
    assert mended(after.data, str(path), settings_of(path)) == Fixed(after.data, 0)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_fixes_of_any_fixture_change_the_lines_of_their_edits_only(path: Path) -> None:
    before = path.read_bytes()
    wanted = compatible(checked(before, str(path), settings_of(path)).findings)
    if wanted:
        after = edited(before, str(path), edits_of(wanted))
        for cell, (old, new) in by_cell(before, after, path).items():
            edits = edits_of(wanted).get(cell, ())
            touched = {row for edit in edits for row in range(edit.row, edit.end_row + 1)}
            rows = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
            changed = {row for tag, first, last, _, _ in rows if tag != "equal" for row in range(first + 1, last + 1)}
            assert changed <= touched


def by_cell(before: bytes, after: bytes, path: Path) -> dict[int | None, tuple[list[bytes], list[bytes]]]:
    if path.suffix != ".ipynb":
        return {None: (before.split(b"\n"), after.split(b"\n"))}
    cells = cell_texts(after)
    return {
        number: (text.encode().split(b"\n"), cells[number].encode().split(b"\n"))
        for number, text in cell_texts(before).items()
    }


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".py"], ids=named)
@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_newlines_and_a_byte_order_mark_stay(path: Path, newline: str) -> None:
    text = path.read_bytes().decode("latin-1")
    if "coding" in text or "\r" in text:
        pytest.skip("says what it is itself")
    plain = mended(text.encode("latin-1"), str(path), settings_of(path)).data.decode("latin-1")
    other = "\N{BYTE ORDER MARK}".encode() + text.replace("\n", newline).encode("latin-1")
    found = mended(other, str(path), settings_of(path)).data
    assert found == "\N{BYTE ORDER MARK}".encode() + plain.replace("\n", newline).encode("latin-1")


# ---- which fix there is


def fixes(code: str, **options: Any) -> list[tuple[str, str, str]]:
    """For each finding with a fix its code, applicability and message."""
    found = checked(code.encode(), "m.py", from_mapping(options, "test")).findings
    return [(one.code, one.fix.applicability, one.fix.message) for one in found if one.fix is not None]


HEAD = "import tensorflow as tf\n"


# ---- unroll=True

KERAS = "from tensorflow import keras\nfrom tensorflow.keras.layers import *\nx = Input((9, 8))\n"
ALL = {"max-unroll": 0}
REMOVE = "Remove `unroll=True`"


@pytest.mark.parametrize(
    "code",
    [
        "LSTM(8, unroll=True)(x)",
        "keras.Sequential([Input((9, 8)), GRU(8, unroll=True)])",
        "keras.Sequential(layers=[Input((9, 8)), GRU(8, unroll=True)])",
        "m = keras.Sequential()\nm.add(SimpleRNN(8, input_shape=(9, 8), unroll=True))",
        "RNN([LSTMCell(8), GRUCell(4)], return_sequences=True, unroll=True)(x)",
        "y = concatenate([Dense(4)(x), x])\nLSTM(8, unroll=True, go_backwards=True, return_state=True)(y)",
        "def f(z):\n  return SimpleRNN(8, unroll=True)(z)\nf(x)",
    ],
)
def test_what_certainly_computes_the_same_is_safe(code: str) -> None:
    assert fixes(KERAS + code + "\n", **ALL) == [("RNN202", "safe", REMOVE)]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("Bidirectional(LSTM(8, unroll=True))(x)", "Bidirectional"),
        ("Bidirectional(layer=LSTM(8, unroll=True))(x)", "Bidirectional"),
        ("l = LSTM(8, unroll=True)\nBidirectional(l)(x)", "Bidirectional"),
        ("l = LSTM(8, unroll=True)\nwrap(l)(x)", "not every use"),
        ("TimeDistributed(LSTM(8, unroll=True))(Input((2, 9, 8)))", "not every use"),
        ("LSTM(8, unroll=True)(x, initial_state=s)", "not every use"),
        ("LSTM(8, unroll=True)(x, mask=m)", "not every use"),
        ("LSTM(8, unroll=True)(Masking()(x))", "mask"),
        ("def f(z):\n  return LSTM(8, unroll=True)(z)\nf(x)", "mask"),
        ("LSTM(8, unroll=True)(embedded())", "mask"),
        ("LSTM(8, unroll=True, dropout=0.1)(x)", "measured with these"),
        ("LSTM(8, unroll=True, stateful=True)(x)", "measured with these"),
        ("LSTM(8, unroll=True, zero_output_for_mask=True)(x)", "mask"),
        ("LSTM(8, unroll=True, **more)(x)", "measured with these"),
        ("RNN(OwnCell(8), unroll=True)(x)", "measured with these"),
        ("RNN(keras.layers.StackedRNNCells(c), unroll=True)(x)", "measured with these"),
        ("ConvLSTM2D(8, 3, unroll=True)(Input((9, 4, 4, 1)))", "measured with these"),
        ("LSTM(8, unroll=True)(x)\ntf.lite.TFLiteConverter", "TensorFlow Lite"),
    ],
)
def test_what_may_compute_something_else_is_not_and_says_why(code: str, why: str) -> None:
    ((code_, applicability, message),) = fixes(KERAS + code + "\n", **ALL)
    assert (code_, applicability) == ("RNN202", "unsafe")
    assert message.startswith(f"{REMOVE} (")
    assert why in message


@pytest.mark.parametrize(
    "code",
    [
        "FLAG = True\nLSTM(8, unroll=FLAG)(x)",
        "LSTM(8, **{'unroll': True})(x)",
        "RNN(LSTMCell(8), True, False, False, False, True)(x)",
        "import functools\nfunctools.partial(LSTM, unroll=True)(8)(x)",
        "class A(LSTM):\n  pass\nA(8, unroll=True)(x)",
        "class A(LSTM):\n  def __init__(self):\n    super().__init__(8, unroll=True)\nA()(x)",
        "LSTM(8, unroll=(True))(x)",
        "LSTM(8, unroll=1)(x)",
        "LSTM(8, unroll=True  # why\n  , name='x')(x)",
    ],
)
def test_unroll_that_is_not_written_out_plainly_has_no_fix(code: str) -> None:
    found = checked((KERAS + code + "\n").encode(), "m.py", from_mapping(ALL, "test")).findings
    assert [(one.code, one.fix) for one in found] == [("RNN202", None)]


def test_nothing_is_safe_on_a_tensorflow_that_was_not_measured() -> None:
    oldest = min(
        tuple(map(int, one.tensorflow.split(".")[:2])) for one in evidence.of_claim("keras-unroll-same-results")
    )
    assert oldest == MEASURED_FROM
    code = KERAS + "LSTM(8, unroll=True)(x)\n"
    ((_, applicability, message),) = fixes(code, **ALL, **{"target-tensorflow": "2.11"})
    assert applicability == "unsafe"
    assert "not measured on this TensorFlow" in message


LAYOUTS = [
    ("f(8, unroll=True)", "f(8)"),
    ("f(unroll=True)", "f()"),
    ("f(unroll=True,)", "f()"),
    ("f( unroll=True )", "f( )"),
    ("f(8, unroll=True,)", "f(8,)"),
    ("f(unroll=True, name='x')", "f(name='x')"),
    ("f((8), unroll=True, name=('x'))", "f((8), name=('x'))"),
    ("f(8, unroll=True, name=(\n'x'))", "f(8, name=(\n'x'))"),
    ("f(8,\n  unroll=True)", "f(8)"),
    ("f(8\n , unroll=True)", "f(8\n )"),
    ("f(8,\n  unroll=True\n)", "f(8\n)"),
    ("f(8,\n  unroll=True,\n)", "f(8,\n)"),
    ("f(\n  unroll=True,\n  units=8)", "f(\n  units=8)"),
    ("f(8,\n  unroll=True, name='x')", "f(8,\n  name='x')"),
    ("f(8, unroll=True,\n  name='x')", "f(8,\n  name='x')"),
    ("f(unroll=True,\n  units=8)", "f(\n  units=8)"),
    ("f(8, unroll=True,  # why\n  name='x')", "f(8,  # why\n  name='x')"),
    ("f(8,\n  unroll=True,  # why\n  name='x')", "f(8,\n  # why\n  name='x')"),
    ("f(8,  # eight, (8)\n  unroll=True)", "f(8,  # eight, (8)\n  )"),
    ("f(8,  # eight\n  # more\n  unroll=True\n  # end\n)", "f(8,  # eight\n  # more\n  # end\n)"),
    ("f(8, \\\n  unroll=True, \\\n  name='x')", "f(8, \\\n  name='x')"),
    ("f(8, \\\n  unroll=True)", "f(8)"),
    ("f(*a, unroll = True, **k)", "f(*a, **k)"),
    ("f(**k, unroll=\\\nTrue)", "f(**k)"),
    ("f(8,\t'é😀', unroll=True,\tname='x')", "f(8,\t'é😀', name='x')"),
]


@pytest.mark.parametrize(("before", "after"), LAYOUTS)
def test_an_argument_goes_with_its_comma_and_leaves_comments(before: str, after: str) -> None:
    from rnnlint.rules.argument_removal import removal

    text = f"x = 'é'; y = {before}; z\n"
    source = from_bytes(text.encode(), "m.py")
    call = next(node for node in ast.walk(source.tree) if isinstance(node, ast.Call))
    keyword = next(one for one in call.keywords if one.arg == "unroll")
    found = removal(source, call, keyword)
    assert found is not None
    changed = edited(text.encode(), "m.py", {None: found}).decode()
    assert changed == f"x = 'é'; y = {after}; z\n"
    call.keywords.remove(keyword)
    assert ast.dump(ast.parse(changed)) == ast.dump(source.tree)


def test_python_2_is_edited_as_it_is_written() -> None:
    code = HEAD + "print 'é', tf.nn.dynamic_rnn(c, `x`), tf.nn.static_rnn(c, ur'x')  # want\n"
    result = mended(code.encode(), "m.py", Settings())
    assert result.data.decode() == code.replace("nn.dynamic", "compat.v1.nn.dynamic").replace(
        "nn.static", "compat.v1.nn.static"
    )


def test_what_is_parsed_in_part_is_not_fixed() -> None:
    code = HEAD + "tf.nn.dynamic_rnn(c, x)\ndef (:\n"
    found = checked(code.encode(), "m.py", Settings())
    assert found.broken is not None
    assert [one.fix for one in found.findings] == [None]


def test_a_notebook_with_a_cell_that_is_left_out_is_not_fixed() -> None:
    import json

    cells = [{"cell_type": "code", "source": one} for one in (HEAD + "tf.nn.dynamic_rnn(c, x)", "def (:")]
    found: list[Finding] = checked(json.dumps({"cells": cells}).encode(), "n.ipynb", Settings()).findings
    assert [(one.code, one.fix) for one in found] == [("RNN102", None)]


def test_a_stack_of_one_cell_that_may_run_is_left_as_it_is() -> None:
    path = FIXTURES / "pitfalls" / "separate_cells_left.py"
    found = checked(path.read_bytes(), str(path), settings_of(path)).findings
    assert len(found) == 8
    assert [one.fix for one in found] == [None] * 8


EMBEDDINGS = {
    "layers.Embedding(9, 4)": "layers.Embedding(9, 4, mask_zero=True)",
    "layers.Embedding(9, 4, )": "layers.Embedding(9, 4, mask_zero=True, )",
    "layers.Embedding(9, 4, mask_zero=False)": "layers.Embedding(9, 4, mask_zero=True)",
    "layers.Embedding()": "",
    "layers.Embedding(9, (4))": "",
    "layers.Embedding(9, 4, mask_zero=flag)": "",
    "Own(9, 4)": "",
}


@pytest.mark.parametrize("made", EMBEDDINGS)
def test_a_mask_is_added_where_the_call_is_plain(made: str) -> None:
    head = "import tensorflow as tf\nfrom tensorflow.keras import layers, utils\n\nx = utils.pad_sequences(texts)\n"
    own = "class Own(layers.Embedding):\n    pass\n\n\n"
    program = f"{head}{own}model = tf.keras.Sequential([{made}, layers.LSTM(4)])\nmodel.fit(x, y)\n"
    settings = from_mapping({"select": ["RNN301"]}, "test")
    found = engine.check_bytes(program.encode(), "no-such-folder/m.py", settings, engine.Project()).findings
    after = edited(program.encode(), "m.py", edits_of(compatible(found))).decode()
    assert after == program.replace(made, EMBEDDINGS[made] or made)
