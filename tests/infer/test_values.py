"""What may an expression be? Programs as they are seldom written, each with what Python makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from ordinary_programs import ORDINARY
from programs_with_values import (
    CLASSES,
    DICTS,
    EXPRESSIONS,
    FLAGS,
    FUNCTIONS,
    LISTS,
    MODULES,
    SCOPES,
    STARS,
    TENSORS,
    Wanted,
)

from rnnlint.engine import Project
from rnnlint.infer.libraries import evaluator
from rnnlint.infer.unrolls import static_runners
from rnnlint.read.source import from_text

UNROLLED = "\ntf.nn.static_rnn(cell, [x] * N)\n"


def value_of(program: str, filename: str = "model.py") -> Wanted:
    """The number of steps: one that is sure, or the least, the most and the default; None where nothing is known."""
    text = program if "static_rnn" in program else program + UNROLLED
    module = Project().open(from_text(f"import tensorflow as tf\n{text}", filename))
    (found,) = static_runners.find(evaluator(), module, (2, 21))
    length = found.length
    if length.exact is not None:
        return length.exact
    found_out = (length.low, length.high, length.default)
    return None if found_out == (0, None, None) else found_out


@pytest.mark.parametrize(("program", "wanted"), EXPRESSIONS)
def test_what_python_computes_is_told(program: str, wanted: Wanted) -> None:
    assert value_of(program) == wanted


@pytest.mark.parametrize(("program", "wanted"), ORDINARY)
def test_the_number_of_an_ordinary_program_is_known(program: str, wanted: Wanted) -> None:
    # Apart from any other file that could store under the same names.
    assert value_of(program, "no-such-folder/case.py") == wanted


@pytest.mark.parametrize(("program", "wanted"), DICTS)
def test_a_dict_holds_what_is_surely_under_the_key(program: str, wanted: Wanted) -> None:
    assert value_of(program) == wanted


@pytest.mark.parametrize(("program", "wanted"), LISTS)
def test_a_list_has_what_is_added_to_it_under_any_name(program: str, wanted: Wanted) -> None:
    assert value_of(program) == wanted


@pytest.mark.parametrize(("program", "wanted"), FUNCTIONS)
def test_a_parameter_is_what_the_callers_pass_however_they_call(program: str, wanted: Wanted) -> None:
    assert value_of(program) == wanted


@pytest.mark.parametrize(("program", "wanted"), CLASSES)
def test_an_instance_has_what_its_class_and_its_call_give_it(program: str, wanted: Wanted) -> None:
    assert value_of(program) == wanted


@pytest.mark.parametrize(("program", "wanted"), FLAGS)
def test_a_flag_has_its_default_or_what_is_stored_in_it(program: str, wanted: Wanted) -> None:
    assert value_of(program) == wanted


@pytest.mark.parametrize(("program", "wanted"), SCOPES)
def test_a_name_is_what_python_binds_it_to(program: str, wanted: Wanted) -> None:
    assert value_of(program) == wanted


def test_many_names_are_found_as_few_are() -> None:
    names = [f"a{number}" for number in range(150)]
    program = "".join(f"{name} = {number}\n" for number, name in enumerate(names))
    assert value_of(f"{program}N = max({', '.join(names)})") == 149


@pytest.mark.parametrize(("program", "wanted"), TENSORS)
def test_a_tensor_has_the_shape_that_it_is_given(program: str, wanted: Wanted) -> None:
    assert value_of(program) == wanted


@pytest.mark.parametrize(("program", "wanted", "files"), [*MODULES, *STARS])
def test_a_value_comes_from_another_module(program: str, wanted: Wanted, files: dict[str, str], tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert value_of(program, str(tmp_path / "model.py")) == wanted


FLAG = "FLAGS = tf.app.flags.FLAGS\ntf.app.flags.DEFINE_integer('n', 5, '')\n"
MANY = {
    "a text that is too long": f"S = '{'a' * 3000}' + '{'b' * 3000}'\nN = len(S)",
    "more expressions than one answer may take": f"N = max({', '.join(f'len([{i}])' for i in range(9000))})",
    "a dict with many keys": f"d = dict({{{', '.join(f'{i}: {i}' for i in range(300))}}})\nN = d.get(280, 4)",
    "many stores in one dict": "d = {'n': 5}\n"
    + "".join(f"def m{i}():\n    d['n'] = {i}\n" for i in range(30))
    + "def build():\n    tf.nn.static_rnn(cell, [x] * d['n'])\nbuild()",
    "many returns": "def f(a):\n"
    + "".join(f"    if a == {i}:\n        return 4\n" for i in range(2100))
    + "    return 4\nN = f(load())",
    "many subclasses": "class B:\n    def f(self):\n        tf.nn.static_rnn(cell, [x] * self.n)\n"
    + "".join(f"class C{i}(B):\n    n = 4\nC{i}().f()\n" for i in range(30)),
}


@pytest.mark.parametrize("program", MANY.values(), ids=MANY)
def test_what_would_take_too_long_is_not_told(program: str) -> None:
    assert value_of(program) is None
