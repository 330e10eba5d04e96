"""Are the cells of a notebook one module, and is every place found again in its cell?"""

from __future__ import annotations

import ast
import json

import pytest

from rnnlint.read.source import Place, Source, SourceError, from_bytes


def notebook(*cells: str | list[str] | dict[str, object], **metadata: object) -> bytes:
    """A notebook of nbformat 4; a dictionary is a cell as it stands in the file."""
    full = [cell if isinstance(cell, dict) else {"cell_type": "code", "source": cell} for cell in cells]
    return json.dumps({"cells": full, "metadata": metadata, "nbformat": 4}).encode()


def read(*cells: str | list[str] | dict[str, object], **metadata: object) -> Source:
    return from_bytes(notebook(*cells, **metadata), "a.ipynb")


def names(source: Source) -> dict[str, tuple[int | None, int, int]]:
    """Cell, row and column of the names, which must be written there."""
    result = {}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name):
            place = source.place(node.lineno, node.col_offset)
            assert source.line_at(place)[place.column - 1 :].startswith(node.id)
            result[node.id] = (place.cell, place.row, place.column)
    return result


MARKDOWN: dict[str, object] = {"cell_type": "markdown", "source": "# x = 1"}


def test_cells_are_counted_over_all_cells_and_rows_within_one() -> None:
    source = read("a = 1", MARKDOWN, ["b = 2\n", "é = c = 3"], "", "d = 4\n")
    assert names(source) == {"a": (1, 1, 1), "b": (3, 1, 1), "é": (3, 2, 1), "c": (3, 2, 5), "d": (5, 1, 1)}
    assert source.dialect == "notebook"
    assert source.problems == []
    assert source.text == "a = 1\nb = 2\né = c = 3\nd = 4\n"


def test_a_place_outside_of_all_cells_has_no_line() -> None:
    assert read("a = 1").line_at(Place(2, 1, 1)) == ""
    assert read("a = 1").line_at(Place(1, 1, 7)) == ""


def test_the_formats_before_4_are_read() -> None:
    cells = [
        {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python"},
        {"cell_type": "heading", "source": "x"},
        {"cell_type": "code", "input": "c = 3", "language": "julia"},
    ]
    document = {"worksheets": [{"cells": cells}, {"cells": cells[:1]}], "nbformat": 3}
    source = from_bytes(json.dumps(document).encode(), "a.ipynb")
    assert names(source) == {"a": (4, 1, 1), "b": (4, 2, 1)}


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "!pip install 'tensorflow<2",
        "?tf.nn",
        "tf.nn.rnn?",
        "tf.nn??  # what",
        "%cd /x",
        "!ls (a",
        "  %x  ",
        "%load_ext tensorboard",
        "!!ls",
        "%pylab inline # '''",
        "!pip install \\\n  'a' (",
    ],
)
def test_commands_for_ipython_are_passed_over(line: str) -> None:
    source = read(f"if x:\n    {line}\nb = 2")
    assert source.problems == []
    assert names(source)["b"] == (1, 2 + line.count("\n") + 1, 1)


def test_what_only_looks_like_a_command_is_python() -> None:
    source = read("a = ('%d'\n%b, '''\n!c\n%d\n''', e  # (\n)\nf = x % \\\n%g\n".replace("% \\\n%", "\\\n% "))
    assert names(source).keys() >= {"a", "b", "e", "f", "g"}
    assert source.problems == []


def test_an_assigned_command_still_binds_its_name() -> None:
    source = read("files = !ls *.py\na, b = %sql select (\nc = 'x'\nd = x == !y\n"[:-12])
    assert names(source) == {"files": (1, 1, 1), "a": (1, 2, 1), "b": (1, 2, 4), "c": (1, 3, 1)}


def test_python_behind_a_timing_magic_is_read_at_its_place() -> None:
    source = read("if x:\n  %time é = run(cell)\n%timeit -n 10 -r3 f(\n  y)\n%time\n%timeit")
    assert names(source)["run"] == (1, 2, 13)
    assert names(source)["f"] == (1, 3, 19)
    assert source.problems == []


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%writefile a.py", "%%cython -a", "\n%%javascript"])
def test_cells_in_other_languages_are_skipped(magic: str) -> None:
    source = read("a = 1", f"{magic}\nx = 1\n<b> (", "c = 2")
    assert names(source) == {"a": (1, 1, 1), "c": (3, 1, 1)}
    assert source.problems == []


