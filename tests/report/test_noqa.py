"""Do comments silence what they name, and nothing else? And which of them silence nothing?"""

from __future__ import annotations

import pytest

from rnnlint.report.noqa import directives, sift
from rnnlint.report.unused_noqa import unused

NAMES = {"RNN101": "legacy-static-runner", "RNN102": "legacy-dynamic-runner", "RNN103": "legacy-cell"}


@pytest.fixture
def kept(make):
    """Whether a finding of RNN102 in a row of the text is kept."""

    def is_kept(text, row=1, **changes):
        return bool(sift([make(row=row, **changes)], directives(text.split("\n"))).kept)

    return is_kept


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "#noqa",
        "#  NoQA",
        "# noqa: RNN102",
        "# noqa:RNN102",
        "# noqa : RNN102",
        "# noqa: rnn102",
        "# noqa: RNN101,RNN102",
        "# noqa: RNN101, RNN102",
        "# noqa: RNN101 RNN102",
        "# noqa: E501,RNN102",
        "# noqa: RNN1",
        "# noqa: RNN",
        "# noqa: legacy-dynamic-runner",
        "# noqa: E501, Legacy-Dynamic-Runner",
        "# noqa: RNN102 because the graph is frozen",
        "# noqa: RNN102, kept for old models",
        "# type: ignore  # noqa: RNN102",
        "# noqa: E501 # noqa: RNN102",
        "# noqa: because the graph is frozen",
        "# noqa -- the graph is frozen",
    ],
)
def test_a_comment_silences_its_line(kept, comment):
    assert not kept(f"x = dynamic_rnn()  {comment}")


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa: RNN101",
        "# noqa: RNN2",
        "# noqa: E501",
        "# noqa: E501,W291",
        "# noqa: legacy-cell",
        "# noqa: import-error",
        "# noqa-file",
        "# noqabout",
        "# no qa",
        "# pylint: disable=all",
        "# ruff: noqa",
        "# rnnlint: noqa",
        "# flake8: noqa",
    ],
)
def test_a_comment_for_something_else_silences_nothing(kept, comment):
    assert kept(f"x = dynamic_rnn()  {comment}")


def test_only_the_line_with_the_comment_is_silenced(kept):
    text = "x = dynamic_rnn(\n    cell,  # noqa\n)\n"
    assert kept(text, row=1)
    assert not kept(text, row=2)
    assert kept(text, row=3)


def test_words_in_strings_are_no_comments(kept):
    assert kept('x = dynamic_rnn("# noqa")')
    assert kept('"""\n# rnnlint: noqa\n"""\nx = dynamic_rnn()', row=4)
    assert kept('x = f"{dynamic_rnn()} # noqa"')


def test_a_comment_after_a_string_over_several_lines_applies_to_all_of_them(kept):
    text = 'x = dynamic_rnn("""\na\nb""")  # noqa: RNN102\ny = dynamic_rnn()'
    assert not kept(text, row=1)
    assert not kept(text, row=2)
    assert not kept(text, row=3)
    assert kept(text, row=4)


def test_a_comment_after_a_backslash_applies_to_the_joined_lines(kept):
    text = "x = \\\n    dynamic_rnn()  # noqa\ny = 1"
    assert not kept(text, row=1)
    assert not kept(text, row=2)
    assert kept(text, row=3)


@pytest.mark.parametrize(
    "comment",
    [
        "# rnnlint: noqa",
        "#rnnlint:noqa",
        "    # rnnlint: noqa: RNN102",
        "# rnnlint: noqa: legacy-dynamic-runner",
        "# flake8: noqa",
        "# flake8: noqa: RNN1",
        "# FLAKE8: NOQA: E501, RNN102",
    ],
)
def test_a_comment_on_its_own_line_silences_the_file(kept, comment):
    assert not kept(f"x = 1\n{comment}\ny = 1\n", row=1)
    assert not kept(f"x = 1\n{comment}\ny = 1\n", row=3)


@pytest.mark.parametrize("comment", ["# rnnlint: noqa: RNN101", "# flake8: noqa: E501", "# noqa", "# ruff: noqa"])
def test_a_file_comment_for_something_else_leaves_the_file(kept, comment):
    assert kept(f"{comment}\nx = dynamic_rnn()", row=2)


@pytest.mark.parametrize(
    "text",
    [
        'print "it\'s", `x`, 0777, ur"#"  # noqa: RNN102\nprint "# noqa"',
        "%matplotlib inline\nx = f(  # noqa\n",
        "x = (  # noqa\n",
        "    x = 1  # noqa\n  y\n z\n",
        "x = '''  # noqa\n",
        "\x00 # noqa",
    ],
)
def test_text_that_python_cannot_tokenize_still_has_comments(text):
    assert directives(text.split("\n"))


