"""In which scope and statement is an expression, and which statements contain a word? Read on demand.

A scope is read when a name in it is looked up, and the expressions of a statement when one of them is needed: most of a
module has nothing to do with the symbols in question.
"""

from __future__ import annotations

import ast
import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from rnnlint.resolve import statements as reading
from rnnlint.resolve.expressions import Scanned, scan
from rnnlint.resolve.mentions import Mentions
from rnnlint.resolve.scopes import Binding, Block, Scope

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# Before 3.12 Python misplaces nodes in an f-string over several lines.
_MISPLACED = ('f"""', "f'''") if sys.version_info < (3, 12) else ()

# Such a statement begins a line; comments and strings do not count.
_LOOP = re.compile(r"^[ \t\f]*(?:async[ \t]+)?(?:for|while)\b", re.MULTILINE)

Home: TypeAlias = tuple[Scope, ast.stmt]
Loop: TypeAlias = ast.For | ast.AsyncFor | ast.While


class ScopeTree:
    """The scopes of one module. ``rows`` are the lines of the text that its tree was parsed from."""

    def __init__(self, tree: ast.Module, rows: Sequence[str]) -> None:
        self.mentions = Mentions(rows)
        self.has_walrus = ":=" in self.mentions.text
        self.positions: dict[ast.stmt, tuple[Block, int]] = {}
        """The block and index of a statement; known for statements of scopes that were read."""
        self.headers: dict[ast.stmt, list[Binding]] = {}
        self.blocks: dict[ast.stmt, list[Block]] = {}
        self.scopes: dict[ast.AST, Scope] = {}
        self.homes: dict[ast.expr, Home] = {}
        """The scope and the statement of each expression that was scanned; see `home`."""
        self._scanned: dict[ast.stmt, Scanned] = {}
        self._limits: dict[int, tuple[list[int], list[int]]] = {}
        self._chains: dict[ast.stmt, tuple[list[ast.If], list[int]]] = {}
        self._holding: dict[str, list[ast.stmt]] = {}
        self._calls: dict[str, list[ast.Call]] = {}
        self._calls_by_function: dict[ast.stmt, dict[ast.expr, ast.Call]] = {}
        self._writes: dict[str, list[Binding]] = {}
        self._loops: list[Loop] | None = None
        self._everything: list[ast.stmt] | None = None
        self._every_call: list[ast.Call] | None = None
        self.module = self.scopes[tree] = Scope("module", tree, None, None)
        reading.read(self, tree.body, self.module)
        for word in ("global", "nonlocal"):
            # A binding of an inner scope may belong to the outer one, so it is read at once.
            self.holding(word)

    def forget(self) -> None:
        """Break the reference cycles of the scopes, so that they are freed without garbage collection."""
        for scope in self.scopes.values():
            scope.parent = scope.body = None
            for held in (scope.given, scope.remote, scope.writes, scope.written):
                held.clear()
        self.__dict__.clear()

    # ---- scopes and homes

    def scope_of(self, node: ast.AST) -> Scope:
        """The scope of a function, class, lambda or comprehension."""
        found = self.scopes.get(node)
        if found is not None:
            return found
        if not isinstance(node, _DEFINITIONS):
            self.home(node)  # type: ignore[arg-type]
            return self.scopes[node]
        if node not in self.positions:
            self.at_row(node.lineno)
        outer = self.positions[node][0].scope
        kind = "class" if isinstance(node, ast.ClassDef) else "function"
        made = self.scopes[node] = Scope(kind, node, outer, node)  # type: ignore[arg-type]
        if not isinstance(node, ast.ClassDef):
            reading.parameters(node.args, made)
            if self.mentions.of_word("global") or self.mentions.of_word("nonlocal"):
                reading.declare(node.body, made)
        reading.read(self, node.body, made)
        return made

    def home(self, node: ast.expr) -> Home | None:
        """The scope and the statement of an expression of this module; None for any other."""
        found = self.homes.get(node)
        if found is None and hasattr(node, "lineno"):
            for statement in self.at_row(node.lineno):
                self.scan(statement)
            found = self.homes.get(node)
            if found is None and any(map(self.mentions.has, _MISPLACED)):
                for statement in self.every_statement():
                    self.scan(statement)
                found = self.homes.get(node)
        return found

    def home_of(self, node: ast.expr) -> Home:
        """The scope and statement of an expression that is known to be of this module. Raises KeyError for any
        other."""
        found = self.home(node)
        if found is None:
            raise KeyError(node)
        return found

    def scan(self, statement: ast.stmt) -> Scanned:
        """The expressions of a statement in a scope that was read."""
        found = self._scanned.get(statement)
        if found is None:
            found = self._scanned[statement] = Scanned()
            found = self._scanned[statement] = scan(self, statement, self.positions[statement][0].scope)
        return found

    # ---- statements by what their rows say

    def at_row(self, row: int) -> list[ast.stmt]:
        """The statements whose own part, without its blocks, covers a line; the scopes around them are read."""
        return self.on_rows([row])

    def on_rows(self, rows: Sequence[int]) -> list[ast.stmt]:
        """The statements whose own part covers one of these sorted lines; each once."""
        found: list[ast.stmt] = []
        todo = [(self.module.body, rows)]
        while todo:
            block, wanted = todo.pop()
            if block is None or not block.statements:
                continue
            for statement, own in self._links(block, wanted):
                inner = self._inside(statement)
                if not inner:
                    found.append(statement)
                    continue
                left = len(own)
                for one in inner:
                    first, last = _first_row(one.statements[0]), _last_row(one.statements[-1])
                    deeper = own[bisect_left(own, first) : bisect_right(own, last)]
                    if deeper:
                        todo.append((one, deeper))
                        left -= len(deeper)
                # A body may be on the line of its header.
                if left or own[0] <= _first_row(inner[0].statements[0]):
                    found.append(statement)
        return found

    def _links(self, block: Block, wanted: Sequence[int]) -> Iterator[tuple[ast.stmt, list[int]]]:
        """The statements that cover some of these lines, with the lines; of an ``elif`` chain only the links that
        do."""
        for index, own in self._covering(block, wanted).items():
            statement = block.statements[index]
            if not isinstance(statement, ast.If):
                yield statement, own
                continue
            if statement not in self._chains:
                links_of = _chain(statement)
                self._chains[statement] = links_of, [link.lineno for link in links_of]
            chain, firsts = self._chains[statement]
            links: dict[int, list[int]] = {}
            for row in own:
                links.setdefault(bisect_right(firsts, row) - 1, []).append(row)
            yield from ((chain[at], rows) for at, rows in links.items())

    def _covering(self, block: Block, rows: Sequence[int]) -> dict[int, list[int]]:
        """The indexes of the statements that cover some of these lines, with the lines that each covers."""
        limits = self._limits.get(id(block))
        if limits is None:
            statements = block.statements
            limits = self._limits[id(block)] = [_first_row(s) for s in statements], [_last_row(s) for s in statements]
        firsts, lasts = limits
        found: dict[int, list[int]] = {}
        for row in rows:
            index = bisect_right(firsts, row) - 1
            # Several statements may share a line: `a = 1; b = 2`.
            while index >= 0 and lasts[index] >= row:
                found.setdefault(index, []).append(row)
                index -= 1
        return found

    def _inside(self, statement: ast.stmt) -> list[Block]:
        if isinstance(statement, _DEFINITIONS):
            body = self.scope_of(statement).body
            return [body] if body is not None and body.statements else []
        return [block for block in self.blocks.get(statement, ()) if block.statements]

    def holding(self, word: str) -> list[ast.stmt]:
        """The statements on whose lines a word occurs."""
        if word not in self._holding:
            self._holding[word] = self.on_rows(self.mentions.of_word(word))
        return self._holding[word]

    def loops(self) -> list[Loop]:
        """The ``for`` and ``while`` statements, in source order."""
        if self._loops is None:
            text = self.mentions.text
            rows = [self.mentions.row_of(found.end()) for found in _LOOP.finditer(text)]
            found = (one for one in self.on_rows(rows) if isinstance(one, (ast.For, ast.AsyncFor, ast.While)))
            self._loops = sorted(found, key=_position)
        return self._loops

    def within(self, loop: Loop) -> list[ast.stmt]:
        """The statements that a loop repeats, including those in inner blocks, without those of functions defined
        there."""
        found: list[ast.stmt] = []
        todo = [block for block in self.blocks[loop] if block.role == "loop"]
        while todo:
            for statement in todo.pop().statements:
                found.append(statement)
                if not isinstance(statement, _DEFINITIONS):
                    todo += self.blocks.get(statement, ())
        return found

    def every_statement(self) -> list[ast.stmt]:
        """All statements of the module, which is read completely."""
        if self._everything is None:
            found: list[ast.stmt] = []
            todo = [self.module.body]
            while todo:
                block = todo.pop()
                for statement in block.statements if block is not None else ():
                    found.append(statement)
                    todo += self._inside(statement)
            self._everything = sorted(found, key=_position)
        return self._everything

    # ---- expressions

    def chains_in(self, statements: Iterable[ast.stmt]) -> list[ast.expr]:
        """Every read name, or the outermost attribute of a dotted one, in source order."""
        return sorted((one for statement in statements for one in self.scan(statement).chains), key=_position)

    def calls_in(self, statements: Iterable[ast.stmt]) -> list[ast.Call]:
        """Every call, in source order."""
        return sorted((one for statement in statements for one in self.scan(statement).calls), key=_position)

    def every_call(self) -> list[ast.Call]:
        """All calls of the module, in source order."""
        if self._every_call is None:
            self._every_call = self.calls_in(self.every_statement())
        return self._every_call

    def calls_of(self, name: str) -> list[ast.Call]:
        """The calls whose function has this last name."""
        if name not in self._calls:
            self._calls[name] = [call for call in self.calls_in(self.holding(name)) if leaf(call.func) == name]
        return self._calls[name]

    def call_of(self, function: ast.expr) -> ast.Call | None:
        """The call whose function is this expression."""
        home = self.home(function)
        if home is None:
            return None
        if home[1] not in self._calls_by_function:
            self._calls_by_function[home[1]] = {call.func: call for call in self.scan(home[1]).calls}
        return self._calls_by_function[home[1]].get(function)

    def writes_of(self, attribute: str) -> list[Binding]:
        """The assignments to an attribute of this name, of any object."""
        found = self._writes.get(attribute)
        if found is None:
            statements = self.holding(attribute)
            scopes = dict.fromkeys(self.positions[statement][0].scope for statement in statements)
            found = [write for scope in scopes for write in scope.writes_by("name", attribute)]
            found = self._writes[attribute] = sorted(found, key=lambda write: _position(write.node))
        return found


def leaf(function: ast.expr) -> str | None:
    """The last name of a dotted expression."""
    return getattr(function, "attr", None) or getattr(function, "id", None)


def _chain(statement: ast.If) -> list[ast.If]:
    """The statement, and the ``elif`` branches that belong to it."""
    links = [statement]
    while len(links[-1].orelse) == 1 and isinstance(links[-1].orelse[0], ast.If):
        links.append(links[-1].orelse[0])
    return links


def _first_row(statement: ast.stmt) -> int:
    """Where a statement begins: a decorated one at its first decorator."""
    decorators = getattr(statement, "decorator_list", None)
    return decorators[0].lineno if decorators else statement.lineno


def _last_row(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno


def _position(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset  # type: ignore[attr-defined]