@pytest.mark.parametrize("magic", ["%%time", "%%timeit -n 1", "%%capture out", "%%capture\n%%time", "\n%%time"])
def test_cells_that_are_timed_or_captured_are_read(magic: str) -> None:
    assert names(read(f"{magic}\nx = 1")) == {"x": (1, magic.count("\n") + 2, 1)}


def test_an_indented_cell_is_read_as_if_it_were_not() -> None:
    assert names(read("    x = 1\n    if x:\n        y = 2\n", "z = 3")) == {
        "x": (1, 2, 8),
        "y": (1, 3, 9),
        "z": (2, 1, 1),
    }


def test_awaiting_outside_of_functions_is_fine() -> None:
    source = read("await run(x)\nasync with a: pass")
    assert source.problems == []
    assert names(source)["run"] == (1, 1, 7)


def test_a_cell_that_does_not_parse_costs_no_other_cell() -> None:
    source = read("a = 1", "x = (\n", MARKDOWN, "b = 2", "y = = 3\nlost = 1")
    assert names(source) == {"a": (1, 1, 1), "b": (4, 1, 1)}
    assert [(error.row, error.column) for error in source.problems] == [(1, 5), (1, 5)]
    assert "cell 2" in str(source.problems[0])
    assert "cell 5" in str(source.problems[1])
    assert source.line_at(Place(2, 1, 5)) == "lost = 1"


def test_cells_of_python_2_are_read() -> None:
    source = read("print 'é', a, b", "c = 1", "  print d\n  %time print 10L, e")
    assert source.problems == []
    assert names(source).keys() == {"print", "a", "b", "c", "d", "e"}
    assert names(source)["e"] == (3, 2, 20)


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"language": "R", "name": "ir"}},
        {"language_info": {"name": "julia"}},
        {"kernelspec": {"name": "julia-1.6"}},
    ],
)
def test_other_kernels_make_an_empty_module(metadata: dict[str, object]) -> None:
    source = read("x <- (1", **metadata)
    assert source.tree.body == []
    assert source.problems == []


@pytest.mark.parametrize(
    "metadata",
    [{}, {"kernelspec": None}, {"kernelspec": {"language": "python"}}, {"kernelspec": {"name": "tf1"}}],
)
def test_python_kernels_are_known_whatever_their_name(metadata: dict[str, object]) -> None:
    assert names(read("x = 1", **metadata)) == {"x": (1, 1, 1)}


@pytest.mark.parametrize(
    ("data", "row", "column"),
    [
        (b"", 1, 1),
        (b'{"cells": [\n  {"a" 1}]}', 2, 8),
        (b"[]", 1, 1),
        (b"{}", 1, 1),
        (b'{"cells": [1]}', 1, 1),
        (b'{\n"cells": "\xe9"}', 2, 11),
        (b"[" * 100_000, 1, 1),
        (b'{"cells": ' + b"9" * 10_000 + b"", 1, 1),
    ],
)
def test_what_is_no_notebook_is_an_error_with_a_place(data: bytes, row: int, column: int) -> None:
    with pytest.raises(SourceError) as caught:
        from_bytes(data, "a.ipynb")
    if data[-1:] != b"9":  # how long numbers may be differs between Pythons
        assert (caught.value.row, caught.value.column) == (row, column)
    assert "\n" not in str(caught.value)


def test_odd_but_readable_notebooks_are_read() -> None:
    for data in (b'{"cells": []}', b'{"cells": null}', b'{"worksheets": [null, {}]}', b'{"cells": [{}]}'):
        assert from_bytes(data, "a.ipynb").tree.body == []
    odd = notebook({"cell_type": "code", "source": [1, "x = 1"]}, {"cell_type": "code", "source": None})
    assert names(from_bytes(b"\xef\xbb\xbf" + odd, "a.ipynb")) == {"x": (1, 1, 1)}
    assert names(from_bytes(odd.decode().encode("utf-16"), "a.ipynb")) == {"x": (1, 1, 1)}


def test_a_null_byte_or_endless_nesting_costs_one_cell_only() -> None:
    source = read("a = 1\0", "b = " + "-" * 3000 + "1", "c = 3")
    assert names(source) == {"c": (3, 1, 1)}
    assert [error.reason.split(":")[0] for error in source.problems] == [
        "cell 1 was skipped",
        "cell 2 was skipped",
    ]
