"""How are the results of a legacy runner built from those of a layer?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.runs import Run, is_read_otherwise, reads_alone, reads_of

_PARTS = {"c": 0, "h": 1}
_INDEXES = {0: 0, 1: 1, -1: 1, -2: 0}


@dataclass(eq=False)
class Leaf:
    """One of the values that the layer returns."""

    hint: str
    """A suggested name."""
    done: Callable[[str], str] | None = None
    """The expression for the legacy value, given its name."""
    name: str = ""
    """The name that it gets."""

    def written(self) -> str:
        """The legacy value."""
        return self.done(self.name) if self.done else self.name


@dataclass(eq=False)
class Several:
    """A tuple of values, or the state of an LSTM."""

    parts: list[Value]
    code: Code | None = None
    """The expression for the class of a state."""

    @property
    def of(self) -> bool:
        """Whether it is the state of an LSTM."""
        return self.code is not None

    def written(self) -> str:
        """The legacy value."""
        inner = ", ".join(one.written() for one in self.parts)
        return f"{self.code.state_tuple()}({inner})" if self.code is not None else f"({inner})"


Value: TypeAlias = "Leaf | Several"


def leaves(value: Value) -> Iterator[Leaf]:
    """The leaves of a nested value, in order."""
    if isinstance(value, Leaf):
        yield value
    else:
        for part in value.parts:
            yield from leaves(part)


@dataclass(eq=False)
class Assigned:
    """How the values are assigned to the targets of a statement."""

    after: list[tuple[str, Value]] = field(default_factory=list)
    """Assignments on separate lines, below."""


def assign(target: ast.expr, value: Value, run: Run, code: Code, done: Assigned) -> None:
    """Name the leaves of a value after its targets; anything that needs more than a name is assigned below."""
    if isinstance(value, Leaf):
        if value.done is None or isinstance(target, ast.Name):
            value.name = code.render(target)
            if isinstance(target, ast.Name) and value.done is not None and not _taken_by_index(target, value, code):
                done.after.append((value.name, value))
            return
    elif isinstance(target, (ast.Tuple, ast.List)) and len(target.elts) == len(value.parts):
        if not any(isinstance(one, ast.Starred) for one in target.elts):
            for inner, part in zip(target.elts, value.parts):
                assign(inner, part, run, code, done)
            return
    elif isinstance(target, ast.Name) and value.of and _taken_apart(target, value, code):
        return
    _name(value, code, target)
    done.after.append((code.render(target), value))


def name_freely(value: Value, code: Code) -> None:
    """Give the leaves unused names."""
    for leaf in leaves(value):
        leaf.name = code.free(leaf.hint)


def _name(value: Value, code: Code, target: ast.expr) -> None:
    stem = target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")
    for leaf in leaves(value):
        last = leaf.hint.rpartition("_")[2]
        is_part = isinstance(value, Several) and value.of and bool(stem)
        leaf.name = code.free(f"{stem}_{last}" if is_part else leaf.hint)


def _taken_apart(target: ast.Name, value: Several, code: Code) -> bool:
    """Rewrite each read of a state as a read of one of its parts, if all reads take one; return whether they do."""
    if len(value.parts) != 2 or not all(isinstance(one, Leaf) and one.done is None for one in value.parts):
        return False
    if is_read_otherwise(target, code):
        return False
    found: list[tuple[ast.AST, int]] = []
    for read in reads_of(target, code):
        outer = code.parents.get(read)
        part = None
        if isinstance(outer, ast.Attribute) and isinstance(outer.ctx, ast.Load):
            part = _PARTS.get(outer.attr)
        elif isinstance(outer, ast.Subscript) and outer.value is read and isinstance(outer.ctx, ast.Load):
            part = _INDEXES.get(_number(outer.slice) or 0) if _number(outer.slice) is not None else None
        if part is None or outer is None or not reads_alone(target, read, code) or _in_text(outer, code):
            return False
        found.append((outer, part))
    if not found:
        return False
    _name(value, code, target)
    for node, part in found:
        code.new[node] = value.parts[part].written()
    return True


def _taken_by_index(target: ast.Name, value: Leaf, code: Code) -> bool:
    """Rewrite each read of one element of a list as a step of the tensor, if all reads take one."""
    if not getattr(value.done, "by_index", False) or is_read_otherwise(target, code):
        return False
    found: list[tuple[ast.Subscript, int]] = []
    for read in reads_of(target, code):
        outer = code.parents.get(read)
        if not (isinstance(outer, ast.Subscript) and outer.value is read and isinstance(outer.ctx, ast.Load)):
            return False
        number = _number(outer.slice)
        if number is None or not reads_alone(target, read, code) or _in_text(outer, code):
            return False
        found.append((outer, number))
    for node, number in found:
        code.new[node] = f"{target.id}[:, {number}]"
    return bool(found)


def _number(node: ast.expr) -> int | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _number(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool):
        return node.value
    return None


def _in_text(node: ast.AST, code: Code) -> bool:
    """Whether an expression is in an f-string, where Python before 3.12 misplaces nodes."""
    return any(isinstance(one, ast.JoinedStr) for one in code.above(node))
