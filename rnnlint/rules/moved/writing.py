"""Where can an import be added to a module, under which name, and how is an import statement rewritten?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from rnnlint.finding import Edit
from rnnlint.read.source import Source
from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import Module
from rnnlint.rules.edits import Point, edit_of, end_of, start_of, text_between

_WIDTH = 100
"""A longer import is written in parentheses, a name on each line."""

_FROM = re.compile(r"from[ \t]+([\w.]+)[ \t]+import\b")

_BINDING = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.arg, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal,
)  # fmt: skip


class Wanted(NamedTuple):
    """One name to import. An empty ``name`` means the module itself: ``import module as local``."""

    module: str
    name: str
    local: str

    @property
    def clause(self) -> str:
        """The text after ``import``."""
        return self.name if self.local == self.name else f"{self.name} as {self.local}"


class Writer:
    """Writes imports into one module."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.source: Source = module.source
        found = re.search(r"\r\n|\r|\n", self.source.text)
        self.newline = found[0] if found else "\n"

    @property
    def names(self) -> dict[str, list[ast.Name]]:
        """The reads of each name."""
        return surroundings_of(self.module).names

    @cached_property
    def _bound(self) -> dict[str, set[str]]:
        """Each bound name, with the imports that bind it (``module:name``) or an empty text for any other binding."""
        bound: dict[str, set[str]] = {}
        around = surroundings_of(self.module)
        for stored in around.stored:
            bound.setdefault(stored.id, set()).add("")
        for node in around.of(*_BINDING):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                bound.setdefault(node.name, set()).add("")
            elif isinstance(node, ast.arg):
                bound.setdefault(node.arg, set()).add("")
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    bound.setdefault(alias.asname or alias.name.split(".")[0], set()).add(f"{alias.name}:")
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    bound.setdefault(alias.asname or alias.name, set()).add(f"{node.module}:{alias.name}")
            elif isinstance(node, (ast.Global, ast.Nonlocal)):
                for name in node.names:
                    bound.setdefault(name, set()).add("")
        return bound

    def local_name(self, module: str, name: str, gone: Iterable[str] = ()) -> str:
        """A name that is unused in the whole module, or that is already this import.

        ``gone`` names imports (``module:name``) that the fix removes.
        """
        short, long = ("V1", "compat_v1_") if ".compat.v1" in module else ("Keras", "keras_")
        for local in (name, f"{short}{name}", f"{long}{name}"):
            holders = self._bound.get(local, set()) - set(gone)
            if holders <= {f"{module}:{name}"} and (holders or local not in self.names or local == name):
                return local
        return f"_{long}{name}"

    def stands_alone(self, statement: ast.stmt) -> bool:
        """Whether a statement has its lines to itself, except for a comment after it."""
        first, last = self._row(statement.lineno), self._row(_end_row(statement))
        before = first.encode("utf-8", "surrogatepass")[: statement.col_offset]
        behind = last.encode("utf-8", "surrogatepass")[statement.end_col_offset or 0 :]
        return not before.strip() and (not behind.strip() or behind.strip().startswith(b"#"))

    def below(self, statement: ast.stmt, wanted: Wanted) -> Edit | None:
        """The edit that imports a name on a line below a statement, if it is not imported there yet.

        Such edits for names of one module are merged into one line.
        """
        if not self.stands_alone(statement):
            return None
        indent = self._indent(statement)
        line = f"{self.newline}{indent}from {wanted.module} import {wanted.clause}"
        row = _end_row(statement)
        end = Point(row, len(self._row(row)))
        edit = edit_of(self.source, end, end, line)
        return edit._replace(names=wanted.clause) if edit is not None else None

    def again(
        self, statement: ast.Import | ast.ImportFrom, kept: Sequence[ast.alias], new: Sequence[Wanted]
    ) -> Edit | None:
        """The edit that rewrites an import statement: the names that stay, and new imports below."""
        text = text_between(self.source, *_extent(self.source, statement))
        if not kept:
            moved = self._moved(statement, text, new) or self._dropped(statement, new)
            if moved is not None:
                return moved
        if "#" in text or "\\" in text:
            return None
        alone = self.stands_alone(statement)
        rows: list[str] = []
        if kept:
            here = [one for one in new if one.name and one.module == getattr(statement, "module", None)]
            rows.append(_kept(statement, kept, here))
            new = [one for one in new if one not in here]
        rows += _rows(new, _WIDTH if alone else 0)
        between = self.newline + self._indent(statement) if alone else "; "
        return edit_of(self.source, *_extent(self.source, statement), between.join(rows))

    def rows(self, statement: ast.stmt, new: Sequence[Wanted]) -> str:
        """The text of imports that replace a statement with its own lines."""
        return (self.newline + self._indent(statement)).join(_rows(new, _WIDTH))

    def _moved(self, statement: ast.Import | ast.ImportFrom, text: str, new: Sequence[Wanted]) -> Edit | None:
        """Only the module of a ``from`` import, if all its names move to one module and keep their names."""
        if not isinstance(statement, ast.ImportFrom) or len({one.module for one in new}) != 1:
            return None
        found = _FROM.match(text)
        clauses = [(alias.name, alias.asname or alias.name) for alias in statement.names]
        if found is None or [(one.name, one.local) for one in new] != clauses or found[1] != statement.module:
            return None
        start = _extent(self.source, statement)[0]
        first = start._replace(column=start.column + found.start(1))
        return edit_of(self.source, first, first._replace(column=first.column + len(found[1])), new[0].module)

    def _dropped(self, statement: ast.stmt, new: Sequence[Wanted]) -> Edit | None:
        """No row at all, where the import that would take its place stands above it already."""
        block = self.module.tree.positions[statement][0].statements
        above = block[: block.index(statement)]
        names = {one.name for other in above if isinstance(other, ast.Import) for one in other.names if not one.asname}
        if not new or not {one.module for one in new if not (one.name or one.local)} <= names:
            return None
        if any(one.name or one.local for one in new) or self._row(statement.lineno).strip() != ast.unparse(statement):
            return None
        first = Point(statement.lineno - 1, len(self._row(statement.lineno - 1)))
        return edit_of(self.source, first, end_of(self.source, statement), "")

    def _indent(self, statement: ast.stmt) -> str:
        row = self._row(statement.lineno)
        return row[: len(row) - len(row.lstrip())]

    def _row(self, row: int) -> str:
        line = self.source.parsed_lines.get(row)
        return self.source.lines[row - 1] if line is None else line