def test_python_2_rows_are_joined_and_distinguished_as_in_python_3(kept):
    text = "print `1`\nx = dynamic_rnn('''\n''')  # noqa\nif (a <>\n  b): # noqa\n  c"
    assert [kept(text, row=row) for row in range(1, 7)] == [True, False, False, True, False, True]
    assert kept('print "# noqa", `1`, ur"x"')


def test_notebook_rows_count_in_their_cell(make):
    cells = ((1, 1), (1, 2), (4, 1))
    noqas = directives(["x = 1", "y = 1  # noqa", "z = 1"])
    findings = [make(cell=1, row=1), make(cell=1, row=2), make(cell=4, row=1)]
    sifted = sift(findings, noqas, cells)
    assert [(f.cell, f.row) for f in sifted.kept] == [(1, 1), (4, 1)]
    assert [(f.cell, f.row) for f in sifted.silenced] == [(1, 2)]


@pytest.fixture
def idle(make):
    """The findings about comments of a text in which some rows have a finding of RNN102."""

    def found(text, *rows, enabled=NAMES, cells=()):
        lines = text.split("\n")
        noqas = directives(lines)
        sifted = sift([make(row=row) for row in rows], noqas, cells)
        return list(unused(noqas, sifted.used, enabled, NAMES, "a.py", lines, cells))

    return found


def without(text, finding):
    """The text's line after the fix."""
    (edit,) = finding.fix.edits
    line = text.split("\n")[edit.row - 1]
    return line[: edit.column - 1] + edit.content + line[edit.end_column - 1 :]


def test_a_comment_that_silences_nothing_is_reported_where_it_stands(idle):
    (finding,) = idle("x = 1\ny = 1  # noqa: RNN102")
    assert (finding.code, finding.name, finding.row) == ("RNN100", "unused-noqa", 2)
    assert (finding.column, finding.end_column) == (8, 22)
    assert "RNN102" in finding.message


def test_a_comment_that_silences_something_is_not_reported(idle):
    assert idle("x = 1  # noqa: RNN102", 1) == []
    assert idle("# rnnlint: noqa: RNN102\nx = 1", 2) == []
    assert idle("x = 1  # noqa: legacy-dynamic-runner", 1) == []


def test_comments_that_others_may_need_are_never_reported(idle):
    assert idle("x = 1  # noqa") == []
    assert idle("x = 1  # noqa: E501, W0611") == []
    assert idle("# rnnlint: noqa\n# flake8: noqa\nx = 1") == []
    assert idle("x = 1  # noqa: RNN901") == []
    assert idle("x = 1  # noqa: some-other-name") == []


def test_rules_that_did_not_run_are_never_reported(idle):
    enabled = {"RNN101": NAMES["RNN101"]}
    assert idle("x = 1  # noqa: RNN102", enabled=enabled) == []
    assert idle("x = 1  # noqa: RNN1", enabled=enabled) == []
    assert len(idle("x = 1  # noqa: RNN101", enabled=enabled)) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1  # noqa: RNN101", "x = 1"),
        ("x = 1  # noqa: RNN101, E501", "x = 1  # noqa: E501"),
        ("x = 1  # noqa: E501,RNN101", "x = 1  # noqa: E501"),
        ("x = 1  # noqa: RNN101,RNN102", "x = 1  # noqa: RNN102"),
        ("x = 1  # type: ignore  # noqa: RNN101", "x = 1  # type: ignore"),
        ("x = 1  # noqa: RNN101  # type: ignore", "x = 1  # type: ignore"),
        ("x = 1  # noqa: RNN101 old models", "x = 1  # old models"),
        ("x = 1  # noqa: RNN101, old models", "x = 1  # old models"),
        ("# rnnlint: noqa: RNN101", ""),
        ("x = 'ü'  # noqa: legacy-static-runner", "x = 'ü'"),
    ],
)
def test_the_fix_takes_out_what_is_idle_and_keeps_the_rest(idle, before, after):
    (finding,) = idle(before, 1)
    assert finding.fix.applicability == "safe"
    assert without(before, finding) == after


def test_idle_comments_in_notebooks_are_reported_by_cell(idle):
    (finding,) = idle("x = 1\ny = 1  # noqa: RNN101", cells=((2, 1), (5, 1)))
    assert (finding.cell, finding.row, finding.fix.edits[0].row) == (5, 1, 1)
