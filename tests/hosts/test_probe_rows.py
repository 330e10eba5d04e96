"""Is a run judged rightly beside what the linter says? Records and findings are written down here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rnnlint.hosts.command_line.probe_rows import Row, rows
from rnnlint.hosts.command_line.probe_said import Said, Statement, statement
from rnnlint.hosts.command_line.probe_table import as_text
from rnnlint.probe.watch.record import Place, Record, Run, Watched, from_json, to_json
from rnnlint.report.color import painter

RUN = Run(10, 200, "graph", False, False, False, 1, 0.25)
RAN = Watched("static", "tf.compat.v1.nn.static_rnn", True, (Place("a.py", 5, 3),), "", (RUN,))
SAID = Said("static", "tf.nn.static_rnn", "a.py", 5, 3, 5, 5, ("RNN101", "RNN201"), 10, 200)
LAYER = replace(RAN, sort="layer", api="LSTM")
SAID_LAYER = replace(SAID, sort="layer", api="tf.keras.layers.LSTM", codes=("RNN202",))
LOOP = replace(RAN, sort="loop", api="LSTMCell", places=(Place("a.py", 7, 5),))
SAID_LOOP = replace(SAID, sort="loop", api="python-loop", codes=("RNN203",), row=6, first=6, last=8, column=1)


def ran(watched: Watched, *runs: Run) -> Watched:
    return replace(watched, runs=runs)


def judged(
    said: list[Said], *calls: Watched, record: Record | None = None, named: frozenset = frozenset()
) -> list[Row]:
    return rows(replace(record or Record(), calls=calls), Statement(tuple(said), named))


def verdict(said: Said | None, *calls: Watched) -> tuple[str, str]:
    (row,) = judged([said] if said else [], *calls)
    return row.verdict, row.note


def test_the_same_length_and_operations_are_confirmed() -> None:
    assert verdict(SAID, RAN) == ("confirmed", "")
    assert verdict(replace(SAID, ops=None), RAN) == ("confirmed", "")


def test_another_length_is_wrong() -> None:
    assert verdict(SAID, ran(RAN, replace(RUN, steps=11))) == ("wrong length", "")
    assert verdict(SAID, ran(RAN, RUN, replace(RUN, steps=11))) == ("wrong length", "")


def test_other_operations_are_wrong_unless_one_call_adds_what_was_said() -> None:
    assert verdict(SAID, ran(RAN, replace(RUN, ops=201))) == ("wrong operations", "")
    # A second call of a cell that has its variables adds fewer.
    assert verdict(SAID, ran(RAN, RUN, replace(RUN, ops=180))) == ("confirmed", "")


def test_what_did_not_run_is_not_reached() -> None:
    assert verdict(SAID) == ("not reached", "")
    assert verdict(SAID, ran(RAN, replace(RUN, where="raised", ops=None))) == ("not reached", "the call raised")
    (row,) = judged([SAID], record=Record(raised="ValueError: oh", status=1))
    assert (row.verdict, row.note) == ("not reached", "the program ended before")


def test_a_length_that_no_one_shows_is_unknown() -> None:
    assert verdict(replace(SAID, length=None, ops=None, codes=("RNN204",)), RAN) == ("length unknown", "")


def test_what_runs_in_silence_is_missed_if_it_is_legacy_or_unrolls() -> None:
    assert verdict(None, RAN) == ("missed", "")
    assert verdict(None, replace(RAN, sort="dynamic", unrolled=False)) == ("missed", "")
    assert verdict(None, LAYER) == ("missed", "")
    assert verdict(None, LOOP) == ("missed", "")
    assert verdict(None, replace(LAYER, unrolled=False)) == ("no unroll", "")
    assert verdict(None, replace(RAN, library="seq2seq")) == ("in a library", "")


def test_one_call_of_a_cell_and_an_eager_loop_are_no_unroll() -> None:
    assert judged([], ran(LOOP, replace(RUN, steps=1))) == []
    assert judged([], ran(LOOP, replace(RUN, where="eager", ops=None))) == []


def test_a_name_that_is_reported_where_it_is_bound_is_not_missed() -> None:
    dynamic = replace(RAN, sort="dynamic", api="tf.compat.v1.nn.dynamic_rnn", unrolled=False)
    named = frozenset({("a.py", "tf.nn.dynamic_rnn"), ("a.py", "tf.nn.static_rnn")})
    assert [row.verdict for row in judged([], dynamic, named=named)] == ["confirmed"]
    assert [row.verdict for row in judged([], RAN, named=named)] == ["length unknown"]
    assert [row.verdict for row in judged([], dynamic, named=frozenset({("b.py", "tf.nn.dynamic_rnn")}))] == ["missed"]


def test_a_dynamic_runner_is_confirmed_whatever_its_length() -> None:
    said = replace(SAID, sort="dynamic", length=None, ops=None, codes=("RNN102",))
    call = ran(replace(RAN, sort="dynamic", unrolled=False), RUN, replace(RUN, steps=None))
    assert verdict(said, call) == ("confirmed", "")


def test_two_calls_on_one_line_are_distinguished() -> None:
    other = replace(SAID, column=40, length=4, ops=50)
    first, second = RAN, replace(RAN, places=(Place("a.py", 5, 40),), runs=(replace(RUN, steps=4, ops=50),))
    assert [row.verdict for row in judged([SAID, other], second, first)] == ["confirmed", "confirmed"]
    # By the length if Python does not know the column.
    blind = [replace(one, places=(Place("a.py", 5),)) for one in (second, first)]
    assert [row.verdict for row in judged([SAID, other], *blind)] == ["confirmed", "confirmed"]


def test_the_row_of_a_statement_will_do_where_the_column_is_not_known() -> None:
    said = replace(SAID, row=8, first=5, last=9)
    assert verdict(said, replace(RAN, places=(Place("a.py", 5),))) == ("confirmed", "")
    assert [row.verdict for row in judged([said], RAN)] == ["missed", "not reached"]


def test_a_layer_is_where_it_was_made_and_its_longest_use_counts() -> None:
    made = replace(LAYER, places=(Place("b.py", 1), Place("a.py", 5, 3)))
    assert verdict(SAID_LAYER, made) == ("confirmed", "")
    assert verdict(SAID_LAYER, ran(LAYER, RUN, replace(RUN, steps=4, ops=90))) == ("confirmed", "")
    assert verdict(SAID_LAYER, replace(LAYER, unrolled=False)) == ("wrong length", "it ran in a graph loop")


def test_both_directions_of_a_layer_are_reached_by_one_call() -> None:
    back = replace(SAID_LAYER, row=6)
    both = replace(LAYER, api="Bidirectional(LSTM)", places=(Place("a.py", 5, 3), Place("a.py", 6, 3)))
    assert [row.verdict for row in judged([SAID_LAYER, back], both)] == ["confirmed", "confirmed"]


def test_graphs_count_before_keras_inputs_and_these_before_eager_calls() -> None:
    eager, symbolic = (replace(RUN, steps=3, ops=None, where=where) for where in ("eager", "symbolic"))
    assert verdict(SAID_LAYER, ran(LAYER, eager, symbolic, RUN)) == ("confirmed", "")
    assert verdict(SAID_LAYER, ran(LAYER, eager, replace(symbolic, steps=10))) == (
        "confirmed", "called on a Keras input only",
    )  # fmt: skip
    assert verdict(SAID_LAYER, ran(LAYER, replace(eager, steps=10))) == (
        "confirmed", "it ran eagerly, without a graph",
    )  # fmt: skip


def test_operations_of_keras_are_compared_where_they_can_be() -> None:
    made = replace(RUN, ops=260, made_variables=True)
    assert verdict(SAID_LAYER, ran(LAYER, made, RUN)) == ("confirmed", "")
    assert verdict(SAID_LAYER, ran(LAYER, made)) == ("confirmed", "created its variables: operations not compared")
    known = replace(RUN, ops=190, batch_known=True)
    assert verdict(SAID_LAYER, ran(LAYER, known)) == ("confirmed", "in a graph with a fixed batch size")
    assert verdict(SAID_LAYER, ran(LAYER, known, replace(RUN, ops=199))) == ("wrong operations", "")


def test_operations_of_a_legacy_cell_come_with_its_variables() -> None:
    cell = ran(LOOP, replace(RUN, ops=260, made_variables=True))
    assert verdict(SAID_LOOP, replace(cell, api="tf.compat.v1.nn.rnn_cell.GRUCell")) == ("wrong operations", "")
    assert verdict(replace(SAID_LOOP, ops=260), replace(cell, api="tf.compat.v1.nn.rnn_cell.GRUCell"))[0] == "confirmed"


def test_a_loop_is_the_innermost_around_the_line() -> None:
    outer = replace(SAID_LOOP, row=2, first=2, last=9, length=3, ops=None)
    assert [row.verdict for row in judged([outer, SAID_LOOP], LOOP)] == ["not reached", "confirmed"]


def test_a_loop_that_ran_at_once_put_nothing_into_a_graph() -> None:
    eager = ran(LOOP, replace(RUN, where="eager", ops=None))
    assert verdict(SAID_LOOP, eager) == ("wrong length", "it ran eagerly, without a graph")


@pytest.mark.parametrize(("steps", "nested", "expected"), [
    (30, True, "confirmed"), (30, False, "wrong length"), (25, True, "wrong length"),
])  # fmt: skip
def test_a_loop_in_a_loop_runs_several_times(steps: int, nested: bool, expected: str) -> None:
    assert verdict(replace(SAID_LOOP, nested=nested), ran(LOOP, replace(RUN, steps=steps)))[0] == expected


def test_places_are_shown_in_the_order_of_the_files() -> None:
    other = replace(RAN, places=(Place("a.py", 9),))
    found = judged([replace(SAID, filename="b.py", row=1), SAID], RAN, other)
    assert [(row.place.filename, row.place.row) for row in found] == [("a.py", 5), ("a.py", 9), ("b.py", 1)]


def test_a_record_survives_json() -> None:
    record = Record((RAN, LOOP), ("a.py",), {"python": "3.12.1"}, 3, 1, "ValueError: oh")
    assert from_json(to_json(record)) == record


def test_the_table_shows_how_it_ended() -> None:
    record = Record(calls=(RAN,), versions={"python": "3.12.1", "tensorflow": "2.21.0"}, status=1, raised="E: \x1b[2J")
    text = "".join(as_text(judged([SAID], RAN), record, ".", painter(False)))
    assert "a.py:5  static_rnn  10 steps, 200 ops  10 steps, 200 ops, 0.25 s  confirmed\n" in text
    assert "1 place: 1 confirmed. Python 3.12.1, TensorFlow 2.21.0.\n" in text
    assert "\x1b" not in text


# ---- what the linter says


def said_of(path: Path, text: str, tensorflow: str = "2.21.0", keras: int = 3) -> Statement:
    path.write_text(text, encoding="utf-8")
    return statement([str(path)], tensorflow, keras)


def test_what_is_said_of_a_call_is_one_with_its_codes_and_rows(tmp_path: Path) -> None:
    text = "import tensorflow as tf\nif tf:\n    y = (\n        tf.nn\n        .static_rnn(c, [0] * 7)\n    )\n"
    (said,) = said_of(tmp_path / "a.py", text).said
    assert (said.sort, said.row, said.first, said.last) == ("static", 5, 3, 6)
    assert (said.codes, said.length) == (("RNN101", "RNN201"), 7)


def test_a_name_without_a_call_is_no_place(tmp_path: Path) -> None:
    text = "import tensorflow as tf\nrun = tf.nn.dynamic_rnn\nrun(c, x)\n"
    told = said_of(tmp_path / "a.py", text)
    assert told.said == ()
    assert told.named == {(str(tmp_path / "a.py"), "tf.nn.dynamic_rnn")}


def test_loops_know_their_rows_and_the_loops_around_them(tmp_path: Path) -> None:
    text = (
        "import tensorflow as tf\ncell = tf.nn.rnn_cell.GRUCell(4)\nwith tf.Graph().as_default():\n"
        "    for n in range(2):\n        for t in range(5):\n            out, state = cell(x[:, t], state)\n"
        "    for t in range(6):\n        out, state = cell(x[:, t], state)\n"
    )
    loops = [one for one in said_of(tmp_path / "a.py", text).said if one.sort == "loop"]
    assert [(one.row, one.last, one.length, one.nested) for one in loops] == [(5, 6, 5, True), (7, 8, 6, False)]


def test_a_file_that_cannot_be_read_is_a_problem_and_no_end(tmp_path: Path) -> None:
    told = statement([str(tmp_path / "none.py")], "2.21.0", 3)
    assert told.said == ()
    assert "no such file or folder" in str(told.problems[0])


def test_keras_2_on_a_newer_tensorflow_is_passed_to_the_linter(tmp_path: Path) -> None:
    text = "from tensorflow import keras\nx = keras.Input((5, 3))\ny = keras.layers.GRU(4, unroll=True)(x)\n"
    counted = [said_of(tmp_path / "a.py", text, "2.21.0", keras).said[0].ops for keras in (2, 3)]
    assert None not in counted and counted[0] < counted[1]


def test_the_newest_release_is_meant_where_the_program_imported_none(tmp_path: Path) -> None:
    assert said_of(tmp_path / "a.py", "import tensorflow as tf\ntf.nn.static_rnn(c, [0] * 7)\n", "").said[0].length == 7


# ---- padding without a mask

PLAIN = replace(RAN, sort="layer", api="LSTM", unrolled=False)
UNMASKED = replace(SAID, sort="mask", api="tf.keras.layers.LSTM", codes=("RNN301",), length=None, ops=None)
MASKED = replace(RUN, masked=True, ops=None)


def of_mask(said: Said, *calls: Watched) -> tuple[str, str]:
    """The rows about masks, without the row that says the layer is not unrolled."""
    (row,) = (row for row in judged([said], *calls) if row.sort == "mask")
    return row.verdict, row.note


def test_a_layer_without_a_mask_is_confirmed_and_one_that_got_a_mask_is_not() -> None:
    assert of_mask(UNMASKED, ran(PLAIN, RUN))[0] == "confirmed"
    assert of_mask(UNMASKED, ran(PLAIN, RUN, replace(MASKED, calls=2))) == ("confirmed", "2 of 3 calls had a mask")
    assert of_mask(UNMASKED, ran(PLAIN, MASKED)) == ("masked", "each call had a mask or lengths")


def test_a_layer_that_is_reported_where_it_is_called_is_found_there() -> None:
    made_above = replace(PLAIN, places=(Place("a.py", 2, 1),), runs=(replace(MASKED, called=Place("a.py", 5, 3)),))
    elsewhere = replace(PLAIN, places=(Place("b.py", 2, 1),))
    assert of_mask(UNMASKED, made_above, elsewhere)[0] == "masked"


def test_a_mask_is_not_asked_of_what_did_not_run_or_is_in_a_library() -> None:
    assert verdict(UNMASKED) == ("not reached", "")
    assert verdict(UNMASKED, ran(PLAIN, replace(RUN, where="raised"))) == ("not reached", "the call raised")
    (row,) = judged([UNMASKED], record=Record(raised="ValueError: oh", status=1))
    assert (row.verdict, row.note) == ("not reached", "the program ended before")
    others = (replace(PLAIN, library="keras_hub"), LOOP)
    assert judged([UNMASKED], *others)[0].verdict == "not reached"


def test_the_table_says_what_had_a_mask_what_was_a_loop_and_which_processes_were_seen() -> None:
    record = Record(calls=(ran(PLAIN, MASKED),), versions={"python": "3.12.1"}, children=2, strangers=1)
    text = "".join(as_text(judged([UNMASKED], ran(PLAIN, MASKED)), record, ".", painter(False)))
    assert "no mask" in text
    assert "masked" in text
    assert "2 processes" in text
    assert "1 Python process" in text
    text = "".join(as_text(judged([SAID_LOOP], LOOP), Record(calls=(LOOP,), strangers=3), ".", painter(False)))
    assert "loop over LSTMCell" in text
    assert "3 Python processes" in text
    eager = replace(RUN, where="eager", ops=None, steps=None)
    text = "".join(as_text(judged([SAID], ran(RAN, eager)), Record(calls=(RAN,)), ".", painter(False)))
    assert "any length" in text


def test_padding_without_a_mask_is_said_of_the_call(tmp_path: Path) -> None:
    text = (
        "import tensorflow as tf\nids = tf.keras.preprocessing.sequence.pad_sequences(texts)\n"
        "x = tf.keras.layers.Embedding(9, 4)(ids)\ny = tf.keras.layers.LSTM(4)(x)\n"
    )
    assert "mask" in {one.sort for one in said_of(tmp_path / "a.py", text).said}
