"""Can a text make one of the project's regular expressions take longer than its length allows?

Every pattern is looked at twice. Its tree must have no repeat within or beside another one that takes the same
characters: there, a text that nearly matches can be divided in many ways. And it is run against long near-misses of
itself by a matcher that counts its steps: a text of twice the length may take about twice the steps.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from backtracking import ALPHABET, MAXREPEAT, REPEATS, SINGLE, Matcher, Pattern, TooManySteps, characters, codes, parsed

PACKAGE = Path(__file__).parents[2] / "rnnlint"
_ANCHORED = frozenset(("match", "fullmatch"))
_OF_RE = frozenset(("compile", "search", "findall", "finditer", "split", "sub", "subn", *_ANCHORED))


class Expression(NamedTuple):
    """A regular expression of the project, and how it is used."""

    name: str
    text: str | bytes
    flags: int
    is_anchored: bool
    """Whether it is tried at one place of a text only."""


def expressions() -> Iterator[Expression]:
    """All that are written in the package, those that are put together from others too."""
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if not re.search(r"\bre\b", text):
            continue
        tree = ast.parse(text)
        methods = _methods(tree)
        for node in ast.walk(tree):
            if _is_of_re(node):
                yield from _expression(path, node, methods)


def _is_of_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in _OF_RE
    )


def _methods(tree: ast.Module) -> dict[str, set[str]]:
    """What is asked of the patterns of a module, by the row in which each is made."""
    asked: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _OF_RE:
            asked.setdefault(node.value.id, set()).add(node.attr)
    return asked


def _expression(path: Path, node: Any, methods: dict[str, set[str]]) -> Iterator[Expression]:
    module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    place = f"{module.removeprefix('rnnlint.')}:{node.lineno}"
    flags = [one.value for one in node.keywords if one.arg == "flags"]
    used = {node.func.attr}
    if node.func.attr == "compile":
        flags += node.args[1:2]
        assigned = [name for name in methods if re.search(rf"^{name} = re\.compile", _row(path, node), re.MULTILINE)]
        used = methods.get(assigned[0], set()) if assigned else set()
    try:
        text = _value(node.args[0], module)
        number = int(_value(flags[0], module)) if flags else 0
    except NameError:
        yield from (Expression(place, one, 0, True) for one in MADE_WHEN_ASKED[module])
        return
    yield Expression(place, text, number, bool(used) and used <= _ANCHORED)


def _row(path: Path, node: Any) -> str:
    return path.read_text(encoding="utf-8").splitlines()[node.lineno - 1]


def _value(node: ast.expr, module: str) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        code = compile(ast.Expression(node), f"<{module}>", "eval")
        return eval(code, vars(importlib.import_module(module)))


def overlaps(pattern: Pattern) -> list[str]:
    """The repeats without an end that stand within or beside one that takes some of the same characters."""
    found: list[str] = []
    _look_through(list(pattern.items), pattern.flags, found)
    return found


class _Edge(NamedTuple):
    """The repeats that a text may begin or end in, and whether it may be empty."""

    first: list[frozenset[str]]
    last: list[frozenset[str]]
    is_empty: bool


def _look_through(items: list[Any], flags: int, found: list[str]) -> _Edge:
    first: list[frozenset[str]] = []
    open_ones: list[frozenset[str]] = []
    is_empty = True
    for item in items:
        edge = _edge(item, flags, found)
        _meet(open_ones, edge.first, found)
        first += edge.first if is_empty else []
        open_ones = [*edge.last, *(open_ones if edge.is_empty else ())]
        is_empty = is_empty and edge.is_empty
    return _Edge(first, open_ones, is_empty)


def _meet(before: list[frozenset[str]], behind: list[frozenset[str]], found: list[str]) -> None:
    for one in before:
        for other in behind:
            if one & other:
                found.append(f"both take {''.join(sorted(one & other))[:20]!r}")


def _edge(item: Any, flags: int, found: list[str]) -> _Edge:
    code, argument = item
    if code in SINGLE:
        return _Edge([], [], False)
    if code in REPEATS:
        return _repeat(argument, flags, found)
    if code is codes.SUBPATTERN:
        return _look_through(list(argument[3]), (flags | argument[1]) & ~argument[2], found)
    if code is codes.BRANCH:
        edges = [_look_through(list(one), flags, found) for one in argument[1]]
        return _Edge(
            [one for edge in edges for one in edge.first],
            [one for edge in edges for one in edge.last],
            any(edge.is_empty for edge in edges),
        )
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        _look_through(list(argument[1]), flags, found)
        return _Edge([], [], True)
    return _Edge([], [], code is not codes.GROUPREF)


def _repeat(argument: Any, flags: int, found: list[str]) -> _Edge:
    least, most, inside = argument
    body = list(inside)
    if most is not MAXREPEAT:
        edge = _look_through(body, flags, found)
        return edge._replace(is_empty=edge.is_empty or least == 0)
    if len(body) == 1 and body[0][0] in SINGLE:
        held = [characters(body[0], flags)]
        return _Edge(held, held, least == 0)
    edge = _look_through(body, flags, found)
    _meet(edge.last, edge.first, found)
    if edge.is_empty:
        found.append("a repeat of what may be empty")
    starts = _starts(body, flags)
    for number, one in enumerate(starts):
        if any(one & other for other in starts[number + 1 :]):
            found.append(f"two choices of a repeat begin with the same: {sorted(one)[:5]}")
    return _Edge([*edge.first, *starts], [*edge.last, *starts], edge.is_empty or least == 0)


def _starts(body: list[Any], flags: int) -> list[frozenset[str]]:
    """The characters that each choice of a repeat may begin with."""
    item = body[0]
    if item[0] is codes.SUBPATTERN and len(body) == 1:
        return _starts(list(item[1][3]), flags)
    if item[0] is codes.BRANCH:
        return [one for choice in item[1][1] for one in _starts(list(choice), flags)[:1]]
    if item[0] in SINGLE:
        return [characters(item, flags)]
    return []


def near_misses(pattern: Pattern) -> Iterator[tuple[str, str, str]]:
    """A beginning, what is to be repeated behind it, and an end that fits nothing."""
    heads = list(dict.fromkeys(["", *_heads(list(pattern.items), pattern.flags)]))[:4]
    letters = _letters(list(pattern.items), pattern.flags)
    letters = [*dict.fromkeys([*letters[:2], *letters[-4:]])]
    words = [*letters, *map("".join, product(letters, repeat=2))]
    pumps = [*heads, *words, *_samples_within(list(pattern.items), pattern.flags)]
    yield from product(heads, [*dict.fromkeys(filter(None, pumps))][:48], ("", "\0"))


def _sample(items: list[Any], flags: int, turn: int) -> str:
    """A text that fits a sequence of items; each turn takes other choices."""
    return "".join(_one(item, flags, turn) for item in items)


def _one(item: Any, flags: int, turn: int) -> str:
    code, argument = item
    if code in SINGLE:
        held = sorted(characters(item, flags), key=lambda char: (not char.isalnum(), char))
        return held[turn * 7 % len(held)] if held else ""
    if code in REPEATS:
        return _sample(list(argument[2]), flags, turn) * max(argument[0], turn % 2)
    if code is codes.SUBPATTERN:
        return _sample(list(argument[3]), flags, turn)
    if code is codes.BRANCH:
        return _sample(list(argument[1][turn % len(argument[1])]), flags, turn)
    return ""


def _heads(items: list[Any], flags: int) -> Iterator[str]:
    """Texts that fit the beginning of a pattern, up to each of its items."""
    for number, item in enumerate(items):
        yield _sample(items[: number + 1], flags, 1)
        for inside in _inside(item):
            yield from (_sample(items[:number], flags, 1) + head for head in _heads(inside, flags))


def _samples_within(items: list[Any], flags: int) -> Iterator[str]:
    for item in items:
        for inside in _inside(item):
            yield from (_sample(inside, flags, turn) for turn in range(3))
            yield from _samples_within(inside, flags)


def _repeats(items: list[Any]) -> bool:
    return any(item[0] in REPEATS and item[1][1] is MAXREPEAT or any(map(_repeats, _inside(item))) for item in items)


def _letters(items: list[Any], flags: int) -> list[str]:
    """Characters that distinguish the pattern's character classes."""
    found: dict[frozenset[int], str] = {}
    sets = [*_sets(items, flags)]
    for char in sorted(ALPHABET):
        found.setdefault(frozenset(number for number, held in enumerate(sets) if char in held), char)
    return [found[key] for key in sorted(found, key=len, reverse=True) if key]


