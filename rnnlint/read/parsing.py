"""Which tree does this text have? `ast.parse`, without crashes, warnings and endless nesting."""

from __future__ import annotations

import ast
import gc
import sys
import warnings
from collections.abc import Iterator, Sequence
from itertools import accumulate

from rnnlint.read.problem import SourceError
from rnnlint.read.rows import split_rows

# The deepest tree: about as deep as Python itself parses.
DEEPEST = 3000

# Python 3.10 overflows the C stack where later releases raise, but only for this much text.
_LONG_ENOUGH_TO_CRASH = 100_000

# Nodes without characters of their own, such as the one for a function's arguments.
_FREE_LEVELS = 20

_TOO_DEEP = f"nested too deeply (more than {DEEPEST} levels)"


def parse(text: str, filename: str) -> ast.Module:
    """The tree of a module. Raises SourceError for any error that Python reports."""
    if "\0" in text:
        raise _null_byte(text, filename)
    if sys.version_info < (3, 11) and len(text) > _LONG_ENOUGH_TO_CRASH:
        from rnnlint.read.room import with_room

        return with_room(lambda: _parse_here(text, filename))
    return _parse_here(text, filename)


def _parse_here(text: str, filename: str) -> ast.Module:
    try:
        tree = _parse_quickly(text)
    except SyntaxError as error:
        raise syntax_problem(error, filename) from None
    except (RecursionError, MemoryError):
        # The parser gave up without a place; such nesting is almost always on one line.
        raise SourceError(filename, _longest_row(text), 1, _TOO_DEEP) from None
    except ValueError as error:
        # Lone surrogates, which a decoder may let through, are not valid text for Python.
        raise SourceError(filename, 1, 1, ascii(str(error))[1:-1]) from None
    refuse_deep(tree, split_rows(text), filename)
    return tree


def _parse_quickly(text: str) -> ast.Module:
    """`ast.parse` without warnings, and without garbage collection, which would run hundreds of times in it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    finally:
        if collecting:
            gc.enable()


def syntax_problem(error: SyntaxError, filename: str) -> SourceError:
    """Python's error, in our words."""
    return SourceError(filename, error.lineno or 1, max(error.offset or 1, 1), error.msg)


def refuse_deep(tree: ast.Module, rows: Sequence[str], filename: str) -> None:
    """Raise SourceError for a tree that is too deep for recursive walks; does not recurse itself."""
    offsets = [0, *accumulate(len(row) + 1 for row in rows)]
    level: list[ast.AST] = [tree]
    for depth in range(1, DEEPEST):
        level = [child for node in level if depth + _most_levels(node, offsets) > DEEPEST for child in _below(node)]
        if not level:
            return
    row = next((node.lineno for node in level if hasattr(node, "lineno")), 1)
    raise SourceError(filename, row, 1, _TOO_DEEP)


def _below(node: ast.AST) -> Iterator[ast.AST]:
    """The children of a node. A chain of ``elif`` counts as one level, although the tree nests it."""
    todo = [node]
    while todo:
        one = todo.pop()
        for child in ast.iter_child_nodes(one):
            if isinstance(one, ast.If) and isinstance(child, ast.If) and one.orelse == [child]:
                todo.append(child)
            else:
                yield child


def _most_levels(node: ast.AST, offsets: Sequence[int]) -> int:
    """An upper bound for the levels below a node: each takes at least one character, so most are low."""
    first: int = getattr(node, "lineno", None) or 0
    last: int = getattr(node, "end_lineno", None) or 0
    if not first or not first <= last < len(offsets):
        return DEEPEST
    if first < last:
        return _FREE_LEVELS + offsets[last] - offsets[first - 1]
    start: int = getattr(node, "col_offset", 0)
    end: int = getattr(node, "end_col_offset", None) or DEEPEST + start
    return _FREE_LEVELS + end - start


def _longest_row(text: str) -> int:
    rows = split_rows(text)
    return max(range(len(rows)), key=lambda index: len(rows[index]), default=0) + 1


def _null_byte(text: str, filename: str) -> SourceError:
    before = split_rows(text[: text.index("\0") + 1])
    return SourceError(filename, len(before), len(before[-1]), "a null byte in the source")
