"""What could be wrong with this module? Small changes of its source, each one a fault that a test ought to see."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
_COMPUTED: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "+",
    ast.FloorDiv: "*",
    ast.Mod: "+",
    ast.BitOr: "&",
    ast.BitAnd: "|",
}


class Mutant(NamedTuple):
    """A change of one place of a source: what is written there, and what takes its place."""

    filename: str
    row: int
    start: int
    end: int
    """Where it stands in the text of the file, in characters."""
    old: str
    new: str

    @property
    def key(self) -> str:
        """A key that identifies the mutant while lines move."""
        return f"{self.filename}: {' '.join(self.old.split())} -> {' '.join(self.new.split())}"

    @property
    def short(self) -> str:
        """What is changed, on one line."""
        old, new = (" ".join(text.split()) for text in (self.old, self.new))
        return " -> ".join(text if len(text) <= 110 else f"{text[:110]}…" for text in (old, new))

    def planted(self, text: str) -> str:
        """The text of its file, with the change."""
        return text[: self.start] + self.new + text[self.end :]


def mutants(text: str, filename: str) -> Iterator[Mutant]:
    """All of them, in the order of the text."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    lines = text.splitlines()

    def at(row: int, column: int) -> int:
        return starts[row - 1] + len(lines[row - 1].encode()[:column].decode())

    def made(node: ast.AST, new: str) -> Mutant:
        start, end = at(node.lineno, node.col_offset), at(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]
        return Mutant(filename, node.lineno, start, end, text[start:end], new)  # type: ignore[attr-defined]

    for node in _code(ast.parse(text)):
        for changed, new in _changes(node, text):
            one = made(changed, new)
            if one.old != one.new:
                yield one


def _code(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run: no annotations, no names of types, no texts that stand alone."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "type_params", "decorator_list"):
            continue
        for node in value if isinstance(value, list) else [value]:
            if not isinstance(node, ast.AST) or _is_text(node) or _is_for_types(node):
                continue
            yield node
            yield from _code(node)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_for_types(node: ast.AST) -> bool:
    return (
        isinstance(node, (ast.Import, ast.ImportFrom))
        or (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING")
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("cast", "TypeVar"))
    )


def _changes(node: ast.AST, text: str) -> Iterator[tuple[ast.AST, str]]:
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            yield node, f"({_source(text, left)} {_COMPARED[type(operator)]} {_source(text, right)})"
        case ast.BoolOp(op=operator, values=values):
            words = (" or ", " and ") if isinstance(operator, ast.And) else (" and ", " or ")
            yield node, f"({words[0].join(f'({_source(text, value)})' for value in values)})"
            # A condition that is not asked.
            yield node, f"({words[1].join(f'({_source(text, value)})' for value in values[1:])})"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield node, f"({_source(text, operand)})"
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _COMPUTED:
            yield node, f"({_source(text, left)} {_COMPUTED[type(operator)]} {_source(text, right)})"
        case ast.Constant(value=bool(value)):
            yield node, str(not value)
        case ast.Constant(value=int(value)):
            yield node, str(value + 1)
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.comprehension(ifs=[test]):
            yield test, f"(not ({_source(text, test)}))"
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield node, "return None"
        case ast.Call(func=function, args=[first, second, *rest], keywords=keywords) if _can_be_exchanged(node):
            yield node, ast.unparse(ast.Call(function, [second, first, *rest], keywords))
        case ast.Raise():
            yield node, "pass"
        case ast.Expr() | ast.AugAssign() | ast.Delete():
            yield node, "pass"
        case ast.Break():
            yield node, "continue"
        case ast.Continue():
            yield node, "break"


def _can_be_exchanged(call: ast.Call) -> bool:
    """Its first two arguments. Those of `isinstance` would be no fault that could stay unseen."""
    first, second = call.args[:2]
    starred = isinstance(first, ast.Starred) or isinstance(second, ast.Starred)
    types = isinstance(call.func, ast.Name) and call.func.id in ("isinstance", "issubclass")
    return not starred and not types and ast.dump(first) != ast.dump(second)


def _source(text: str, node: ast.AST) -> str:
    return ast.get_source_segment(text, node) or ""