def _extent(source: Source, statement: ast.stmt) -> tuple[Point, Point]:
    return start_of(source, statement), end_of(source, statement)


def _end_row(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno


def _kept(statement: ast.Import | ast.ImportFrom, kept: Sequence[ast.alias], more: Sequence[Wanted]) -> str:
    """The line with the remaining names of a statement, where names of the same module replace others."""
    clauses = [f"{one.name} as {one.asname}" if one.asname else one.name for one in kept]
    names = ", ".join(dict.fromkeys([*clauses, *(one.clause for one in more)]))
    if isinstance(statement, ast.Import):
        return f"import {names}"
    return f"from {'.' * statement.level}{statement.module or ''} import {names}"


def _rows(new: Sequence[Wanted], width: int) -> list[str]:
    rows = [f"import {one.module}" + (f" as {one.local}" if one.local else "") for one in new if not one.name]
    for module in dict.fromkeys(one.module for one in new if one.name):
        clauses = sorted({one.clause for one in new if one.name and one.module == module} - {"*"})
        if Wanted(module, "*", "*") in new:
            rows.append(f"from {module} import *")
        rows += _from(module, clauses, width) if clauses else []
    return rows


def _from(module: str, clauses: Sequence[str], width: int) -> list[str]:
    """The lines of an import of names; more than one if it is longer than a nonzero width."""
    row = f"from {module} import {', '.join(clauses)}"
    if not width or len(row) <= width:
        return [row]
    return [f"from {module} import (", *(f"    {one}," for one in clauses), ")"]
