"""Can a person read the report? Full blocks, single lines, colours, awkward characters."""

import json

from rnnlint.finding import Edit, Fix, Origin
from rnnlint.report import color, statistics
from rnnlint.report.excerpt import WIDEST, draw, printable
from rnnlint.report.run import Run


def test_full_shows_the_line_the_marker_the_name_and_the_replacement(make, show):
    assert show("full", make()) == (
        "RNN102 tf.nn.dynamic_rnn was removed in TensorFlow 2.0\n"
        "  --> model.py:12:7\n"
        "   |\n"
        "12 | out = tf.nn.dynamic_rnn(cell, x)\n"
        "   |       ^^^^^^^^^^^^^^^^^ legacy-dynamic-runner\n"
        "   |\n"
        "   = help: use `tf.keras.layers.RNN(cell)`\n"
        "\n"
        "Found 1 finding in 1 file.\n"
    )


def test_full_shows_where_an_alias_comes_from_and_which_fix_there_is(make, show):
    fix = Fix("Replace with RNN", "safe", (Edit(12, 7, 12, 24, "RNN"),))
    text = show("full", make(because=(Origin("model.py", 3, "  rnn = tf.nn"),), fix=fix))
    assert "   = because: model.py:3: rnn = tf.nn\n" in text
    assert "   = fix: Replace with RNN\n" in text


def test_full_of_a_message_without_advice_has_no_help_line(make, show):
    assert "help" not in show("full", make(message="Unrolled 500 times", help=""))


def test_full_without_a_source_line_still_names_the_place(make, show):
    text = show("full", make(line=""))
    assert "--> model.py:12:7" in text
    assert "^" not in text


def test_full_marks_a_finding_over_several_rows_to_the_end_of_its_first(make, show):
    assert f"|       {'^' * 26} legacy" in show("full", make(end_row=14, end_column=2))


def test_concise_is_one_line_that_editors_understand(make, show):
    assert show("concise", make()) == (
        "model.py:12:7: RNN102 tf.nn.dynamic_rnn was removed in TensorFlow 2.0; use `tf.keras.layers.RNN(cell)`\n"
        "Found 1 finding in 1 file.\n"
    )


def test_notebooks_name_the_cell(make, show):
    assert show("concise", make(filename="a.ipynb", cell=3)).startswith("a.ipynb:cell 3:12:7: RNN102")


def test_the_summary_counts_findings_and_files(make, show):
    text = show("concise", make(), make(row=13), make(filename="other.py"))
    assert text.endswith("Found 3 findings in 2 files.\n")


def test_quiet_leaves_the_summary_out(make, show):
    assert "Found" not in show("concise", make(), quiet=True)
    assert show("full", quiet=True) == ""


def test_a_clean_run_is_praised_unless_files_could_not_be_read(show):
    assert show("full") == "All checks passed!\n"
    assert show("full", problems=[object()]) == ""


def test_paths_inside_the_current_folder_are_short_and_others_as_given(make, show, tmp_path):
    inside = show("concise", make(filename=str(tmp_path / "src" / "a.py")))
    assert inside.startswith("src/a.py:12")
    outside = str(tmp_path.parent / "b.py")
    assert show("concise", make(filename=outside)).startswith(f"{outside}:12")


def test_colours_come_on_request_only(make, show):
    assert "\x1b[" in show("full", make(), color=True)
    assert "\x1b[" in show("concise", make(), color=True)
    assert "\x1b[" not in show("full", make())


def test_the_flag_wins_over_the_environment_and_that_over_the_terminal():
    assert color.wanted("always", False, {"NO_COLOR": "1"})
    assert not color.wanted("never", True, {"FORCE_COLOR": "1"})
    assert color.wanted("auto", True, {})
    assert not color.wanted("auto", True, {"NO_COLOR": "1"})
    assert color.wanted("auto", False, {"FORCE_COLOR": "1"})
    assert not color.wanted("auto", False, {"FORCE_COLOR": "0"})
    assert not color.wanted("auto", True, {"TERM": "dumb"})
    assert color.wanted("auto", True, {"NO_COLOR": ""})


