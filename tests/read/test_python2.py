"""Does Python 2 become Python 3 without a name moving from where it was written?"""

from __future__ import annotations

import ast
import re
import sysconfig
import warnings
from pathlib import Path

import pytest

from rnnlint.read.python2 import translate
from rnnlint.read.source import Place, Source, SourceError, from_bytes, from_text

SAME_LENGTH = [
    ("print f(x)", "print(f(x))"),
    ("exec code", "exec(code)"),
    ("a <> b", "a != b"),
    ("10L + 0xFFl", "10  + 0xFF "),
    ("`x` + `1, 2`", "(x) + (1, 2)"),
    ("def f(a, (b, (c,)), d=1): pass", "def f(a,  b,  c   , d=1): pass"),
    ("lambda (k, v): k", "lambda  k, v : k"),
    ("f(async=True)", "f(asyn_=True)"),
    ("async = await = 1", "asyn_ = awai_ = 1"),
    ("x.async.await", "x.asyn_.awai_"),
    ("True, False = 1, 0", "Tru_, Fals_ = 1, 0"),
    ("b'é'", "b'?'"),
    (r"'C:\Users\N'", r"'C:-Users-N'"),
]

STATEMENTS = [
    "print",
    "print 'a' % b, c,",
    "print >>f",
    "print >>f, x, y,",
    "print>>f,x",
    "print 'a'; print x ; print",
    "if x: print 'a'; print 2",
    "class A: print x",
    "print ('a'), b; print 1",
    "print ('a'\n  'b') % x, c; print 1",
    "print 'a', \\\n   x, \\\n   y",
    "print\\\n  x",
    "print 'a' % (x,\n  y), # a comment\n",
    "print not x, lambda: 1, -1",
    "print [1, 2], {1: 2}, ~x, `y`",
    "print 1if x else 2",
    "print'''a\nb''', c",
    "try: pass\nexcept X, e: print e",
    "try:\n  pass\nexcept (X, Y), e:\n  e()",
    "try: pass\nexcept X,e: pass",
    "try: pass\nexcept X, (a, b): pass",
    "try: pass\nexcept X, e.a: pass",
    "raise E, 'x'",
    "raise E, 'x' % y, tb",
    "raise E, (a, b), None",
    "exec code in ns",
    "exec code in ns, more",
    "exec 'x' \\\n in ns",
    "0777 + 0L + 00777L",
    "ur'a\\d'",
    "ur'''a\nb\\d'''",
    "x = u'\\N{DEGREE SIGN}', 1L",
    "def f((a, b)=(1, 2), (c, d)=(3, 4)): return a",
    "def f(x, d=3, (e, (f,))=(4, (5,)), *g, **h): pass",
    "def f(a=lambda (x, y): x, (b, c)=3): pass",
    "sorted(x, key=lambda (k, (a, b)), z=lambda q: (q,): 3)",
    "lambda x=lambda (y, z): (y, z), (a, b)=1: (a, 2)",
    "[x for x in 1, 2]",
    "[x for x in a, b if x]",
    "[(x, y) for x in 1, 2 for y in 3, 4]",
    "[x\n for x in a,\n b]",
    "f(x for x in y, 1)",
    "f(1, x for x in y)",
    "f(x for x in y,)",
    "from x.async import await",
    "def await(self, async): return await(async)",
    "@async\ndef f(): pass",
    "nonlocal = 3; print nonlocal",
    "True = 1",
    "x.None.True()",
    "print(f(async=1, *a)), x.async",
    "if a:\n\tb\n        c\nelse:\n    if d:\n\te\n",
    "def f():\n    if a:\n\tb = 'é'; x = 10L\n\tprint >>f, b, x\n    return",
    "def f():\n  '''doc\n\tstring'''\n\n\n  if x:\n\tprint y\n",
    "async def f():\n    await x\n    g(async=1)",
    "x = 'é'; print 'ü', y; z = 0777, w",
]


def parses(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except SyntaxError:
            return False
    return True


def misplaced(source: Source) -> list[tuple[str, str]]:
    """The names that are not written where their place says."""
    wrong = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name):
            name, place = node.id, source.place(node.lineno, node.col_offset)
        elif isinstance(node, ast.arg):
            name, place = node.arg, source.place(node.lineno, node.col_offset)
        elif isinstance(node, ast.Attribute):
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            end = source.place(node.end_lineno, node.end_col_offset)
            name, place = node.attr, Place(end.row, end.column - len(node.attr), end.cell)
        else:
            continue
        written = source.line_at(place)[place.column - 1 :][: len(name)]
        if written != name and written[:-1] + "_" != name:
            wrong.append((name, written))
    return wrong


