"""What does one iteration of a loop pass to the next? The dependencies between the names in a loop's body."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from rnnlint.resolve.calls_by import dotted
from rnnlint.resolve.walking import below, children

LONGEST = 2000
"""The most statements of a body that are analyzed; one step of a cell never has more."""

_GROWING = {"append", "appendleft", "extend", "insert", "push", "write", "add", "update", "assign"}
_BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Step:
    """One statement: the places that it writes, and the places that the written values depend on."""

    node: ast.stmt
    writes: frozenset[str]
    reads: frozenset[str]


def own_statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body and of its blocks, without those of functions defined there."""
    todo: list[ast.AST] = list(body)
    seen = 0
    while todo and seen < LONGEST:
        node = todo.pop()
        if isinstance(node, ast.stmt):
            seen += 1
            yield node
        if not isinstance(node, _INNER):
            for part in _BLOCKS:
                todo += getattr(node, part, ())


def expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement itself, without its blocks."""
    for child in children(statement):
        if isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.withitem):
            yield child.context_expr


def steps(body: Iterable[ast.stmt]) -> list[Step]:
    """The writing statements of a body."""
    return [step for statement in own_statements(body) for step in _steps(statement)]


def _steps(node: ast.stmt) -> Iterator[Step]:
    match node:
        case ast.Assign():
            yield from _assigned(node, node.targets, node.value)
        case ast.AnnAssign() if node.value is not None:
            yield from _assigned(node, [node.target], node.value)
        case ast.AugAssign():
            yield Step(node, places(node.target), reads(node.value) | places(node.target))
        case ast.For(target=ast.Tuple(elts=targets), iter=ast.Call(func=ast.Name(id="zip"), args=parts)) if len(
            targets
        ) == len(parts):
            for target, part in zip(targets, parts):
                yield Step(node, places(target), reads(part))
        case ast.For() | ast.AsyncFor():
            yield from _assigned(node, [node.target], node.iter)
        case ast.With() | ast.AsyncWith():
            for item in node.items:
                if item.optional_vars is not None:
                    yield from _assigned(node, [item.optional_vars], item.context_expr)
        case ast.Expr(value=ast.Call(func=ast.Attribute() as function) as call) if function.attr in _GROWING:
            yield Step(node, places(function.value), reads(call))
    for expression in expressions(node):
        for inner in below(expression):
            if isinstance(inner, ast.NamedExpr):
                yield Step(node, places(inner.target), reads(inner.value))


def _assigned(node: ast.stmt, targets: list[ast.expr], value: ast.expr) -> Iterator[Step]:
    """``a, b = x, y`` is two assignments: the value of ``a`` says nothing about ``b``."""
    for target in targets:
        if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
            if len(target.elts) == len(value.elts):
                for left, right in zip(target.elts, value.elts):
                    yield Step(node, places(left), reads(right))
                continue
        indexes = frozenset(
            name for part in below(target) if isinstance(part, ast.Subscript) for name in reads(part.slice)
        )
        yield Step(node, places(target), reads(value) | indexes)


def places(target: ast.expr) -> frozenset[str]:
    """The names and dotted names that an assignment to this target changes."""
    found: set[str] = set()
    todo: list[ast.expr] = [target]
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.Tuple, ast.List)):
            todo.extend(node.elts)
        elif isinstance(node, (ast.Starred, ast.Subscript)):
            todo.append(node.value)
        elif (name := dotted(node)) is not None:
            found.add(name)
        elif isinstance(node, ast.Attribute):
            todo.append(node.value)
    return frozenset(found)


def reads(expression: ast.expr) -> frozenset[str]:
    """The names that an expression reads, and every prefix of a dotted name."""
    found: set[str] = set()
    for node in below(expression):
        if isinstance(node, (ast.Name, ast.Attribute)) and (name := dotted(node)) is not None:
            found.add(name)
    return frozenset(found)


Readers: TypeAlias = Mapping[str, list[Step]]
"""The statements that read each place."""


def readers(among: Iterable[Step]) -> Readers:
    """The statements by what they read."""
    found: dict[str, list[Step]] = {}
    for step in among:
        for name in step.reads:
            found.setdefault(name, []).append(step)
    return found


def reached(seeds: Iterable[str], among: Readers) -> frozenset[str]:
    """Everything that depends on the seeds, in this iteration or a later one."""
    found = set(seeds)
    todo = list(found)
    while todo:
        for step in among.get(todo.pop(), ()):
            todo.extend(step.writes - found)
            found |= step.writes
    return frozenset(found)


def written_by(among: Iterable[Step], part: ast.expr) -> frozenset[str]:
    """What those of the assignments write whose value this expression is part of."""
    wanted = reads(part)
    return frozenset(name for step in among if wanted <= step.reads for name in step.writes)