def _sets(items: list[Any], flags: int) -> Iterator[frozenset[str]]:
    for item in items:
        if item[0] in SINGLE:
            yield characters(item, flags)
        for inside in _inside(item):
            yield from _sets(inside, flags)


def _inside(item: Any) -> list[list[Any]]:
    """The sequences that stand in an item."""
    code, argument = item
    if code in REPEATS:
        return [list(argument[2])]
    if code is codes.SUBPATTERN:
        return [list(argument[3])]
    if code is codes.BRANCH:
        return [list(one) for one in argument[1]]
    return [list(argument[1])] if code in (codes.ASSERT, codes.ASSERT_NOT) else []


def steps(expression: Expression, pattern: Pattern, text: str) -> int:
    """How many steps it takes, used as the project uses it. Raises TooManySteps."""
    matcher = Matcher(pattern, 400 * len(text) + 2000)
    if expression.is_anchored:
        matcher.match(text, 0)
        matcher.match(text, 0, is_whole=True)
    else:
        matcher.find_all(text)
    return matcher.steps


def takes_too_long(expression: Expression) -> str | None:
    """A text of which twice as much takes much more than twice the steps."""
    pattern = parsed(expression.text, expression.flags)
    if not _repeats(list(pattern.items)):
        return None  # nothing in it takes longer with a longer text
    for head, pump, tail in near_misses(pattern):
        text = head + pump * 30 + tail
        try:
            if steps(expression, pattern, text) <= 10 * len(text) + 100:
                continue
            few, more, most = (steps(expression, pattern, head + pump * size + tail) for size in (60, 120, 240))
        except TooManySteps:
            return f"{head!r} {pump!r} {tail!r}"
        if most - more > 2.5 * (more - few):
            return f"{head!r} {pump!r} {tail!r}: {few}, {more}, {most} steps"
    return None


