"""Does the text of a module say the same of its imports and names as its tree would?"""

from __future__ import annotations

import pytest

from rnnlint.resolve.outline import (
    Import,
    calls,
    holds,
    imports,
    imports_by_name,
    imports_root,
    may_bind,
    may_import,
    may_read,
    stars,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import a", [Import("a", 0)]),
        ("import a.b as c, d", [Import("a.b", 0), Import("d", 0)]),
        ("from a.b import c as d, e", [Import("a.b", 0, ("c", "e"))]),
        ("from .. import c", [Import("", 2, ("c",))]),
        ("from .a import (\n    b,  # why, because\n    c as d,\n)", [Import("a", 1, ("b", "c"))]),
        ("try: import a\nexcept ImportError: from b import c", [Import("a", 0), Import("b", 0, ("c",))]),
        ("if x:\n\tfrom a import *", [Import("a", 0, ("*",))]),
        ("x = 1; import a  # import b", [Import("a", 0)]),
        ("\N{BYTE ORDER MARK}import a", [Import("a", 0)]),
        ("x = 1\rimport a\rfrom b import c", [Import("a", 0), Import("b", 0, ("c",))]),
        ("important = reimport(1)", []),
        ("# import a\nx = 'import b'", []),
    ],
)
def test_imports_are_read_from_the_text(text: str, found: list[Import]) -> None:
    assert list(imports(text.encode())) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import keras", True),
        ("import os, a.b as c, keras.layers", True),
        ("from keras.layers import LSTM", True),
        ("try: import keras\nexcept ImportError: pass", True),
        ("\tfrom  keras import x", True),
        ("import a.keras, keras_tuner", False),
        ("from a import keras", False),
        ("from .keras import x", False),
        ("x = 'import a'  # see keras", False),
    ],
)
def test_a_package_is_imported_by_its_absolute_name(text: str, found: bool) -> None:
    assert imports_root(text.encode(), b"keras") is found


@pytest.mark.parametrize("text", ["m = importlib.import_module('tensorflow.x')", "K = LazyLoader('keras')"])
def test_imports_by_name_are_noticed(text: str) -> None:
    assert imports_by_name(text.encode())
    assert not imports_by_name(text.encode().replace(b"keras", b"numpy").replace(b"tensorflow", b"numpy"))


def test_a_call_is_more_than_a_definition_or_a_longer_name() -> None:
    for text in (b"f(1)", b"x.f (1)", b"if f(1): pass"):
        assert calls(text, b"f")
    for text in (b"def f(x): pass", b"class f(A): pass", b"gf(1)", b"f_(1)", b"f = 1"):
        assert not calls(text, b"f")


def test_a_name_is_held_as_a_whole() -> None:
    assert holds(b"x = steps", b"steps")
    assert not holds(b"x = num_steps", b"steps")


@pytest.mark.parametrize(
    "text", ["from a import f", "import f as g", "from a import (\n    e,\n    f,\n)", "x; import f"]
)
def test_a_name_that_an_import_may_bind(text: str) -> None:
    assert may_import(text.encode(), b"f")


def test_a_name_that_only_code_has_is_bound_by_no_import() -> None:
    assert not may_import(b"def f(x):\n    return f(x - 1)\n", b"f")


@pytest.mark.parametrize(
    "text",
    [
        "f()",
        "x = a.f",
        "g(f)",
        "g(key=f)",
        "[\n    f,\n]",
        "{f: 1}",
        "return f",
        "x = f if y else g",
        "x = a if f else g",
        "x = y == f",
        "not f",
        "@f",
        "x = '#', f",
        "x = f\\\n    (1)",
        "print f",
        "%time f(1)",
        "from a import f; f()",
        "class A(make(f)): pass",
        "class A(metaclass=f): pass",
        "class A: x = f",
        "x = [f for f in y]",
        "# f\nf()",
    ],
)
def test_a_name_that_may_be_read(text: str) -> None:
    assert may_read(text.encode(), b"f")


@pytest.mark.parametrize(
    "text",
    [
        "from a import f",
        "import f",
        "f = 1",
        "g(f=1)",
        "f.x()",
        "a.f.x",
        "def f(x): pass",
        "class f: pass",
        "class A(b.f, C): pass",
        "# f",
        "the f that",
        "x = 'f'",
        '"""a f"""',
        "ff(f_)",
    ],
)
def test_a_name_that_is_not_read(text: str) -> None:
    assert not may_read(text.encode(), b"f")


def test_star_imports_are_seen() -> None:
    assert stars(b"from .a.b import *\nfrom c import (*)\nx = a * b") == (("a.b", 1), ("c", 0))
    assert stars("\N{BYTE ORDER MARK}from a import *".encode()) == (("a", 0),)


@pytest.mark.parametrize(
    "text",
    [
        "def core(x): pass",
        "async def  core (x): pass",
        "class core: pass",
        "class core(A): pass",
        "class core[T]: pass",
        "core = 3",
        "a = core = 3",
        "core: int = 3",
        "(core := 3)",
        "core, b = 1, 2",
        "[a, core] = x",
        "a, *core = x",
        "for core in x: pass",
        "for a, core in x: pass",
        "with x as core: pass",
        "except E as core: pass",
        "except E, core: pass",
        "import core",
        "import a, core; x",
        "import a as core",
        "import core.part",
        "import core  # for its side effects",
        "from x import core",
        "from x import (core)",
        "from x import (\n    a,\n    core,\n)",
        "from x import \\\n    core\n",
        "global core\n",
    ],
)
def test_a_name_may_be_bound(text: str) -> None:
    assert may_bind(text.encode(), b"core")


@pytest.mark.parametrize(
    "text",
    [
        "core(x)",
        "x.core = 3",
        "core == 3",
        "import core as c",
        "from core import x",
        "f(core + 1)",
        "core[0] = 3",
        "'core'",
        "# the core of it, core-based",
        "encore = scores = 3",
    ],
)
def test_a_name_is_only_used(text: str) -> None:
    assert not may_bind(text.encode(), b"core")