@pytest.mark.parametrize(("old", "new"), SAME_LENGTH, ids=[old for old, _ in SAME_LENGTH])
def test_words_are_replaced_in_place(old: str, new: str) -> None:
    assert translate(old) == new


@pytest.mark.parametrize("text", STATEMENTS)
def test_every_construct_is_read_and_no_name_moves(text: str) -> None:
    assert not parses(text) or text == "print" or ">>" in text
    source = from_text(text, "a.py")
    assert source.text == text
    assert misplaced(source) == []
    if not parses(text):
        assert source.dialect == "python2"


@pytest.mark.parametrize("text", STATEMENTS)
def test_constructs_are_read_inside_of_blocks_and_behind_each_other(text: str) -> None:
    if "\n" in text and text.startswith(("if", "def f():\n")):
        pytest.skip("has its own blocks")
    indented = "\n".join("    " + line for line in text.split("\n"))
    source = from_text(f"if True:\n{indented}\n    print 'é', after\nlast = 1\n", "a.py")
    assert source.dialect == "python2"
    assert misplaced(source) == []


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_rows_stay_whatever_ends_them(newline: str) -> None:
    text = "print 'a', \\\n  x\nprint '''b\n\n''', y\nlast = f(1,\n  10L)\n".replace("\n", newline)
    source = from_bytes(text.encode(), "a.py")
    assert misplaced(source) == []
    assert source.tree.body[-1].lineno == 6


def test_the_name_of_an_exception_stays_bound() -> None:
    tree = from_text("try: pass\nexcept X, rnn: pass\n", "a.py").tree
    (handler,) = (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler))
    # Newer Pythons read this comma themselves, as one between two types.
    assert handler.name == "rnn" or isinstance(handler.type, ast.Tuple)


def test_old_octal_numbers_keep_their_value() -> None:
    tree = from_text("x = 0777L\n", "a.py").tree
    assert [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)] == [0o777]


def test_calls_inside_of_a_print_are_calls() -> None:
    tree = from_text("print tf.nn.rnn(cell, x), 'done'\n", "a.py").tree
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert calls == ["print", "tf.nn.rnn"]


@pytest.mark.parametrize(
    "text", ["print 'a'\nx = = 1\n", "print 'a", "print '''a\n", "x = (1\nprint 2", "print 'a' 'b' c d"]
)
def test_what_no_python_reads_keeps_the_first_complaint(text: str) -> None:
    with pytest.raises(SyntaxError) as expected:
        ast.parse(text)
    with pytest.raises(SourceError) as caught:
        from_text(text, "a.py")
    assert (caught.value.row, caught.value.reason) == (expected.value.lineno, expected.value.msg)


def test_nothing_to_translate_is_said() -> None:
    for text in ("", "x = 1", "print(x)", "x = = 1", "if a:\n\tb\n", "async def f(): await g()"):
        assert translate(text) is None


def test_valid_python_3_is_read_as_it_is() -> None:
    standard_library = Path(sysconfig.get_path("stdlib"))
    files = sorted(standard_library.glob("*.py"))[::8] + sorted(standard_library.glob("asyncio/*.py"))
    assert len(files) > 30
    for file in files:
        source = from_bytes(file.read_bytes(), str(file))
        assert source.dialect == "python3"
        assert not source.shifts
        translated = translate(source.text)
        if translated is not None:
            # Bad escapes in old files, and print >>, are all that may be touched.
            assert ast.dump(ast.parse(re.sub(r"\\[uUN]", "", translated)))


def test_modern_syntax_is_not_touched() -> None:
    text = (
        "async def f(*, a: int = 0o17, b=(1, 2), **k) -> 'x':\n"
        "    async with a as b, c: await g(x for x in y)\n"
        "    async for i in (1, 2): yield i\n"
        "    nonlocal_ = [x async for x in y if await z]\n"
        "    print('a', file=b, sep=''); print(*a); exec('x', {})\n"
        "    print, print.x = a[b:c, d], lambda *a, b=(1, 2): (a, b)\n"
        "    raise E('x', 1) from None\n"
        "try: pass\n"
        "except (A, B) as e: x: int = {a: b for a, b in c}\n"
        "match = case = _ = 1_000 + 0xff + 0b1 + 1e5 + 1j + .5 + 0_0\n"
        "s = f'{a!r:>{w}}' rb'\\d' u'\\u2028' '\\N{DEGREE SIGN}' br'x'\n"
    )
    assert translate(text) is None


def test_a_long_broken_file_is_given_up_soon() -> None:
    for text in ("'\\'" * 30_000, "print `" * 3000, "x = (\n" * 3000, "[x for x in a, " * 1000):
        with pytest.raises(SourceError):
            from_text(text, "a.py")
