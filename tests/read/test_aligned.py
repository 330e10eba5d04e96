"""Do lines that are aligned with a bracket move with it, and no others? The oracle generates each program again."""

from __future__ import annotations

import ast
import io
import json
import tokenize
from collections.abc import Callable
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rnnlint.finding import Edit
from rnnlint.read.aligned import aligned, aligned_in
from rnnlint.read.edited import edited

Written: TypeAlias = Callable[[str, str, str], str]
"""Writes an expression for a name, behind what stands on its row, in a row of this indentation."""


def plain(text: str) -> Written:
    return lambda name, before, indent: text


def call(style: str, function: str, arguments: list[Written], behind: str) -> Written:
    def write(name: str, before: str, indent: str) -> str:
        text = f"{function.replace('old', name)}("
        if style == "hanging":
            deeper = indent + "    "
            rows = [f"{deeper}{one(name, deeper, deeper)},{behind}\n" for one in arguments]
            return f"{text}\n{''.join(rows)}{indent})"
        column = len((before + text).rpartition("\n")[2])
        # Tabs of the row stay tabs; what aligns is spaces.
        tabs = indent[: len(indent) - len(indent.lstrip("\t"))]
        deeper = tabs + " " * (column - len(tabs)) if style == "aligned" else indent + "  "
        for at, one in enumerate(arguments):
            if at:
                text += ", " if style == "flat" else f",{behind}\n{deeper}"
            row = (before + text).rpartition("\n")[2]
            text += one(name, before + text, row[: len(row) - len(row.lstrip())])
        return text + (f"\n{deeper[:-1]})" if style == "aligned" and behind and len(arguments) > 1 else ")")

    return write


LEAVES = ["x", "'old'", '"""two\n    rows"""', "{'a': 1,}", "[1]", "f'{x}('", "x[0]"]
EXPRESSIONS = st.recursive(
    st.sampled_from(LEAVES).map(plain),
    lambda inner: st.builds(
        call,
        st.sampled_from(["aligned", "aligned", "hanging", "flat", "loose"]),
        st.sampled_from(["old", "tf.old.cell", "other", "self.old"]),
        st.lists(inner, min_size=1, max_size=3),
        st.sampled_from(["", "  # (why"]),
    ),
    max_leaves=8,
)


def renamed(text: str, new: str) -> list[Edit]:
    """The edits that write another name wherever this one stands."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [
        Edit(one.start[0], one.start[1] + 1, one.end[0], one.end[1] + 1, new)
        for one in tokens
        if one.type == tokenize.NAME and one.string == "old"
    ]


@hypothesis_settings(
    max_examples=150, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
@given(
    EXPRESSIONS,
    st.sampled_from(["", "    ", "\t", "\t\t"]),
    st.sampled_from(["much.longer.name", "n", "old"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_a_program_is_laid_out_as_if_it_had_been_written_with_the_new_name(
    expression: Written, indent: str, new: str, newline: str
) -> None:
    def program(name: str) -> str:
        head = f"{indent}a, b = "
        return f"{'if x:' if indent else 'x'}\n{head}{expression(name, head, indent)}\n{indent or ''}c(1,\n  2)\n"

    before, wanted = program("old"), program(new)
    ast.parse(before)
    edits = renamed(before, new)
    data = before.replace("\n", newline).encode()
    after = edited(data, "m.py", aligned(data, "m.py", {None: edits})).decode()
    assert after == wanted.replace("\n", newline)
    cell = {"cells": [{"cell_type": "code", "source": before.splitlines(keepends=True)}]}
    notebook = json.dumps(cell, indent=1).encode()
    in_cell = [one._replace(cell=1) for one in edits]
    again = json.loads(edited(notebook, "n.ipynb", aligned(notebook, "n.ipynb", {1: in_cell} if edits else {})))
    assert "".join(again["cells"][0]["source"]) == wanted


OLD = Edit(1, 1, 1, 4, "longer")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("old(a,\n    b)", "longer(a,\n       b)"),
        ("old(a,\n   b)", "longer(a,\n   b)"),
        ("old(a,\n     b)", "longer(a,\n     b)"),
        ("old(a,\n    b +\n      c)", "longer(a,\n       b +\n         c)"),
        ("old(  # why\n    b)", "longer(  # why\n    b)"),
        ("old(a,\n    # why\n\n    b)", "longer(a,\n       # why\n\n       b)"),
        ("old(a,\n\tb)", "longer(a,\n\tb)"),
        ("old(a, '''\n    b''')", "longer(a, '''\n    b''')"),
        ("old(a, \\\n    b)", "longer(a, \\\n       b)"),
        ("old(a,\r    b)\r", "longer(a,\r       b)\r"),
        ("old[a,\n    b\n   ]", "longer[a,\n       b\n      ]"),
        ("old(a,\n    ''' \n    ''', c(d,\n    e))", "longer(a,\n       ''' \n    ''', c(d,\n    e))"),
        ("old(a,\n    b(c,\n      d))", "longer(a,\n       b(c,\n         d))"),
        ("old(a)\nb = 'it\n    c)", "longer(a)\nb = 'it\n    c)"),
    ],
)
def test_rows_move_where_they_were_aligned(before: str, after: str) -> None:
    assert edited(before.encode(), "m.py", aligned(before.encode(), "m.py", {None: [OLD]})).decode() == after


def test_rows_that_an_edit_changes_itself_or_whose_bracket_goes_stay() -> None:
    text = "old(a,\n    b,\n    c)\n"
    for edits in ([OLD, Edit(2, 1, 2, 6, "bb")], [Edit(1, 1, 1, 7, "x(a,")], [OLD, Edit(1, 7, 2, 5, " ")]):
        found = aligned_in(text, "m.py", edits)
        assert all(one in edits or one.row == 3 for one in found)
    assert len(aligned_in(text, "m.py", [Edit(1, 1, 1, 7, "x(a,")])) == 1


def test_less_indentation_than_is_to_go_stays() -> None:
    text = "if x:\n\told(a,\n\t    b)\n"
    short = [Edit(2, 2, 2, 5, "n")]
    assert edited(text.encode(), "m.py", {None: aligned_in(text, "m.py", short)}) == b"if x:\n\tn(a,\n\t  b)\n"
