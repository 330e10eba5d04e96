"""Is the symbol table sound, complete and found by every spelling?"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from rnnlint.facts import symbols
from rnnlint.facts.symbols import arguments_at, find, state_on, table
from rnnlint.facts.words import _place, words
from rnnlint.resolve.sites import Site
from rnnlint.rules.legacy import status

HERE = Path(__file__).parent
ROWS = list(table().values())
RELEASE = re.compile(r"\d+\.\d+(\.\d+)?")
BANNED = (
    "tfa",
    "addons",
    "AbstractRNNCell",
    "tf.nn.RNNCell",
    "tf.compat.v1",
    "contrib",
    "unroll=True",
)


def read_rows(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


def canonical(name: str) -> str:
    return re.sub(r"^tensorflow\.", "tf.", name)


def test_the_file_is_a_sorted_table_without_twins() -> None:
    lines = Path(symbols.__file__).with_name("symbols.tsv").read_text("utf-8").splitlines()
    header, *rows = (line.split("\t") for line in lines)
    assert tuple(header) == symbols.Symbol._fields
    assert {len(row) for row in rows} == {len(header)}
    paths = [row[0] for row in rows]
    assert paths == sorted(set(paths))
    assert all(cell == cell.strip() for row in rows for cell in row)


def test_every_cell_holds_what_its_column_promises() -> None:
    for row in ROWS:
        assert re.fullmatch(r"(tf|tfa|keras)(\.\w+)+", row.path), row.path
        assert row.kind in {"function", "class", "module", "value"}, row.path
        assert row.family in {"static", "dynamic", "cell", "seq2seq", "cudnn", "module", "layer"}, row.path
        assert (row.family == "module") == (row.kind == "module"), row.path
        assert not row.member_family or row.kind == "module", row.path
        assert not row.arguments or row.kind in {"function", "class"}, row.path
        assert row.state in {"works", "works with tf-keras", "removed"}, row.path
        assert row.source, row.path
        for release in (row.since, row.removed, row.replacement_since):
            assert not release or RELEASE.fullmatch(release), row.path
        assert bool(row.replacement) == bool(row.replacement_since), row.path


def test_state_and_releases_agree() -> None:
    for row in ROWS:
        assert (row.state == "removed") == bool(row.removed), row.path
        assert state_on(row, symbols.NEWEST) == row.state, row.path
        if row.since and row.removed:
            assert state_on(row, row.removed) == "removed", row.path
            assert state_on(row, row.since) == "works", row.path


def test_no_replacement_names_what_fails_on_a_bare_tensorflow() -> None:
    for row in ROWS:
        assert not any(word in row.replacement for word in BANNED), row.path
        assert len(row.replacement) < 240, row.path


def test_every_runner_cell_and_layer_that_is_public_has_a_replacement_or_says_what_to_do() -> None:
    without = [
        row.path
        for row in ROWS
        if not row.replacement
        and not row.note
        and row.kind != "module"
        and row.family in {"static", "dynamic", "cell"}
        and ".python." not in row.path
    ]
    assert without == []


@pytest.mark.parametrize(
    ("path", "replacement"),
    [
        ("tf.nn.rnn_cell.GRUCell", "`tf.keras.layers.GRUCell(units, reset_after=False)`"),
        ("tf.contrib.rnn.GRUBlockCell", "`tf.keras.layers.GRUCell(units, reset_after=False)`"),
        ("tf.nn.rnn_cell.BasicLSTMCell", "`tf.keras.layers.LSTMCell(units)`"),
        ("tf.contrib.rnn.LayerNormBasicLSTMCell", ""),
        ("tfa.seq2seq.BasicDecoder", ""),
        ("tf.nn.dynamic_rnn", "`tf.keras.layers.RNN(cell, return_sequences=True, return_state=True)`"),
    ],
)
def test_the_replacement_is_the_true_one(path: str, replacement: str) -> None:
    assert table()[path].replacement == replacement


def test_one_leaf_has_one_replacement_within_its_family() -> None:
    seen: dict[tuple[str, str], str] = {}
    for row in ROWS:
        key = (
            f"{row.family} {row.path.partition('.')[0]}" if row.family == "layer" else row.family,
            row.path.rpartition(".")[2],
        )
        if row.kind == "module" or key[1] in {"RNNKeys", "sequence_loss"}:
            continue
        assert seen.setdefault(key, row.replacement) == row.replacement, row.path


def test_every_known_name_is_in_the_table_or_left_out_for_a_reason() -> None:
    left_out = {row[0]: row[1] for row in read_rows("left_out.tsv")}
    known = {row[0] for row in read_rows("known_names.tsv")}
    assert len(known) > 500
    assert all(left_out.values())
    assert set(left_out) <= known
    for name in known:
        assert (canonical(name) in table()) != (name in left_out), name


def test_no_plain_keras_layer_is_legacy() -> None:
    for name in ("LSTM", "GRU", "RNN", "SimpleRNN", "LSTMCell", "StackedRNNCells", "Bidirectional"):
        assert find(f"tf.keras.layers.{name}") is None
        assert find(f"tf.compat.v1.keras.layers.{name}") is None
        assert find(f"keras.layers.{name}") is None


@pytest.mark.parametrize(
    ("spelled", "path"),
    [
        ("tf.nn.static_rnn", "tf.nn.static_rnn"),
        ("tf.compat.v1.nn.static_rnn", "tf.compat.v1.nn.static_rnn"),
        ("tf._api.v1.nn.static_rnn", "tf.nn.static_rnn"),
        ("tf._api.v2.compat.v1.nn.static_rnn", "tf.compat.v1.nn.static_rnn"),
        ("tf.compat.v2.nn.RNNCellDropoutWrapper", "tf.compat.v2.nn.RNNCellDropoutWrapper"),
        # What no release has, and code that was moved by its import alone still names.
        ("tf.compat.v1.contrib.rnn.BasicLSTMCell", "tf.contrib.rnn.BasicLSTMCell"),
    ],
)
def test_a_symbol_is_found_by_every_prefix(spelled: str, path: str) -> None:
    found = find(spelled)
    assert found is not None
    assert found.path == path


@pytest.mark.parametrize(
    "path",
    [
        "tf.compat.v1.nn.rnn",
        "tf.compat.v1.contrib.layers.fully_connected",
        "tf.compat.v2.nn.dynamic_rnn",
        "tf.contrib",
        "tf.nn.softmax",
        "tf.contrib.rnn.__doc__",
        "tf.contrib.rnn.BasicLSTMCell.zero_state",
        "tf.models.rnn.ptb.reader.ptb_iterator",
        "dynamic_rnn",
        "",
    ],
)
def test_what_is_no_symbol_is_not_found(path: str) -> None:
    assert find(path) is None


def test_an_unlisted_member_takes_after_its_module() -> None:
    helper = find("tf.contrib.seq2seq.python.ops.decoder._transpose_batch_time")
    assert helper is not None
    assert (helper.kind, helper.family, helper.member_family) == ("value", "seq2seq", "")
    assert state_on(helper, "1.15") == "works"
    assert state_on(helper, "2.21") == "removed"
    assert helper.replacement == ""


@pytest.mark.parametrize(
    ("path", "target", "state"),
    [
        ("tf.nn.dynamic_rnn", "0.6", "not yet"),
        ("tf.nn.dynamic_rnn", "1.15", "works"),
        ("tf.nn.dynamic_rnn", "2.0", "removed"),
        ("tf.nn.rnn", "1.0", "removed"),
        ("tf.compat.v1.nn.dynamic_rnn", "2.21", "works"),
        ("tf.compat.v1.nn.rnn_cell.GRUCell", "2.15", "works"),
        ("tf.compat.v1.nn.rnn_cell.GRUCell", "2.16", "works with tf-keras"),
        ("tf.compat.v1.nn.rnn_cell.GRUCell", "2.16.2", "works with tf-keras"),
        ("tf.contrib.rnn.NASCell", "1.9", "works"),
        ("tf.contrib.rnn.SRUCell", "1.9", "not yet"),
        ("tf.contrib.rnn.rnn_cell.LSTMCell", "0.12", "works"),
        ("tf.contrib.rnn.rnn_cell.LSTMCell", "1.0", "removed"),
        ("tf.contrib.rnn.core_rnn_cell.EmbeddingWrapper", "1.1", "works"),
        ("tf.contrib.rnn.core_rnn_cell.EmbeddingWrapper", "1.2", "removed"),
        ("tf.contrib.rnn.python.ops.core_rnn_cell.EmbeddingWrapper", "1.15", "works"),
        ("tfa.rnn.NASCell", "1.15", "not yet"),
        ("tfa.rnn.NASCell", "2.15", "works"),
        ("tfa.rnn.NASCell", "2.16", "removed"),
    ],
)
def test_the_state_depends_on_the_target(path: str, target: str, state: str) -> None:
    assert state_on(table()[path], target) == state


def test_only_the_import_of_the_v1_cells_works_without_tf_keras() -> None:
    for row in ROWS:
        assert row.import_works == row.path.startswith("tf.compat.v1.nn.rnn_cell."), row.path


def test_the_order_of_the_arguments_is_that_of_the_release() -> None:
    cell = table()["tf.nn.rnn_cell.BasicLSTMCell"]
    assert arguments_at(cell, "0.12")[:3] == ("num_units", "forget_bias", "input_size")
    assert arguments_at(cell, "1.15")[:3] == ("num_units", "forget_bias", "state_is_tuple")
    assert arguments_at(cell) == arguments_at(cell, "1.15")
    runner = table()["tf.nn.rnn"]
    assert arguments_at(runner)[:5] == (
        "cell",
        "inputs",
        "initial_state",
        "dtype",
        "sequence_length",
    )
    assert arguments_at(table()["tf.contrib.rnn"]) == ()


def test_every_runner_knows_its_arguments() -> None:
    for row in ROWS:
        if row.family in {"static", "dynamic"} and row.kind == "function":
            assert row.arguments or row.path.rpartition(".")[2].startswith("_"), row.path


def test_any_source_that_names_a_symbol_holds_one_of_the_words() -> None:
    needles = sorted(words())
    assert all(needle == needle.lower() for needle in needles)
    for row in ROWS:
        module, _, leaf = row.path.lower().rpartition(".")
        in_leaf = any(needle in leaf for needle in needles)
        in_module = any(needle in module for needle in needles)
        assert in_leaf or in_module, row.path
        if ".python." not in row.path and row.kind == "class" and row.family != "layer" and "_" not in leaf:
            assert in_leaf or leaf in {"helper", "decoder", "sampler"}, row.path


def test_no_word_is_needed_less_than_the_others() -> None:
    places = {_place(row).lower() for row in ROWS}
    needles = set(words())
    for needle in needles:
        others = needles - {needle}
        assert any(not any(other in place for other in others) for place in places), needle


def test_the_words_do_not_let_everything_through() -> None:
    innocent = "import numpy as np\nimport os, sys\ndef main():\n    return np.array([1]).mean()\n"
    assert not any(word in innocent for word in words())
    assert len(words()) < 66


@pytest.mark.parametrize("target", ["1.0", "1.15", "2.0", "2.15", "2.16", "2.21"])
def test_what_is_said_of_a_symbol_is_short(target: str) -> None:
    for row in ROWS:
        for by_import in (False, True):
            site = Site(ast.Name("name"), ast.Pass(), (row,), False, by_import)
            said = f"{row.path} {status(site, target)}"
            assert len(said) <= max(120, len(row.path) + 50), said


def test_no_note_is_cut_off_or_ends_as_a_sentence() -> None:
    for row in ROWS:
        assert not row.note.endswith((".", ";", ":")), row.path
        assert row.note.count("`") % 2 == row.replacement.count("`") % 2 == 0, row.path
