"""Which code that switches between releases certainly runs on the target?"""

from __future__ import annotations

import ast
from functools import cached_property

from rnnlint.facts import symbols
from rnnlint.read.remembered import remembered
from rnnlint.resolve.sites import Site
from rnnlint.resolve.values import Module
from rnnlint.resolve.walking import below
from rnnlint.rules.foreseen import around, asked_beside, asks, catches, is_caught, is_foreseen
from rnnlint.rules.moved.conditions import holds
from rnnlint.rules.moved.holders import Holders

_IMPORT_FAILS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_ATTRIBUTE_FAILS = frozenset({"AttributeError", "Exception", "BaseException"})


class Switches:
    """The switches of one module on one target."""

    def __init__(self, module: Module, target: str, held: Holders) -> None:
        self.module, self.target, self.held = module, target, held

    def may_hide(self, statement: ast.stmt, node: ast.expr | ast.alias) -> bool:
        """Whether a use is within a release switch and does not certainly run on the target."""
        if is_asked_for(statement, node):
            return True
        return is_foreseen(statement, node, self.module) and not self._is_live(statement, node)

    def _is_live(self, statement: ast.stmt, node: ast.AST) -> bool:
        """Whether each switch around a statement certainly leads to it."""
        if node in asked_beside(statement) and not self._is_chosen(statement, node):
            return False
        for owner, block in around(statement, self.module):
            if isinstance(owner, ast.If) and asks(owner.test):
                found = holds(owner.test, self.module, self.target)
                if found is None or found is not (block.role == "body"):
                    return False
            elif isinstance(owner, ast.While) and asks(owner.test) or isinstance(owner, ast.Match):
                return False
            elif isinstance(owner, ast.Try) and block.role == "handler":
                if not self._is_reached(owner, block.statements):
                    return False
            elif block.role in ("body", "handler") and catches(owner):
                return False
        return True

    def _is_chosen(self, statement: ast.stmt, node: ast.AST) -> bool:
        """Whether each condition beside a node (``a if test else b``) is known to choose it."""
        for one in below(statement):
            if isinstance(one, ast.BoolOp) and any(map(asks, one.values)) and node in below(one):
                return False
            if isinstance(one, ast.IfExp) and asks(one.test):
                found = holds(one.test, self.module, self.target)
                if node in below(one) and (found is None or node in below(one.orelse if found else one.body)):
                    return False
        return True

    def _is_reached(self, owner: ast.Try, handler: list[ast.stmt]) -> bool:
        """Whether the ``try`` body fails on the target with an error that this handler is the first to catch."""
        for statement in owner.body:
            caught = self._error(statement)
            if caught is not None:
                first = next((one for one in owner.handlers if one.type is None or is_caught(one.type, caught)), None)
                return first is not None and first.body is handler
            if not isinstance(statement, (ast.Import, ast.ImportFrom, ast.Assign)):
                return False
        return False

    def _error(self, statement: ast.stmt) -> frozenset[str] | None:
        """The handler for the error that a statement raises on the target; None if it raises no known error."""
        if statement in self._failing:
            return _IMPORT_FAILS
        if isinstance(statement, ast.Assign) and statement.value in self._gone:
            return _ATTRIBUTE_FAILS
        return None

    @cached_property
    def _failing(self) -> frozenset[ast.stmt]:
        """The imports that fail on the target."""
        return frozenset(one.statement for one in self.held.imports.values() if self._is_removed(one))

    @cached_property
    def _gone(self) -> frozenset[ast.AST]:
        """The attributes that are missing on the target."""
        sites = (*self.held.variables.values(), *(site for site, _, _ in self.held.others))
        return frozenset(one.node for one in sites if self._is_removed(one))

    def _is_removed(self, site: Site) -> bool:
        return symbols.state_on(site.symbol, self.target) == "removed"


def is_asked_for(statement: ast.stmt, node: ast.expr | ast.alias) -> bool:
    """Whether code only checks if a name exists (``if tf.nn.x:``, ``tf.nn.x or mine``), or the name is in an
    f-string."""
    return node in _asked_for(statement)


@remembered(4)
def _asked_for(statement: ast.stmt) -> frozenset[ast.AST]:
    """All such nodes. Cached for a few statements, since one may name a thousand symbols."""
    found: set[ast.AST] = set()
    for one in ast.walk(statement):
        if isinstance(one, (ast.If, ast.While, ast.IfExp)):
            found.add(one.test)
        elif isinstance(one, ast.BoolOp):
            found.update(one.values)
        elif isinstance(one, ast.UnaryOp):
            found.add(one.operand)
        elif isinstance(one, ast.Compare) and any(_is_none(part) for part in (one.left, *one.comparators)):
            found.update((one.left, *one.comparators))
        elif isinstance(one, ast.JoinedStr):
            # Before 3.12 Python may misplace nodes in an f-string, and take its text for the expression.
            found.update(ast.walk(one))
    return frozenset(found)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
