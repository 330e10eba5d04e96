"""What does rnnlint report about the calls of a program? Its findings about runners, layers and loops, by place."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from rnnlint import engine
from rnnlint.finding import Finding
from rnnlint.probe.watch.record import Sort
from rnnlint.read.content import read_bytes
from rnnlint.read.problem import SourceError
from rnnlint.read.source import Source, from_bytes
from rnnlint.settings import Settings

_UNROLLED_LAYER = "RNN202", "RNN205"
_LOST_MASK = "RNN301", "RNN303"
"""The codes that report padding without a mask or lengths."""


@dataclass(frozen=True, slots=True)
class Said:
    """The findings at one place. ``first`` and ``last`` are the lines that belong to it: those of a loop, or of the
    statement around a call. ``length`` and ``ops`` are None if the finding has no number."""

    sort: Sort
    api: str
    filename: str
    row: int
    column: int
    first: int
    last: int
    codes: tuple[str, ...]
    length: int | None = None
    ops: int | None = None
    nested: bool = False
    """Whether this is a loop within another loop of the same function, which may run it several times."""


@dataclass(frozen=True, slots=True)
class Statement:
    """All findings in the files of a program."""

    said: tuple[Said, ...] = ()
    named: frozenset[tuple[str, str]] = frozenset()
    """(file, API) of the legacy functions that a file names without calling them there."""
    problems: tuple[SourceError, ...] = ()


def statement(filenames: Iterable[str], tensorflow: str, keras: int) -> Statement:
    """Check files without a limit on lengths, for the releases that the program ran on."""
    settings, project = _settings(tensorflow, keras), engine.Project()
    said: list[Said] = []
    named: set[tuple[str, str]] = set()
    problems: list[SourceError] = []
    for filename in filenames:
        try:
            data = read_bytes(filename)
            findings = engine.check_bytes(data, filename, settings, project).findings
            source = from_bytes(data, filename) if findings else None
        except SourceError as error:
            problems.append(error)
            continue
        if source is not None:
            places, loops = _places(source), _Loops(_last_rows(source), set(_inner_loops(source.tree, False)))
            named |= {(filename, f.api) for f in findings if f.api and (f.row, f.column) not in places}
            said += _merged([f for f in findings if f.code == "RNN203" or (f.row, f.column) in places], places, loops)
    return Statement(tuple(said), frozenset(named), tuple(problems))


def _settings(tensorflow: str, keras: int) -> Settings:
    """The linter derives the generation of Keras from the TensorFlow release alone; Keras 2 on a newer one is passed as
    the last release that came with Keras 2."""
    major, minor = (int(part) for part in (tensorflow or Settings().target_tensorflow).split(".")[:2])
    target = "2.15" if keras == 2 and (major, minor) >= (2, 16) else f"{major}.{minor}"
    return Settings(
        target_tensorflow=target, max_unroll=0, select=("RNN1", "RNN2", *_LOST_MASK), extend_select=("RNN204",)
    )


_Rows = tuple[int, int]


def _places(source: Source) -> dict[tuple[int, int], _Rows]:
    """The place of the callee of each call -> the lines of the statement around it, without its body."""
    found: dict[tuple[int, int], _Rows] = {}
    for node, rows in _calls(source.tree, (1, 1)):
        place = source.place(*_callee(node.func))
        found[place.row, place.column] = rows
    return found


def _calls(node: ast.AST, rows: _Rows) -> Iterator[tuple[ast.Call, _Rows]]:
    for child in ast.iter_child_nodes(node):
        inner = rows
        if isinstance(child, ast.stmt):
            body = getattr(child, "body", None)
            last = body[0].lineno - 1 if isinstance(body, list) and body else child.end_lineno
            inner = child.lineno, max(last or child.lineno, child.lineno)
        if isinstance(child, ast.Call):
            yield child, inner
        yield from _calls(child, inner)


def _inner_loops(node: ast.AST, inside: bool) -> Iterator[int]:
    """The lines of the loops that are within another loop of their function."""
    for child in ast.iter_child_nodes(node):
        is_loop = isinstance(child, (ast.For, ast.AsyncFor, ast.While))
        if inside and (is_loop or isinstance(child, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp))):
            yield child.lineno  # type: ignore[attr-defined]
        is_scope = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef))
        yield from _inner_loops(child, not is_scope and (inside or is_loop))


def _callee(node: ast.expr) -> tuple[int, int]:
    """The line and byte column where findings are placed: the last name of a dotted expression over several lines."""
    if isinstance(node, ast.Call):
        return _callee(node.func)
    if isinstance(node, ast.Attribute) and node.end_lineno not in (None, node.lineno):
        return node.end_lineno or 0, (node.end_col_offset or 0) - len(node.attr.encode())
    return node.lineno, node.col_offset


class _Loops(NamedTuple):
    """The loops of a file by their lines."""

    last_rows: dict[int, int]
    nested: set[int]


def _last_rows(source: Source) -> dict[int, int]:
    """The line of each loop -> the last line of its body, which the finding at its header does not cover."""
    loops = (node for node in ast.walk(source.tree) if isinstance(node, (ast.For, ast.AsyncFor, ast.While)))
    return {node.lineno: node.end_lineno or node.lineno for node in loops}


def _merged(findings: Iterable[Finding], places: dict[tuple[int, int], _Rows], loops: _Loops) -> Iterator[Said]:
    """One entry for each place, with the codes of all findings there."""
    by_place: dict[tuple[Sort, int, int], list[Finding]] = {}
    for finding in findings:
        sort = _sort(finding)
        if sort is not None:
            by_place.setdefault((sort, finding.row, finding.column), []).append(finding)
    for (sort, row, column), group in sorted(by_place.items(), key=lambda item: item[0][1:]):
        rows = places.get((row, column), (row, row))
        if sort == "loop":
            rows = row, loops.last_rows.get(row, max(f.end_row for f in group))
        yield Said(
            sort=sort,
            api=next((f.api for f in group if f.api), ""),
            filename=group[0].filename,
            row=row,
            column=column,
            first=rows[0],
            last=rows[1],
            codes=tuple(sorted({f.code for f in group})),
            length=next((f.unroll_length for f in group if f.unroll_length is not None), None),
            ops=next((f.graph_ops for f in group if f.graph_ops is not None), None),
            nested=sort == "loop" and row in loops.nested,
        )


def _sort(finding: Finding) -> Sort | None:
    """None for findings that are not about a call: a cell, a module, or a loop that Keras rejects."""
    if finding.code in ("RNN101", "RNN201", "RNN204"):
        return "static"
    if finding.code == "RNN102":
        return "dynamic"
    if finding.code in _UNROLLED_LAYER:
        return "layer"
    if finding.code in _LOST_MASK:
        return "mask"
    return "loop" if finding.code == "RNN203" else None
