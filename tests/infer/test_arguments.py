"""Which arguments has a call, and which parameter takes one? Spread dicts, positions and what runs in the end."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from rnnlint.engine import Project
from rnnlint.infer.libraries import evaluator
from rnnlint.infer.values import call_forms, entered, loop_passes, marks, places
from rnnlint.infer.values.interface import NoLibraries
from rnnlint.infer.values.marks import Mask, Where
from rnnlint.infer.values.spread import keywords_of
from rnnlint.read.source import from_text
from rnnlint.resolve.values import Module


def last_call(text: str) -> tuple[ast.Call, Module]:
    """The call that a program ends with."""
    module = Project().open(from_text(text, "model.py"))
    statement = module.source.tree.body[-1]
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    return statement.value, module


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("f(a, b=1)", {"b": "1"}),
        ("f(*args, b=1)", None),
        ("f(**{'b': 1, 'c': 2})", {"b": "1", "c": "2"}),
        ("f(**{'b': 1, key: 2})", None),
        ("f(**{'b': 1, **more})", None),
        ("f(**dict(b=1), c=2)", {"b": "1", "c": "2"}),
        ("f(**dict(pairs))", None),
        ("f(**load())", None),
        ("options = {'b': 1}\nf(**options)", {"b": "1"}),
        ("options = {'b': 1}\noptions['c'] = 2\nf(**options)", {"b": "1", "c": "2"}),
        ("options = {'b': 1}\noptions['b'] = 2\nf(**options)", {"b": "2"}),
        ("options = {'b': 1}\nprint(options['b'], options.get('c'))\nf(**options)", {"b": "1"}),
        ("options = {'b': 1}\noptions.update(c=2)\nf(**options)", None),
        ("options = {'b': 1}\noptions[key] = 2\nf(**options)", None),
        ("options = {'b': 1}\ndel options['b']\nf(**options)", None),
        ("options = other = {'b': 1}\nf(**options)", {"b": "1"}),
        ("options = other\nf(**options)", None),
        ("options = {'b': 1}\nif x:\n    options = {}\nf(**options)", None),
        ("a, options = 1, {'b': 1}\nf(**options)", None),
        ("options = {'b': 1}\ndef g(options):\n    options['c'] = 2\nf(**options)", {"b": "1"}),
    ],
)
def test_keywords_are_those_that_surely_come(text: str, wanted: dict[str, str] | None) -> None:
    call, module = last_call(text)
    found = keywords_of(call, module)
    assert (None if found is None else {name: ast.unparse(value) for name, value in found.items()}) == wanted


CLASS = """\
class Base:
    def __init__(self, units, depth=1): pass
    def call(self, inputs): pass
    @staticmethod
    def fixed(n): pass
class Derived(Base):
    __call__ = None
class Empty: pass
def plain(first, *, second): pass
"""


@pytest.mark.parametrize(
    ("text", "argument", "wanted"),
    [
        ("plain(x)", "x", "first"),
        ("plain(1, second=x)", "x", "second"),
        ("plain(*a, x)", "x", None),
        ("plain(1, 2, x)", "x", None),
        ("Base(x)", "x", "units"),
        ("Base(1, x)", "x", "depth"),
        ("Derived(1, depth=x)", "x", "depth"),
        ("Base(1)(x)", "x", "inputs"),
        ("Derived(1)(x)", "x", "inputs"),
        ("Base.fixed(x)", "x", "n"),
        ("(lambda n: n)(x)", "x", "n"),
    ],
)
def test_an_argument_goes_to_its_parameter(text: str, argument: str, wanted: str | None) -> None:
    call, module = last_call(CLASS + text)
    (value,) = module.values(call.func)
    found = entered.entered(value)
    assert found is not None
    function, _, bound = found
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    (wanted_one,) = (one for one in given if ast.unparse(one) == argument)
    assert entered.parameter_of(function, call, wanted_one, bound) == wanted


@pytest.mark.parametrize("text", ["Empty()", "Empty()()", "len(x)"])
def test_where_nothing_of_the_project_runs_there_is_no_parameter(text: str) -> None:
    call, module = last_call(CLASS + text)
    assert all(entered.entered(value) is None for value in module.values(call.func))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("class C:\n    @classmethod\n    def f(cls):\n        cls.g()\n", True),
        ("class C:\n    def f(self):\n        self.g()\n", False),
        ("cls.g()\n", False),
        ("class C:\n    @classmethod\n    def f(cls):\n        cls.a.g()\n", False),
    ],
)
def test_the_class_of_a_class_method_is_known(text: str, wanted: bool) -> None:
    module = Project().open(from_text(text, "model.py"))
    (call,) = module.calls_of("g")
    assert isinstance(call.func, ast.Attribute)
    assert call_forms.is_cls(call.func.value, module) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a = b", {"a"}),
        ("a: int = b", {"a"}),
        ("a: int", set()),
        ("a, *b = c", {"a", "b"}),
        ("a.b[0] = c", {"a.b"}),
        ("f(a).b = c", set()),
        ("print(a := b)", {"a"}),
        ("a += 1", {"a"}),
        ("with a as b: pass", {"b"}),
        ("def a():\n    b = 1", set()),
        ("match x:\n    case 1:\n        a = 1", {"a"}),
        ("try:\n    a = 1\nexcept E:\n    b = 2\nfinally:\n    c = 3", {"a", "b", "c"}),
        ("a.append(b)", {"a"}),
    ],
)
def test_a_pass_of_a_loop_writes_what_its_statements_write(text: str, wanted: set[str]) -> None:
    steps = loop_passes.steps(ast.parse(text).body)
    assert {name for step in steps for name in step.writes} == wanted


def test_the_word_of_a_place_stands_wherever_it_is_meant() -> None:
    words = {text: places.word(ast.parse(text, mode="eval").body) for text in ("a", "a.b", "a['b']", "a[0]", "f()")}
    assert words == {"a": "a", "a.b": "b", "a['b']": "b", "a[0]": "a", "f()": ""}


def test_masks_that_are_missing_for_several_reasons_are_missing() -> None:
    call, module = last_call("f()")
    made = Mask("missing", "Embedding", Where(module, call))
    lost, other = replace(made, lost_by="Flatten"), replace(made, lost_by="Reshape")
    assert marks.join_masks({lost}) == lost
    assert marks.join_masks({made, lost}) == lost
    assert marks.join_masks({lost, other}) in (lost, other)
    assert marks.join_masks({lost, replace(made, maker="Masking")}) is None
    assert marks.join_masks({lost, None}) is None


def test_without_libraries_a_call_of_one_is_an_object_of_which_nothing_is_known() -> None:
    call, module = last_call("import a\na.b()")
    alone = NoLibraries()
    engine = evaluator()
    assert alone.result(engine, "a.b", call, module, None) != alone.result(engine, "a.c", call, module, None)
    assert alone.binds("a.b") is None
