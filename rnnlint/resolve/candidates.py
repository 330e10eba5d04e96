"""Which imports, names and calls of a module are worth following to see if they name a legacy symbol?

What names a symbol says one of a few words (`rnnlint.facts.words`) where it stands, or where the name that it
begins with was imported or assigned. So the rows with such a word are read as code, then those with a name that was
bound there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rnnlint.facts import words
from rnnlint.facts.symbols import last_names
from rnnlint.resolve.by_text import IMPORTING
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.scopes import Binding

if TYPE_CHECKING:
    from rnnlint.resolve.module import Module

_STAR = re.compile(r"import[ \t(]*\*")


class Candidates:
    """What of one module is worth following."""

    def __init__(self, module: Module) -> None:
        tree = module.tree
        stars = [tree.mentions.row_of(found.start()) for found in _STAR.finditer(tree.mentions.text)]
        rows = tree.mentions.of_pieces(words.occurring)
        first = tree.on_rows(sorted({*rows, *stars}) if stars else rows)
        self.imports = [one for one in first if isinstance(one, (ast.Import, ast.ImportFrom))]
        self.names = frozenset(_bound(module, first))
        """Names of this module that may stand for a symbol or for a module with symbols, though they do not say so."""
        statements = dict.fromkeys(first)
        for name in self.names:
            statements.update(dict.fromkeys(tree.holding(name)))
        self.chains = [chain for chain in tree.chains_in(statements) if self.may_name(chain)]
        """Dotted names that are read, in source order."""
        self.calls = [call for call in tree.calls_in(statements) if self._may_be_called(call.func)]
        """Calls whose function may be a symbol, in source order."""
        self.by_text = [call for name in _naming(module) for call in tree.calls_of(name)]
        """Calls that may name a symbol or a module by a literal."""

    def may_name(self, node: ast.expr) -> bool:
        """Whether a part of a dotted expression may be the name of a symbol, of its module, or stand for one."""
        while isinstance(node, ast.Attribute):
            if node.attr in last_names() or node.attr in self.names:
                return True
            node = node.value
        return isinstance(node, ast.Name) and (node.id in last_names() or node.id in self.names)

    def _may_be_called(self, function: ast.expr) -> bool:
        while isinstance(function, ast.Subscript):
            function = function.value
        return isinstance(function, (ast.Dict, ast.List, ast.Tuple, ast.Call)) or self.may_name(function)


def _naming(module: Module) -> list[str]:
    """The functions that take a name as text, as far as the module mentions them."""
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
            yield from _imported(module, statement)
            continue
        tree = module.tree
        bindings: list[Binding] = [*tree.headers.get(statement, ())]
        bindings += (write for write in tree.positions[statement][0].scope.writes if write.statement is statement)
        inner = [*tree.scan(statement).inner]
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inner.append(tree.scope_of(statement))
        bindings += (given for scope in inner for given in scope.given.values())
        for binding in bindings:
            if binding.kind != "definition" and binding.value is not None and _may_give(binding.value):
                yield binding.name.rpartition(".")[2]


def _imported(module: Module, statement: ast.Import | ast.ImportFrom) -> Iterator[str]:
    base = f"{statement.module}." if isinstance(statement, ast.ImportFrom) and statement.module else ""
    for alias in statement.names:
        if alias.name == "*":
            yield from _by_star(module, statement)
            continue
        if _has_piece(base + alias.name):
            # A module's own name stands for it only where it was imported as such, or from the package above.
            yield alias.asname or (alias.name if base else alias.name.split(".")[0])


def _by_star(module: Module, statement: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """What a star import of another module of the project brings: what may stand for a symbol there."""
    if isinstance(statement, ast.ImportFrom):
        other = module.project.find(module, statement.module or "", statement.level)
        if other is not None:
            yield from other.candidate_names()


def _may_give(value: ast.expr) -> bool:
    """Whether an expression may be a symbol itself, and not what a symbol returns."""
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
    while isinstance(node, ast.Attribute):
        if node.attr in last_names():
            return True
        node = node.value
    return isinstance(node, ast.Name) and node.id in last_names()


def _has_piece(path: str) -> bool:
    return bool(words.occurring(path.lower()))