def test_a_marker_stands_below_its_text_behind_tabs_and_wide_characters():
    line, marker = draw("\tx = f()", 6, 7)
    assert line.index("f") == marker.index("^")
    assert draw("名前 = f()", 6, 7) == ("名前 = f()", "       ^")
    assert draw("e\u0301 = f()", 6, 7) == ("e\u0301 = f()", "    ^")


def test_a_very_long_line_is_cut_around_the_marker():
    line, marker = draw("a" * 5000 + "HERE" + "b" * 5000, 5001, 5005)
    assert len(line) <= WIDEST + 6
    start = marker.index("^")
    assert line[start : start + 4] == "HERE"
    assert line.startswith("...")
    assert line.endswith("...")


def test_a_column_beyond_the_line_does_not_break_the_drawing():
    assert draw("ab", 40, 50) == ("ab", "  ^")
    assert draw("", 1, 1) == ("", "^")


def test_control_characters_cannot_reach_the_terminal(make, show):
    assert "\x1b" not in printable("a\x1b[31mb")
    assert "\x1b" not in show("full", make(line="x = 1 # \x1b[2J", message="\x1b[2J", filename="\x1b[2J.py"))
    assert "\u202e" not in draw("a\u202eb", 1, 2)[0]


def test_statistics_count_each_rule_the_most_frequent_first(make):
    fix = Fix("x", "safe", ())
    findings = [make(row=row) for row in range(1, 13)] + [make(code="RNN103", name="legacy-cell", fix=fix)]
    run = Run(findings, ".", ".")
    assert "".join(statistics.as_text(run, "rule")) == (
        "12\tRNN102\t[ ] legacy-dynamic-runner\n 1\tRNN103\t[*] legacy-cell\nFound 13 findings in 1 file.\n"
        "[*] 1 can be fixed with --fix.\n"
    )
    assert '"count": 12' in "".join(statistics.as_json(run, "rule"))


def test_statistics_count_by_api_and_by_file_too(make):
    findings = [make(), make(row=13), make(filename="b/other.py", api="tf.nn.static_rnn")]
    run = Run(findings, ".", ".")
    assert "".join(statistics.as_text(run, "api")) == (
        "2\ttf.nn.dynamic_rnn\n1\ttf.nn.static_rnn\nFound 3 findings in 2 files.\n"
    )
    assert "".join(statistics.as_text(run, "file")).startswith("2\tmodel.py\n1\tb/other.py\n")
    assert json.loads("".join(statistics.as_json(run, "file")))[1] == {
        "file": "b/other.py",
        "count": 1,
        "fixable": False,
    }
    assert json.loads("".join(statistics.as_json(run, "api")))[0]["api"] == "tf.nn.dynamic_rnn"


def test_grouped_shows_a_file_once_and_an_import_with_its_uses_below(make, show):
    imported = make(row=2, column=5, is_import=True, message="x was removed; use `y`", help="use `y`")
    use = make(row=20, import_place=(0, 2, 5), message="x was removed; see its import on line 2 for what to use")
    text = show("grouped", imported, make(row=7, message="z"), use, make(filename="other.py", message="w"))
    assert text == (
        "model.py:\n"
        "  2:5    RNN102 x was removed; use `y`\n"
        "    20:7 RNN102 x was removed; see its import on line 2 for what to use\n"
        "  7:7    RNN102 z\n"
        "\n"
        "other.py:\n"
        "  12:7 RNN102 w\n"
        "\n"
        "Found 4 findings in 2 files: 1 import, 3 other places.\n"
    )


def test_a_use_that_repeats_its_import_does_not_show_the_import_twice(make, show):
    place = Origin("model.py", 2, "from tensorflow.nn import dynamic_rnn")
    other = Origin("compat.py", 9, "nn = tf.nn")
    text = show("full", make(because=(place, other), import_place=(0, 2, 5), repeats_import=True))
    assert "because: compat.py:9: nn = tf.nn\n" in text
    assert "model.py:2:" not in text


def test_because_names_the_cell_of_a_notebook(make, show):
    text = show("full", make(filename="n.ipynb", cell=3, because=(Origin("n.ipynb", 2, "steps = 100", 1),)))
    assert "= because: n.ipynb:cell 1:2: steps = 100\n" in text