MADE_WHEN_ASKED: dict[str, list[str | bytes]] = {
    # What is put together has tests of its own, in tests/hostile/test_reading_devices.py.
    "rnnlint.read.exclusion": [],
    "rnnlint.read.gitignore": [],
    "rnnlint.infer.unrolls.equal_loop": [r"tf_?lite|^(?:lite$|litert|ai_edge_litert)", "mask", "bidirectional"],
    "rnnlint.infer.values.makers": [rb"\w+\s*\([^)]*\bBase\b"],
    "rnnlint.infer.values.stores": [rb"(?:(?<!self)\.n|\[\s*u?['\"]n['\"]\s*\])\s*(?:[-+*/]|//)?=(?!=)"],
    "rnnlint.read.neighbours": [rb"^[ \t]*(?:from|import)[ \t]+package\b"],
    "rnnlint.read.magics": [r"(?:[^\\]|\\.)*?'''"],
}
"""What stands for the patterns that a module makes of a word or a glob of the moment."""
EXPRESSIONS = [*expressions()]


def test_no_repeat_stands_within_or_beside_one_that_takes_the_same() -> None:
    assert overlaps(parsed(r"(?:a+b?)*", 0))
    assert overlaps(parsed(r"(?:-\w+(?:[ \t]*\d+)?[ \t]+)*", 0))
    assert overlaps(parsed(r"[ \t]+(\.*)[ \t]*x", 0))
    assert overlaps(parsed(r"(?:ab|[ac]b)*", 0))
    assert not overlaps(parsed(r"[^\"\\]*(?:\\.[^\"\\]*)*", 0))
    found = {one.name: places for one in EXPRESSIONS if (places := overlaps(parsed(one.text, one.flags)))}
    assert found == {}


@pytest.mark.parametrize(
    ("pattern", "is_anchored"),
    [
        (r"(?:a|aa)*b", True),
        (r"a*a*b", True),
        (r"\s*=", False),
        (r"(?:\[[^\]\n]*\])?\(", False),
        (r"(a+)+$", True),
        (r"\"(?:[^\\\"]|\\.)*\"|[(\[{]", False),
    ],
)
def test_what_takes_too_long_is_found(pattern: str, is_anchored: bool) -> None:
    assert takes_too_long(Expression("", pattern, 0, is_anchored)) is not None


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda one: one.name)
def test_twice_the_text_takes_twice_the_steps(expression: Expression) -> None:
    assert takes_too_long(expression) is None
