"""Which imports, names and calls of a module may name a legacy symbol, and are worth resolving?

Code that names a symbol contains one of a few words (`rnnlint.facts.words`), either at that place or where the name it
begins with was imported or assigned. So the lines with such a word are read as code, and then the lines with a name
that was bound there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from rnnlint.facts import words
from rnnlint.facts.symbols import last_names
from rnnlint.read.prefilter import may_matter
from rnnlint.resolve.by_text import IMPORTING
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.stars import stars_of

if TYPE_CHECKING:
    from rnnlint.resolve.values import Module

_STAR = re.compile(r"import[ \t(]*\*")


def candidates_of(module: Module) -> Candidates:
    """The candidates of a module, computed on first use."""
    found: Candidates | None = module.memo.get("candidates")
    if found is None:
        found = module.memo["candidates"] = Candidates(module)
    return found


class Candidates:
    """The parts of one module that are worth resolving."""

    def __init__(self, module: Module) -> None:
        self._module = module
        tree = module.tree
        stars = [tree.mentions.row_of(found.start()) for found in _STAR.finditer(tree.mentions.text)]
        rows = tree.mentions.of_pieces(words.occurring)
        self._has_stars = bool(stars)
        self._first = tree.on_rows(sorted({*rows, *stars}) if stars else rows)
        self.imports = [one for one in self._first if isinstance(one, (ast.Import, ast.ImportFrom))]
        self.own = frozenset(_bound(module, self._first))
        """Names that the module binds and that may stand for a symbol, or a module with symbols, though their text
        does not show it."""

    @cached_property
    def names(self) -> frozenset[str]:
        """The same, including the names from star imports."""
        return self.own | _by_stars(self._module) if self._has_stars else self.own

    @cached_property
    def _statements(self) -> dict[ast.stmt, None]:
        statements = dict.fromkeys(self._first)
        for name in self.names:
            statements.update(dict.fromkeys(self._module.tree.holding(name)))
        return statements

    @cached_property
    def chains(self) -> list[ast.expr]:
        """Dotted names that are read, in source order."""
        return [chain for chain in self._module.tree.chains_in(self._statements) if self.may_name(chain)]

    @cached_property
    def calls(self) -> list[ast.Call]:
        """Calls whose function may be a symbol, in source order."""
        return [call for call in self._module.tree.calls_in(self._statements) if self._may_be_called(call.func)]

    @cached_property
    def by_text(self) -> list[ast.Call]:
        """Calls that may name a symbol or a module by a literal."""
        return [call for name in _naming(self._module) for call in self._module.tree.calls_of(name)]

    def may_name(self, node: ast.expr) -> bool:
        """Whether part of a dotted expression may be the name of a symbol, of its module, or an alias of one."""
        if _says(node):
            return True
        while isinstance(node, ast.Attribute):
            if node.attr in self.names:
                return True
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.names

    def _may_be_called(self, function: ast.expr) -> bool:
        while isinstance(function, ast.Subscript):
            function = function.value
        return isinstance(function, (ast.Dict, ast.List, ast.Tuple, ast.Call)) or self.may_name(function)


def _by_stars(module: Module) -> frozenset[str]:
    """The names that may stand for a symbol, in this module and in all modules that it star-imports."""
    known: frozenset[str] | None = module.memo.get("candidate names")
    if known is not None:
        return known
    takers: dict[Module, list[Module]] = {module: []}
    todo = [module]
    while todo:
        one = todo.pop()
        for other in _sources(one):
            if other not in takers:
                takers[other] = []
                todo.append(other)
            takers[other].append(one)
    found = frozenset(name for one in takers if _is_worth_parsing(one) for name in candidates_of(one).own)
    todo = [module]
    while todo:
        one = todo.pop()
        if "candidate names" not in one.memo:
            one.memo["candidate names"] = found
            todo += takers[one]
    return found


def _is_worth_parsing(module: Module) -> bool:
    return module.is_read or may_matter(module.text)


def _sources(module: Module) -> list[Module]:
    """The modules of the project that a module star-imports."""
    stars = stars_of(module)
    if _is_worth_parsing(module):
        statements = candidates_of(module).imports
        found = [stars.source(one) for one in statements if any(alias.name == "*" for alias in one.names)]
    else:
        found = [star.module for star in stars.by_text]
    return [other for other in found if other is not None]


def _naming(module: Module) -> list[str]:
    """The functions that take a name as a string, if the module mentions them."""
    text = module.tree.mentions.text
    found = [name for name in ("getattr", *IMPORTING) if name in text]
    if "lazy" in text.lower():
        statements = module.tree.on_rows(module.tree.mentions.of_pieces(lambda _: ["lazy"]))
        names = (leaf(call.func) or "" for call in module.tree.calls_in(statements))
        found += dict.fromkeys(name for name in names if "lazy" in name.lower())
    return found


def _bound(module: Module, statements: Iterable[ast.stmt]) -> Iterator[str]:
    for statement in statements:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield from _imported(statement)
            continue
        tree = module.tree
        bindings: list[Binding] = [*tree.headers.get(statement, ())]
        bindings += tree.positions[statement][0].scope.writes_by("statement", statement)
        inner = [*tree.scan(statement).inner]
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inner.append(tree.scope_of(statement))
        bindings += (given for scope in inner for given in scope.given.values())
        given: dict[ast.expr, bool] = {}
        for binding in bindings:
            if binding.kind != "definition" and binding.value is not None:
                # A long tuple is unpacked to many names.
                if binding.value not in given:
                    given[binding.value] = _may_give(binding.value)
                if given[binding.value]:
                    yield binding.name.rpartition(".")[2]


def _imported(statement: ast.Import | ast.ImportFrom) -> Iterator[str]:
    base = f"{statement.module}." if isinstance(statement, ast.ImportFrom) and statement.module else ""
    for alias in statement.names:
        if alias.name != "*" and _has_piece(base + alias.name):
            # A module's own name stands for it only if it was imported as such, or from the package above.
            yield alias.asname or (alias.name if base else alias.name.split(".")[0])


def _may_give(value: ast.expr) -> bool:
    """Whether an expression may be a symbol itself, not something that a symbol returns."""
    todo = [value]
    while todo:
        node = todo.pop()
        match node:
            case ast.Name() | ast.Attribute():
                if _says(node):
                    return True
            case ast.IfExp():
                todo += [node.body, node.orelse]
            case ast.BoolOp():
                todo += node.values
            case ast.Dict():
                todo += node.values
            case ast.List() | ast.Tuple() | ast.Set():
                todo += node.elts
            case ast.Subscript() | ast.NamedExpr() | ast.Starred():
                todo.append(node.value)
            case ast.Lambda():
                todo.append(node.body)
            case ast.Call():
                name = leaf(node.func) or ""
                if name in ("getattr", *IMPORTING) or "lazy" in name.lower():
                    return True
                if name == "partial":
                    todo += node.args[:1]
    return False


def _says(node: ast.expr) -> bool:
    whole = node
    while isinstance(node, ast.Attribute):
        if node.attr in last_names() or node.attr == "keras" and _has_piece(ast.unparse(whole)):
            return True
        node = node.value
    if not isinstance(node, ast.Name):
        return False
    return node.id in last_names() or node.id == "keras" and _has_piece(ast.unparse(whole))


def _has_piece(path: str) -> bool:
    return bool(words.occurring(path.lower()))
